"""What the report to the Government says besides receipts: gathered from the books as it stood at the cut-off."""

import pytest
from sqlalchemy import select

from jobs.operator import acting, advising, restricting
from models.matters import promises, submissions
from models.matters import trips as models_trips
from models.matters.advice import Wording
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.offices.offices import Office
from reports import codec
from reports.government import facts as weekly
from rules import forms
from rules.advice import Answer, Sort, Stage
from rules.fairness import Cause
from rules.forms import Condition
from rules.reaching import End
from rules.situation import Shown
from rules.trips import Plan, Told
from services import risks, trips


@pytest.fixture
def findings(desk):
    """What the newest report says, once the clock has passed its cut-off. Little is owed, so it passes soon."""
    daily = [desk.key("harian", own.name, slot) for own in desk.programme.desk.districts for slot in ("H-2", "H-1")]
    report = f"{desk.programme.code}/laporan-gubernur/63.04/2024-W07"
    desk.owes_only(*daily, desk.key("hari-h", "Tamban", "H@07.30"), report)

    def newest():
        desk.clock.reads("H 18:00")
        with desk.rt.sessions.begin() as session:
            return weekly.from_json(submissions.all_of(session)[-1].facts).findings

    return newest


def findings_after(desk, clock):
    """What the newest report says that was compiled late, at this time."""
    desk.clock.jumps(clock)
    desk.turn()
    with desk.rt.sessions.begin() as session:
        return weekly.from_json(submissions.all_of(session)[-1].facts).findings


def gives(desk, to, text, *, about=""):
    wording = Wording(Sort.DIRECTION, text, desk.moment("H+1 12:00"))
    (code,) = advising.give(
        desk.rt, desk.programme.code, wording, to=[desk.office(to)], by=desk.office("Sekda"), about=about
    )
    return code


def knows_risks(desk, *places):
    """Villages and polling stations at risk, each with its kind."""
    said = [{"desa": v, "tps": s, "kerawanan": k, "sumber": "Polres", "tanggal": "2024-02-01"} for v, s, k in places]
    with desk.rt.sessions.begin() as session:
        hand = acting.hand(session, desk.programme, desk.programme.desk.secretariat)
        assert risks.take(session, 1, desk.programme.desk, list(enumerate(said, 2)), hand=hand, now=desk.clock.at)


def tells(desk, key, note="", numbers=None, **conditions):
    own = {code: {"condition": condition, "note": note} for code, condition in conditions.items()}
    for code, counts in (numbers or {}).items():
        own[code]["numbers"] = counts
    desk.files(key, {"indicators": own})


def group(found, code):
    return next(own for own in found.situation if own.code == code)


def test_the_newest_word_of_each_district_is_told_with_its_report_and_the_others_are_not_yet_looked_at(desk, findings):
    desk.clock.reads("H-1 14:00")
    tells(
        desk,
        desk.key("harian", "Tamban", "H-1"),
        "Kotak basah",
        {"logistik": {"desa-logistik": 7}},
        logistik="attention",
    )

    own = group(findings(), "logistik")

    assert [(seen.district, seen.shown) for seen in own.seen] == [
        ("63.04.01", Shown.UNSEEN),
        ("63.04.02", Shown.ATTENTION),
        ("63.04.13", Shown.UNSEEN),
    ]
    told = own.seen[1]
    code = desk.code(desk.key("harian", "Tamban", "H-1"))
    assert (told.said, told.note, told.source) == (Condition.ATTENTION, "Kotak basah", f"{code} v1")
    assert [(f.name, f.total, len(f.counts)) for f in own.figures if f.counts] == [("Desa sudah menerima", 7, 1)]


def test_what_came_after_the_cut_off_is_not_told(desk, findings):
    desk.clock.reads("H-1 14:00")
    tells(desk, desk.key("harian", "Tamban", "H-1"), logistik="safe")
    desk.clock.reads("H 17:30")
    desk.clock.jumps("H 19:00")
    tells(desk, desk.key("harian", "Mekarsari", "H-1"), logistik="troubled")

    own = group(findings_after(desk, "H 19:30"), "logistik")

    assert [seen.shown for seen in own.seen] == [Shown.UNSEEN, Shown.STALE, Shown.UNSEEN]


def test_a_milestone_is_told_out_of_what_the_district_has(desk, findings):
    desk.clock.reads("H 07:40")
    tells(desk, desk.key("hari-h", "Tamban", "H@07.30"), numbers={"tps-buka": {"tps-buka": 12}}, **{"tps-buka": "safe"})

    (figure,) = group(findings(), "tps-buka").figures

    assert (figure.milestone, figure.total) == (True, 12)


def test_where_a_restricted_problem_lies_the_district_is_counted_and_not_named(desk, findings):
    desk.clock.reads("H-1 14:00")
    tells(desk, desk.key("harian", "Tamban", "H-1"), "Nama Kades Anu", logistik="attention", keamanan="safe")
    code = desk.has_a_problem("Perahu")
    restricting.restrict(desk.rt, code, True, by=desk.office("Asisten Pemerintahan"), text="Menyangkut nama baik")

    found = findings()

    own = group(found, "logistik")
    assert ([seen.district for seen in own.seen], own.withheld) == (["63.04.01", "63.04.13"], (Shown.ATTENTION,))
    assert "Kades Anu" not in codec.dump(own)


def test_what_was_restricted_at_the_cut_off_is_not_told_though_all_may_read_it_since(desk, findings):
    desk.clock.reads("H-1 14:00")
    tells(desk, desk.key("harian", "Tamban", "H-1"), "Nama Kades Anu", logistik="attention")
    code = desk.has_a_problem("Perahu", restricted=True)
    gives(desk, "Kepala BPBD", "Bicara dengan Kades Anu", about=code)
    desk.clock.reads("H 17:55")
    desk.clock.jumps("H 19:00")
    restricting.restrict(desk.rt, code, False, by=desk.office("Asisten Pemerintahan"), text="Sudah tidak perlu")

    found = findings_after(desk, "H 20:00")

    assert (group(found, "logistik").withheld, found.advice, found.advice_withheld) == ((Shown.ATTENTION,), (), 1)
    assert "Kades Anu" not in codec.dump(found)


def test_what_is_restricted_after_the_cut_off_is_not_told_by_a_report_compiled_later(desk, findings):
    desk.clock.reads("H-1 14:00")
    tells(desk, desk.key("harian", "Tamban", "H-1"), "Nama Kades Anu", logistik="attention")
    code = desk.has_a_problem("Perahu")
    desk.clock.reads("H 17:55")
    desk.clock.jumps("H 19:00")
    restricting.restrict(desk.rt, code, True, by=desk.office("Asisten Pemerintahan"), text="Menyangkut nama baik")

    found = findings_after(desk, "H 20:00")

    assert group(found, "logistik").withheld == (Shown.ATTENTION,)
    assert "Kades Anu" not in codec.dump(found)


def test_a_meeting_is_told_with_who_came_and_what_nobody_recorded(desk, findings):
    desk.clock.reads("H-3 09:00")
    wording = Wording(Sort.MEETING, "Logistik TPS", desk.moment("H-2 09:00"), place="Aula Selidah",
                      ends_at=desk.moment("H-2 11:00"))  # fmt: skip
    to = [desk.office(who) for who in ("Camat Tamban", "Camat Mekarsari", "Kepala BPBD")]
    codes = advising.give(desk.rt, desk.programme.code, wording, to=to, by=desk.office("Sekda"), about="")
    desk.clock.reads("H-2 12:00")
    advising.attended(desk.rt, codes[0], present=True, by=desk.office("Sekda"))
    advising.attended(desk.rt, codes[1], present=False, by=desk.office("Sekda"))

    (meeting,) = findings().meetings

    assert (meeting.code, meeting.place, meeting.agenda) == ("A-0001", "Aula Selidah", "Logistik TPS")
    assert (len(meeting.invited), meeting.attended, meeting.recorded) == (3, ("Camat Tamban",), 2)


def test_advice_stands_as_it_was_at_the_cut_off_not_as_it_was_when_compiled(desk, findings):
    desk.clock.reads("H-3 09:00")
    code = gives(desk, "Camat Tamban", "Siapkan perahu")
    desk.clock.reads("H-2 09:00")
    advising.answer(desk.rt, code, Answer.RECEIVED, by=desk.office("Camat Tamban"), deputy="")
    desk.clock.reads("H 17:30")
    desk.clock.jumps("H 19:00")
    advising.done(desk.rt, code, by=desk.office("Camat Tamban"), text="Dua perahu siap")

    (own,) = findings_after(desk, "H 19:30").advice

    assert (own.stage, own.outcome, own.to, own.giver) == (Stage.CONFIRMED, "", "Camat Tamban", "Sekretaris Daerah")


def test_advice_about_a_restricted_problem_is_counted_and_not_told(desk, findings):
    desk.clock.reads("H-3 09:00")
    problem = desk.has_a_problem("Perahu Kades Anu")
    gives(desk, "Kepala BPBD", "Bicara dengan Kades Anu", about=problem)
    restricting.restrict(desk.rt, problem, True, by=desk.office("Asisten Pemerintahan"), text="Menyangkut nama baik")

    found = findings()

    assert (found.advice, found.advice_withheld) == ((), 1)
    assert "Kades Anu" not in codec.dump(found)


def test_every_report_that_is_missing_has_the_words_that_were_said_of_it_and_whose_fault_it_is(desk, findings):
    found = findings()

    key = desk.key("harian", "Tamban", "H-2")
    chased = next(own for own in found.chased if own.report == desk.code(key))
    told = [(word.office, word.end) for word in chased.words]
    assert ("Camat Tamban", End.HANDED_OVER) in told
    assert len(chased.words) == len({n.message_id for n in desk.notices(key) if n.message_id})
    assert {own.cause for own in found.late if own.report == desk.code(key)} == {Cause.TEAM}


def test_what_falls_due_at_the_cut_off_is_missing_with_the_words_said_of_it(desk):
    """On voting day the daily report is cut off when the districts' fourth falls due."""
    key = desk.key("hari-h", "Tamban", "H@18.00")
    desk.owes_only(key, f"{desk.programme.code}/laporan-harian/63.04/H")
    desk.clock.reads("H 18:05")
    with desk.rt.sessions.begin() as session:
        told = weekly.from_json(submissions.all_of(session)[-1].facts)

    (chased,) = told.findings.chased
    assert [report.code for _, reports in told.missing for report in reports] == [chased.report] == [desk.code(key)]
    assert {word.office for word in chased.words} == {"Camat Tamban"}
    assert [(own.report, own.cause) for own in told.findings.late] == [(desk.code(key), Cause.TEAM)]


def test_a_promise_is_told_with_until_when_and_why_as_far_as_it_was_said(desk, findings):
    key = desk.key("harian", "Tamban", "H-2")
    desk.clock.reads("H-2 14:00")
    with desk.rt.sessions.begin() as session:
        matter = session.scalars(select(Matter).where(Matter.key == key)).one()
        owed = (matter, session.get_one(Obligation, matter.id))
        office = session.scalars(select(Office.id).where(Office.code == "camat-tamban")).one()
        until = desk.moment("H-2 20:00")
        promises.make(session, owed, office_id=office, until=until, note="Sinyal putus", now=desk.clock.at)

    (said,) = next(own for own in findings().chased if own.report == desk.code(key)).said

    assert (said.office, said.what, said.text, said.until) == ("Camat Tamban", "promised", "Sinyal putus", until)


def test_what_no_channel_reached_is_ours_and_told_so(desk, findings):
    desk.loses("Camat Tamban")

    found = findings()

    code = desk.code(desk.key("harian", "Tamban", "H-2"))
    chased = next(own for own in found.chased if own.report == code)
    assert End.NOBODY in {word.end for word in chased.words if word.office == "Camat Tamban"}
    assert {own.cause for own in found.late if own.report == code} == {Cause.NOT_REACHED}


def test_places_at_risk_are_told_as_they_were_known_then_with_what_lies_there_and_who_was_not_heard(desk, findings):
    desk.clock.reads("H-3 09:00")
    knows_risks(
        desk, ("Koanda", "3", "Blank spot"), ("Koanda", "3", "Rawan banjir"), ("Karya Baru", "", "Rawan banjir")
    )
    desk.clock.reads("H-1 14:00")
    desk.files(desk.key("harian", "Tamban", "H-1"))
    code = desk.has_a_problem("Banjir", village="63.04.02.2011", station="TPS 03")
    desk.clock.reads("H 17:30")
    desk.clock.jumps("H 19:00")
    knows_risks(desk, ("Mekarsari", "", "Rawan banjir"))

    own = findings_after(desk, "H 19:30").risks

    assert [(p.village, p.station, len(p.kinds)) for p in own.places] == [
        ("Desa Karya Baru", "", 1),
        ("Desa Koanda", "3", 2),
    ]
    assert (own.unheard, own.problems) == (("63.04.01",), (code,))


def test_what_districts_expect_is_told_in_their_words_but_not_where_a_restricted_problem_lies(desk, findings):
    desk.clock.reads("H-1 14:00")
    desk.files(desk.key("harian", "Tamban", "H-1"), {"analysis": "Air pasang", "forecast": "TPS 3 tergenang"})
    desk.files(desk.key("harian", "Tabunganen", "H-1"), {"forecast": "Kades Anu berpihak"}, by="Camat Tabunganen")
    code = desk.has_a_problem("Kades Anu", district="63.04.01")
    restricting.restrict(desk.rt, code, True, by=desk.office("Kepala BPBD"), text="Menyangkut nama baik")

    found = findings()

    assert [(own.district, own.analysis, own.forecast) for own in found.judged] == [
        ("63.04.02", "Air pasang", "TPS 3 tergenang")
    ]
    assert found.judged_withheld == 1
    assert "Kades Anu" not in codec.dump(found)


def test_the_team_is_told_by_its_offices(desk, findings):
    own = findings().team

    assert [(m.office, m.role) for m in own][:3] == [
        ("Sekretaris Daerah", "Ketua"),
        ("Kepala Kesbangpol", "Sekretaris"),
        ("Sekretariat Desk", "Sekretariat"),
    ]
    assert ("Camat Tamban", "Anggota Tim DESK VIII", "Tamban, Mekarsari") in [(m.office, m.role, m.place) for m in own]


def travels(desk, by, area, begins, told=None, *, place="Gudang PPK", people=4, note="Dua kotak lembap"):
    """A field trip, planned now; `told`: when what was seen is told. Its number."""
    plan = Plan(area, desk.moment(begins), by, "Melihat gudang", place=place)
    with desk.rt.sessions.begin() as session:
        hand = acting.hand(session, desk.programme, desk.office(by))
        kept = trips.plan(
            session, 1, desk.programme, plan, by=desk.office(by), once=begins, hand=hand, now=desk.clock.at
        )
        code, id = kept[0].code, kept[1].id
    if told:
        desk.clock.reads(told)
        with desk.rt.sessions.begin() as session:
            hand = acting.hand(session, desk.programme, desk.office(by))
            answers = {"c.kunjungan-logistik": "attention", "k.kunjungan-logistik": note}
            seen = forms.read(desk.rt.form("kunjungan"), answers)
            told_now = Told(desk.moment(begins), by, people)
            trips.tell(session, desk.programme, id, told_now, seen, hand=hand, now=desk.clock.at)
    return code


def test_a_field_trip_is_told_with_who_how_many_and_what_was_seen(desk, findings):
    desk.clock.reads("H-5 09:00")
    travels(desk, "Camat Tamban", "63.04.02", "H-4 10:00", told="H-4 15:00")

    (trip,) = findings().trips

    assert (trip.code, trip.district, trip.place, trip.people) == ("L-0001", "63.04.02", "Gudang PPK", 4)
    assert trip.seen == ("Logistik: Perlu perhatian. Dua kotak lembap",)


def test_a_trip_that_was_told_after_the_cut_off_is_only_planned_in_what_was_known_then(desk, findings):
    desk.clock.reads("H-5 09:00")
    travels(desk, "Camat Tamban", "63.04.02", "H-4 10:00")
    desk.clock.reads("H 17:30")
    desk.clock.jumps("H 19:00")
    travels(desk, "Camat Tamban", "63.04.02", "H-4 11:00", told="H 19:10", place="TPS 1")

    known = findings_after(desk, "H 19:30").trips

    assert [(own.code, own.told, own.people) for own in known] == [("L-0001", False, 0)]


def test_a_trip_that_was_called_off_is_none(desk, findings):
    desk.clock.reads("H-5 09:00")
    code = travels(desk, "Camat Tamban", "63.04.02", "H-4 10:00")
    with desk.rt.sessions.begin() as session:
        hand = acting.hand(session, desk.programme, desk.office("Camat Tamban"))
        kept = models_trips.by_code(session, 1, code)
        trips.call_off(session, kept[1].id, why="Banjir", hand=hand, now=desk.clock.at)

    assert findings().trips == ()


def test_nothing_that_was_seen_is_told_from_where_a_restricted_problem_lies(desk, findings):
    desk.clock.reads("H-5 09:00")
    travels(desk, "Camat Tamban", "63.04.02", "H-4 10:00", told="H-4 15:00", note="Kades Anu")
    code = desk.has_a_problem("Sesuatu")
    restricting.restrict(desk.rt, code, True, by=desk.office("Asisten Pemerintahan"), text="Menyangkut nama baik")

    found = findings()

    assert [own.seen for own in found.trips] == [()]
    assert "Kades Anu" not in codec.dump(found)
