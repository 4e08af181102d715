"""In the evening the chair reads the day in one mail: what came, what is open, what is wrong; once, and never late."""

import pytest
from sqlalchemy import select

from config import loader
from jobs.operator import amend
from models.matters import issues
from models.matters.matters import Kind, Matter
from rules.policy import Severity
from tests.stories.desk import POLICY, uncalled
from tests.stories.test_amending import changed
from tests.stories.test_government_findings import knows_risks

CHAIR = "Sekretaris Daerah"
SLOT = "H@07.30"


def summaries(desk):
    with desk.rt.sessions() as session:
        return session.scalars(select(Matter).where(Matter.kind == Kind.SUMMARY).order_by(Matter.since)).all()


def of_voting_day(desk):
    """The mail about voting day; problems may have been told after it."""
    (mail,) = [sent for sent in desk.mailbox(CHAIR).letters if "ringkasan Rabu, 14 Februari" in sent.letter.subject]
    return mail


@pytest.fixture
def voting_day(desk):
    """Tamban reports trouble in the morning, Mekarsari nothing at all; a boat is stuck."""
    keys = [desk.key("hari-h", district, SLOT) for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys, *(own.key for own in summaries(desk)))
    desk.clock.reads("H-8 08:00")
    desk.clock.jumps("H 07:00")
    desk.files(keys[0], {"indicators": {"tps-buka": {"condition": "troubled", "note": "Rahasia warga"}}})
    desk.has_a_problem("Perahu Pak Amat tertahan", severity=Severity.HIGH)
    return desk


def test_the_chair_reads_the_day_in_one_mail(voting_day):
    voting_day.clock.reads("H 23:00")

    mail = of_voting_day(voting_day)
    assert mail.clock == "22:45"
    assert "ringkasan Rabu, 14 Februari 2024" in mail.letter.subject
    assert "1 dari 2 laporan masuk; 1 belum masuk." in mail.text
    assert "1 terbuka: 1 sangat rawan." in mail.text
    assert "Hari ini 1 dicatat, 0 dinyatakan selesai." in mail.text
    assert "P-0001, Kecamatan Tamban: Logistik, sangat rawan" in mail.text
    assert "Pembukaan TPS: 1 dari 3 kecamatan bermasalah" in mail.text
    assert mail.text.index("Pembukaan TPS:") < mail.text.index("halaman desk")  # the way in stands last


def test_no_word_that_somebody_typed_leaves_by_it(voting_day):
    voting_day.clock.reads("H 23:00")

    mail = of_voting_day(voting_day)
    for words in ("Rahasia", "Pak Amat"):
        assert words not in mail.text
        assert words not in (mail.letter.html or "")


def test_it_comes_every_evening_around_voting_day_once(desk):
    desk.owes_only(*(own.key for own in summaries(desk)))
    desk.clock.reads("H+9 08:00")

    clocks = [f"{sent.at:%d %H:%M}" for sent in desk.mailbox(CHAIR).letters]
    early = [f"{day:02} 18:30" for day in range(7, 14)]
    assert clocks == [*early, "14 22:45", *(f"{day:02} 18:30" for day in range(15, 22))]
    assert all(own.closed_at for own in summaries(desk))


def test_after_a_night_without_us_yesterdays_is_not_sent_any_more(voting_day):
    voting_day.is_down("H 20:00", "H+1 06:00")

    assert not [text for text in voting_day.mailbox(CHAIR).texts if "ringkasan" in text]
    voting_day.clock.reads("H+1 19:00")
    assert "ringkasan Kamis, 15 Februari 2024" in voting_day.mailbox(CHAIR).last


def test_what_is_restricted_is_only_counted(voting_day):
    with voting_day.rt.sessions.begin() as session:
        issues.change(session, issues.locked(session, "P-0001").id, restricted=True)

    voting_day.clock.reads("H 23:00")

    mail = of_voting_day(voting_day)
    assert "1 terbuka: 1 terbatas." in mail.text
    assert "P-0001" not in mail.text


def test_what_is_about_the_chair_is_in_no_figure_of_his_mail(voting_day):
    voting_day.has_a_problem("Pengaduan", about=CHAIR, restricted=True)

    voting_day.clock.reads("H 23:00")

    assert "1 terbuka: 1 sangat rawan." in of_voting_day(voting_day).text
    assert "Hari ini 1 dicatat, 0 dinyatakan selesai." in of_voting_day(voting_day).text


def test_a_policy_without_it_takes_back_what_was_planned(desk):
    assert len(summaries(desk)) == 1
    text = uncalled(POLICY.read_text())
    block = text[text.index("summary:\n  ladder") : text.index("# How fast a channel")]

    amend.amend(desk.rt, [changed(POLICY, (block, ""))])

    assert summaries(desk) == []
    amend.amend(desk.rt, [loader.read(POLICY)])
    assert [f"{own.since.astimezone(desk.zone):%d %H:%M}" for own in summaries(desk)] == ["07 18:30"]


def test_first_stands_what_waits_for_the_chairs_decision(voting_day):
    """A grave problem that nobody took on has climbed to the chair; of a restricted one only that it is."""
    voting_day.clock.reads("H 15:00")
    voting_day.has_a_problem("Perahu Pak Amat karam", severity=Severity.HIGH)
    voting_day.has_a_problem("Pengaduan", severity=Severity.HIGH, restricted=True)
    voting_day.clock.reads("H 23:00")

    text = of_voting_day(voting_day).text
    block = text[text.index("Menunggu keputusan Bapak/Ibu") : text.index("Laporan hari ini")]
    assert "P-0002, Kecamatan Tamban: Logistik, sangat rawan" in block
    assert "1 permasalahan terbatas." in block
    assert "P-0003" not in text


def test_where_nothing_waits_for_the_chair_it_says_so(voting_day):
    voting_day.clock.reads("H 07:05")
    voting_day.resolves("P-0001", "Selesai")
    voting_day.files(voting_day.key("hari-h", "Mekarsari", SLOT), by="Camat Mekarsari")
    voting_day.clock.reads("H 23:00")

    text = of_voting_day(voting_day).text
    assert "Tidak ada." in text[text.index("Menunggu keputusan Bapak/Ibu") : text.index("Laporan hari ini")]


def test_a_problem_in_a_place_at_risk_is_told_of_and_who_was_not_heard(voting_day):
    knows_risks(voting_day, ("Koanda", "3", "Rawan banjir"), ("Karya Baru", "", "Rawan banjir"))
    voting_day.has_a_problem("Banjir", village="63.04.02.2011", station="3")

    voting_day.clock.reads("H 23:00")

    text = of_voting_day(voting_day).text
    assert "1 permasalahan terbuka berada di tempat rawan." in text
    assert "Tempat rawan tanpa laporan hari ini: Kecamatan Tabunganen." in text
