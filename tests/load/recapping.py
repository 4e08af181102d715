"""How long a recap of a whole election takes at one desk among many: `python -m tests.load.recapping [--desks 514]`.

One desk is loaded with its whole calendar. Seven in ten of its reports came in time, two late, one never; each was told
of twice. All other desks are copies of its rows. Then its secretary reads the page since the beginning, and by team.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import sessionmaker
from starlette.testclient import TestClient

from config import loader
from jobs import logs
from models import migrations
from models.base import connect
from models.desk.files import Files
from tests import engines
from tests.stories.desk import POLICY, ROOT, Desk
from tests.web.conftest import URL, Web
from tests.web.serving import FORMS
from tests.web.test_coordinator import comes_in
from web.app import application
from web.books import Books

FILES = (ROOT / "config/elections/pemilu-2024.yaml", ROOT / "config/desks/barito-kuala.yaml", POLICY)
SPAN = 100_000
"""Ids of one desk's rows."""
AT, ASKED = "2024-03-20 09:00", 40

LIVED = (
    "update obligation set compile_at = null",
    "update matter set next_at = null",
    (
        "update obligation set standing = 'received', content = case id % 3 when 0 then 'nil' else 'filled' end,"
        " received_at = due_at + case when id % 10 < 7 then interval '-1 hour' else interval '5 hours' end"
        " where id % 10 < 9 and due_at < :now"
    ),
    (
        "update matter set closed_at = coalesce(o.received_at, :now), next_at = null"
        " from obligation o where o.id = matter.id and o.due_at < :now"
    ),
    (
        "insert into report (id, obligation_id, version, content, body, digest, via, office_id, title, received_at,"
        " recorded_at, reason)"
        " select o.id, o.id, 1, o.content, '{}', '', 'link', 1, 'Camat', o.received_at, o.received_at, ''"
        " from obligation o where o.standing = 'received'"
    ),
    (
        "insert into message (id, programme_id, office_id, contact_id, channel, say, state, created_at, tries, doubts,"
        " fence, settled_at, why, subject, text, segments)"
        " select o.id * 2 + k, m.programme_id, 1, 1, 'email', 'reminder', 'sent', o.due_at, 1, 0, 1,"
        " o.due_at + (k - 1) * interval '3 hours', '', '', '', 0"
        " from obligation o join matter m on m.id = o.id, generate_series(0, 1) k where o.due_at < :now"
    ),
    (
        "insert into notice (id, occasion, matter_id, round, rung, office_id, channel, audience, say, ladder, urgent,"
        " planned_at, release_at, state, held, reason, message_id, policy, due_at)"
        " select o.id * 2 + k, 'ladder', o.id, 0, k, 1, 'email', 'reporter', 'reminder', m.ladder, false,"
        " o.due_at + (k - 1) * interval '3 hours', o.due_at, 'dispatched', '', '', o.id * 2 + k, '',"
        " o.due_at + (k - 1) * interval '3 hours'"
        " from obligation o join matter m on m.id = o.id, generate_series(0, 1) k where o.due_at < :now"
    ),
)
COPIED = {
    "matter": ("id", "key"),
    "obligation": ("id",),
    "report": ("id", "obligation_id"),
    "message": ("id",),
    "notice": ("id", "matter_id", "message_id"),
}
"""The tables, and their columns that another desk has others of; each also has its programme."""


def fill(engine: Engine, desk: Desk, desks: int) -> None:
    """Let the desk live until now, and stand among others."""
    with engine.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))  # copies of sound rows are sound
        for statement in LIVED:
            connection.execute(text(statement), {"now": desk.clock.at} if ":now" in statement else {})
        connection.execute(
            text(
                "insert into programme (id, code, election_id, desk_id, policy_id, digest, loaded_at, closed_at)"
                " select 1 + n, code || n, election_id, desk_id, policy_id, '', loaded_at, loaded_at"
                " from programme, generate_series(1, :others) n where programme.id = 1"
            ),
            {"others": desks - 1},
        )
        for table, own in COPIED.items():
            names = [column["name"] for column in _columns(connection, table)]
            values = [_value(name, own) for name in names]
            connection.execute(
                text(
                    f"insert into {table} ({', '.join(names)}) select {', '.join(values)}"
                    f" from {table} t, generate_series(1, :others) n"
                ),
                {"others": desks - 1},
            )
        for table in COPIED:
            connection.execute(
                text(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def _columns(connection: Connection, table: str) -> Sequence[Any]:
    return inspect(connection).get_columns(table)


def _value(name: str, own: Sequence[str]) -> str:
    if name == "key":
        return "t.key || '/' || n"
    if name == "programme_id":
        return "t.programme_id + n"
    if name == "proof":
        return "null"
    return f"t.{name} + n * {SPAN}" if name in own else f"t.{name}"


Times = list[tuple[float, float]]


def measured(url: str, desks: int, folder: Path) -> dict[str, Times]:
    """Milliseconds of each page, each time it was asked for: until it was there, and of our own CPU."""
    engine = connect(url)
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False), FILES, starts="2022-06-01 08:00")
    desk.rt.public_url = URL
    desk.clock.jumps(AT)
    fill(engine, desk, desks)
    books = Books(desk.rt.sessions, desk.clock, URL, loader.forms(FORMS), Files(folder))
    web = Web(desk, books, TestClient(application(books), base_url=URL, follow_redirects=False))
    comes_in(web, "Kepala Badan Kesatuan Bangsa dan Politik")
    paths = {
        "since the beginning": "/rekap?dari=2022-06-14&sampai=2024-03-20",
        "by team": "/rekap?dari=2022-06-14&sampai=2024-03-20&menurut=tim",
        "one week": "/rekap?dari=2024-02-12&sampai=2024-02-18",
    }
    found: dict[str, Times] = {name: [] for name in paths}
    for _ in range(ASKED):
        for name, path in paths.items():
            began, spent = time.perf_counter(), time.process_time()
            assert web.get(path).status_code == 200
            found[name].append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - spent)))
    engine.dispose()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desks", type=int, default=514)
    options = parser.parse_args()
    logs.set_up(quiet=True)
    with engines.postgres(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        found = measured(server.url(server.create()), options.desks, Path(folder))
        print(f"{options.desks} desks, {time.perf_counter() - began:.0f} s in all")
    for name, times in found.items():
        walls, own = zip(*times, strict=True)
        p95 = statistics.quantiles(walls, n=20)[-1]
        print(
            f"{name}: median {statistics.median(walls):.0f} ms, p95 {p95:.0f} ms; CPU {statistics.median(own):.0f} ms"
        )


if __name__ == "__main__":
    main()
