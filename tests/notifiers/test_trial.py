"""A trial reaches the few who agreed to it, and nobody else."""

from datetime import datetime
from pathlib import Path

import pytest

from notifiers.base import Asks, Departed, Letter, Lists
from notifiers.file import Outbox
from notifiers.trial import trial
from rules.delivery import Temporary
from rules.desk import Channel
from tests.notifiers.letters import NOW, letter

FRIEND, STRANGER = "+6282000000005", "+6282000000006"


class Real:
    repeatable = True

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.closed = False

    def send(self, letter: Letter) -> str:
        self.sent.append(letter)
        return "SM1"

    def close(self) -> None:
        self.closed = True


class Asked(Real):
    def lookup(self, letter: Letter, *, since: datetime, until: datetime) -> list[str]:
        return ["SM1"] if letter in self.sent else []


def sms(to: str) -> Letter:
    return letter(channel=Channel.SMS, to=to, text="Desk Batola: halo", message_id=7)


def test_those_on_the_list_get_the_message_and_the_others_a_file(tmp_path: Path):
    real = Real()
    channel = trial(real, Outbox(tmp_path), {FRIEND, "Ani@baritokuala.example"})

    ids = [channel.send(sms(FRIEND)), channel.send(sms(STRANGER)), channel.send(letter(to="ani@baritokuala.example"))]

    assert ids == ["SM1", "file:trial:sms/000007.txt", "SM1"]
    assert [item.to for item in real.sent] == [FRIEND, "ani@baritokuala.example"]
    assert (tmp_path / "sms/000007.txt").is_file()
    assert not channel.repeatable


def test_an_empty_list_reaches_nobody(tmp_path: Path):
    real = Real()

    trial(real, Outbox(tmp_path), ()).send(sms(FRIEND))

    assert real.sent == []


def test_a_folder_that_takes_nothing_does_not_stop_the_real_channel(tmp_path: Path):
    (tmp_path / "sms").write_text("a file where a folder should be")

    with pytest.raises(Temporary, match="trial: outbox"):
        trial(Real(), Outbox(tmp_path), ()).send(sms(STRANGER))


def test_who_can_be_asked_can_be_asked_during_a_trial_too(tmp_path: Path):
    asked = trial(Asked(), Outbox(tmp_path), {FRIEND})
    for to in (FRIEND, STRANGER):
        asked.send(sms(to))

    assert isinstance(asked, Asks)
    assert asked.lookup(sms(FRIEND), since=NOW, until=NOW) == ["SM1"]
    assert asked.lookup(sms(STRANGER), since=NOW, until=NOW) == []
    assert not isinstance(trial(Real(), Outbox(tmp_path), {FRIEND}), Asks)


def test_who_lists_what_left_does_so_during_a_trial_too(tmp_path: Path):
    class Listing(Asked):
        def listed(self, channel: Channel, *, since: datetime, until: datetime) -> list[Departed]:
            return [Departed("SM1", STRANGER, NOW)]

    listing = trial(Listing(), Outbox(tmp_path), {FRIEND})

    assert isinstance(listing, Lists)
    assert listing.listed(Channel.SMS, since=NOW, until=NOW) == [Departed("SM1", STRANGER, NOW)]
    assert not isinstance(trial(Asked(), Outbox(tmp_path), {FRIEND}), Lists)


def test_closing_a_trial_closes_what_it_stands_before(tmp_path: Path):
    real = Real()

    trial(real, Outbox(tmp_path), ()).close()

    assert real.closed
