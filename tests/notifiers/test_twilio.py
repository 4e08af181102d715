"""Handing texts to Twilio: what it is asked holds to its published document, and how each try ends."""

import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient

from jobs.emulator.texts import Said
from notifiers import twilio as twilio_module
from notifiers.base import Asks, Letter, Lists
from notifiers.twilio import Account, Twilio
from notifiers.twilio_codes import DEAD, OURS
from rules.delivery import ChannelDown, DeliveryError, Misaddressed, Refused, Temporary, Unknown
from rules.desk import Channel
from tests import engines
from tests.notifiers import twilio_server
from tests.notifiers.http_wire import HttpWire
from tests.notifiers.letters import letter
from tests.notifiers.twilio_server import ACCOUNT, NOW, SERVICE, TEMPLATE, TOKEN, Contract, refusal

NUMBER = "+6282000000005"
DIGITS = "82000000005"
TEXT = "Desk Batola: Yth. Camat Tamban, R-0805 belum kami terima. Mohon dikirim: https://desk.example/l/4k7p2mxq"
SINCE = NOW - timedelta(seconds=30)
JUST_WRITTEN = letter().at - timedelta(hours=23, minutes=59)
ORIGINAL = Path(__file__).parents[3] / "shared/data/twilio_messages.openapi.json"


@pytest.fixture
def twilio() -> Iterator[tuple[HttpWire, Contract]]:
    with twilio_server.twilio() as (wire, contract):
        yield wire, contract
        assert contract.violations == []


def account(url: str, **changes: Any) -> Account:
    usual = Account(
        sid=ACCOUNT,
        token=TOKEN,
        public_url="https://desk.example",
        service_sid=SERVICE,
        whatsapp_from="+6282000000001",
        base_url=url,
        timeout=timedelta(seconds=20),
    )
    return replace(usual, **changes)


def sms(**changes: Any) -> Letter:
    return letter(**{"channel": Channel.SMS, "to": NUMBER, "text": TEXT, "html": None, "subject": ""} | changes)


def whatsapp(**changes: Any) -> Letter:
    return sms(**{"channel": Channel.WHATSAPP, "text": "Yth. Camat,\n\n- R-0805\n\nhttps://desk.example/l/x"} | changes)


def end_of(channel: Twilio, item: Letter | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(item or sms())
    return caught.value


# What is asked


def test_an_sms_carries_our_id_in_the_address_that_is_called_back_and_no_number(twilio):
    wire, contract = twilio

    sid = Twilio(account(wire.url)).send(sms(message_id=12))

    assert sid == contract.kept[0]["sid"]
    assert wire.asked[0].form == {
        "To": NUMBER,
        "MessagingServiceSid": SERVICE,
        "StatusCallback": "https://desk.example/callbacks/twilio/12",
        "ValidityPeriod": "14400",
        "Body": TEXT,
    }
    assert DIGITS not in wire.asked[0].target


def test_without_a_messaging_service_the_sender_is_named(twilio):
    wire, _ = twilio

    Twilio(account(wire.url, service_sid="", sms_from="DESKBATOLA", validity=timedelta(hours=1))).send(sms())

    assert wire.asked[0].form["From"] == "DESKBATOLA"
    assert wire.asked[0].form["ValidityPeriod"] == "3600"
    assert "MessagingServiceSid" not in wire.asked[0].form


def test_a_whatsapp_text_goes_as_it_is_where_it_answers_and_no_template_is_named(twilio):
    wire, _ = twilio

    Twilio(account(wire.url)).send(whatsapp(wrote_at=JUST_WRITTEN))

    form = wire.asked[0].form
    assert (form["To"], form["From"]) == (f"whatsapp:{NUMBER}", "whatsapp:+6282000000001")
    assert form["Body"] == whatsapp().text
    assert "ContentSid" not in form


@pytest.mark.parametrize("wrote_at", [None, letter().at - timedelta(hours=24)])
def test_outside_the_24_hours_nothing_is_said_without_a_template(twilio, wrote_at):
    wire, _ = twilio

    error = end_of(Twilio(account(wire.url)), whatsapp(wrote_at=wrote_at))

    assert (type(error), error.code) == (Temporary, "63016")
    assert wire.asked == []


@pytest.mark.parametrize("wrote_at", [None, JUST_WRITTEN])
def test_with_a_template_the_24_hours_do_not_matter(twilio, wrote_at):
    wire, _ = twilio

    Twilio(account(wire.url, templates={"": TEMPLATE})).send(whatsapp(wrote_at=wrote_at))

    assert wire.asked[0].form["ContentSid"] == TEMPLATE


@pytest.mark.parametrize(
    ("templates", "say", "expected"),
    [
        ({"": TEMPLATE}, "overdue", TEMPLATE),
        ({"": "HX" + "0" * 32, "overdue": TEMPLATE}, "overdue", TEMPLATE),
        ({"overdue": TEMPLATE}, "reminder", None),
    ],
)
def test_a_whatsapp_template_is_chosen_by_what_is_said_and_filled_with_one_line(twilio, templates, say, expected):
    wire, _ = twilio

    Twilio(account(wire.url, templates=templates)).send(whatsapp(say=say, wrote_at=JUST_WRITTEN))

    form = wire.asked[0].form
    assert form.get("ContentSid") == expected
    if expected:
        assert json.loads(form["ContentVariables"]) == {"1": "Yth. Camat, - R-0805 https://desk.example/l/x"}
        assert "Body" not in form


def test_many_texts_go_over_one_connection(twilio):
    wire, contract = twilio
    channel = Twilio(account(wire.url))

    sids = [channel.send(sms(message_id=number)) for number in range(20)]

    assert wire.connections == 1
    assert len(set(sids)) == len(contract.kept) == 20


def test_the_account_of_another_process_environment_is_not_mixed_in(twilio, monkeypatch):
    wire, contract = twilio
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{engines.free_port()}")

    Twilio(account(wire.url)).send(sms())

    assert len(contract.kept) == 1


def test_a_base_address_may_have_a_path_of_its_own(twilio):
    wire, contract = twilio

    end_of(Twilio(account(f"{wire.url}/sandbox/")))

    assert wire.asked[0].path == f"/sandbox/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    contract.violations.clear()


# How a try ends. https://www.twilio.com/docs/api/errors
@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 21211, Refused),
        (400, 21265, Refused),
        (400, 21610, Refused),
        (400, 21612, Refused),
        (400, 21614, Refused),
        (400, 21635, Refused),
        (400, 63003, Refused),
        (400, 21617, Temporary),
        (400, 63016, Temporary),
        (400, 99999, Temporary),
        (400, 21611, Temporary),
        (429, 20429, Temporary),
        (429, 63018, Temporary),
        (401, 20003, ChannelDown),
        (403, 20003, ChannelDown),
        (403, 20005, ChannelDown),
        (404, 20404, ChannelDown),
        (402, 99999, ChannelDown),
        (400, 21212, ChannelDown),
        (400, 21408, ChannelDown),
        (400, 21606, ChannelDown),
        (400, 21608, ChannelDown),
        (400, 21609, ChannelDown),
        (400, 21657, ChannelDown),
        (400, 21659, ChannelDown),
        (400, 21660, ChannelDown),
        (400, 21703, ChannelDown),
        (400, 30002, ChannelDown),
        (400, 63007, ChannelDown),
        (500, 20500, Unknown),
        (502, 0, Unknown),
        (503, 20503, Unknown),
        (500, 21211, Unknown),
    ],
)
def test_how_a_try_ends(twilio, status: int, code: int, expected: type[DeliveryError]):
    wire, _ = twilio
    wire.then(refusal(status, code, "something"))

    error = end_of(Twilio(account(wire.url)))

    assert type(error) is expected
    assert error.code == str(code or status)


@pytest.mark.parametrize(("to", "expected"), [("+6282000000005", ChannelDown), ("+60123456789", Refused)])
@pytest.mark.parametrize(
    "code",
    [pytest.param(21408, id="not enabled there"), pytest.param(21657, id="the sender's name is not known there")],
)
def test_a_country_that_is_closed_is_our_fault_only_where_everybody_lives_there(twilio, code, to, expected):
    wire, _ = twilio
    wire.then(refusal(400, code, "not for that region"))

    assert type(end_of(Twilio(account(wire.url)), sms(to=to))) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Said(301, "", (("Location", "http://127.0.0.1:1/"),)), ChannelDown),
        (Said(400, "<html>Bad Request</html>"), Temporary),
        (Said(429, "", (("Retry-After", "30"),)), Temporary),
        (Said(503, "<html>upstream</html>"), Unknown),
        (Said(201, "{"), Unknown),
        (Said(201, "[]"), Unknown),
        (Said(201, '{"sid": null}'), Unknown),
        (Said(200, "<html>Selamat datang di jaringan hotel</html>"), Unknown),
        ("cut", Unknown),
        ("close", Unknown),
        ("half", Unknown),
    ],
)
def test_an_answer_in_no_known_form_is_judged_by_what_it_may_have_done(twilio, answer, expected):
    wire, _ = twilio
    wire.then(answer)

    assert type(end_of(Twilio(account(wire.url)))) is expected


DATE = ("Date", "Tue, 12 Dec 2023 07:15:30 GMT")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param([("Retry-After", "30")], 30, id="seconds"),
        pytest.param([DATE, ("Retry-After", "Tue, 12 Dec 2023 07:17:30 GMT")], 120, id="until then, by its own clock"),
        pytest.param([DATE, ("Retry-After", "Tue, 12 Dec 2023 07:15:00 GMT")], 0, id="until a time that is past"),
        pytest.param([DATE, ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")], 86400, id="until the end of time"),
        pytest.param([("Retry-After", "Tue, 12 Dec 2023 07:17:30 GMT")], 0, id="by a clock nobody knows"),
        pytest.param([DATE, ("Retry-After", "Tue, 12 Dec 2023 07:17:30")], 0, id="a date without a zone"),
        pytest.param([], 0, id="nothing"),
        pytest.param([("Retry-After", "")], 0, id="an empty one"),
        pytest.param([("Retry-After", "0")], 0, id="no time"),
        pytest.param([("Retry-After", "-30")], 0, id="less than none"),
        pytest.param([("Retry-After", "1e9")], 0, id="no number of seconds"),
        pytest.param([("Retry-After", "3.5")], 0, id="half seconds are none"),
        pytest.param([("Retry-After", "1000000000")], 86400, id="30 years"),
        pytest.param([("Retry-After", "9" * 5000)], 86400, id="more than any number"),
        pytest.param([("Retry-After", "soon")], 0, id="words"),
        pytest.param([("Retry-After", "\xb3\xb2")], 0, id="digits that are none"),
    ],
)
def test_a_busy_provider_says_how_long_to_leave_it_alone(twilio, asked, expected):
    wire, _ = twilio
    wire.then(Said(429, refusal(429, 20429, f"Too many requests to {NUMBER}").text, tuple(asked)))

    error = end_of(Twilio(account(wire.url)))

    assert isinstance(error, Temporary)
    assert (error.wait, error.code) == (timedelta(seconds=expected), "20429")
    assert DIGITS not in str(error)


def test_problem_documents_of_the_newer_kind_are_understood(twilio):
    wire, _ = twilio
    problem = {"type": "https://x", "title": f"Invalid 'To' {NUMBER}", "status": 400, "code": 21211, "detail": NUMBER}
    wire.then(Said(400, json.dumps(problem)))

    error = end_of(Twilio(account(wire.url)))

    assert type(error) is Refused
    assert DIGITS not in str(error)


@pytest.mark.parametrize("how", ["hang", "drip", "drop by drop"])
def test_a_server_that_never_comes_to_an_end_is_left_in_time_and_in_doubt(twilio, how):
    wire, contract = twilio
    wire.then(how)

    assert type(end_of(Twilio(account(wire.url, timeout=timedelta(seconds=0.3))))) is Unknown
    assert len(contract.kept) == 1


def test_waiting_for_ever_is_no_choice_though_it_is_the_official_default():
    """B222."""
    assert TwilioHttpClient().timeout is None
    assert Account(sid=ACCOUNT, token=TOKEN, public_url="").timeout <= timedelta(seconds=30)
    with pytest.raises(ValueError, match="timeout"):
        Twilio(account("http://localhost", timeout=timedelta(0)))


def test_nobody_at_home_was_not_reached_however_often():
    channel = Twilio(account(f"http://127.0.0.1:{engines.free_port()}"))

    ends = [end_of(channel) for _ in range(4)]

    assert [(type(end), getattr(end, "reached", None)) for end in ends] == [(Temporary, False)] * 4


def test_a_name_nobody_knows_was_never_asked():
    assert type(end_of(Twilio(account("https://nirgends.invalid")))) is Temporary


def test_a_line_that_is_not_secure_carries_nothing():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        channel = Twilio(account(f"https://127.0.0.1:{port}", timeout=timedelta(seconds=0.3)))

        assert type(end_of(channel)) is Temporary


# Numbers


@pytest.mark.parametrize(
    "to",
    [
        "08123456789",
        "628123456789",
        "+62 812 3456 789",
        "+628123456789,+628123456780",
        "whatsapp:+628123456789",
        "+62812345678901234",
        "+62",
        "110",
        "+62812345678O",
        "+62812345678\n",
        "+٦٢٨١٢٣٤٥٦٧٨٩",
        "camat.tamban@baritokuala.example",
        "",
    ],
)
def test_what_is_not_one_number_in_e164_is_refused_before_anything_is_said(twilio, to):
    wire, _ = twilio

    error = end_of(Twilio(account(wire.url)), sms(to=to))

    assert type(error) is Misaddressed
    assert wire.asked == []
    assert "812345678" not in str(error)


@pytest.mark.parametrize(
    "said",
    [
        f"The 'To' number {NUMBER} is not a valid phone number.",
        f"Invalid 'To' Phone Number: 0{DIGITS}",
        f"'To' whatsapp:{NUMBER}",
        f"see Messages.json?To=%2B62{DIGITS}",
        "tel:62820-0000-0005",
    ],
)
def test_no_error_repeats_the_number(twilio, said):
    wire, _ = twilio
    wire.then(refusal(400, 21211, said))

    error = end_of(Twilio(account(wire.url)))

    assert DIGITS not in str(error).replace("-", "")
    assert error.__cause__ is None
    assert "21211" in str(error)


@pytest.mark.parametrize("answer", [refusal(400, 21211, f"{NUMBER} is wrong"), "cut", "half", Said(201, "{}")])
def test_neither_logs_nor_pictures_of_objects_hold_a_number_or_the_token(twilio, caplog, answer):
    wire, _ = twilio
    caplog.set_level(logging.DEBUG)
    channel = Twilio(account(wire.url))
    channel.send(sms())
    channel.lookup(sms(), since=SINCE, until=NOW)
    wire.then(answer)

    error = end_of(channel)

    shown = caplog.text + repr(error) + repr(channel) + repr(account(wire.url)) + repr(sms())
    assert DIGITS not in shown
    assert TOKEN not in shown


@pytest.mark.parametrize(
    "broken",
    [{"validity": timedelta(0)}, {"validity": timedelta(hours=11)}, {"base_url": "http://twilio.example"}],
)
def test_an_account_that_makes_no_sense_is_refused_when_it_is_made(broken):
    with pytest.raises(ValueError):
        replace(account("https://api.twilio.com"), **broken)


def test_a_channel_without_a_sender_is_our_own_mistake():
    with pytest.raises(ChannelDown, match="whatsapp"):
        Twilio(account("https://api.twilio.com", whatsapp_from="")).send(whatsapp())


# Asking


def test_a_text_that_was_accepted_without_an_answer_is_found(twilio):
    wire, contract = twilio
    channel = Twilio(account(wire.url))
    wire.then("cut")
    assert type(end_of(channel)) is Unknown

    assert isinstance(channel, Asks)
    assert channel.lookup(sms(), since=SINCE, until=NOW) == [contract.kept[0]["sid"]]


def test_a_text_that_never_arrived_is_not_found(twilio):
    wire, _ = twilio
    channel = Twilio(account(wire.url))
    channel.send(sms(text="Desk Batola: yang lain"))
    channel.send(sms(to="+6282000000006"))

    assert channel.lookup(sms(), since=SINCE, until=NOW) == []


def test_the_same_words_of_another_day_are_another_message(twilio):
    wire, _ = twilio
    channel = Twilio(account(wire.url))
    channel.send(sms())

    later = NOW + timedelta(hours=1)
    assert channel.lookup(sms(), since=later, until=later) == []


def test_it_is_found_by_what_the_books_kept_of_it_which_is_not_its_whole_link(twilio):
    wire, _ = twilio
    channel = Twilio(account(wire.url))
    sent = "Desk Batola: R-0805. Mohon dikirim: https://desk.example/l/4k7pAbCdEfGh1234"
    channel.send(sms(text=sent.replace("4k7p", "9z9z")))
    sid = channel.send(sms(text=sent))

    kept = sent.replace("AbCdEfGh1234", "*" * 12)
    assert channel.lookup(sms(text=kept), since=SINCE, until=NOW) == [sid]


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        pytest.param(1, True, id="clocks may differ by two minutes"),
        pytest.param(3, False, id="made after the try was over: another"),
    ],
)
def test_what_was_made_after_the_try_was_over_is_another_message(twilio, minutes, found):
    wire, _ = twilio
    channel = Twilio(account(wire.url))
    channel.send(sms())

    until = NOW - timedelta(minutes=minutes)
    assert bool(channel.lookup(sms(), since=until - timedelta(minutes=2), until=until)) is found


@pytest.mark.parametrize("ahead", [timedelta(minutes=9), timedelta(minutes=-9), timedelta(hours=-5)])
def test_a_clock_of_twilios_that_differs_from_ours_hides_no_text(twilio, ahead):
    wire, contract = twilio
    contract.now, contract.dated = NOW + ahead, True
    channel = Twilio(account(wire.url))
    sid = channel.send(sms())

    assert channel.lookup(sms(), since=SINCE, until=NOW) == [sid]
    contract.now = NOW + ahead + timedelta(hours=1)
    an_hour_later = {"since": NOW + timedelta(minutes=58), "until": NOW + timedelta(hours=1)}
    assert channel.lookup(sms(at=NOW + timedelta(hours=1)), **an_hour_later) == []


def test_a_text_of_no_words_is_never_taken_for_another(twilio):
    wire, _ = twilio
    channel = Twilio(account(wire.url))
    channel.send(sms())

    assert channel.lookup(sms(text=""), since=SINCE, until=NOW) == []


def test_the_same_words_to_another_number_are_another_message_though_the_list_holds_them(twilio):
    wire, contract = twilio
    contract.narrows = False
    channel = Twilio(account(wire.url))
    channel.send(sms(to="+6282000000006"))

    assert channel.lookup(sms(), since=SINCE, until=NOW) == []


def test_all_that_may_be_it_are_named(twilio):
    wire, _ = twilio
    channel = Twilio(account(wire.url))
    sids = {channel.send(sms()) for _ in range(2)}

    assert set(channel.lookup(sms(), since=SINCE, until=NOW)) == sids


def test_it_is_found_beyond_the_first_page_and_within_the_words_of_a_trial_account(twilio):
    wire, contract = twilio
    contract.page_size, contract.prefix = 2, "Sent from your Twilio trial account - "
    channel = Twilio(account(wire.url))
    sid = channel.send(sms())
    for number in range(5):
        channel.send(sms(text=f"Desk Batola: lain {number}"))

    assert channel.lookup(sms(), since=SINCE, until=NOW) == [sid]


def test_a_whatsapp_message_is_found_by_the_words_in_its_template(twilio):
    wire, _ = twilio
    channel = Twilio(account(wire.url, templates={"": TEMPLATE}))
    sid = channel.send(whatsapp())

    assert channel.lookup(whatsapp(), since=SINCE, until=NOW) == [sid]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refusal(500, 20500, "x"), Temporary),
        (refusal(429, 20429, "x"), Temporary),
        (refusal(401, 20003, "x"), ChannelDown),
        ("cut", Temporary),
        ("half", Temporary),
        (Said(200, "<html>"), Temporary),
        (Said(200, '{"messages": null}'), Temporary),
    ],
)
def test_a_question_without_an_answer_leaves_the_doubt(twilio, answer, expected):
    wire, _ = twilio
    channel = Twilio(account(wire.url))
    channel.send(sms())
    wire.then(answer)

    with pytest.raises(DeliveryError) as caught:
        channel.lookup(sms(), since=SINCE, until=NOW)

    assert type(caught.value) is expected
    assert DIGITS not in str(caught.value)


# Listing


def sent(contract: Contract, sid: str, status: str = "delivered") -> None:
    (place,) = [n for n, kept in enumerate(contract.kept) if kept["sid"] == sid]
    kept = contract.kept[place]
    contract.kept[place] = kept | {"status": status, "date_sent": kept["date_created"]}


def test_what_left_in_a_time_is_listed_by_channel_over_all_pages(twilio):
    wire, contract = twilio
    contract.page_size = 2
    channel = Twilio(account(wire.url))
    sids = [channel.send(sms(text=f"Desk Batola: R-000{number}")) for number in range(5)]
    other = channel.send(whatsapp(wrote_at=JUST_WRITTEN))
    for sid in (*sids, other):
        sent(contract, sid)

    assert isinstance(channel, Lists)
    listed = channel.listed(Channel.SMS, since=SINCE, until=NOW)
    assert {(own.named, own.to, own.at) for own in listed} == {(sid, NUMBER, NOW) for sid in sids}
    assert [own.to for own in channel.listed(Channel.WHATSAPP, since=SINCE, until=NOW)] == [NUMBER]
    assert all("DateSent>" in asked.query and "To" not in asked.query for asked in wire.asked if asked.method == "GET")
    assert channel.listed(Channel.SMS, since=NOW + timedelta(hours=1), until=NOW + timedelta(hours=2)) == []


def test_thousands_of_long_texts_are_listed(twilio):
    """Of another program too; what was sent long after is not even asked for."""
    wire, contract = twilio
    contract.page_size = 1000
    channel = Twilio(account(wire.url))
    sent(contract, channel.send(sms()))
    (one,) = contract.kept
    contract.kept = [one | {"sid": f"SM{number:032x}", "body": "\u2709" * 70 + "x" * 800} for number in range(2500)]

    assert len(channel.listed(Channel.SMS, since=SINCE, until=NOW)) == 2500
    assert all(asked.query["DateSent<"] > f"{NOW:%Y-%m-%dT%H:%M}" for asked in wire.asked if asked.method == "GET")


def test_a_list_that_was_cut_off_is_no_answer(twilio, monkeypatch):
    wire, contract = twilio
    monkeypatch.setattr(twilio_module, "_MOST", 3)
    channel = Twilio(account(wire.url))
    for number in range(3):
        sent(contract, channel.send(sms(text=f"Desk Batola: R-000{number}")))

    with pytest.raises(Temporary, match="too many"):
        channel.listed(Channel.SMS, since=SINCE, until=NOW)


def test_a_list_that_does_not_end_is_given_up(twilio, monkeypatch):
    """Each page comes just in time: a process that starts would wait for all of them."""
    wire, contract = twilio
    contract.page_size = 1
    channel = Twilio(account(wire.url))
    for number in range(30):
        sent(contract, channel.send(sms(text=f"Desk Batola: R-{number:04}")))
    ticking = count(step=14)
    monkeypatch.setattr(twilio_module, "monotonic", lambda: next(ticking))
    asked = len(wire.asked)

    with pytest.raises(Temporary, match="had not ended"):
        channel.listed(Channel.SMS, since=SINCE, until=NOW)
    assert len(wire.asked) - asked < 12


@pytest.mark.parametrize("status", ["failed", "undelivered", "canceled"])
def test_what_did_not_arrive_did_not_leave(twilio, status):
    wire, contract = twilio
    channel = Twilio(account(wire.url))
    sent(contract, channel.send(sms()), status)

    assert channel.listed(Channel.SMS, since=SINCE, until=NOW) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(refusal(500, 20500, "x"), Temporary), (refusal(401, 20003, "x"), ChannelDown), ("cut", Temporary)],
)
def test_a_list_that_does_not_come_is_an_error_without_a_number(twilio, answer, expected):
    wire, _ = twilio
    wire.then(answer)

    with pytest.raises(DeliveryError) as caught:
        Twilio(account(wire.url)).listed(Channel.SMS, since=SINCE, until=NOW)

    assert type(caught.value) is expected


# The document


@pytest.mark.parametrize(
    ("form", "broken"),
    [
        ({"Body": "x", "From": "+12025550100"}, "To"),
        ({"To": "0812", "Body": "x", "From": "+12025550100"}, "pattern"),
        ({"To": NUMBER, "Body": "x"}, "anyOf"),
        ({"To": NUMBER, "From": "+12025550100"}, "anyOf"),
        ({"To": NUMBER, "Body": "x", "MessagingServiceSid": "MG1"}, "pattern"),
        ({"To": NUMBER, "Body": "x", "From": "X", "ValidityPeriod": "36001"}, "maximum"),
        ({"To": NUMBER, "Body": "x", "From": "X", "Prioritas": "1"}, "additionalProperties"),
    ],
)
def test_the_contract_server_refuses_what_the_document_forbids(form, broken):
    operation = twilio_server.document()["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]

    wrong = twilio_server._form(operation, form)

    assert wrong
    assert broken in " ".join(wrong) or broken == "To"


@pytest.mark.skipif(not ORIGINAL.is_file(), reason="the whole document is not at hand")
def test_the_excerpt_says_nothing_that_the_document_does_not():
    def within(part: object, whole: object, place: str = "") -> Iterator[str]:
        if isinstance(part, dict) and isinstance(whole, dict):
            for name, value in part.items():
                yield from within(value, whole[name], f"{place}/{name}") if name in whole else [f"{place}/{name}"]
        elif isinstance(part, list) and isinstance(whole, list) and len(part) == len(whole):
            for number, pair in enumerate(zip(part, whole, strict=True)):
                yield from within(*pair, f"{place}/{number}")
        elif part != whole:
            yield place

    assert list(within(twilio_server.document(), json.loads(ORIGINAL.read_text()))) == []


@pytest.mark.parametrize(("minutes", "seconds"), [(15, "900"), (61, "3660"), (900, "14400")])
def test_a_text_is_given_up_before_it_would_ring_at_night(twilio, minutes: int, seconds: str):
    wire, _ = twilio

    Twilio(account(wire.url)).send(sms(not_after=sms().at + timedelta(minutes=minutes)))

    assert wire.asked[0].form["ValidityPeriod"] == seconds


def test_a_text_whose_time_was_over_says_nothing_about_its_number_or_the_channel():
    assert 30036 not in DEAD | OURS
