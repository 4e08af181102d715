"""How long the register of problems takes at one desk among many: `python -m tests.load.registering [--desks 514]`.

Every desk has as many reports and problems as the others: 1,945 and 195 of them, so that 514 desks have a million
reports and 100,000 problems, with three steps each. The secretary of the first desk reads the page, narrows and
searches it.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker
from starlette.testclient import TestClient

from config import loader
from jobs import logs
from models import migrations
from models.base import connect
from models.desk.files import Files
from tests import engines
from tests.load.recapping import ASKED, AT, FILES, Times
from tests.stories.desk import Desk
from tests.web.conftest import URL, Web
from tests.web.serving import FORMS
from tests.web.test_coordinator import comes_in
from web.app import application
from web.books import Books

REPORTS, PROBLEMS = 1945, 195
FILLED = (
    (
        "insert into programme (id, code, election_id, desk_id, policy_id, digest, loaded_at, closed_at)"
        " select 1 + n, code || n, election_id, desk_id, policy_id, '', loaded_at, loaded_at"
        " from programme, generate_series(1, :desks - 1) n where programme.id = 1"
    ),
    (
        "insert into matter (id, programme_id, kind, key, code, area, ladder, since, reached, round,"
        " closed_at, closed_why) select 1000000 + n * 10000 + k, n, 'obligation', 'r/' || n || '/' || k,"
        " 'X-' || (90000 + k), '63.04.' || lpad((1 + k % 17)::text, 2, '0'), 'daily', :now, 0, 0, :now, ''"
        " from generate_series(1, :desks) n, generate_series(1, :reports) k"
    ),
    (
        "insert into matter (id, programme_id, kind, key, code, area, ladder, since, reached, round,"
        " closed_at, closed_why, owner_id, giver_id)"
        " select 1000000 + n * 10000 + 5000 + k, n, 'issue', 'p/' || n || '/' || k, 'P-' || (10000 + k),"
        " '63.04.' || lpad((1 + k % 17)::text, 2, '0'), 'problem-medium', :now, 0, 0,"
        " case when k % 3 = 0 then :now end, '', 1 + k % 20, 2"
        " from generate_series(1, :desks) n, generate_series(1, :problems) k"
    ),
    (
        "insert into issue (id, category, severity, title, detail, opened_at, resolved_at, outcome, village, station,"
        " restricted, due_at)"
        " select m.id, 'logistics', (array['low', 'medium', 'high'])[1 + m.id % 3],"
        " 'Perahu logistik terlambat ' || m.id, repeat('Keterangan panjang tentang kejadian di lapangan. ', 6),"
        " :now - m.id % 700 * interval '1 hour',"
        " m.closed_at, '', '', '', m.id % 40 = 0, :now + (m.id % 9 - 4) * interval '1 hour'"
        " from matter m where m.key like 'p/%'"
    ),
    (
        "insert into issue_event (issue_id, step, office_id, at, text, way)"
        " select i.id, 'followed_up', 1, :now, 'Sudah dikoordinasikan dengan kantor terkait, tahap ' || k, 'session'"
        " from issue i, generate_series(1, 3) k"
    ),
)
PATHS = {
    "the board": "/papan",
    "the page": "/permasalahan",
    "its last page": "/permasalahan?hal=99",
    "narrowed": "/permasalahan?tingkat=high&keadaan=open&lewat=ya",
    "searched": "/permasalahan?cari=dikoordinasikan+tahap+2",
    "searched for what nobody said": "/permasalahan?cari=tidakadasamasekali",
}


def fill(engine: Engine, desk: Desk, desks: int) -> None:
    """Let every desk have its reports and problems."""
    facts = {"now": desk.clock.at, "desks": desks, "reports": REPORTS, "problems": PROBLEMS}
    with engine.begin() as connection:
        for statement in FILLED:
            used = {name: value for name, value in facts.items() if f":{name}" in statement}
            connection.execute(text(statement.replace("::text", "\\:\\:text")), used)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def measured(url: str, desks: int, folder: Path) -> dict[str, Times]:
    """Milliseconds of each page, each time it was asked for: until it was there, and of our own CPU."""
    engine = connect(url)
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False), FILES, starts="2022-06-01 08:00")
    desk.rt.public_url = URL
    desk.owes_only()
    desk.clock.jumps(AT)
    fill(engine, desk, desks)
    books = Books(desk.rt.sessions, desk.clock, URL, loader.forms(FORMS), Files(folder))
    web = Web(desk, books, TestClient(application(books), base_url=URL, follow_redirects=False))
    comes_in(web, "Kepala Badan Kesatuan Bangsa dan Politik")
    times: dict[str, Times] = {name: [] for name in PATHS}
    for _ in range(ASKED):
        for name, path in PATHS.items():
            began, spent = time.perf_counter(), time.process_time()
            assert web.get(path).status_code == 200
            times[name].append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - spent)))
    engine.dispose()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desks", type=int, default=514)
    options = parser.parse_args()
    logs.set_up(quiet=True)
    with engines.postgres(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        times = measured(server.url(server.create()), options.desks, Path(folder))
    for name, own in times.items():
        walls, cpu = zip(*own, strict=True)
        p95 = statistics.quantiles(walls, n=20)[-1]
        median = statistics.median(walls)
        print(
            f"{options.desks} desks, {name}: median {median:.0f} ms, p95 {p95:.0f} ms; CPU {statistics.median(cpu):.0f}"
        )


if __name__ == "__main__":
    main()
