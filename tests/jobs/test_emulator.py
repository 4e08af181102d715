"""The emulated providers, asked by the very notifiers that ask real ones."""

import queue
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import requests
import uvicorn
from twilio.request_validator import RequestValidator

from config import loader
from config import settings as environment
from jobs.emulator.app import application
from jobs.emulator.phones import Answer, Dial, Phones, Report
from jobs.emulator.texts import Said
from jobs.operator import ways
from jobs.operator.looks import State
from notifiers import smtp
from notifiers.base import Lists
from notifiers.gateway import Gateway, Server
from notifiers.twilio import Account, Twilio
from rules.delivery import Refused, Temporary, Unknown
from rules.desk import Channel
from tests.notifiers import letters, twilio_server
from tests.notifiers.http_wire import http_wire

CONFIG = Path(loader.__file__).parent
WIB = timezone(timedelta(hours=7), "WIB")
AT = datetime(2024, 2, 14, 7, 30, 5, tzinfo=WIB)
NUMBER, ADDRESS = "+6281200000012", "camat@contoh.example"
ENDS = {Answer.REFUSE: Refused, Answer.LATER: Temporary, Answer.LOSE: Unknown}


@pytest.fixture
def phones():
    return Phones(now=lambda: AT)


@pytest.fixture
def emulator(phones):
    """It runs: its address, and the port of its mail server."""
    app = application(phones)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    ready = threading.Event()
    startup = server.startup

    async def started(sockets=None):
        await startup(sockets)
        ready.set()

    server.startup = started
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(30)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", app.state.smtp_port
    server.should_exit = True
    thread.join(30)


@pytest.fixture
def desk():
    """Where delivery reports go: it keeps what it was told."""
    heard = queue.SimpleQueue()
    with http_wire(lambda asked: heard.put(asked) or Said(200)) as wire:
        wire.heard = heard
        yield wire


def notifier(way, emulator, public_url="https://desk.example"):
    url, port = emulator
    if way == "mail":
        return smtp.Mail(smtp.Server(host="127.0.0.1", port=port, sender="desk@contoh.example", tls=smtp.Tls.NONE))
    if way == "gateway":
        return Gateway(Server(url=f"{url}/sendsms", public_url=public_url, key=b"k", sender="DESK"))
    account = {"sid": twilio_server.ACCOUNT, "token": twilio_server.TOKEN, "service_sid": twilio_server.SERVICE}
    return Twilio(Account(**account, public_url=public_url, base_url=url))


def letter(way, text="Yth. Camat: laporan harian belum kami terima."):
    if way == "mail":
        return letters.letter(channel=Channel.EMAIL, to=ADDRESS, subject="Laporan harian", text=text)
    return letters.letter(channel=Channel.SMS, to=NUMBER, subject="", html=None, text=text)


CHANNEL = {"mail": Channel.EMAIL, "gateway": Channel.SMS, "twilio": Channel.SMS}


@pytest.mark.parametrize("way", CHANNEL)
def test_what_is_sent_stands_on_the_screen_of_its_phone(phones, emulator, way):
    notifier(way, emulator).send(letter(way))

    ((to, (taken,)),) = phones.screens().items()
    page = requests.get(emulator[0], timeout=10)
    assert to == (ADDRESS if way == "mail" else NUMBER)
    assert "laporan harian belum kami terima" in taken.text
    assert to in page.text
    assert "14/02 07.30.05" in page.text
    assert "laporan harian belum kami terima" in page.text


@pytest.mark.parametrize("way", CHANNEL)
@pytest.mark.parametrize("answer", ENDS)
def test_a_dial_makes_a_provider_fail_as_the_desk_knows_it(phones, emulator, way, answer):
    dial = {"channel": CHANNEL[way], "answer": answer.value, "report": "none", "delay": "0"}
    requests.post(f"{emulator[0]}/dials", dial, timeout=10)
    own = notifier(way, emulator)

    with pytest.raises(ENDS[answer]):
        own.send(letter(way))

    assert len(phones.taken()) == (answer is Answer.LOSE)
    requests.post(f"{emulator[0]}/dials", dial | {"answer": "take"}, timeout=10)
    own.send(letter(way))
    assert len(phones.taken()) == 1 + (answer is Answer.LOSE)


def test_twilio_can_be_asked_whether_a_lost_message_was_taken(phones, emulator):
    phones.dials[Channel.SMS] = Dial(answer=Answer.LOSE, report=Report.NONE)
    own = notifier("twilio", emulator)
    sent = letter("twilio")
    with pytest.raises(Unknown):
        own.send(sent)

    listed = own._client.messages.list(to=NUMBER)

    assert [message.body for message in listed] == [sent.text]


def test_doctor_finds_the_account_of_the_emulated_twilio(emulator, tmp_path, monkeypatch):
    told = {"DESK_SMS_URL": "twilio:", "DESK_TWILIO_BASE_URL": emulator[0], "TWILIO_FROM": "DESK"}
    told |= {"TWILIO_ACCOUNT_SID": twilio_server.ACCOUNT, "TWILIO_AUTH_TOKEN": twilio_server.TOKEN}
    (tmp_path / "config").symlink_to(CONFIG)
    for name, value in (told | {"DESK_HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)

    assert ways.twilio(environment.read()).state is State.OK


def test_twilio_lists_what_left_since_a_time_and_the_gateway_lists_nothing(phones, emulator):
    twilio = notifier("twilio", emulator)
    sid = twilio.send(letter("twilio"))
    notifier("mail", emulator).send(letter("mail"))

    (own,) = twilio.listed(Channel.SMS, since=AT - timedelta(minutes=1), until=AT + timedelta(minutes=1))
    assert (own.named, own.to, own.at) == (sid, NUMBER, AT)
    assert twilio.listed(Channel.WHATSAPP, since=AT, until=AT) == []
    assert twilio.listed(Channel.SMS, since=AT + timedelta(hours=1), until=AT + timedelta(hours=2)) == []
    assert not isinstance(notifier("gateway", emulator), Lists)


def test_twilio_lists_more_than_one_page(phones, emulator):
    phones.dials[Channel.SMS] = Dial(report=Report.NONE)
    twilio = notifier("twilio", emulator)
    for number in range(450):
        twilio.send(letter("twilio", f"R-{number:04}"))

    listed = twilio.listed(Channel.SMS, since=AT, until=AT)

    assert len({own.named for own in listed}) == 450


@pytest.mark.parametrize(("report", "said"), [(Report.DELIVERED, "status=1"), (Report.UNDELIVERED, "status=2")])
def test_the_gateway_says_afterwards_what_became_of_a_text(phones, emulator, desk, report, said):
    phones.dials[Channel.SMS] = Dial(report=report)

    notifier("gateway", emulator, desk.url).send(letter("gateway"))

    told = desk.heard.get(timeout=30)
    assert told.path.startswith("/callbacks/gateway/")
    assert told.target.endswith(said)


@pytest.mark.parametrize(("report", "said"), [(Report.DELIVERED, "delivered"), (Report.UNDELIVERED, "undelivered")])
def test_twilio_signs_what_it_says_afterwards(phones, emulator, desk, report, said):
    phones.dials[Channel.SMS] = Dial(report=report)

    own = notifier("twilio", emulator, desk.url)
    own.send(letter("twilio"))

    told = desk.heard.get(timeout=30)
    assert [message.status for message in own._client.messages.list(to=NUMBER)] == [said]
    seal = RequestValidator(twilio_server.TOKEN)
    assert told.form["MessageStatus"] == said
    assert seal.validate(f"{desk.url}{told.path}", told.form, told.headers["X-Twilio-Signature"])


def test_what_makes_no_sense_turns_no_dial(phones, emulator):
    before = dict(phones.dials)

    for form in ({}, {"channel": "pigeon"}, {"wipe": "1"}):
        assert requests.post(f"{emulator[0]}/dials", form, timeout=10).status_code == 200

    assert phones.dials == before


def test_what_is_sent_is_shown_as_words_and_never_as_a_page(phones, emulator):
    phones.keep(Channel.SMS, NUMBER, "<script>alert(1)</script>", sender="<b>")

    page = requests.get(emulator[0], timeout=10).text

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_only_the_newest_are_kept(phones, monkeypatch):
    monkeypatch.setattr("jobs.emulator.phones.MOST", 3)
    for n in range(5):
        phones.keep(Channel.SMS, NUMBER, str(n))

    assert [one.text for one in phones.taken()] == ["4", "3", "2"]
