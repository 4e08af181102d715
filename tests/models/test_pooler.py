"""Behind pgbouncer, which gives every transaction another connection to the server."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker

from models import migrations
from models.base import connect
from tests import engines, tools
from tests.stories.desk import Desk

SETTINGS = """
[databases]
* = host={folder} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
"""


@pytest.fixture(scope="module")
def pooler(postgres: engines.Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Its port."""
    file, port = tmp_path_factory.mktemp("pooler") / "pgbouncer.ini", engines.free_port()
    file.write_text(SETTINGS.format(folder=postgres.folder, port=port))
    _open_to_all(file)
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [tools.path("pgbouncer") or "pgbouncer", *as_nobody, str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ready = f"host=127.0.0.1 port={port} user=postgres dbname=postgres connect_timeout=1"
    engines.await_answer(process, file, lambda: psycopg.connect(ready).close(), psycopg.OperationalError)
    yield port
    process.terminate()
    process.wait()


def _open_to_all(file: Path) -> None:
    file.chmod(0o644)
    for folder in file.parents[:3]:
        folder.chmod(folder.stat().st_mode | 0o755)


def address(postgres_url: str, port: int, more: str) -> str:
    name = postgres_url.partition("@/")[2].partition("?")[0]
    return f"postgresql+psycopg://postgres@127.0.0.1:{port}/{name}{more}"


@tools.needs("pgbouncer")
def test_transactions_of_many_at_once_find_no_statement_of_another(postgres_url, pooler):
    engine = connect(address(postgres_url, pooler, "?prepare_threshold=none"))

    def work(number: int) -> int:
        total = 0
        for n in range(20):
            with engine.begin() as connection:
                total += connection.execute(
                    text("select cast(:n as integer) + :more"), {"n": n, "more": number}
                ).scalar_one()
        return total

    with ThreadPoolExecutor(8) as threads:
        totals = list(threads.map(work, range(8)))

    assert totals == [190 + 20 * number for number in range(8)]
    engine.dispose()


@tools.needs("pgbouncer")
def test_a_desk_is_set_up_and_chases_behind_it(postgres_url, pooler):
    engine = connect(address(postgres_url, pooler, "?prepare_threshold=none"))
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False))
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))

    desk.clock.reads("H-1 15:30")

    assert desk.mailbox("Camat Tamban").clocks
    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    engine.dispose()
