"""Whether a day costs the same among 50,000,000 rows of what is over: `python -m tests.load.growing [--rows N]`.

A desk with the whole calendar lives two days in PostgreSQL, and two more when each of the tables that only grow has so
many rows of earlier elections, of 10,000 offices. Every statement of a day is timed. For 50,000,000 it takes half an
hour and 40 GB.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import sessionmaker

from jobs import logs
from models import direct, migrations
from models.base import connect
from tests import engines
from tests.load.recapping import FILES
from tests.stories.desk import Desk

PIECE, LATER = 1_000_000, 100_000_000
"""How many rows are written at once, and where the ids of the desk that lives begin: what is over came before."""
OVER = {
    "attempt": (
        "(id, message_id, number, ended_at, outcome, why)"
        " select n, n, 1, timestamptz '2019-01-01' + n * interval '1 second', 'accepted', ''"
    ),
    "notice": (
        "(id, occasion, matter_id, round, rung, office_id, channel, audience, say, ladder, urgent, planned_at,"
        " release_at, state, held, reason, message_id, policy, due_at)"
        " select n, 'ladder', n / 3, 0, n % 3, 1 + n % 10000, 'email', 'reporter', 'reminder', 'laporan', false,"
        " timestamptz '2019-01-01' + n * interval '1 second', timestamptz '2019-01-01' + n * interval '1 second',"
        " 'dispatched', '', '', n, '', timestamptz '2019-01-01' + n * interval '1 second'"
    ),
    "link": (
        "(id, programme_id, office_id, message_id, token_hash, created_at, expires_at)"
        " select n, 1, 1 + n % 10000, n, lpad(n::text, 64, 'x'),"
        " timestamptz '2019-01-01' + n * interval '1 second', timestamptz '2019-02-01' + n * interval '1 second'"
    ),
    "change": (
        "(id, programme_id, matter_id, at, office_id, title, way, what, subject, text)"
        " select n, 1, n / 3, timestamptz '2019-01-01' + n * interval '1 second', 1 + n % 10000, 'Camat',"
        " 'link', 'filed', '', ''"
    ),
}  # fmt: skip

Spent = dict[str, list[float]]
"""By statement, the seconds of each of its runs."""


@contextmanager
def timed(engine: Engine) -> Iterator[Spent]:
    """The statements that run in the block."""
    spent: Spent = defaultdict(list)
    began: list[float] = []

    def begin(*_: Any) -> None:
        began.append(time.perf_counter())

    def end(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        spent[statement].append(time.perf_counter() - began.pop())

    def execute(own: direct.Ready, *given: Any) -> Any:
        begin()
        done = original(own, *given)
        end(None, None, own.text)
        return done

    original = direct.Ready.execute
    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(direct.Ready, "execute", execute)
        yield spent
    event.remove(engine, "before_cursor_execute", begin)
    event.remove(engine, "after_cursor_execute", end)


def filled(engine: Engine, rows: int) -> None:
    """Put so many rows more into each table, and let the server count them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("set session_replication_role = replica"))  # what they point to is not there
        for table, made in OVER.items():
            began = time.perf_counter()
            for first in range(1, rows + 1, PIECE):
                last = min(first + PIECE - 1, rows)
                connection.execute(text(f"insert into {table} {made} from generate_series({first}, {last}) n"))
            size = connection.scalar(text(f"select pg_size_pretty(pg_total_relation_size('{table}'))"))
            print(f"{table}: {rows:,} rows, {size}, {time.perf_counter() - began:.0f} s", flush=True)
        connection.execute(text("vacuum analyze"))


def lived(desk: Desk, engine: Engine, until: str) -> Spent:
    with timed(engine) as spent:
        desk.clock.reads(until)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000_000)
    rows = parser.parse_args().rows
    logs.set_up(quiet=True)
    with engines.postgres(options={"max_wal_size": "8GB"}) as server:
        engine = connect(server.url(server.create()))
        migrations.up(engine)
        with engine.begin() as connection:
            for name in connection.scalars(text("select sequencename from pg_sequences")).all():
                connection.execute(text(f"select setval('{name}', {LATER})"))
        desk = Desk(sessionmaker(engine, expire_on_commit=False), FILES, starts="H-9 06:00")
        desk.rt.public_url = "https://desk.example"
        desk.clock.reads("H-8 06:00")  # everything was said once
        few = [lived(desk, engine, f"H-{day} 06:00") for day in (7, 6)]
        filled(engine, rows)
        many = [lived(desk, engine, f"H-{day} 06:00") for day in (5, 4)]
    both = [(said, of(few, said), of(many, said)) for said in few[0].keys() | few[1].keys() if of(many, said)]
    for name, days in (("few", few), ("many", many)):
        runs = [run for day in days for spent in day.values() for run in spent]
        print(f"{name}: {len(runs)} statements, {1000 * sum(runs) / len(runs):.2f} ms each")
    ratio = sum(after for *_, after in both) / sum(before for _, before, _ in both)
    print(f"the same {len(both)} statements, by medians: {ratio:.2f} times")
    print("those that became most dear, in ms:")
    for said, before, after in sorted(both, key=lambda one: one[1] - one[2])[:15]:
        print(f"  {1000 * before:.2f} -> {1000 * after:.2f}  {' '.join(said.split())[:140]}")


def of(days: list[Spent], said: str) -> float:
    """Seconds that a run of a statement takes, the median; 0: it did not run."""
    runs = [run for day in days for run in day.get(said, ())]
    return median(runs) if runs else 0.0


if __name__ == "__main__":
    main()
