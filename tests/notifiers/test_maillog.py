"""The log of a Postfix, as syslog and the journal write it: which of our mails left."""

from datetime import UTC, datetime

import pytest

from notifiers import maillog

NOW = datetime(2024, 2, 14, 4, 0, tzinfo=UTC)
CLEANUP = "{at} mail postfix/cleanup[71]: 4TZk1q0fXz: message-id=<12.3f9a01@desk.example>"
SENT = (
    "{at} mail postfix/smtp[72]: 4TZk1q0fXz: to=<Camat@contoh.example>, orig_to=<x@y.example>, "
    "relay=mx.example[192.0.2.7]:25, delay=0.9, delays=0/0/0.3/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
)


def read(*lines, at="2024-02-14T11:02:03.123456+08:00", now=NOW, domain="desk.example"):
    return maillog.read([line.replace("{at}", at) for line in lines], domain=domain, now=now)


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
    other = CLEANUP.replace("12.3f9a01", "20240214.ABC")
    theirs = CLEANUP.replace("12.3f9a01@desk.example", "13.aa@desk.example")

    assert [own.named for own in read(CLEANUP, SENT, theirs, SENT)] == ["12-3f9a01", "13-aa"]
    assert [own.named for own in read(CLEANUP, SENT, other, SENT)] == ["12-3f9a01"]
