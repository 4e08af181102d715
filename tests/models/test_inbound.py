"""What people wrote in a long election is found by what it is about, without reading all of it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, insert, select, text

from models.base import Sessions
from models.machine import spent
from models.messages import inbound
from models.messages.inbound import Came, Inbound, InboundWord
from rules.desk import Channel
from rules.replies.spoken import Sender

NOW = datetime(2024, 2, 14, tzinfo=UTC)
MANY = 5000
DIGEST = "d" * 64


@pytest.fixture
def flooded(sessions: Sessions) -> Sessions:
    """Thousands of messages, each about a report of its own and with a file of its own."""
    with sessions.begin() as session:
        ids = [inbound.add(session, came(n), now=NOW) for n in (1, 2)]
        for id in ids:
            row = session.get_one(Inbound, id)
            row.read_at, row.about = NOW, ["R-0805"]
            inbound.found_by(session, row)
            inbound.found_by(session, row)  # harmless to repeat
        first = session.get_one(Inbound, ids[0])
        copied = {c.name: getattr(first, c.name) for c in Inbound.__table__.columns if c.name not in ("id", "key")}
        rows = [{**copied, "key": f"flood:{n}", "about": [f"R-{n:05d}"], "files": []} for n in range(MANY)]
        session.execute(insert(Inbound), rows)
        flood = select(Inbound.id).where(Inbound.key.like("flood:%"))
        words = [{"word": f"{id:064x}", "inbound_id": id} for id in session.scalars(flood)]
        session.execute(insert(InboundWord), words)
        session.execute(text("analyze"))
    return sessions


def came(n: int) -> Came:
    files = ({"media": "image/jpeg", "digest": DIGEST, "state": "kept"},)
    return Came(f"k{n}", Channel.SMS, Sender.UNKNOWN, "*", None, None, None, None, b"nihil", files=files)


def plan(session, query, facts) -> str:
    how = "explain query plan" if session.get_bind().dialect.name == "sqlite" else "explain"
    rows = session.connection().exec_driver_sql(f"{how} {query}", facts)
    return "\n".join(str(row) for row in rows)


def test_neither_what_is_about_a_report_nor_whose_file_it_is_is_looked_for_in_all_messages(flooded: Sessions):
    with flooded() as session:
        asked: list = []
        event.listen(session.connection(), "before_cursor_execute", lambda *facts: asked.append(facts[2:4]))
        about = inbound.about(session, None, "R-0805")  # type: ignore[arg-type]
        named = spent.named(session, [DIGEST, "e" * 64])
        plans = [plan(session, *question) for question in list(asked)]

    assert [row.key for row in about] == ["k1", "k2"]
    assert named == {DIGEST}
    assert len(plans) == 2
    assert not [told for told in plans if "Seq Scan on inbound" in told or "SCAN inbound" in told]


def test_what_is_taken_out_is_found_no_more(flooded: Sessions):
    with flooded.begin() as session:
        while spent.inbound(session, before=NOW):
            pass
    with flooded() as session:
        assert session.scalars(select(InboundWord)).all() == []
        assert spent.named(session, [DIGEST]) == set()
