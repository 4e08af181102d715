"""Values that were meant to do harm in a header, a text or a number: said as typed, refused, or short. Never obeyed."""

import json
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import update

from config import loader
from config.errors import ConfigError
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from notifiers import gsm7, mime
from notifiers.render import SMS_SIZE, WHATSAPP_SIZE, Renderer
from rules.delivery import State, Unwritable
from rules.desk import Channel
from rules.ladder import Say
from tests.notifiers.letters import LINK, facts, letter, report
from tests.stories.desk import DESK

HEADERS = {"From", "Reply-To", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
LONG = "x" * 1601


@pytest.fixture
def daily(desk):
    """Tamban's report of a week before voting day, due at 15.00, the only thing owed; its office is told by text."""
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.loses("Camat Tamban", Channel.EMAIL)
    return key


@pytest.mark.parametrize(
    "name", [pytest.param("Tim A\nX-Evil: 1", id="B002"), pytest.param("Tim A\u2028Bcc: evil@x.test", id="B003")]
)
def test_a_name_that_holds_a_header_is_refused_where_it_is_written(name):
    text = DESK.read_text()
    known = next(line for line in text.splitlines() if line.strip() == "name: Tim DESK III")
    broken = text.replace(known, f"{known.partition('name:')[0]}name: {json.dumps(name)}", 1)

    with pytest.raises(ConfigError):
        loader.parse(broken, "desk.yaml")


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Judul\u2028Bcc: evil@x.test", id="B003"),
        pytest.param("Judul\r\nBcc: evil@x.test", id="a plain line break"),
        pytest.param("Judul\u202egnp.exe", id="B191"),
    ],
)
def test_a_title_that_holds_a_header_is_said_and_adds_none(desk, title):
    desk.owes_only()
    desk.clock.reads("H-7 09:00")
    desk.has_a_problem(title)
    desk.clock.reads("H-7 15:00")

    mails = [sent.letter for sent in desk.wire.accepted if sent.letter.channel is Channel.EMAIL]
    assert mails
    for mail in mails:
        read = message_from_bytes(mime.compose(mail, "desk@x.test"), policy=default)
        assert set(read.keys()) <= HEADERS
        assert read["To"] == mail.to
    assert {message.state for message in desk.messages()} == {State.SENT}


@pytest.mark.parametrize(
    "to",
    [
        pytest.param("a@b.test\r\nRCPT TO:<evil@x.test>", id="B006"),
        pytest.param("a@b.test, evil@x.test", id="B007"),
        pytest.param("a@b.test;evil@x.test", id="B008"),
        pytest.param('"a@b.test" <evil@x.test>', id="B009"),
        pytest.param("tim@kpu.go.id@evil.test", id="B012"),
        pytest.param("a" * 65 + "@x.test", id="B016"),
    ],
)
def test_an_address_that_holds_more_than_one_gets_no_mail_even_from_the_books(to):
    with pytest.raises(Unwritable, match="To: not one plain address"):
        mime.compose(letter(to=to), "desk@x.test")


@pytest.mark.parametrize("field", ["office", "desk", "secretariat", "what", "area"])
def test_a_text_is_one_part_with_its_link_whole_however_long_a_name_is(field):
    """B197."""
    own = {field: LONG} if field in ("what", "area") else {}
    given = facts(report(**own), **({} if own else {field: LONG}), link=LINK)

    sms, chat = (Renderer().render(channel, given).text for channel in (Channel.SMS, Channel.WHATSAPP))

    assert gsm7.segments(sms) == 1
    assert len(sms) <= SMS_SIZE
    assert len(chat) <= WHATSAPP_SIZE
    assert LINK in sms
    assert LINK in chat


def test_a_due_time_that_moves_into_the_past_is_said_once(desk, daily):
    """B165: as it stands now, not once for each time of the ladder that was missed by it."""
    desk.clock.reads("H-7 10:00")
    assert len(desk.phone("Camat Tamban")) == 0

    _moves(desk, daily, "H-7 06:00")
    desk.clock.reads("H-7 10:20")

    assert len(desk.phone("Camat Tamban")) == 1
    assert "kami tunggu s.d." in desk.phone("Camat Tamban").last


def _moves(desk, key, due):
    """As whoever amends a calendar writes it."""
    id, at = desk.matter(key).id, desk.moment(due)
    with desk.rt.sessions.begin() as session:
        session.execute(update(Matter).where(Matter.id == id).values(since=at, next_at=desk.clock.at))
        session.execute(update(Obligation).where(Obligation.id == id).values(due_at=at))


def test_a_reminder_that_waits_while_its_due_time_moves_is_not_sent(desk, daily):
    """B166: it is asked again at the last moment, and comes before the new time."""
    desk.bell.deaf = True
    desk.clock.reads("H-7 12:00")
    (waiting,) = desk.messages()

    desk.extends(daily, "H-7 20:00")
    desk.bell.deaf = False
    desk.clock.reads("H-7 16:59")
    (extended,) = desk.phone("Camat Tamban").letters
    assert extended.letter.say is Say.EXTENDED
    desk.clock.reads("H-7 17:00")

    assert desk.phone("Camat Tamban").clocks == ["12:00", "17:00"]
    assert "20.00" in desk.phone("Camat Tamban").last
    assert next(m for m in desk.messages() if m.id == waiting.id).state is State.CANCELLED


def test_a_name_of_absurd_length_is_cut_at_a_word():
    """B197: where even the shortest wording is too long."""
    text = Renderer().render(Channel.SMS, facts(report(), brand="Desk " + "x" * 100 + " " + LONG)).text

    assert gsm7.segments(text) == 1
    assert text.endswith("...")
    assert text.removesuffix("...") == "Desk " + "x" * 100
