"""After a report left nothing in it changes silently: what came later is listed, and a correction says it openly."""

import json

import pytest
from sqlalchemy import update

from models.desk.changes import Hand, Way
from models.matters import documents, reports, submissions
from models.matters.issues import Issue
from models.matters.obligations import Obligation
from models.offices import offices
from reports.government import facts, letter
from reports.government.corrections import WORDS, What, sentence
from reports.government.document import Heading, Numbered, Paragraph
from rules.decisions import NoReason
from rules.filing import Standing
from rules.policy import Severity
from rules.submissions import State, Step
from services.government import approving, correcting
from services.government.correcting import NotCorrected
from services.government.later import since
from tests.stories.test_sending import makes, records

ZONE = "Asia/Makassar"
SECRETARIAT = "sekretariat-desk"


@pytest.fixture
def desk(desk, tmp_path):
    """The second weekly report left by hand; Tamban's daily report of its week was not there yet."""
    desk.lives(_up_to_the_second_weekly_report)
    desk.rt.documents = tmp_path / "documents"
    desk.rt.documents.mkdir()
    leaves(desk)
    return desk


def _up_to_the_second_weekly_report(desk):
    own = f"{desk.programme.code}/laporan-gubernur/63.04"
    desk.owes_only(desk.key("harian", "Tamban", "H-3"), f"{own}/2024-W06", f"{own}/2024-W07")
    desk.clock.reads("H 17:55")
    desk.has_a_problem("Gajah merusak jembatan")
    desk.clock.reads("H 18:01")
    desk.clock.jumps("H+1 10:00")


def leaves(desk):
    """The newest version is approved, and recorded as handed out."""
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[-1]
        makes(desk, session, own, "pdf", b"%PDF-1.7 " + str(own.version).encode())
        submissions.change(session, own.id, state=State.APPROVED)
    records(desk, on=desk.clock.local.date())


def newest(desk):
    with desk.rt.sessions() as session:
        return submissions.all_of(session)[-1]


def later(desk):
    with desk.rt.sessions() as session:
        own = submissions.all_of(session)[-1]
        found = since(session, desk.programme, 1, own)
    return [sentence(one, ZONE) for one in found]


def corrects(desk, reason="Laporan Tamban masuk terlambat.", by=SECRETARIAT):
    with desk.rt.sessions.begin() as session:
        office = offices.by_code(session, desk.programme.desk.code, by)
        by_hand = Hand(office.id, office.title, Way.SESSION, 7)
        last = submissions.last(session, submissions.all_of(session)[-1].obligation_id)
        own = approving.held(session, desk.programme, last.id)
        correcting.correct(
            session,
            desk.programme,
            desk.rt.forms(),
            own,
            reason=reason,
            hand=by_hand,
            public_url="https://desk.example",
            now=desk.clock.at,
        )


def test_what_is_there_when_it_is_frozen_did_not_come_later(desk):
    assert later(desk) == []


def test_a_report_that_comes_later_is_listed_with_its_time(desk):
    desk.files(desk.key("harian", "Tamban", "H-3"))

    code = desk.code(desk.key("harian", "Tamban", "H-3"))
    assert later(desk) == [f"{code}, Kecamatan Tamban: laporan diterima 15 Februari 2024 pukul 10.00 WITA."]


def test_a_corrected_report_and_what_is_done_about_a_problem_are_listed_in_order(desk):
    late = desk.key("harian", "Tamban", "H-3")
    desk.files(late)
    desk.clock.jumps("H+1 10:10")
    desk.files(late, "Ternyata banjir.")
    desk.clock.jumps("H+1 10:20")
    desk.resolves("P-0001", "Sudah diperbaiki")

    assert [line.partition(": ")[2].partition(" 15 ")[0] for line in later(desk)] == [
        WORDS[What.RECEIVED],
        WORDS[What.CORRECTED],
        WORDS[What.RESOLVED],
    ]


def test_of_a_problem_that_became_restricted_nothing_is_listed(desk):
    desk.resolves("P-0001", "Sudah diperbaiki")
    with desk.rt.sessions.begin() as session:
        session.get(Issue, desk.matter("P-0001").id).restricted = True

    assert later(desk) == []


def test_a_problem_that_came_after_the_cut_off_is_of_the_next_report(desk):
    desk.has_a_problem("Rusa terlihat", severity=Severity.HIGH)

    assert later(desk) == []


def test_a_correction_is_the_next_version_of_the_same_days_as_known_now(desk):
    before = newest(desk)
    desk.files(desk.key("harian", "Tamban", "H-3"))
    corrects(desk)

    own = newest(desk)
    old, new = facts.from_json(before.facts), facts.from_json(own.facts)
    assert (own.version, own.state, own.obligation_id) == (2, State.DRAFT, before.obligation_id)
    assert (new.header.period_start, new.header.period_end) == (old.header.period_start, old.header.period_end)
    assert (new.header.cut_off, new.header.version) == (desk.clock.at, 2)
    assert (old.total("received"), new.total("received")) == (0, 1)
    assert [one.what for one in new.correction.later] == [What.RECEIVED]
    assert any("Diterima: 0" in one.before and "Diterima: 1" in one.now for one in new.correction.figures)
    assert newest(desk).facts_digest == facts.digest(new)


def test_each_version_has_files_of_its_own(desk):
    corrects(desk)
    own = newest(desk).obligation_id

    with desk.rt.sessions() as session:
        versions = [one.id for one in submissions.versions(session, own)]
        names = [documents.file_name(made, ".pdf") for made in documents.of(session, versions)]

    assert len(set(names)) == len(names) == 2
    assert any("-ralat-1" in name for name in names)


def test_the_version_that_left_is_not_touched(desk):
    before = newest(desk)
    desk.files(desk.key("harian", "Tamban", "H-3"))
    corrects(desk)

    with desk.rt.sessions() as session:
        kept = next(one for one in submissions.all_of(session) if one.id == before.id)
    assert (kept.facts, kept.facts_digest, kept.state) == (before.facts, before.facts_digest, State.SENT)


def test_the_letter_says_what_is_corrected_why_and_what_changed(desk):
    desk.files(desk.key("harian", "Tamban", "H-3"))
    corrects(desk)

    made = letter.document(facts.from_json(newest(desk).facts))
    first = made.chapters[0]
    assert (first.title, first.label) == ("Yang diralat", "I.")
    text = [block.text for block in first.blocks if isinstance(block, Paragraph)]
    assert "ralat ke-1 dan menggantikan versi sebelumnya" in text[0]
    assert "Alasan: Laporan Tamban masuk terlambat." in text[0]
    assert [block.title for block in first.blocks if isinstance(block, Heading)] == [
        "Angka yang berubah",
        "Yang masuk atau berubah sesudah versi sebelumnya",
    ]
    assert sum(len(block.items) for block in first.blocks if isinstance(block, Numbered)) >= 2
    assert "Ralat ke-1" in [line for _, lines in made.reference for line in lines]


def test_the_words_of_the_version_before_are_where_the_new_one_begins(desk):
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[-1]
        office = offices.by_code(session, desk.programme.desk.code, SECRETARIAT)
        by = Hand(office.id, office.title, Way.SESSION, 7)
        submissions.edit(session, own, "condition", "", "Cuaca cerah.", hand=by, at=desk.clock.at)
    corrects(desk)

    with desk.rt.sessions() as session:
        assert approving.narrative(session, newest(desk).id) == {"condition": "Cuaca cerah."}


def test_when_the_correction_leaves_the_version_before_it_is_corrected(desk):
    desk.files(desk.key("harian", "Tamban", "H-3"))
    corrects(desk)
    before = [stage_of(desk, version) for version in (1, 2)]
    leaves(desk)

    assert before == [State.SENT, State.DRAFT]
    assert [stage_of(desk, version) for version in (1, 2)] == [State.CORRECTED, State.SENT]


def stage_of(desk, version):
    with desk.rt.sessions() as session:
        last = submissions.all_of(session)[-1].obligation_id
        return next(
            one.state for one in submissions.all_of(session) if (one.obligation_id, one.version) == (last, version)
        )


def test_the_desks_own_report_stays_on_time_and_gets_a_version_for_each_that_left(desk):
    with desk.rt.sessions() as session:
        obligation = submissions.all_of(session)[-1].obligation_id
    corrects(desk)
    leaves(desk)

    with desk.rt.sessions() as session:
        owed = session.get_one(Obligation, obligation)
        assert owed.standing is Standing.RECEIVED
        assert [own.version for own in reports.of(session, obligation)] == [1, 2]


def test_the_next_weekly_names_the_correction_in_a_sentence(desk):
    desk.files(desk.key("harian", "Tamban", "H-3"))
    corrects(desk)
    leaves(desk)
    with desk.rt.sessions.begin() as session:
        due = Obligation.slot == "2024-W08", Obligation.duty == "laporan-gubernur"
        session.execute(update(Obligation).where(*due).values(compile_at=Obligation.opens_at, standing=Standing.OWED))
    desk.clock.reads("H+6 18:30")

    own = facts.from_json(newest(desk).facts)
    made = letter.document(own)
    (told,) = own.corrected
    assert (told.version, told.reason) == (2, "Laporan Tamban masuk terlambat.")
    text = " ".join(block.text for block in made.closing.blocks if isinstance(block, Paragraph))
    assert "telah diralat (ralat ke-1, dikirim 15 Februari 2024" in text


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_correction_has_a_reason(desk, reason):
    with pytest.raises(NoReason):
        corrects(desk, reason)

    assert newest(desk).version == 1


def test_what_has_not_left_is_not_corrected_nor_by_whom_keeps_no_books(desk):
    with pytest.raises(NotCorrected):
        corrects(desk, by="camat-tamban")
    corrects(desk)

    with pytest.raises(NotCorrected):
        corrects(desk)
    assert newest(desk).version == 2


def test_facts_that_were_frozen_before_there_were_corrections_are_read(desk):
    told = json.loads(newest(desk).facts)
    del told["correction"], told["corrected"]

    own = facts.from_json(json.dumps(told))

    assert (own.correction, own.corrected) == (None, ())


def drops(desk, reason="Keliru ditekan.", by=SECRETARIAT):
    with desk.rt.sessions.begin() as session:
        office = offices.by_code(session, desk.programme.desk.code, by)
        own = approving.held(session, desk.programme, submissions.all_of(session)[-1].id)
        hand = Hand(office.id, office.title, Way.SESSION, 7)
        return correcting.drop(session, desk.programme, own, reason=reason, hand=hand, now=desk.clock.at).version


def hands_in(desk):
    with desk.rt.sessions.begin() as session:
        office = offices.by_code(session, desk.programme.desk.code, SECRETARIAT)
        own = approving.held(session, desk.programme, submissions.all_of(session)[-1].id)
        hand = Hand(office.id, office.title, Way.SESSION, 7)
        approving.hand_in(session, desk.programme, own, hand=hand, now=desk.clock.at)


@pytest.mark.parametrize("waits", [False, True], ids=["a draft", "for approval"])
def test_a_correction_begun_by_mistake_is_dropped_and_the_version_before_is_the_last_again(desk, waits):
    corrects(desk)
    if waits:
        hands_in(desk)

    assert drops(desk) == 1
    dropped = newest(desk)
    with desk.rt.sessions() as session:
        assert submissions.last(session, dropped.obligation_id).version == 1
        last_step = submissions.events(session, dropped.id)[-1]
        owed = session.get_one(Obligation, dropped.obligation_id)
    assert (dropped.state, last_step.step, last_step.text) == (State.DROPPED, Step.DROPPED, "Keliru ditekan.")
    assert (stage_of(desk, 1), owed.standing) == (State.SENT, Standing.RECEIVED)
    assert desk.matter(f"{desk.programme.code}/laporan-gubernur/63.04/2024-W07").closed_at is not None


def test_the_number_of_a_dropped_correction_is_not_given_again(desk):
    corrects(desk)
    drops(desk)
    corrects(desk)

    own = newest(desk)
    made = letter.document(facts.from_json(own.facts))
    assert (own.version, own.correction) == (3, 2)
    assert "Ralat ke-2" in [line for _, lines in made.reference for line in lines]
    leaves(desk)
    assert [stage_of(desk, version) for version in (1, 2, 3)] == [State.CORRECTED, State.DROPPED, State.SENT]


def test_a_correction_is_dropped_with_a_reason_and_never_what_left(desk):
    with pytest.raises(NotCorrected):
        drops(desk)
    corrects(desk)
    with pytest.raises(NoReason):
        drops(desk, " ")
    with pytest.raises(NotCorrected):
        drops(desk, by="sekda")
    assert newest(desk).state is State.DRAFT
