"""The log of a Postfix, as syslog and the journal write it: which of our mails left."""

import time
from datetime import UTC, datetime

import pytest

from notifiers import maillog

NOW = datetime(2024, 2, 14, 4, 0, tzinfo=UTC)
CLEANUP = "{at} mail postfix/cleanup[71]: 4TZk1q0fXz: message-id=<12.3f9a01@desk.example>"
SENT = (
    "{at} mail postfix/smtp[72]: 4TZk1q0fXz: to=<Camat@contoh.example>, "
    "relay=mx.example[192.0.2.7]:25, delay=0.9, delays=0/0/0.3/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
)


def read(*lines, at="2024-02-14T11:02:03.123456+08:00", now=NOW, domain="desk.example"):
    return whole(*(line.replace("{at}", at) for line in lines), now=now, domain=domain).left


def whole(*lines, now=NOW, domain="desk.example"):
    return maillog.read(lines, domain=domain, now=now)


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        ("2024-02-14T11:02:03.123456+08:00", datetime(2024, 2, 14, 3, 2, 3, 123456, tzinfo=UTC)),
        ("2024-02-14T11:02:03+0800", datetime(2024, 2, 14, 3, 2, 3, tzinfo=UTC)),
        pytest.param("Feb 13 23:32:03", datetime(2024, 2, 14, 3, 2, 3, tzinfo=UTC), id="this machine's, in St. John's"),
        pytest.param("Dec  1 23:32:03", datetime(2023, 12, 2, 3, 2, 3, tzinfo=UTC), id="of the last year"),
    ],
)
def test_a_mail_that_was_sent_left_when_the_log_says(at, instant):
    (own,) = read(CLEANUP, SENT, at=at)

    assert (own.named, own.to, own.at) == ("12-3f9a01", "camat@contoh.example", instant)
    assert "camat" not in repr(own)


def test_the_last_that_the_log_tells_of_it_counts():
    deferred, bounced = (SENT.replace("status=sent", f"status={word}") for word in ("deferred", "bounced"))

    assert len(read(CLEANUP, deferred)) == 1
    assert read(CLEANUP, deferred, bounced) == []
    assert len(read(CLEANUP, bounced, deferred, SENT)) == 1


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([SENT], id="of whose name nothing is known"),
        pytest.param([CLEANUP.replace("desk.example", "other.example"), SENT], id="another program's"),
        pytest.param([CLEANUP.replace("12.3f9a01", "20240214.ABC"), SENT], id="not named as ours are"),
        pytest.param([CLEANUP.replace("{at}", "30 Feb"), SENT], id="at no time"),
        pytest.param(["\0", "", "Feb 30 11:02:03 mail postfix/smtp[1]: A: to=<x>"], id="no log"),
    ],
)
def test_what_is_none_of_ours_says_nothing(lines):
    assert read(*lines) == []


def test_a_name_that_was_given_again_in_the_queue_is_the_later_mails():
    bounced = SENT.replace("status=sent", "status=bounced")
    other = CLEANUP.replace("<12.3f9a01@desk.example>", "<20240214.ABC@lain.example>")
    unnamed = CLEANUP.replace("<12.3f9a01@desk.example>", "CAF=1@lain")
    theirs = CLEANUP.replace("12.3f9a01@desk.example", "13.aa@desk.example")

    assert [own.named for own in read(CLEANUP, SENT, theirs, SENT)] == ["12-3f9a01", "13-aa"]
    assert read(CLEANUP, bounced, other, SENT) == []
    assert read(CLEANUP, bounced, unnamed, SENT) == []


def at(clock, line):
    return line.replace("{at}", f"2024-02-14T{clock}+08:00")


def test_rotated_logs_may_be_named_in_any_order():
    older = at("11:02:00", CLEANUP), at("11:02:01", SENT.replace("status=sent", "status=deferred"))

    assert whole(at("11:40:00", SENT.replace("status=sent", "status=bounced")), *older).left == []
    (own,) = whole(at("11:40:00", SENT), *older).left
    assert own.at == datetime(2024, 2, 14, 3, 40, tzinfo=UTC)


def test_a_log_says_from_when_to_when_it_tells():
    own = whole(at("11:40:00", SENT), at("11:02:00", CLEANUP), "nothing")

    assert (own.since, own.until) == (datetime(2024, 2, 14, 3, 2, tzinfo=UTC), datetime(2024, 2, 14, 3, 40, tzinfo=UTC))
    assert whole("nothing", "") == ([], None, None)


def test_a_mail_stands_under_the_address_that_it_was_sent_to():
    aliased = SENT.replace("to=<Camat@contoh.example>", "to=<budi@pos.example>, orig_to=<Camat@contoh.example>")

    assert [own.to for own in read(CLEANUP, aliased)] == ["camat@contoh.example"]


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "Feb 29 10:00:00"])
def test_a_time_that_no_clock_shows_is_none(at):
    assert read(CLEANUP, SENT, at=at, now=datetime(2024, 2, 10, tzinfo=UTC)) == []


def test_a_line_that_somebody_made_long_is_read_in_no_time():
    began = time.process_time()

    read(CLEANUP, "{at} mail postfix/smtp[72]: 4TZk1q0fXz: " + "to=<" * 250_000, "{at} " + "[1" * 500_000)
    read(CLEANUP, "{at} mail postfix/smtp[72]: 4TZk1q0fXz: warning: message-id=<12." * 20_000)

    assert time.process_time() - began < 5


def test_only_the_beginning_of_a_line_says_what_it_is():
    """A header of a mail that comes in may stand in the log, in whatever words its writer chose."""
    header = "{at} mail postfix/cleanup[71]: 5AAA: warning: header Subject: "

    assert read(header + "message-id=<12.3f9a01@desk.example>", SENT.replace("4TZk1q0fXz", "5AAA")) == []
    assert read(CLEANUP, header.replace("5AAA", "4TZk1q0fXz") + "to=<a@b.example>, status=sent") == []
