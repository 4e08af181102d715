"""The report to the Government: frozen at its cut-off, and counted again from the rows by plain arithmetic."""

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from jobs.turn import compile, tick
from models.matters import submissions
from models.matters.issues import Issue
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from models.matters.tasks import Why
from reports.government import facts as weekly
from reports.government import letter, words
from reports.government.figures import printed
from rules.filing import Content, Standing
from services.government import again, gathering
from tests.stories.desk import DESK, ELECTION, POLICY, Desk

PERIOD = ("2024-02-05 00:00", "2024-02-12 00:00")
CUT_OFF = "H 18:00"
"""The second weekly: about Monday to Sunday, known as of its cut-off. Voting day is a holiday and moved it by a day."""


@pytest.fixture
def lived(desk):
    desk.lives(_a_week)
    return desk


def _a_week(desk):
    """Something of everything, up to an hour before the second cut-off."""
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


def compiled(desk, kind="laporan-gubernur"):
    with desk.rt.sessions.begin() as session:
        every = [(s, weekly.from_json(s.facts)) for s in submissions.all_of(session)]
    return [(s, facts) for s, facts in every if facts.kind.code == kind]


def counted(desk):
    """From the rows, by plain Python: (district, what) -> how many; what fell due after the period by itself."""
    first, last, known = map(desk.moment, (*PERIOD, CUT_OFF))
    found = Counter()
    with desk.rt.sessions.begin() as session:
        rows = session.execute(select(Matter, Obligation).join(Obligation, Obligation.id == Matter.id)).all()
        filed = session.scalars(select(Report).order_by(Report.version)).all()
        issues = session.scalars(select(Issue)).all()
    for matter, owed in rows:
        if not first <= owed.due_at <= known or owed.standing == Standing.CANCELLED or matter.kind != Kind.OBLIGATION:
            continue
        if matter.area == "63.04":  # what the desk owes itself is no district's
            continue
        area = matter.area if owed.due_at < last else "since"
        came = [r for r in filed if r.obligation_id == owed.id and r.received_at <= known]
        found[area, "owed"] += 1
        found[area, "received"] += bool(came)
        found[area, "late"] += bool(came) and came[0].received_at > (owed.extended_until or owed.due_at)
        waived = owed.standing == Standing.WAIVED and matter.closed_at <= known
        found[area, "waived"] += waived
        found[area, "missing"] += not came and not waived
        if came:
            found[area, str(came[-1].content)] += 1
    own = [i for i in issues if i.opened_at < last and not (i.resolved_at and i.resolved_at < first)]
    found["problems", "all"] = len(own)
    found["problems", "resolved"] = sum(i.resolved_at is not None and i.resolved_at <= known for i in own)
    found["problems", "since"] = sum(last <= i.opened_at <= known for i in issues)
    return found


def agree(facts, rows):
    figures = printed(facts)
    for district in ("63.04.01", "63.04.02", "63.04.13"):
        for what in ("owed", "received", "late", "waived", "missing", "filled", "nil"):
            assert figures[f"district.{district}.{what}"] == rows[district, what], (district, what)
    for what in ("owed", "received", "late", "waived", "missing", "filled", "nil"):
        assert figures[f"since.reports.{what}"] == rows["since", what], what
    assert figures["problems"] == rows["problems", "all"]
    assert figures["problems.resolved"] == rows["problems", "resolved"]
    assert figures["since.problems"] == rows["problems", "since"]


def test_every_figure_equals_an_independent_count(lived):
    lived.clock.reads("H 18:00")

    (_, facts) = compiled(lived)[-1]

    agree(facts, counted(lived))
    assert printed(facts)["reports.owed"] == 18
    assert printed(facts)["since.reports.owed"] > 9
    assert printed(facts)["reports.late"] == 1
    assert (facts.header.cut_off, len(facts.districts)) == (lived.moment("H 18:00"), 3)


def test_what_was_merged_into_another_problem_is_not_counted_beside_it(lived):
    lived.merges("P-0003", "P-0002", "Sama")
    lived.clock.reads("H 18:00")

    (_, facts) = compiled(lived)[-1]

    assert [own.code for own in facts.problems] == ["P-0001", "P-0002"]
    assert printed(facts)["problems"] == 2


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
    figures = printed(facts)
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
    assert printed(facts)["problems.resolved"] == 1


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
    assert printed(facts)["district.63.04.13.waived"] == 0


def test_a_problem_that_was_opened_again_is_open_and_one_that_went_into_another_is_counted_once(lived):
    lived.reopens("P-0001", "Air naik lagi")
    lived.merges("P-0003", "P-0002", "Kejadian yang sama")
    lived.clock.reads("H 18:00")

    (_, facts) = compiled(lived)[-1]

    assert [(p.code, p.status, p.outcome) for p in facts.problems] == [
        ("P-0001", weekly.Status.OPEN, ""),
        ("P-0002", weekly.Status.ACKNOWLEDGED, ""),
    ]


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
    assert desk.rt.lookout.look().first > desk.clock.at


def test_what_was_compiled_keeps_its_kind_when_the_file_is_written_anew(lived):
    lived.clock.reads("H 18:05")
    tick.run(lived.rt)
    kinds = {code: replace(kind, closing="Lain.", parts=()) for code, kind in lived.rt.kinds().items()}
    lived.rt.kinds = lambda: kinds

    frozen = compiled(lived)[-1][1]

    assert frozen.kind.code == "laporan-gubernur"
    assert [chapter.code for chapter in frozen.kind.chapters][:2] == ["basis", "condition"]
    assert words.kind(frozen).closing.endswith("Gubernur Kalimantan Selatan diucapkan terima kasih.")


LATER = """signatories:
  - {from: 2024-02-10, signatory: a.n. BUPATI CONTOH, on_behalf: SEKRETARIS DAERAH}
address: [Jalan Contoh 1 Marabahan]
decree: {number: 188.45/1/KUM/2024, date: 2024-01-05, about: Tim DESK, title: Keputusan Bupati Contoh}
letters: {default: [Surat Gubernur Nomor 1]}
addressees:
"""
OWN = """    copies: [Arsip]
    kinds:
      laporan-harian: {attention: Kepala Biro Pemerintahan, copies: []}
"""


@pytest.fixture
def described(sessions, tmp_path):
    """A desk whose file says who signs later, by which decree it works, and where its daily report goes."""
    path = tmp_path / "tiga-kecamatan.yaml"
    text = DESK.read_text(encoding="utf-8")
    path.write_text(text.replace("addressees:\n", LATER).replace("    copies: [Arsip]\n", OWN), encoding="utf-8")
    return Desk(sessions, (ELECTION, path, POLICY))


def frozen(desk, duty, slot):
    desk.owes_only(f"{desk.programme.code}/{duty}/63.04/{slot}")
    desk.turn()
    return compiled(desk, duty)[-1][1]


def test_the_daily_report_goes_to_the_unit_of_its_kind_and_is_signed_by_who_signs_that_day(described):
    described.clock.reads("H-2 18:00")

    head = frozen(described, "laporan-harian", "H-2").header

    assert (head.attention, head.copies) == ("Kepala Biro Pemerintahan", ())
    assert head.signatory == "a.n. BUPATI CONTOH\nSEKRETARIS DAERAH"
    assert head.address == ("Jalan Contoh 1 Marabahan",)
    assert (head.period_start, head.period_end) == (head.cut_off_day, head.cut_off_day)


def test_the_weekly_report_cites_the_decree_and_letters_and_is_signed_as_before_the_change(described):
    described.clock.reads("2024-02-06 18:00")

    made = frozen(described, "laporan-gubernur", "2024-W06")

    assert made.header.signatory == described.programme.desk.signatory
    assert "Keputusan Bupati Contoh Nomor 188.45/1/KUM/2024 tanggal 5 Januari 2024 tentang Tim DESK" in made.legal_bases
    assert "Surat Gubernur Nomor 1" in made.legal_bases


def test_the_situation_of_voting_day_tells_of_that_day_up_to_its_hour(desk):
    desk.clock.reads("H 15:00")

    made = frozen(desk, "laporan-situasi", "H@15.30")

    assert made.kind.code == "laporan-situasi"
    assert {report.due_at for report in made.reports} <= {desk.moment(f"H {at}") for at in ("07:30", "10:00", "13:30")}


@pytest.fixture
def voting(desk):
    """Tamban's five reports of voting day, the last at 22.00, and the daily reports of that day and the next."""
    desk.lives(_voting_day)
    return desk


def _voting_day(desk):
    slots = [f"H@{at}" for at in ("07.30", "10.00", "13.30", "18.00", "22.00")]
    daily = [f"{desk.programme.code}/laporan-harian/63.04/{slot}" for slot in ("H-1", "H", "H+1")]
    desk.owes_only(*(desk.key("hari-h", "Tamban", slot) for slot in slots), *daily)
    desk.clock.reads("H 18:00")
    desk.clock.jumps("H 20:30")
    desk.has_a_problem("Kotak basah")
    desk.files(desk.key("hari-h", "Tamban", "H@22.00"))
    desk.turn()
    desk.clock.jumps("H+1 18:01")
    desk.turn()


def hours(desk, *moments):
    return tuple(map(desk.moment, moments))


def test_what_falls_due_in_the_evening_is_in_the_daily_report_of_the_next_day_and_in_no_other(voting):
    found = [facts for _, facts in compiled(voting, "laporan-harian")]

    assert [printed(facts)["reports.owed"] for facts in found] == [0, 4, 1]
    assert [facts.reports[-1].due_at for facts in found[1:]] == [*hours(voting, "H 18:00", "H 22:00")]
    assert [printed(facts)["problems"] for facts in found] == [0, 0, 1]
    assert (found[2].header.begins_at, found[2].header.ends_at) == hours(voting, "H 18:00", "H+1 18:00")
    assert "dalam waktu 14 Februari 2024 pukul 18.00 WITA sampai dengan 15 Februari 2024 pukul 18.00 WITA" in str(
        letter.document(found[2]).chapters
    )


def test_the_first_daily_report_begins_with_its_day(voting):
    (_, first), *_ = compiled(voting, "laporan-harian")

    assert (first.header.begins_at, first.header.ends_at) == hours(voting, "H-1 00:00", "H-1 18:00")


def test_a_daily_report_that_is_corrected_counts_the_same_hours_and_tells_the_evening_apart(voting):
    with voting.rt.sessions.begin() as session:
        own = session.scalars(select(Obligation).where(Obligation.duty == "laporan-harian", Obligation.slot == "H"))
        day = own.one()
        as_of = again._as_of(day, voting.clock.at)
        kind = voting.rt.kind("laporan-harian")
        known = {"forms": voting.rt.forms(), "kind": kind, "own": as_of, "first": day.opens_at}
        corrected = gathering.gather(session, 1, voting.programme, **known).facts

    assert (printed(corrected)["reports.owed"], printed(corrected)["since.reports.owed"]) == (4, 1)
    assert (corrected.header.begins_at, corrected.header.ends_at) == hours(voting, "H-1 18:00", "H 18:00")
