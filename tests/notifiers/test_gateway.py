"""Handing texts to a gateway that speaks like Kannel: what it gets, and how each try ends."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jobs.emulator.texts import Asked, Said
from notifiers.base import Account, Asks, Letter
from notifiers.gateway import Gateway, Server, notifier
from notifiers.seals import seal
from rules.delivery import ChannelDown, DeliveryError, Misaddressed, Refused, Temporary, Unknown
from rules.desk import Channel
from tests import engines
from tests.notifiers.http_wire import HttpWire, gateway_wire, http_wire
from tests.notifiers.letters import letter

NUMBER = "+6282000000005"
DIGITS = "82000000005"
TEXT = "Desk Batola: Yth. Camat Tamban, R-0805 belum kami terima & mohon dikirim"
KEY = b"kunci-tanda"
TAKEN = Said(202, "0: Accepted for delivery")


def kannel(asked: Asked) -> Said:
    """The smsbox of Kannel: a GET, or a text with headers; a form is none of its content types."""
    if asked.method == "POST" and not asked.headers["Content-Type"].startswith("text/plain"):
        return Said(400, "Invalid content-type")
    return TAKEN


@pytest.fixture
def wire() -> Iterator[HttpWire]:
    with gateway_wire() as running:
        yield running


def server(wire: HttpWire | str, **changes: Any) -> Server:
    usual = {
        "url": wire if isinstance(wire, str) else f"{wire.url}/cgi-bin/sendsms",
        "public_url": "https://desk.example",
        "key": KEY,
        "user": "desk",
        "password": "rahasia",
        "sender": "DESKBATOLA",
        "timeout": timedelta(seconds=20),
    }
    return Server(**usual | changes)


def sms(**changes: Any) -> Letter:
    return letter(**{"channel": Channel.SMS, "to": NUMBER, "text": TEXT, "html": None, "subject": ""} | changes)


def end_of(channel: Gateway, item: Letter | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(item or sms())
    return caught.value


def test_a_gateway_gets_a_form_and_nothing_in_the_address(wire: HttpWire):
    Gateway(server(wire, extra={"smsc": "telkomsel"})).send(sms(message_id=12))

    (asked,) = wire.asked
    assert asked.target == "/cgi-bin/sendsms"
    assert asked.form == {
        "username": "desk",
        "password": "rahasia",
        "from": "DESKBATOLA",
        "to": NUMBER,
        "text": TEXT,
        "charset": "UTF-8",
        "dlr-mask": "19",
        "dlr-url": f"https://desk.example/callbacks/gateway/12?seal={seal(KEY, 'gateway:12')}&status=%d",
        "validity": "240",
        "smsc": "telkomsel",
    }


def test_kannel_itself_gets_its_headers_and_is_asked_about_forms_only_once():
    with http_wire(kannel) as wire:
        channel = Gateway(server(wire))

        for number in (12, 13):
            channel.send(sms(message_id=number))

    assert [asked.headers["Content-Type"] for asked in wire.asked] == [
        "application/x-www-form-urlencoded",
        "text/plain; charset=UTF-8",
        "text/plain; charset=UTF-8",
    ]
    told = {name.lower(): value for name, value in wire.asked[1].headers.items()}
    assert wire.asked[1].body == TEXT
    assert told["x-kannel-username"], told["x-kannel-password"] == ("desk", "rahasia")
    assert told["x-kannel-to"] == NUMBER
    assert told["x-kannel-dlr-url"].endswith("&status=%d")


def test_a_gateway_that_takes_nothing_else_gets_a_get_without_the_plus(wire: HttpWire):
    Gateway(server(wire, by_get=True, plus=False)).send(sms())

    assert wire.asked[0].method == "GET"
    assert wire.asked[0].query["to"] == NUMBER[1:]
    assert wire.asked[0].query["text"] == TEXT


def test_a_modem_without_an_account_is_told_of_none(wire: HttpWire):
    Gateway(server(wire, user="", password="", sender="")).send(sms())

    assert wire.asked[0].form.keys() == {"to", "text", "charset", "dlr-mask", "dlr-url", "validity"}


@pytest.mark.parametrize(
    ("answer", "changes", "id"),
    [
        (TAKEN, {}, "0: Accepted for delivery"),
        (Said(202, "3: Queued for later delivery"), {}, "3: Queued for later delivery"),
        (Said(202, "Sent."), {}, "Sent."),
        (Said(200, "0: Accepted for delivery"), {}, "0: Accepted for delivery"),
        (Said(200, f"1701|{NUMBER}|4f2a"), {"accepts": "1701"}, "1701|***|4f2a"),
        (Said(202, "x" * 300), {}, "x" * 80),
    ],
)
def test_what_counts_as_accepted(wire: HttpWire, answer: Said, changes: dict[str, Any], id: str):
    wire.then(answer)

    assert Gateway(server(wire, **changes)).send(sms()) == id


# What the gateway answers, and which of the four ends it is. Kannel: gw/smsbox.c.
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Said(400, "Number(s) has/have been denied by white- and/or black-lists."), Refused),
        (Said(403, "Authorization failed for sendsms"), ChannelDown),
        (Said(401, "Unauthorized"), ChannelDown),
        (Said(402, "saldo habis"), ChannelDown),
        (Said(404, "Unknown request."), ChannelDown),
        (Said(400, "Sender missing and no global set, rejected"), ChannelDown),
        (Said(302, "", (("Location", "http://127.0.0.1:1/login"),)), ChannelDown),
        (Said(403, "Not routable. Do not try again."), Temporary),
        (Said(400, "DLR-URL field misformed, rejected"), Temporary),
        (Said(429, "slow down"), Temporary),
        (Said(503, "Temporal failure, try again later."), Temporary),
        (Said(503, "<html>Service Unavailable</html>"), Unknown),
        (Said(500, "Sending failed."), Unknown),
        (Said(502, "<html>"), Unknown),
        (Said(200, "ERR: 301"), Unknown),
        ("cut", Unknown),
        ("close", Unknown),
        ("half", Unknown),
    ],
)
@pytest.mark.parametrize("by_get", [False, True], ids=["post", "get"])
def test_how_a_try_ends(wire: HttpWire, answer: Said | str, expected: type[DeliveryError], by_get: bool):
    wire.then(answer)

    assert type(end_of(Gateway(server(wire, by_get=by_get)))) is expected
    assert len(wire.asked) == 1


@pytest.mark.parametrize("answer", [Said(429, "slow down"), Said(503, "Temporal failure, try again later.")])
def test_a_busy_gateway_says_how_long_to_leave_it_alone(wire: HttpWire, answer: Said):
    wire.then(answer._replace(headers=(("Retry-After", "90"),)))

    error = end_of(Gateway(server(wire)))

    assert isinstance(error, Temporary)
    assert error.wait == timedelta(seconds=90)


def test_a_gateway_that_never_answers_is_left_in_time_and_in_doubt(wire: HttpWire):
    wire.then("hang")

    assert type(end_of(Gateway(server(wire, timeout=timedelta(seconds=0.3))))) is Unknown


@pytest.mark.parametrize("by_get", [False, True])
def test_nobody_at_home_was_not_reached_however_often(by_get: bool):
    channel = Gateway(server(f"http://127.0.0.1:{engines.free_port()}/sendsms", by_get=by_get))

    ends = [end_of(channel) for _ in range(4)]

    assert [(type(end), getattr(end, "reached", None)) for end in ends] == [(Temporary, False)] * 4


def test_what_is_not_one_number_is_refused_before_anything_is_said(wire: HttpWire):
    assert type(end_of(Gateway(server(wire)), sms(to=f"{NUMBER} {NUMBER}"))) is Misaddressed
    assert wire.asked == []


def test_a_gateway_cannot_be_asked_what_became_of_a_message(wire: HttpWire):
    assert not isinstance(Gateway(server(wire)), Asks)


@pytest.mark.parametrize("by_get", [False, True])
@pytest.mark.parametrize("answer", [Said(403, f"desk rahasia {NUMBER} {DIGITS}"), "cut", "half"])
def test_neither_logs_nor_errors_hold_number_or_password(wire: HttpWire, caplog, answer, by_get: bool):
    caplog.set_level(logging.DEBUG)
    channel = Gateway(server(wire, by_get=by_get))
    channel.send(sms())
    wire.then(answer)

    error = end_of(channel)

    shown = caplog.text + repr(error) + repr(channel) + repr(server(wire))
    assert NUMBER[1:] not in shown
    assert "rahasia" not in shown


@pytest.mark.parametrize("broken", [{"url": "http://sms.example/sendsms"}, {"password": "kunci-é"}])
def test_an_account_that_makes_no_sense_is_refused_when_it_is_made(broken: dict[str, str]):
    with pytest.raises(ValueError):
        replace(server("https://sms.example/sendsms"), **broken)


def test_a_modem_in_the_office_may_do_without_tls_if_it_has_no_password():
    assert server("http://192.168.1.9/sendsms", user="", password="").url


@pytest.mark.parametrize(("minutes", "expected"), [(15, "15"), (61, "61"), (900, "240")])
def test_a_text_is_given_up_before_it_would_ring_at_night(wire: HttpWire, minutes: int, expected: str):
    Gateway(server(wire)).send(sms(not_after=sms().at + timedelta(minutes=minutes)))

    assert wire.asked[0].form["validity"] == expected


# Its settings line


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({"from": "DESK", "smsc": "tsel"}, {"from": "DESK", "smsc": "tsel", "to": NUMBER}),
        ({"plus": "no"}, {"to": NUMBER.lstrip("+")}),
    ],
)
def test_its_options_are_read_and_the_others_go_along(wire: HttpWire, options: dict[str, str], asked: dict[str, str]):
    notifier(Account(url=f"{wire.url}/send", public_url="https://desk.example", key=KEY, options=options)).send(sms())

    form = wire.asked[0].form
    assert {name: form.get(name) for name in asked} == asked
    assert not form.keys() & {"plus", "method", "accepts"}


def test_by_get_and_in_words_of_its_own(wire: HttpWire):
    options = {"method": "get", "accepts": "1701"}
    wire.then(Said(200, "1701|ok"))

    id = notifier(Account(url=wire.url, public_url="https://desk.example", key=KEY, options=options)).send(sms())

    assert (wire.asked[0].method, id) == ("GET", "1701|ok")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"password": "rahasia"}, "has the parameter password, which is ours to fill"),
        ({"To": "1"}, "has the parameter to, which is ours to fill"),
        ({"method": "put"}, "method is neither post nor get"),
        ({"plus": "maybe"}, "plus is neither yes nor no"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, str], why: str):
    with pytest.raises(ValueError, match=why) as refused:
        notifier(Account(url="https://sms.example", public_url="https://desk.example", key=KEY, options=options))
    assert "rahasia" not in str(refused.value)
