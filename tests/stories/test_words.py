"""What offices read in a letter that really leaves: whose report it is, whom to call, where an answer goes."""

import re
from datetime import timedelta

import pytest

from config import loader
from models.desk.changes import Hand, Way
from models.offices import offices
from rules.desk import Channel
from rules.orders import Act
from rules.policy import Severity
from services import two_people

PHONE = "0820-0000-0034"
TEAM_HEAD, CAMAT, SECRETARIAT = "Kadis Kominfo", "Camat Tamban", "Sekretariat Desk"


@pytest.fixture
def daily(desk):
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    return key


def test_a_head_of_unit_is_asked_to_help_with_the_camats_report(desk, daily):
    desk.loses(TEAM_HEAD, Channel.SMS)

    desk.clock.reads("H-1 17:30")

    mail = desk.mailbox(TEAM_HEAD).last
    assert "Mohon perkenan Bapak/Ibu untuk membantu agar laporan Camat Tamban dikirim." in mail
    assert f"telepon/WhatsApp {PHONE}" in mail or f"telepon {PHONE}" in mail


def test_a_camat_is_not_told_that_he_was_told(desk, daily):
    desk.loses(CAMAT, Channel.SMS)

    desk.clock.reads("H-1 17:30")

    mails = desk.mailbox(CAMAT).texts
    assert len(mails) == 4
    assert not re.search("Tim terakhir|dari Camat", "".join(mails))


def test_the_coordinator_is_told_whose_report_it_is_and_when_the_team_was_told(desk, daily):
    desk.loses("Asisten Pemerintahan", Channel.SMS)

    desk.clock.reads("H-1 19:00")

    mail = desk.mailbox("Asisten Pemerintahan").last
    assert "dari Camat Tamban" in mail
    assert "Tim terakhir kami hubungi" in mail


def test_an_answer_to_a_mail_goes_to_the_secretariat(desk, daily):
    desk.clock.reads("H-1 12:30")

    (sent,) = desk.mailbox(CAMAT).letters
    assert sent.letter.reply_to == desk.address(SECRETARIAT, Channel.EMAIL)


def test_where_the_secretariat_has_no_address_mails_leave_all_the_same(desk, daily):
    desk.loses(SECRETARIAT, Channel.EMAIL)

    desk.clock.reads("H-1 12:30")

    (sent,) = desk.mailbox(CAMAT).letters
    assert sent.letter.reply_to is None


@pytest.mark.parametrize("url", ["", "https://desk.baritokualakab.go.id"], ids=["without pages", "with pages"])
def test_the_secretariat_is_never_told_to_contact_the_secretariat(desk, url):
    """The report to the Governor is its own; what nobody could be told, and tasks, come to it too."""
    desk.rt.public_url = url
    desk.loses("Camat Mekarsari")

    desk.clock.reads("H-7 18:00")

    told = [*desk.mailbox(SECRETARIAT).texts, *desk.phone(SECRETARIAT).texts]
    assert any("laporan" in text for text in told)
    assert not any(re.search("(ubungi|melalui|memberi tahu) Sekretariat", text) for text in told)
    assert not any(PHONE in text for text in told)


def works_on_two(desk):
    election, own, policy = desk.documents
    other = loader.parse(
        election.text.replace("election: pemilihan", "election: pilkada-2024").replace(
            "name: Pemilihan Contoh", "name: P"
        ),
        "pilkada.yaml",
    )
    desk.load([other, own, policy])


def test_with_two_elections_every_letter_says_which_it_means(desk):
    works_on_two(desk)

    desk.clock.reads("2024-01-29 18:00")

    told = [sent.text for sent in desk.wire.accepted]
    assert len(told) > 6
    named = [re.match(r"\s*Desk Contoh, (Pemilihan|Pilkada 2024|2 pemilihan): ", text) for text in told]
    assert all(named)
    assert "2 pemilihan" in {match[1] for match in named if match}
    mails = [sent.text for sent in desk.wire.accepted if sent.letter.channel is Channel.EMAIL]
    of_both = [text for text in mails if "Desk Contoh, 2 pemilihan: " in text]
    assert of_both
    assert all(", Pemilihan\n" in text and ", Pilkada 2024\n" in text for text in of_both)


@pytest.mark.parametrize(
    ("act", "about", "said"),
    [
        pytest.param(Act.RELEASE, {}, "Melepas pengiriman (permintaan", id="a release is of the whole desk"),
        pytest.param(
            Act.RAISE,
            {"programme": "pilkada-2024/tiga-kecamatan"},
            "Menambah anggaran pesan Pilkada 2024 (permintaan",
            id="money is for one election",
        ),
    ],
)
def test_what_waits_for_a_second_person_is_headed_by_the_desk_and_not_by_one_election(desk, act, about, said):
    works_on_two(desk)
    desk.clock.reads("2024-01-29 10:00")
    with desk.rt.sessions.begin() as session:
        code = desk.programme.desk.code
        office = offices.by_code(session, code, desk.office(SECRETARIAT))
        asks = {**about, "reach": 40, "above": 30}
        hand, until = Hand(office.id, office.title, Way.SESSION, 1), desk.clock.at + timedelta(hours=2)
        live = desk.rt.live(session)
        two_people.ask(session, live, code, hand, act, asks, until=until, reason="Banjir", now=desk.clock.at)

    desk.clock.reads("2024-01-29 10:05")

    assert desk.phone("Kepala Kesbangpol").last.lstrip().startswith("Desk Contoh: ")
    (mail,) = [text for text in desk.mailbox(SECRETARIAT).texts if "orang kedua" in text]
    assert mail.splitlines()[0].startswith("Desk Contoh: ")
    assert said in mail


def test_with_one_election_no_letter_names_it(desk, daily):
    desk.clock.reads("H-1 17:30")

    assert not any("Desk Contoh, " in sent.text for sent in desk.wire.accepted)


def test_a_problem_is_not_said_to_be_from_whoever_reports_for_its_district(desk):
    """It may have come from anybody."""
    desk.owes_only()
    desk.has_a_problem(by=SECRETARIAT)
    desk.loses("Asisten Pemerintahan", Channel.SMS)

    desk.clock.reads("10:00")

    assert "dari Camat" not in desk.mailbox("Asisten Pemerintahan").last


def test_whoever_hears_next_is_named_with_a_time_at_which_he_may_be_told(desk):
    """A problem of the afternoon passes on after three days, and not at ten minutes past three at night."""
    desk.owes_only()
    desk.clock.reads("2024-01-29 22:30")
    desk.has_a_problem(severity=Severity.LOW)

    desk.clock.reads("2024-01-30 08:00")

    assert "Bila sampai Jumat, 2 Februari 2024 pukul 07.00 WITA" in desk.mailbox("Asisten Pemerintahan").last
