"""Every statement of a desk's day finds its rows by an index: tables that only grow must not be read whole."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text

from jobs.turn import audit
from models import direct
from models.base import Sessions
from models.matters import tasks
from tests.stories.desk import Desk

GROWING = {
    "matter", "obligation", "notice", "message", "attempt", "link", "report", "issue", "issue_event", "task",
    "delivery_report",
}  # fmt: skip
"""Tables that have more rows every day, and are never emptied while an election lasts."""


MANY = 20_000

READING = ("SELECT", "UPDATE", "DELETE", "WITH")
PARTIAL = "select indexrelid::regclass::text from pg_index where indpred is not null"
AUDIT = "anon_1.in_doubt"
"""Of the one statement that may: each minute it judges all that is open, which is most of what there is."""


def _copies(table: str, **own: str) -> str:
    """So many rows more, like the first; `own` is what differs, made of `n`."""
    facts = ", ".join(f"'{name}', {made}" for name, made in {"id": "9000000 + n", **own}.items())
    return (
        f"insert into {table} select made.* from generate_series(1, :many) n, {table} own,"
        f" lateral jsonb_populate_record(own, jsonb_build_object({facts})) made"
        f" where own.id = (select min(id) from {table})"
    )


_OTHER = {"programme_id": "9000000"}
_CLOSED = _OTHER | {"key": "'old/' || n", "code": "'X-' || n", "closed_at": "now()", "next_at": "null"}
_PROBLEM = {"id": "9100000 + n", "key": "'p/' || n", "code": "'Y-' || n", "kind": "'issue'"}
FILLED = (
    (
        "insert into programme select made.* from programme own,"
        " lateral jsonb_populate_record(own, jsonb_build_object('id', 9000000, 'code', 'old')) made"
    ),
    _copies("office", code="'old-' || n"),
    _copies("matter", **_CLOSED),
    _copies("obligation", received_at="now()", standing="'received'", look_at="null", compile_at="null"),
    _copies("message", state="'sent'", due_at="null", office_id="9000000 + n", **_OTHER),
    _copies("notice", matter_id="9000000 + n", message_id="9000000 + n", state="'dispatched'", other_way_at="null"),
    _copies("attempt", message_id="9000000 + n"),
    _copies("link", token_hash="'old' || n", message_id="9000000 + n", office_id="9000000 + n"),
    _copies("report", obligation_id="9000000 + n", office_id="9000000 + n"),
    _copies("matter", **_CLOSED | _PROBLEM),
    _copies("issue", id="9100000 + n", once="'old' || n", obligation_id="null", resolved_at="now()"),
    _copies("issue_event", issue_id="9100000 + n"),
    _copies("task", subject="'old' || n", matter_id="null", done_at="now()", **_OTHER),
    (
        "insert into delivery_report (message_id, provider_id, fate, code, raw, received_at)"
        " select 9000000 + n, n || '', 'delivered', '', '', now() from generate_series(1, :many) n"
    ),
)
"""What was done and is over: so many rows that only an index is quick."""


SEARCHED = "WHERE matter.code = ?"
"""What an operator types: the number that stands in a message."""
UNSETTLED = "notice AS later JOIN message AS other"
"""Each minute too: what failed, unless something later did not. It may go through the notices of a desk."""


@pytest.fixture
def on_sqlite(sessions: Sessions) -> Sessions:
    if sessions.kw["bind"].dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by what is in a table")
    return sessions


@pytest.fixture
def on_postgres(sessions: Sessions) -> Sessions:
    if sessions.kw["bind"].dialect.name != "postgresql":
        pytest.skip("SQLite chooses without looking what is in a table")
    return sessions


def asked(sessions: Sessions, monkeypatch: pytest.MonkeyPatch, day: Any) -> dict[str, Any]:
    """What was asked while a day went by: each statement once, with the parameters of its first time."""
    seen: dict[str, Any] = {}

    def keep(_c: Any, _cursor: Any, statement: str, facts: Any, _context: Any, many: bool) -> None:
        seen.setdefault(statement, facts[0] if many else facts)

    def keep_text(own: direct.Ready, values: direct.Values) -> Any:
        facts = given(own, values)
        seen.setdefault(own.text, tuple(facts) if isinstance(facts, list) else facts)
        return facts

    given = direct.Ready.given
    monkeypatch.setattr(direct.Ready, "given", keep_text)
    event.listen(sessions.kw["bind"], "before_cursor_execute", keep)
    day()
    event.remove(sessions.kw["bind"], "before_cursor_execute", keep)
    monkeypatch.undo()
    return {said: facts for said, facts in seen.items() if said.lstrip().upper().startswith(READING)}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def read_whole(node: dict[str, Any], partial: set[str]) -> bool:
    """Whether a step of a plan reads all rows of a growing table: without an index, or all of one that has them all."""
    if "Scan" not in node["Node Type"] or node.get("Relation Name", node.get("Index Name")) is None:
        return False
    if node["Node Type"] == "Seq Scan":
        return node["Relation Name"] in GROWING
    if node["Node Type"] == "Bitmap Heap Scan":
        return False  # its index stands below
    of_all = "Index Cond" not in node and node["Index Name"] not in partial
    return of_all and node.get("Relation Name", node["Index Name"].partition("_")[0]) in GROWING


def test_no_statement_of_a_day_reads_a_growing_table_whole(on_postgres: Sessions, monkeypatch: pytest.MonkeyPatch):
    desk = Desk(on_postgres, starts="H-3 08:00")
    desk.rt.public_url = "https://desk.example"
    said = asked(on_postgres, monkeypatch, lambda: lives(desk))
    whole: list[str] = []
    with on_postgres() as session:
        partial = set(session.scalars(text(PARTIAL)))
        for filled in FILLED:
            session.execute(text(filled), {"many": MANY})
        session.execute(text("analyze"))
        for way in ("seqscan", "mergejoin", "hashjoin"):  # only where there is no other
            session.execute(text(f"set enable_{way} = off"))
        for statement, facts in said.items():
            plan = session.connection().exec_driver_sql(f"explain (format json) {statement}", facts).scalar_one()
            if any(read_whole(node, partial) for node in nodes(plan[0]["Plan"])):
                whole.append(statement)

    assert len(said) > 50
    assert [statement for statement in whole if AUDIT not in statement] == []


def test_nor_does_sqlite(on_sqlite: Sessions, monkeypatch: pytest.MonkeyPatch):
    """It writes its plans as text, and chooses the same whatever is in its tables."""
    desk = Desk(on_sqlite, starts="H-3 08:00")
    said = asked(on_sqlite, monkeypatch, lambda: lives(desk))
    whole: list[str] = []
    with on_sqlite() as session:
        partial = set(
            session.scalars(text("select name from sqlite_master where type = 'index' and sql like '%where%'"))
        )
        for statement, facts in said.items():
            plan = session.connection().exec_driver_sql(f"explain query plan {statement}", facts)
            words = [step[3].split() for step in plan]
            if any(step[0] == "SCAN" and step[1] in GROWING and step[-1] not in partial for step in words):
                whole.append(statement)

    assert len(said) > 100
    assert [
        statement for statement in whole if not any(rare in statement for rare in (AUDIT, UNSETTLED, SEARCHED))
    ] == []


def lives(desk: Desk) -> None:
    """Reports that are due, filed, late and escalated; a problem that is followed up, and one that nobody takes on."""
    for clock in ("H-2 08:00", "H-2 15:00", "H-2 16:30"):
        desk.clock.jumps(clock)
        desk.turn()
    late = desk.key("harian", "Tamban", "H-2")
    desk.files(late, reason="Sinyal hilang.")
    code = desk.has_a_problem()
    desk.has_a_problem("Kotak suara basah")
    desk.acknowledges(code, "H-1 12:00")
    desk.follows_up(code, "Perahu dikirim.")
    for clock in ("H-2 17:30", "H-1 08:00", "H-1 15:00", "H-1 17:00"):
        desk.clock.jumps(clock)
        desk.turn()
    desk.resolves(code, "Logistik tiba.")
    desk.turn()
    with desk.rt.sessions.begin() as session:
        now = desk.rt.clock(session)
        tasks.open_(session, 1, tasks.Why.CHANNEL_DOWN, "sms:desk", "SMS terhenti.", now=now)
    audit.tell(desk.rt, audit.run(desk.rt, now=now).unsettled, now=now)
