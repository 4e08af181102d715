"""The report to the Government leaves by mail with its documents, or by hand, and what proves it is in the books."""

import contextlib
import hashlib
from dataclasses import replace
from datetime import date

import pytest

from models.desk.changes import Hand, Way
from models.matters import documents, reports, sendings, submissions
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.offices import offices
from reports.government import facts
from rules.attachments import Attached, Kind
from rules.delivery import Refused, State, Unknown
from rules.desk import Channel, outside
from rules.filing import Standing
from rules.sending import NotSent, Recorded
from rules.submissions import State as Stage
from rules.submissions import Step
from services import packing
from services.government import approving, sending
from tests.reports.samples import problem
from tests.stories.desk import DESK, ELECTION, POLICY, Desk

UNIT = "Gubernur Kalimantan Selatan c.q. Kepala Badan Kesatuan Bangsa dan Politik"
MAILED = """    copies: [Ketua KPU, Ketua Bawaslu, Arsip]
    email: kesbangpol@kalsel.example
    copy_emails: {Ketua KPU: kpu@batola.example}
"""
PDF = b"%PDF-1.7 laporan"


@pytest.fixture
def addressed(tmp_path):
    """The desk's file, with the addresses of the Governor's unit and of one that gets a copy."""
    path = tmp_path / "tiga-kecamatan.yaml"
    text = DESK.read_text(encoding="utf-8")
    assert "    copies: [Arsip]\n" in text
    path.write_text(text.replace("    copies: [Arsip]\n", MAILED), encoding="utf-8")
    return path


@pytest.fixture
def desk(sessions, addressed, tmp_path):
    """The first weekly report is frozen, its PDF made, and it is approved; nothing else is owed."""
    return approved(Desk(sessions, (ELECTION, addressed, POLICY)), tmp_path)


@pytest.fixture
def unaddressed(sessions, tmp_path):
    return approved(Desk(sessions), tmp_path)


def approved(desk, tmp_path):
    desk.owes_only(f"{desk.programme.code}/laporan-gubernur/63.04/2024-W06")
    desk.clock.reads("2024-02-06 18:30")
    desk.rt.documents = tmp_path / "documents"
    desk.rt.documents.mkdir()
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[0]
        makes(desk, session, own, "pdf", PDF)
        submissions.change(session, own.id, state=Stage.APPROVED)
    return desk


def makes(desk, session, own, form, content):
    documents.want(session, own, [form])
    (document,) = [d for d, _ in documents.of(session, [own.id]) if d.form == form]
    name = f"{own.name}-v{own.version}.{form}"
    (desk.rt.documents / name).write_bytes(content)
    documents.made(session, document.id, name, hashlib.sha256(content).hexdigest())


def hand(desk, session):
    office = offices.by_code(session, desk.programme.desk.code, "sekretariat-desk")
    return Hand(office.id, office.title, Way.SESSION, 1)


def mails(desk, *forms):
    """The secretariat presses the button; the clock's next turn does the rest."""
    with desk.rt.sessions.begin() as session:
        own = submissions.held(session, submissions.all_of(session)[-1].id)
        sending.mail(
            session,
            desk.programme,
            own,
            forms or ["pdf"],
            folder=desk.rt.documents,
            hand=hand(desk, session),
            now=desk.clock.at,
        )
    desk.turn()


def records(desk, *, proof=None, **changes):
    given = {"number": "200.2.1/12/KESBANG", "on": date(2024, 2, 6), "agenda": "", "by": "Sekretaris"} | changes
    with desk.rt.sessions.begin() as session:
        own = submissions.held(session, submissions.all_of(session)[-1].id)
        by = hand(desk, session)
        sending.record(session, desk.programme, own, "pdf", Recorded(**given), proof, hand=by, now=desk.clock.at)


def stage(desk, version=1):
    with desk.rt.sessions() as session:
        return next(own.state for own in submissions.all_of(session) if own.version == version)


def steps(desk):
    with desk.rt.sessions() as session:
        return [own.step for own in submissions.events(session, submissions.all_of(session)[0].id)]


def own_report(desk):
    with desk.rt.sessions() as session:
        id = submissions.all_of(session)[0].obligation_id
        return session.get_one(Obligation, id), session.get_one(Matter, id), reports.of(session, id)


def letters_to(desk, address):
    return [sent.letter for sent in desk.wire.accepted if sent.letter.to == address]


def test_the_governors_unit_gets_the_documents_byte_for_byte_with_a_short_word(desk):
    mails(desk)

    (letter,) = letters_to(desk, "kesbangpol@kalsel.example")
    (document,) = letter.documents
    assert (document.content, document.media) == (PDF, "application/pdf")
    assert "Laporan kepada Gubernur" in letter.subject
    assert f"Yth. Bapak/Ibu {UNIT}" in letter.text
    assert hashlib.sha256(PDF).hexdigest()[:12] in letter.text
    assert "Versi 1. Berkas: PDF" in letter.text


def test_who_gets_a_copy_gets_it_where_he_has_an_address_and_never_what_is_restricted(desk):
    with desk.rt.sessions.begin() as session:
        makes(desk, session, submissions.all_of(session)[0], "terbatas", b"%PDF-1.7 rahasia")

    mails(desk, "pdf", "terbatas")

    (unit,), (copy,) = letters_to(desk, "kesbangpol@kalsel.example"), letters_to(desk, "kpu@batola.example")
    assert [own.content for own in unit.documents] == [PDF, b"%PDF-1.7 rahasia"]
    assert [own.content for own in copy.documents] == [PDF]


def names_what_was_restricted_since(desk):
    """The frozen report names a problem; afterwards somebody restricts it."""
    code = desk.has_a_problem("Ancaman kepada petugas", restricted=True)
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[0]
        frozen = facts.from_json(own.facts)
        told = replace(frozen, problems=(problem(code=code, district=""),))
        submissions.change(session, own.id, facts=facts.to_json(told), facts_digest=facts.digest(told))


def test_a_problem_restricted_after_it_was_frozen_goes_into_no_package(desk):
    mails(desk)
    names_what_was_restricted_since(desk)

    with desk.rt.sessions() as session:
        own = submissions.all_of(session)[0]
        with pytest.raises(NotSent, match="terbatas"):
            packing.packed(session, desk.programme, own, folder=desk.rt.documents, secret=b"secret")


def test_it_is_sent_when_the_mail_was_taken_and_nobody_is_asked_for_it_any_more(desk):
    mails(desk)

    owed, matter, (filed,) = own_report(desk)
    assert stage(desk) is Stage.SENT
    assert steps(desk) == [Step.MAILED, Step.SENT]
    assert (owed.standing, matter.closed_why, filed.via) == (Standing.RECEIVED, "received", "email")
    assert "Sekretariat" in filed.title


def test_while_the_unit_refuses_the_mail_it_is_not_sent_and_stays_owed(desk):
    desk.wire.troubles.clear()
    desk.fails(Channel.EMAIL, Refused("no such mailbox"))

    mails(desk)

    owed, _, filed = own_report(desk)
    assert (stage(desk), owed.standing, filed) == (Stage.APPROVED, Standing.OWED, [])
    assert any("Gubernur" in task.text for task in desk.tasks())
    with pytest.raises(NotSent, match="Alamat surel"):
        mails(desk)


def test_a_mail_in_doubt_does_not_count_as_sent_before_it_is_known(desk):
    desk.fails(Channel.EMAIL, Unknown("no answer"), times=1)

    mails(desk)
    before = stage(desk)
    desk.clock.reads("2024-02-06 21:00")

    assert (before, stage(desk)) == (Stage.APPROVED, Stage.SENT)
    own = [sent.letter for sent in desk.wire.accepted if sent.letter.documents]
    assert len({letter.rfc_id for letter in own if letter.to.startswith("kesbangpol")}) == 1


def test_a_worker_that_dies_between_does_not_make_a_second_mail(desk):
    """Killed while sending: the message is in doubt, and tried once more under the same Message-ID."""
    desk.wire.then = lambda: (_ for _ in ()).throw(KeyboardInterrupt)

    with pytest.raises(KeyboardInterrupt):
        mails(desk)
    desk.clock.reads("2024-02-06 21:00")

    assert stage(desk) is Stage.SENT
    assert len({letter.rfc_id for letter in letters_to(desk, "kesbangpol@kalsel.example")}) == 1
    assert len(own_report(desk)[2]) == 1


@pytest.mark.parametrize("spoilt", [b"%PDF-1.7 lain", None], ids=["changed", "gone"])
def test_a_document_that_is_not_what_was_approved_goes_nowhere(desk, spoilt):
    path = next(desk.rt.documents.iterdir())
    with desk.rt.sessions.begin() as session:
        own = submissions.held(session, submissions.all_of(session)[0].id)
        by = hand(desk, session)
        sending.mail(session, desk.programme, own, ["pdf"], folder=desk.rt.documents, hand=by, now=desk.clock.at)
    path.unlink() if spoilt is None else path.write_bytes(spoilt)
    desk.clock.reads("2024-02-06 23:00")

    assert letters_to(desk, "kesbangpol@kalsel.example") == []
    assert stage(desk) is Stage.APPROVED
    mail = next(m for m in desk.messages() if m.say == "submission")
    assert mail.state is State.FAILED
    assert "gone or was changed" in mail.why


def test_a_document_is_read_when_its_own_mail_leaves_not_with_those_of_the_mails_before(desk):
    """Several mails are put into words together; of many large documents a worker would hold all."""
    desk.wire.then = next(desk.rt.documents.iterdir()).unlink

    mails(desk)

    assert len(letters_to(desk, "kesbangpol@kalsel.example")) == 1
    assert letters_to(desk, "kpu@batola.example") == []


def test_what_is_sent_back_while_its_mail_waits_is_not_mailed(desk):
    desk.bell.deaf = True
    mails(desk)
    with desk.rt.sessions.begin() as session:
        submissions.change(session, submissions.all_of(session)[0].id, state=Stage.DRAFT)
    desk.bell.deaf = False
    desk.clock.reads("2024-02-06 20:00")

    assert letters_to(desk, "kesbangpol@kalsel.example") == []
    assert stage(desk) is Stage.DRAFT


def sends_back(desk):
    with desk.rt.sessions.begin() as session:
        own = approving.held(session, desk.programme, submissions.all_of(session)[0].id)
        chair = offices.by_code(session, desk.programme.desk.code, desk.programme.desk.chair)
        by = Hand(chair.id, chair.title, Way.SESSION, 1)
        approving.send_back(session, desk.programme, own, hand=by, reason="Angka keliru", now=desk.clock.at)


def hands_out(desk):
    with desk.rt.sessions.begin() as session:
        own = submissions.held(session, submissions.all_of(session)[0].id)
        sending.hand_out(session, own, "pdf", hand=hand(desk, session), now=desk.clock.at)


def test_what_was_handed_out_is_not_sent_back_and_still_asked_for_until_it_is_recorded(unaddressed):
    hands_out(unaddressed)

    with pytest.raises(NotSent, match="ralat"):
        sends_back(unaddressed)
    assert (stage(unaddressed), own_report(unaddressed)[0].standing) == (Stage.HANDED_OUT, Standing.OWED)
    records(unaddressed)
    assert stage(unaddressed) is Stage.SENT


def test_handed_out_once_more_what_was_sent_stays_sent(unaddressed):
    records(unaddressed)
    hands_out(unaddressed)

    assert stage(unaddressed) is Stage.SENT


@pytest.mark.parametrize("error", [Unknown("no answer"), KeyboardInterrupt()], ids=["in doubt", "being sent"])
def test_what_may_have_arrived_is_not_sent_back_and_so_never_sent_with_other_words(desk, error):
    desk.fails(Channel.EMAIL, error, times=1)
    with contextlib.suppress(KeyboardInterrupt):
        mails(desk)

    with pytest.raises(NotSent, match="ralat"):
        sends_back(desk)
    desk.clock.reads("2024-02-06 21:00")

    assert stage(desk) is Stage.SENT
    assert steps(desk) == [Step.MAILED, Step.SENT]


def test_what_a_copy_has_is_not_sent_back_though_the_unit_refused_it(desk):
    desk.fails(Channel.EMAIL, Refused("no such mailbox"), times=1)
    mails(desk)

    with pytest.raises(NotSent, match="ralat"):
        sends_back(desk)


def test_pressed_twice_it_is_mailed_once(desk):
    desk.bell.deaf = True
    mails(desk)

    with pytest.raises(NotSent, match="masih menunggu giliran"):
        mails(desk)
    desk.bell.deaf = False
    desk.clock.reads("2024-02-06 20:00")

    assert len(letters_to(desk, "kesbangpol@kalsel.example")) == 1


def test_what_reached_nobody_is_sent_back(desk):
    desk.fails(Channel.EMAIL, Refused("no such mailbox"))
    mails(desk)

    sends_back(desk)

    assert stage(desk) is Stage.DRAFT


def test_quiet_hours_hold_no_report_that_somebody_sends_now(desk):
    desk.clock.reads("2024-02-06 22:30")

    mails(desk)

    assert stage(desk) is Stage.SENT


def test_without_an_address_it_is_refused_and_says_what_is_missing(unaddressed):
    with pytest.raises(NotSent, match=f"Alamat surel {UNIT} tidak ada"):
        mails(unaddressed)

    assert stage(unaddressed) is Stage.APPROVED


def test_documents_too_large_for_a_mail_are_refused_by_name_and_size(desk):
    with desk.rt.sessions.begin() as session:
        makes(desk, session, submissions.all_of(session)[0], "xlsx", bytes(7_000_000))

    with pytest.raises(NotSent, match=r"PDF 0,0 MB, XLSX 7,0 MB; paling banyak 7,0 MB"):
        mails(desk, "pdf", "xlsx")


@pytest.mark.parametrize("state", [Stage.DRAFT, Stage.FOR_APPROVAL, Stage.CORRECTED])
def test_nothing_leaves_unapproved(desk, state):
    with desk.rt.sessions.begin() as session:
        submissions.change(session, submissions.all_of(session)[0].id, state=state)

    for leaves in (mails, records):
        with pytest.raises(NotSent, match="belum disetujui"):
            leaves(desk)


def test_handed_out_and_recorded_it_is_sent_with_its_number_and_proof(unaddressed):
    proof = Attached("bukti", "0" * 64, "1" * 64, Kind.JPEG, 9)

    records(unaddressed, proof=proof)

    owed, _, (filed,) = own_report(unaddressed)
    with unaddressed.rt.sessions() as session:
        own = submissions.all_of(session)[0]
        (sent,) = sendings.of(session, own.id)
        (document,) = sendings.documents(session, sent.id)
    assert (sent.reference, sent.dated, sent.proof) == ("200.2.1/12/KESBANG", date(2024, 2, 6), "1" * 64)
    assert document.digest == hashlib.sha256(PDF).hexdigest()
    assert (stage(unaddressed), owed.standing, filed.via) == (Stage.SENT, Standing.RECEIVED, "paper")


def test_with_the_receivers_agenda_number_it_counts_as_received(unaddressed):
    records(unaddressed, agenda="AG-77")

    assert stage(unaddressed) is Stage.RECEIVED
    assert steps(unaddressed) == [Step.SENT, Step.RECEIVED]


def test_recorded_twice_in_the_same_words_it_left_once(unaddressed):
    for _ in range(2):
        records(unaddressed, agenda="AG-77")

    with unaddressed.rt.sessions() as session:
        assert len(sendings.of(session, submissions.all_of(session)[0].id)) == 1
    assert steps(unaddressed) == [Step.SENT, Step.RECEIVED]


def test_an_agenda_number_that_is_told_later_is_recorded_with_the_mail(desk):
    mails(desk)
    with desk.rt.sessions.begin() as session:
        own = submissions.held(session, submissions.all_of(session)[0].id)
        sent = sendings.of(session, own.id)[0]
        told = Recorded("200.2.1/12", date(2024, 2, 6), "AG-77", "")
        sending.acknowledge(session, own, sent, told, None, hand=hand(desk, session), now=desk.clock.at)

    assert stage(desk) is Stage.RECEIVED


@pytest.mark.parametrize("on", [date(2024, 2, 7), date(2024, 2, 5)], ids=["tomorrow", "before the cut-off"])
def test_a_date_that_cannot_be_is_refused(unaddressed, on):
    with pytest.raises(NotSent, match="anggalnya"):
        records(unaddressed, on=on)

    assert stage(unaddressed) is Stage.APPROVED


def test_sent_once_more_is_another_mail_to_the_same_office(desk):
    mails(desk)
    desk.clock.reads("2024-02-07 09:00")

    mails(desk)

    assert len(letters_to(desk, "kesbangpol@kalsel.example")) == 2
    assert stage(desk) is Stage.SENT
    assert len(own_report(desk)[2]) == 1


def test_the_units_address_is_one_that_the_books_keep(desk):
    with desk.rt.sessions() as session:
        assert offices.mailbox(session, "tiga-kecamatan", outside(UNIT)) == "kesbangpol@kalsel.example"
    assert desk.rt.lookout.look().first is not None


def test_the_senders_own_file_is_nobody_who_is_mailed(desk):
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[0]
        titles = [to.title for to in sending.recipients(session, desk.programme, own)]

    assert titles
    assert "Arsip" not in titles
