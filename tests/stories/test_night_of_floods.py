"""A night of voting day, written down before it was run.

02.10  A flood in two villages of Tamban is reported as very grave, twice: by the Camat, and by the head of a unit.
02.10  Owner and coordinator hear within a minute, though it is night.
02.20  The coordinator sees that both are one. The second goes into the first, and climbs no more.
02.25  The first is handed to the head of a unit (Kominfo). He hears at once, and does nothing.
03.25  The secretary hears; 05.25 the chair, by all ways. Nobody acts: at 17.25 the owner is asked anew.
18.00  The head of the unit acts. It is resolved, and the Camat confirms.
"""

from datetime import timedelta
from itertools import pairwise

import pytest

from models.matters import issues
from models.matters.issues import Issue, Step
from rules import life
from rules.assignments import Kind
from rules.life import Stage
from rules.policy import Severity

COORDINATOR, SECRETARY, CHAIR = "Asisten Pemerintahan", "Kepala Kesbangpol", "Sekda"
CAMAT, HEAD = "Camat Tamban", "Kadis Kominfo"


@pytest.fixture
def night(desk):
    """Ten past two on voting day; no report is owed."""
    desk.owes_only()
    desk.clock.reads("H 02:10")
    return desk


def stage(desk, code):
    matter = desk.matter(code)
    with desk.rt.sessions.begin() as session:
        issue = session.get_one(Issue, matter.id)
    return life.stage(issue, matter.acknowledged_until, now=desk.clock.at)


def steps(desk, code):
    id = desk.matter(code).id
    with desk.rt.sessions.begin() as session:
        return [event.step for event in issues.events(session, id)]


def test_the_night_goes_as_it_was_written_down(night):
    flood = night.has_a_problem("Air setinggi lutut di Purwosari II", by=CAMAT)
    night.clock.reads("H 02:11")
    assert night.phone(COORDINATOR).clocks == ["02:10"]
    assert "mendesak" in night.phone(COORDINATOR).last

    twin = night.has_a_problem("Koanda terendam", by=HEAD)
    night.clock.reads("H 02:20")
    night.merges(twin, flood, "Banjir yang sama")
    night.clock.reads("H 02:25")
    night.hands_on(flood, HEAD, "Dekat dengan lokasi")
    night.clock.reads("H 02:26")
    assert f"{flood} " in night.phone(HEAD).last
    assert "Mohon ditangani" in night.phone(HEAD).last

    night.clock.reads("H 05:26")
    assert "sms 03:25" in night.heard(SECRETARY)
    assert sorted(night.heard(CHAIR)) == ["email 05:25", "sms 05:25"]
    assert not any(twin in text for text in night.phone(SECRETARY).texts)

    night.clock.reads("H 17:26")
    assert night.phone(HEAD).clocks[-1] == "17:25"
    assert stage(night, flood) is Stage.OPEN

    night.clock.reads("H 18:00")
    night.follows_up(flood, "TPS dipindah ke balai desa", by=HEAD)
    night.resolves(flood, "Pemungutan suara berlanjut di balai desa", by=HEAD)
    night.clock.reads("H+1 07:05")
    assert "Mohon dikonfirmasi" in night.phone(CAMAT).last
    night.confirms(flood, by=CAMAT)

    assert stage(night, flood) is Stage.CONFIRMED
    assert stage(night, twin) is Stage.MERGED
    assert steps(night, flood) == [
        Step.OPENED, Step.JOINED, Step.HANDED_ON, Step.FOLLOWED_UP, Step.RESOLVED, Step.CONFIRMED,
    ]  # fmt: skip


def test_a_slight_problem_of_the_night_wakes_nobody(night):
    night.has_a_problem("Lampu jalan padam", severity=Severity.LOW)

    night.clock.reads("H 06:59")

    assert night.heard(COORDINATOR) == []


def test_whoever_stands_in_tonight_is_told_and_not_the_holder(night):
    code = night.has_a_problem("Gudang terendam")
    night.passes_to(HEAD, "Siti", Kind.PLH, since="H 01:00", until="H+1 12:00", phone="+6282000000099")

    night.hands_on(code, HEAD, "Jaringan putus")
    night.clock.reads("H 02:12")

    assert night.texts_to("+6282000000099") == ["02:10"]


def test_an_owner_further_up_is_reminded_and_his_own_silence_is_told_further_up(night):
    code = night.has_a_problem("Gudang terendam")
    night.hands_on(code, SECRETARY, "Perlu koordinasi provinsi")

    night.clock.reads("H 03:11")

    assert night.phone(SECRETARY).clocks == ["02:10", "02:40"]
    assert "sms 03:10" in night.heard(CHAIR)


def test_what_the_chair_has_is_passed_on_to_nobody_below_him(night):
    code = night.has_a_problem("Gudang terendam", severity=Severity.LOW)
    night.hands_on(code, CHAIR, "Perlu arahan pimpinan")
    before = len(night.mailbox(SECRETARY))

    night.clock.reads("H 07:01")
    assert f"{code}, " in night.mailbox(CHAIR).last
    assert "akan kami teruskan" not in night.mailbox(CHAIR).last
    night.clock.reads("H+4 09:00")
    assert [text for text in night.mailbox(SECRETARY).texts[before:] if f"{code}, " in text] == []


def test_what_the_secretary_has_is_said_to_go_to_the_chair(night):
    code = night.has_a_problem("Gudang terendam", severity=Severity.LOW)
    night.hands_on(code, SECRETARY, "Perlu koordinasi provinsi")

    night.clock.reads("H 07:01")
    assert "akan kami teruskan kepada Sekretaris Daerah" in night.mailbox(SECRETARY).last


def report(condition, note, tick=True):
    own = {"condition": condition, "note": note} | ({"problem": True} if tick else {})
    return {"form": "harian", "indicators": {"keamanan": own}, "facts": "Satu."}


@pytest.fixture
def reported(desk):
    """Two problems of a report each: Tamban's and Mekarsari's, of the same crowd. The second went into the first."""
    keys = [desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.clock.reads("H-7 09:00")
    desk.files(keys[0], report("troubled", "Massa di TPS 1."))
    desk.files(keys[1], report("attention", "Massa di perbatasan."), by="Camat Mekarsari")
    desk.merges("P-0002", "P-0001", "Massa yang sama")
    return keys


def test_a_correction_of_a_merged_problem_speaks_to_the_one_that_goes_on(desk, reported):
    desk.files(reported[1], report("attention", "Massa bertambah."), by="Camat Mekarsari")

    assert steps(desk, "P-0001")[-1] is Step.REPORTED
    assert steps(desk, "P-0002")[-1] is Step.MERGED


def test_what_got_worse_in_a_merged_problem_begins_the_climb_of_the_other_anew(desk, reported):
    desk.acknowledges("P-0001", "H-7 15:00")
    before = desk.matter("P-0001").round

    desk.files(reported[1], report("troubled", "Kotak direbut."), by="Camat Mekarsari")

    assert desk.matter("P-0001").round == before + 1
    assert stage(desk, "P-0001") is Stage.OPEN


def test_a_correction_that_takes_back_a_merged_problem_is_shown_and_ends_nothing(desk, reported):
    desk.files(reported[1], report("safe", "", tick=False), by="Camat Mekarsari")

    assert steps(desk, "P-0002")[-1] is Step.WITHDRAWN
    assert steps(desk, "P-0001")[-1] is Step.TAKEN_BACK
    assert stage(desk, "P-0001") is Stage.OPEN


def test_a_severity_that_was_set_by_hand_outlives_a_correction(desk, reported):
    desk.grades("P-0001", Severity.LOW, "Sudah bubar")

    desk.files(reported[0], report("troubled", "Massa di TPS 1 dan 2."))

    id = desk.matter("P-0001").id
    with desk.rt.sessions.begin() as session:
        assert session.get_one(Issue, id).severity is Severity.LOW


def test_a_flood_is_told_further_up_a_few_times_an_hour(night):
    """Twenty very grave problems in an hour, of which nobody does anything."""
    for minute in range(0, 60, 3):
        night.clock.reads(f"H 03:{minute:02}")
        night.has_a_problem(f"Gudang {minute} terendam")
    night.clock.reads("H 07:30")

    assert len(night.phone(CHAIR)) <= 5
    assert len(night.phone(SECRETARY)) <= 5
    assert len([at for at in night.phone(COORDINATOR).clocks if at < "03:30"]) >= 10, "whoever handles it hears at once"


def test_grave_problems_one_after_the_other_are_told_to_those_who_lead_once_an_hour(night):
    """One every 25 minutes for six hours, of which nobody does anything."""
    codes = []
    for minute in range(0, 360, 25):
        night.clock.reads(f"H {8 + minute // 60:02}:{minute % 60:02}")
        codes.append(night.has_a_problem(f"Gudang {minute} terendam"))
    night.clock.reads("H 17:30")

    for office in (SECRETARY, CHAIR):
        at = [sent.at for sent in night.phone(office).letters]
        assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(at)), office
    assert night.phone(CHAIR).clocks[0] == "11:00"
    assert len(night.phone(CHAIR)) <= 7
    told = "".join(night.mailbox(CHAIR).texts)
    assert all(f"{code}, " in told for code in codes)


def test_what_is_told_again_because_nobody_acted_wakes_nobody(night):
    code = night.has_a_problem("Gudang terendam")
    night.clock.reads("H 06:00")
    before = len(night.phone(CHAIR))
    night.acknowledges(code, "H 11:00")
    night.clock.reads("H 16:00")
    assert len(night.phone(CHAIR)) > before

    night.clock.reads("H+1 06:59")
    asked_at = [sent for sent in night.phone(COORDINATOR).letters if sent.at >= night.moment("H 20:00")]
    assert asked_at == []
    night.clock.reads("H+1 08:00")
    assert any(f"{code} " in text for text in night.phone(COORDINATOR, since="H+1 07:00").texts)
