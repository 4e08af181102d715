"""The report to the Government: frozen at its cut-off, and counted again from the rows by plain arithmetic."""

from collections import Counter

import pytest
from sqlalchemy import select, update

from jobs import compile, tick
from models import submissions
from models.issues import Issue
from models.matters import Kind, Matter
from models.obligations import Obligation
from models.reports import Report
from models.tasks import Why
from reports import facts as weekly
from rules.filing import Content, Standing

PERIOD = ("2024-02-06 18:00", "H 18:00")
"""The second weekly: after the first one's cut-off, up to its own; voting day is a holiday and moved it by a day."""


@pytest.fixture
def lived(desk):
    """A week with something of everything, up to an hour before the second cut-off."""
    week = [
        desk.key("harian", district, slot) for slot in ("H-7", "H-6", "H-5") for district in ("Tamban", "Mekarsari")
    ]
    for clock, key in zip(("H-7 14:00", "H-7 16:00", "H-6 14:00", "H-6 14:30", "H-5 10:00"), week, strict=False):
        desk.clock.reads(clock)
        desk.files(key, f"Catatan {clock}")
    desk.files(desk.key("harian", "Tabunganen", "H-5"), content=Content.NIL, by="Camat Tabunganen")
    desk.waives(desk.key("harian", "Tabunganen", "H-4"), "Banjir")
    first, second = desk.has_a_problem("Satu"), desk.has_a_problem("Dua")
    desk.has_a_problem("Tiga")
    desk.acknowledges(second, "H+1 12:00")
    desk.clock.reads("H 17:00")
    desk.resolves(first, "Selesai")
    return desk


def compiled(desk):
    with desk.rt.sessions.begin() as session:
        return [(s, weekly.from_json(s.facts)) for s in submissions.all_of(session)]


def counted(desk):
    """From the rows, by plain Python: (district, what) -> how many."""
    after, until = map(desk.moment, PERIOD)
    found = Counter()
    with desk.rt.sessions.begin() as session:
        rows = session.execute(select(Matter, Obligation).join(Obligation, Obligation.id == Matter.id)).all()
        filed = session.scalars(select(Report).order_by(Report.version)).all()
        issues = session.scalars(select(Issue)).all()
    for matter, owed in rows:
        if not after < owed.due_at <= until or owed.standing == Standing.CANCELLED or matter.kind != Kind.OBLIGATION:
            continue
        came = [r for r in filed if r.obligation_id == owed.id and r.received_at <= until]
        found[matter.area, "owed"] += 1
        found[matter.area, "received"] += bool(came)
        found[matter.area, "late"] += bool(came) and came[0].received_at > (owed.extended_until or owed.due_at)
        waived = owed.standing == Standing.WAIVED and matter.closed_at <= until
        found[matter.area, "waived"] += waived
        found[matter.area, "missing"] += not came and not waived
        if came:
            found[matter.area, str(came[-1].content)] += 1
    found["problems", "all"] = sum(i.opened_at <= until for i in issues)
    found["problems", "resolved"] = sum(i.resolved_at is not None and i.resolved_at <= until for i in issues)
    return found


def agree(facts, rows):
    figures = weekly.figures(facts)
    for district in ("63.04.01", "63.04.02", "63.04.13"):
        for what in ("owed", "received", "late", "waived", "missing", "filled", "nil"):
            assert figures[f"district.{district}.{what}"] == rows[district, what], (district, what)
    assert figures["problems"] == rows["problems", "all"]
    assert figures["problems.resolved"] == rows["problems", "resolved"]


def test_every_figure_equals_an_independent_count(lived):
    lived.clock.reads("H 18:00")

    (_, facts) = compiled(lived)[-1]

    agree(facts, counted(lived))
    assert weekly.figures(facts)["reports.owed"] > 18
    assert weekly.figures(facts)["reports.late"] == 1
    assert (facts.header.cut_off, len(facts.districts)) == (lived.moment("H 18:00"), 3)


def test_an_extension_counts_as_granted_and_a_returned_report_as_it_came(desk):
    in_time, too_late, returned = (
        desk.key("harian", district, slot)
        for district, slot in (("Tamban", "H-6"), ("Tamban", "H-5"), ("Mekarsari", "H-6"))
    )
    desk.clock.reads("H-6 12:00")
    desk.extends(in_time, "H-6 20:00")
    desk.files(returned, by="Camat Mekarsari")
    desk.returns(returned, "H-5 10:00")
    desk.clock.reads("H-6 18:00")
    desk.files(in_time)
    desk.clock.reads("H-5 16:00")
    desk.extends(too_late, "H-4 09:00")
    desk.clock.reads("H-4 08:00")
    desk.files(too_late)
    desk.clock.reads("H 18:00")

    (_, facts) = compiled(desk)[-1]

    agree(facts, counted(desk))
    figures = weekly.figures(facts)
    assert (figures["district.63.04.02.received"], figures["district.63.04.02.late"]) == (2, 1)
    assert (figures["district.63.04.13.received"], figures["district.63.04.13.late"]) == (1, 0)


def test_compiled_late_after_an_outage_it_says_what_was_so_at_its_cut_off(lived):
    """What came in or was waived while nothing compiled is in the next one."""
    lived.clock.jumps("H 21:00")
    lived.files(lived.key("harian", "Mekarsari", "H-1"), "Terlambat", by="Camat Mekarsari")
    lived.waives(lived.key("hari-h", "Tamban", "H@18.00"), "Banjir")
    lived.resolves("P-0003", "Selesai kemudian")
    lived.clock.jumps("H+1 03:00")

    lived.turn()

    (submission, facts) = compiled(lived)[-1]
    assert (submission.cut_off_at, submission.frozen_at) == (lived.moment("H 18:00"), lived.moment("H+1 03:00"))
    agree(facts, counted(lived))
    assert weekly.figures(facts)["problems.resolved"] == 1


def test_what_was_waived_after_its_chase_had_ended_was_missing_until_then(lived):
    """Its chase ended before the cut-off, the waiver came after it, and only then was anything compiled."""
    missed = lived.key("harian", "Mekarsari", "H-4")
    lived.clock.reads("H 17:30")
    lived.clock.jumps("H 21:00")
    lived.waives(missed, "Camat di rumah sakit")

    lived.turn()

    (submission, facts) = compiled(lived)[-1]
    assert submission.cut_off_at == lived.moment("H 18:00")
    assert lived.matter(missed).closed_why == "past its closing time"
    assert weekly.figures(facts)["district.63.04.13.waived"] == 0


def test_compiling_again_makes_nothing_new(lived):
    lived.clock.reads("H 18:00")
    before = [(s.id, s.facts_digest) for s, _ in compiled(lived)]

    assert compile.run(lived.rt, now=lived.clock.at) == 0
    lived.clock.reads("H 19:00")

    assert [(s.id, s.facts_digest) for s, _ in compiled(lived)] == before


def test_a_report_that_cannot_be_compiled_is_set_aside_and_nobody_waits_for_it(desk):
    """A district that the desk no longer has: nothing can be counted for it."""
    desk.owes_only(desk.key("harian", "Tamban", "H-1"), "pemilihan/tiga-kecamatan/laporan-gubernur/63.04/2024-W07")
    desk.clock.reads("H 17:00")
    desk.has_a_problem("Satu")
    with desk.rt.sessions.begin() as session:
        later = desk.moment("H+3 08:00")
        session.execute(update(Matter).where(Matter.kind == Kind.ISSUE).values(area="63.04.99", next_at=later))

    desk.clock.reads("H 18:30")

    assert [task.why for task in desk.tasks()] == [Why.SET_ASIDE]
    assert desk.heard("Kepala Kesbangpol")[-1] == "email 08:00"
    assert tick.next_at(desk.rt) > desk.clock.at
