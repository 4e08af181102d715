"""Figures of the last hour, however many rows there are from before it."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from models.machine import health, measures
from rules.desk import Channel
from tests.models.conftest import NOW

LONG = ("message", "notice", "attempt", "delivery_report")
MINUTE_BY_MINUTE = "timestamptz '2024-02-13 04:00+00' - (20000 - n) * interval '1 minute'"
HISTORY = f"""
insert into message
    (id, programme_id, office_id, contact_id, channel, say, state, created_at,
     tries, doubts, fence, why, subject, text, segments)
    select 1000 + n, programme.id, contact.office_id, contact.id, 'email', 'due', 'sent', {MINUTE_BY_MINUTE},
           1, 0, 1, '', '', '', 0
    from generate_series(1, 20000) n,
         (select id from programme limit 1) programme, (select id, office_id from contact limit 1) contact;
insert into notice
    (id, occasion, matter_id, round, rung, office_id, channel, audience, say, ladder, urgent,
     planned_at, due_at, release_at, state, held, reason, message_id, policy)
    select 1000 + n, 'ladder', matter.id, n, 0, message.office_id, 'email', 'reporter', 'due', 'daily', false,
           {MINUTE_BY_MINUTE}, {MINUTE_BY_MINUTE}, {MINUTE_BY_MINUTE}, 'dispatched', '', '', message.id, ''
    from generate_series(1, 20000) n join message on message.id = 1000 + n, (select id from matter limit 1) matter;
insert into attempt (id, message_id, number, ended_at, outcome, why)
    select 1000 + n, 1000 + n, 1, {MINUTE_BY_MINUTE}, 'accepted', '' from generate_series(1, 20000) n;
insert into delivery_report (id, message_id, provider_id, fate, code, raw, received_at)
    select 1000 + n, 1000 + n, '', 'delivered', '', '', {MINUTE_BY_MINUTE} from generate_series(1, 20000) n;
analyze
"""


def lag(found):
    """How many by the bound of their bucket, and how long together."""
    bounds = [*measures.BOUNDS, None]
    return {bounds[bucket]: count for bucket, count in found.counts.items()}, found.seconds


@pytest.fixture
def told(desk):
    """Camat Tamban was told at 15:00, by a clock that looked 40 seconds late and a worker that came 30 after it."""
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 14:59")
    desk.bell.deaf = True
    desk.clock.jumps("H-1 15:00")
    desk.clock.at += timedelta(seconds=40)
    desk.turn()
    desk.bell.deaf = False
    desk.clock.at += timedelta(seconds=30)
    desk.turn()
    return desk


def read(desk, *, later=timedelta()):
    with desk.rt.sessions() as session:
        return measures.read(session, now=desk.clock.at + later)


def test_how_late_it_was_noticed_and_handed_over_is_told_apart(told):
    found = read(told)

    assert lag(found.noticed) == ({60: 1}, 40)
    assert {channel: lag(lags) for channel, lags in found.handed_over.items()} == {Channel.SMS: ({30: 1}, 30)}
    assert {channel: lag(lags) for channel, lags in found.in_all.items()} == {Channel.SMS: ({120: 1}, 70)}
    assert found.outcomes == {(Channel.SMS, "accepted", ""): 1}


def test_after_an_hour_nothing_is_left_of_it(told):
    found = read(told, later=timedelta(hours=1, seconds=1))

    assert (found.noticed.counts, found.handed_over, found.in_all, found.outcomes) == ({}, {}, {}, {})


def test_a_scrape_reads_no_long_table_from_end_to_end(desk):
    """With a message a minute for two weeks, all over, their notices, tries and delivery reports."""
    with desk.rt.sessions() as session:
        if session.get_bind().dialect.name == "sqlite":
            pytest.skip("what SQLite plans does not depend on how many rows there are")
        for statement in HISTORY.split(";"):
            session.execute(text(statement))
        asked = []
        event.listen(session.connection(), "before_cursor_execute", lambda *facts: asked.append(facts[2:4]))
        measures.read(session, now=NOW)
        health.pulse(session, now=NOW)
        plans = [plan(session, *question) for question in list(asked)]

    assert len(plans) > 10
    assert [line for lines in plans for line in lines if any(f"Seq Scan on {name}" in line for name in LONG)] == []


def plan(session, query, facts):
    rows = session.connection().exec_driver_sql(f"explain {query}", facts)
    return [line for (line,) in rows]
