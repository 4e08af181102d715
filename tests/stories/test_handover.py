"""Another takes an office over: he is told from his first day on, and what was filed before keeps its name."""

import pytest
from sqlalchemy import select

from models.offices.links import Link, New, give, opened
from models.offices.offices import Contact, Office
from rules.assignments import Kind
from rules.desk import Channel

OLD = "+6282000000002"
NEW = "+6282000000090"


@pytest.fixture
def days(desk):
    """Tamban owes three daily reports; its Camat is recorded, and files the first."""
    keys = [desk.key("harian", "Tamban", slot) for slot in ("H-7", "H-6", "H-5")]
    desk.owes_only(*keys)
    desk.passes_to("Camat Tamban", "Haji Lama", since="2024-01-01 00:00", phone=OLD)
    desk.clock.reads("H-7 14:00")
    desk.files(keys[0])
    return keys


def link(desk):
    """A good link of the office."""
    with desk.rt.sessions.begin() as session:
        office = session.scalars(select(Office.id).where(Office.code == "camat-tamban")).one()
        give(session, [New("A" * 16, next(iter(desk.rt.programmes)), office)], now=desk.clock.at)


def opens(desk):
    with desk.rt.sessions.begin() as session:
        return opened(session, "A" * 16, now=desk.clock.at) is not None


def test_a_plt_takes_over_in_mid_week(desk, days):
    link(desk)
    desk.passes_to("Camat Tamban", "Ibu Baru", Kind.PLT, since="H-5 00:00", phone=NEW)
    desk.clock.reads("H-6 23:00")
    before = opens(desk), desk.texts_to(NEW)

    desk.clock.reads("H-5 16:00")
    desk.files(days[2])

    assert before == (True, [])
    assert not opens(desk)
    assert desk.texts_to(NEW)[:1] == ["13:30"]  # the reminder, after Friday prayers
    assert [kept.title for key in (days[0], days[2]) for kept in desk.reports(key)] == [
        "Camat Tamban",
        "Plt. Camat Tamban",
    ]
    assert [desk.reports(key)[0].holder for key in (days[0], days[2])] == ["Haji Lama", "Ibu Baru"]


def test_the_old_number_hears_nothing_from_that_day_on(desk, days):
    desk.passes_to("Camat Tamban", "Ibu Baru", Kind.PLT, since="H-5 00:00", phone=NEW)
    desk.clock.reads("H-6 23:59")
    before = len(desk.texts_to(OLD))

    desk.clock.reads("H-4 12:00")

    assert before > 0
    assert len(desk.texts_to(OLD)) == before


def test_what_waits_for_the_old_number_goes_to_the_new_one(desk, days):
    desk.holds("Latihan")
    desk.clock.reads("H-6 15:05")

    desk.passes_to("Camat Tamban", "Ibu Baru", since="H-6 00:00", phone=NEW)
    desk.releases()
    desk.clock.reads("H-6 15:30")

    assert desk.texts_to(NEW)
    assert not [sent for sent in desk.wire.accepted if sent.letter.to == OLD and sent.clock > "15:05"]


def test_a_plh_goes_home_and_the_old_number_counts_again(desk, days):
    desk.passes_to("Camat Tamban", "Ibu Wakil", Kind.PLH, since="H-6 00:00", until="H-5 00:00", phone=NEW)

    desk.clock.reads("H-5 15:30")

    assert desk.texts_to(NEW)
    assert desk.address("Camat Tamban", Channel.SMS) == OLD
    assert OLD in {sent.letter.to for sent in desk.wire.accepted if f"{sent.at:%d}" == "09"}


def test_the_same_handover_twice_is_one_and_shuts_no_new_link(desk, days):
    desk.passes_to("Camat Tamban", "Ibu Baru", since="H-7 00:00", phone=NEW)
    link(desk)

    again = desk.passes_to("Camat Tamban", "Ibu Baru", since="H-7 00:00", phone=NEW)

    assert not again
    assert opens(desk)


def test_a_message_that_went_out_still_says_to_which_number(desk, days):
    """Old contacts are kept as they were, beside the new ones."""
    desk.passes_to("Camat Tamban", "Ibu Baru", since="H-7 00:00", phone=NEW)

    with desk.rt.sessions.begin() as session:
        first = session.get(Contact, desk.messages()[0].contact_id)
        links = session.scalars(select(Link)).all()

    assert first is not None
    assert first.address in {OLD, "tamban@desk.example"}
    assert all(link.revoked_at for link in links)
