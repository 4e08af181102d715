"""How reports came in, counted once for everybody."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules import recap
from rules.fairness import Cause
from rules.filing import Content, Standing
from rules.recap import Owed

NOW = datetime(2024, 2, 12, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HELD = [content for content in Content if content is not Content.WITHDRAWN]
"""What a report that was received holds: one that was taken back is owed again."""


@st.composite
def obligations(draw):
    standing = draw(st.sampled_from(Standing))
    due = NOW + draw(st.integers(-40, 40)) * HOUR
    received = NOW - draw(st.integers(0, 60)) * HOUR if standing is Standing.RECEIVED else None
    return Owed(
        area=draw(st.sampled_from(["a", "b", "c"])),
        team=draw(st.sampled_from(["I", "II", None])),
        duty=draw(st.sampled_from(["harian", "mingguan"])),
        due_at=due,
        standing=standing,
        content=draw(st.sampled_from(HELD)) if standing is Standing.RECEIVED else None,
        received_at=received,
        extended_until=draw(st.none() | st.just(due + 3 * HOUR)),
        cause=draw(st.sampled_from(Cause)),
    )


@given(st.lists(obligations()))
def test_every_obligation_is_counted_once_and_the_parts_add_up(rows):
    found = recap.count(rows, now=NOW)

    existing = [row for row in rows if row.standing is not Standing.CANCELLED]
    assert found.due + found.ahead + found.waived == len(existing)
    assert found.filled + found.nil + found.partial == found.received
    assert sum(found.causes.values()) == found.late + found.missing


@given(st.lists(obligations()))
def test_every_figure_is_as_many_as_the_rows_behind_it(rows):
    counts = recap.count(rows, now=NOW)

    behind = [figure for row in rows for figure in recap.figures(row, now=NOW)]
    for figure in {*behind, "due", "received", "on_time", "late", "missing", *Cause}:
        assert counts.of(figure) == behind.count(figure)


def test_a_report_within_its_extension_is_on_time():
    late = Owed("a", None, "harian", NOW - 3 * HOUR, Standing.RECEIVED, Content.NIL, NOW - HOUR)
    extended = Owed("a", None, "harian", NOW - 3 * HOUR, Standing.RECEIVED, Content.NIL, NOW - HOUR, NOW)

    found = recap.count([late, extended], now=NOW)

    assert (found.late, found.on_time, found.nil) == (1, 1, 2)


def test_what_is_late_for_a_reason_of_ours_is_told_apart():
    rows = [Owed("a", None, "harian", NOW - HOUR, Standing.OWED, cause=cause) for cause in Cause]

    found = recap.count(rows, now=NOW)

    assert (found.missing, found.ours) == (7, 6)
