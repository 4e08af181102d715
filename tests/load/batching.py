"""What a report to the Government costs among 514 that are due at once: `python -m tests.load.batching [--desks 514]`.

Made-up desks each owe their weekly report at one moment, with the reports and problems of their districts. CPU of this
process for freezing all of them is set against one desk alone, and CPU of the children that make documents likewise.
CPU is counted, not time: other work on the machine does not change it much.
"""

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from config import loader
from jobs import logs
from jobs.rehearsal.rehearse import Still
from jobs.runtime import Runtime
from jobs.turn import compile
from models import base, migrations
from models.base import Sessions
from models.desk import programmes
from models.matters import issues, obligations
from models.matters.issues import Described
from models.matters.obligations import Obligation
from models.offices import offices
from rules.filing import Standing
from rules.issues import Category
from rules.policy import Severity
from rules.programme import Programme
from services import telling
from tests.load import desk, world

SLOT = "2024-W07"
KIND = "laporan-gubernur"
PROBLEMS = 3
ALONE = 5
"""Desks that are measured alone, one after the other."""


def settle(sessions: Sessions, numbers: range, districts: int = 4) -> datetime:
    """Desks whose weekly report is to be compiled, each with a week behind it; the moment of the cut-off."""
    election, policy = loader.read(world.ELECTION), world.policy()
    cut_off = datetime.min
    for number in numbers:
        made = world.desk(number, districts)
        programme = loader.programme(election, made, policy)
        with sessions.begin() as session:
            week = [own for own in programme.obligations() if own.slot == SLOT or own.slot in _DAYS]
            (own,) = (one for one in week if one.duty == KIND)
            cut_off = own.opens_at
            documents = (election, made, policy)
            ids = [programmes.keep(session, d.kind, d.code, d.name, d.digest, d.text, now=cut_off) for d in documents]
            stored = programmes.Programme(
                code=programme.code,
                digest=programme.digest,
                loaded_at=cut_off - timedelta(days=30),
                **dict(zip(("election_id", "desk_id", "policy_id"), ids, strict=True)),
            )
            session.add(stored)
            session.flush()
            offices.put(session, programme.desk.code, programme.desk.offices, now=cut_off)
            planned = (obligations.planned(programme, one) for one in week)
            obligations.put(session, stored.id, planned, now=cut_off - timedelta(days=30))
            _troubled(session, stored.id, programme, cut_off - timedelta(days=4))
    with sessions.begin() as session:  # of nothing else a document is wanted
        others = update(Obligation).where(Obligation.duty != KIND)
        session.execute(others.values(compile_at=None, standing=Standing.OWED))
    return cut_off


_DAYS = frozenset(f"H-{n}" for n in range(3, 10))


def _troubled(session: Session, id: int, programme: Programme, at: datetime) -> None:
    desk = programme.desk
    office = telling.office_of(session, programme, desk.secretariat)
    for n in range(PROBLEMS):
        area = desk.districts[n % len(desk.districts)].code
        described = Described(area, Category.LOGISTICS, Severity.MEDIUM, f"Gudang {n} bocor")
        issues.add(session, id, programme.code, described, ladder="", owner_id=office.id, giver_id=office.id, at=at)


def runtime(url: str, at: datetime, documents: Path) -> Runtime:
    """As a worker has it, with the kinds and forms of the project."""
    rt = desk.runtime(url, desk.mail(1), now=Still(at))
    rt.documents, rt.look_every = documents, timedelta(minutes=10)
    forms, kinds = (
        read(world.CONFIG / place) for read, place in ((loader.forms, "forms"), (loader.reports, "reports"))
    )
    rt.forms, rt.kinds = (lambda: forms), (lambda: kinds)
    return rt


def cpu(do: Callable[[], object], *, children: bool = False) -> float:
    """CPU seconds of this process, or of its children, while something is done."""
    before = _spent(children)
    do()
    return _spent(children) - before


def _spent(children: bool) -> float:
    if not children:
        return time.process_time()
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime


def measure(folder: Path, desks: int, documents: int) -> dict[str, float]:
    """CPU of one report among many and alone: to freeze it, and to make its document."""
    which = "many", "one"
    alone = [_run(folder / f"alone-{n}", range(n, n + 1), 1) for n in range(ALONE)]
    one = [statistics.median(own) for own in zip(*alone[1:], strict=True)]  # the first warms up
    many = _run(folder / "many", range(desks), documents)
    named = {"freeze": (many[0], one[0]), "document": (many[1], one[1])}
    return {f"{what} {name}": own for what, both in named.items() for name, own in zip(which, both, strict=True)}


def _run(folder: Path, numbers: range, documents: int) -> tuple[float, float]:
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder}/desk.db"
    engine = base.connect(url)
    migrations.up(engine)
    at = settle(sessionmaker(engine, expire_on_commit=False), numbers)
    rt = runtime(url, at, folder / "laporan")
    with rt.sessions.begin() as session:
        rt.refresh(session)
    frozen = cpu(lambda: compile.run(rt, now=at))
    made = cpu(lambda: compile.make_documents(rt, limit=documents), children=True)
    return frozen / len(numbers), made / documents


def main() -> None:
    """Print what was measured as one JSON document."""
    logs.set_up(quiet=True)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--desks", type=int, default=514)
    parser.add_argument("--documents", type=int, default=20, help="So many of them are made.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), asked.desks, asked.documents)
    ratios = {f"{what} ratio": found[f"{what} many"] / found[f"{what} one"] for what in ("freeze", "document")}
    print(json.dumps({name: round(own, 4) for name, own in (found | ratios).items()}, indent=1))


if __name__ == "__main__":
    main()
