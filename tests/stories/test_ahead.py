"""Who would be told what under a changed policy: on copies of the books, by the functions that do it in earnest."""

import csv
from dataclasses import replace
from datetime import timedelta

import pytest

from config import loader
from jobs.operator import ahead
from jobs.operator.ahead import Change
from jobs.operator.refusals import Refusal
from models.machine import clock
from models.messages import ahead as sent
from rules.foretold import Differs
from tests.stories.desk import POLICY, Desk, no_room, uncalled

CAMAT = "camat-tamban"


def changed(*pairs: tuple[str, str]):
    text = uncalled(POLICY.read_text(encoding="utf-8"))
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return [loader.parse(text, "kebijakan.yaml")]


def change(*pairs: tuple[str, str]) -> Change:
    return Change(changed(*pairs))


@pytest.fixture
def before(desk: Desk) -> Desk:
    """The day before the daily reports begin."""
    desk.clock.reads("H-8 09:00")
    return desk


def test_under_the_files_in_force_it_is_what_then_happens(before: Desk):
    told = ahead.look(before.rt, change(("caps_per_day: {sms: 4", "caps_per_day: {sms: 3")))
    start = before.clock.at

    before.clock.reads("H-7 09:00")

    with before.rt.sessions() as session:
        happened = sent.told(session, since=start)
    foretold = [own for own in told.old if own.at <= before.clock.at]
    assert [(own.channel, own.office, own.say, own.about) for own in foretold] == [
        (own.channel, own.office, own.say, own.about) for own in happened
    ]


def test_the_luck_that_is_in_every_link_makes_no_other_words(before: Desk):
    """At every desk with an address of its own half of all messages were said to have other words."""
    rt = replace(before.rt, public_url="https://desk.contoh.example")

    told = ahead.look(rt, change(('days: H-7..H-1\n    at: ["15:00"]', 'days: H-7..H-1\n    at: ["14:00"]')))

    unmoved = [pair for pair in told.pairs if pair.told.about == ("laporan-gubernur",)]
    assert any("https://desk.contoh.example/" in pair.told.words for pair in unmoved)
    assert [pair for pair in unmoved if Differs.WORDS in pair.differs] == []


def test_a_ladder_that_says_less_is_counted_by_channel_and_office_and_nothing_is_changed(before: Desk):
    before_ids = [message.id for message in before.messages()]

    told = ahead.look(before.rt, change(('days: H-7..H-1\n    at: ["15:00"]', 'days: H-5..H-1\n    at: ["15:00"]')))

    about = {line.what: line.counts for line in told.by(lambda own: own.about)}
    _, (old, new) = about["harian"]
    assert old > new > 0
    offices = {line.what: line.differs for line in told.by(lambda own: (own.office,))}
    assert offices[CAMAT]
    assert [message.id for message in before.messages()] == before_ids
    assert before.rt.programmes[1].digest == before.programme.digest


def test_every_message_is_written_without_numbers_and_texts(before: Desk, tmp_path):
    told = ahead.look(before.rt, change(("caps_per_day: {sms: 4", "caps_per_day: {sms: 3")))

    ahead.write(ahead.sided(told.pairs), tmp_path / "ahead.csv", "Asia/Makassar")

    text = (tmp_path / "ahead.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == len(told.old) + len(told.new)
    assert {row["under"] for row in rows} == {ahead.OLD, ahead.NEW}
    assert "+62" not in text
    assert "@" not in text
    assert all(told.now < own.at <= told.now + timedelta(days=7, hours=1) for own in told.new)


def test_while_sending_is_held_it_is_let_go_on_the_copies_alone(before: Desk):
    before.holds("Salah teks")

    told = ahead.look(before.rt, change(("caps_per_day: {sms: 4", "caps_per_day: {sms: 3")))

    assert told.held
    assert told.old
    with before.rt.sessions() as session:
        assert clock.marked(session, clock.HOLD)


def test_without_room_for_the_copies_it_is_refused_and_nothing_is_left(before: Desk, tmp_path):
    with no_room(before), pytest.raises(Refusal, match="cannot be lived on copies"):
        ahead.look(before.rt, change(), folder=tmp_path)

    assert not list(tmp_path.iterdir())
