"""Storing what is owed: by natural key, with numbers that stay."""

from datetime import timedelta

from sqlalchemy import delete, select

from models.desk import programmes
from models.matters import numbers, obligations
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation, Planned
from rules.filing import Content, Standing
from tests.models.conftest import NOW


def planned(desk, *, shift=timedelta(0)):
    return [Planned(o, o.due_at + shift, own=False) for o in desk.programme.obligations()]


def codes(desk):
    with desk.rt.sessions.begin() as session:
        rows = session.execute(select(Matter.key, Matter.code).where(Matter.kind == Kind.OBLIGATION))
        return {row.key: row.code for row in rows}


def put(desk, what):
    with desk.rt.sessions.begin() as session:
        programme = programmes.by_code(session, desk.programme.code)
        return obligations.put(session, programme.id, what, now=NOW)


def test_storing_again_keeps_every_number_and_every_time(desk):
    before = codes(desk)
    looked_at = desk.matter(next(iter(before))).next_at

    assert put(desk, planned(desk, shift=timedelta(hours=1))) == 0

    assert codes(desk) == before
    assert desk.matter(next(iter(before))).next_at == looked_at


def test_numbers_rise_in_order_of_due_time_from_one(desk):
    in_order = [codes(desk)[o.key] for o in desk.programme.obligations()]

    assert in_order == [f"R-{n:04}" for n in range(1, len(in_order) + 1)]


def test_what_is_added_later_goes_on_from_the_highest_number(desk):
    last = desk.programme.obligations()[-1]
    with desk.rt.sessions.begin() as session:
        id = session.scalars(select(Matter.id).where(Matter.key == last.key)).one()
        session.execute(delete(Obligation).where(Obligation.id == id))
        session.execute(delete(Matter).where(Matter.id == id))
    kept = codes(desk)

    assert put(desk, planned(desk)) == 1

    assert codes(desk) == kept | {last.key: f"R-{len(kept) + 1:04}"}


def test_the_first_time_of_receipt_stays(desk):
    key = desk.key("harian", "Tamban", "H-1")
    with desk.rt.sessions.begin() as session:
        matter, _ = obligations.locked(session, key)
        for hours, content in ((0, Content.NIL), (5, Content.FILLED)):
            at = NOW + timedelta(hours=hours)
            obligations.mark(session, matter.id, Standing.RECEIVED, content=content, received_at=at)

    owed = desk.obligation(key)

    assert (owed.received_at, owed.content) == (NOW, Content.FILLED)


def test_a_number_that_two_desks_use_names_nothing(desk):
    desk.loads_jayapura()

    with desk.rt.sessions.begin() as session:
        assert obligations.locked(session, "R-0001") is None
        assert numbers.matter(session, "R-0001") is None
        assert obligations.locked(session, desk.key("harian", "Sentani", "H-1")) is not None
