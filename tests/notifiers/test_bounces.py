"""Mails that come back: whom they name, what they say, and what anybody may have written into them."""

from contextlib import suppress
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers import bounces, mime
from notifiers.bounces import Ignored, address
from rules.delivery_reports import LONGEST_MAILBOX, Fate, Heard

KEY = b"kunci-desk-yang-panjang"
TO = address("bounce@baritokuala.example", KEY, 12, "3f9a0b")


class Sent(NamedTuple):
    nonce: str = "3f9a0b"
    address: str = "camat@x.test"


OURS = Sent()


def read(mail: bytes, key: bytes, sent: Sent = OURS) -> Heard:
    """As it is read where message 12 went to the Camat."""
    return bounces.read(mail, key, lambda message_id: sent if message_id == 12 else None)


def dsn(
    *fields: str, to: str = TO, kind: str = "delivery-status", automatic: str = "auto-replied", more: str = ""
) -> bytes:
    """A delivery report as Postfix writes it."""
    recipient = "\r\n".join(fields)
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Auto-Submitted: {automatic}\r\nMIME-Version: 1.0\r\n{more}"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system at host mx.example.\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\nX-Postfix-Queue-ID: 4F1\r\n\r\n"
        f"{recipient}\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Laporan harian\r\nTo: camat@x.test\r\n\r\nisi\r\n"
        "--b--\r\n"
    ).encode()


def failed(status: str, *more: str) -> bytes:
    return dsn("Final-Recipient: rfc822; camat@x.test", "Action: failed", f"Status: {status}", *more)


@pytest.mark.parametrize(
    ("mail", "fate", "code", "dead"),
    [
        pytest.param(failed("5.1.1"), Fate.UNDELIVERED, "5.1.1", True, id="no such mailbox"),
        pytest.param(failed("5.1.2"), Fate.UNDELIVERED, "5.1.2", True, id="no such host"),
        pytest.param(failed("5.0.0"), Fate.UNDELIVERED, "5.0.0", False, id="permanent, without saying why"),
        pytest.param(
            failed("5.0.0", "Diagnostic-Code: smtp; 550 5.1.1 unknown"), Fate.UNDELIVERED, "5.1.1", True, id="says why"
        ),
        pytest.param(
            failed("5.1.1", "Diagnostic-Code: smtp; 550 5.7.1 relaying denied"),
            Fate.UNDELIVERED,
            "5.1.1",
            False,
            id="the server itself said something else",
        ),
        pytest.param(
            failed("5.1.1", "Diagnostic-Code: smtp; 5.2.2.7 said: 550 5.1.1 unknown"),
            Fate.UNDELIVERED,
            "5.1.1",
            True,
            id="an address of the network is no code",
        ),
        pytest.param(failed("5.1.8"), Fate.UNDELIVERED, "5.1.8", False, id="our sender"),
        pytest.param(failed("5.4.1"), Fate.UNDELIVERED, "5.4.1", False, id="no answer from the host"),
        pytest.param(failed("5.4.4"), Fate.UNDELIVERED, "5.4.4", False, id="no route"),
        pytest.param(failed("5.4.7"), Fate.UNDELIVERED, "5.4.7", False, id="its time was over"),
        pytest.param(failed("5.5.0"), Fate.UNDELIVERED, "5.5.0", False, id="the conversation went wrong"),
        pytest.param(failed("5.1.10"), Fate.UNDELIVERED, "5.1.10", True, id="a domain that takes no mail"),
        pytest.param(
            failed("5.0.0", "Diagnostic-Code: smtp; 550 5.7.1 blocked"), Fate.UNDELIVERED, "5.7.1", False, id="blocked"
        ),
        pytest.param(failed("5.2.1"), Fate.UNDELIVERED, "5.2.1", False, id="suspended: it may be opened again"),
        pytest.param(failed("5.2.2"), Fate.UNDELIVERED, "5.2.2", False, id="mailbox full: it may live"),
        pytest.param(failed("5.7.26"), Fate.UNDELIVERED, "5.7.26", False, id="our own fault: not authenticated"),
        pytest.param(failed("5.6.0"), Fate.UNDELIVERED, "5.6.0", False, id="the content"),
        pytest.param(failed("4.4.7"), Fate.UNDELIVERED, "4.4.7", False, id="given up after days of trying"),
        pytest.param(dsn("Action: delayed", "Status: 4.4.1"), Fate.DELAYED, "4.4.1", False, id="only late"),
        pytest.param(dsn("ACTION: Delivered ", "STATUS: 2.0.0 (ok)"), Fate.DELIVERED, "2.0.0", False, id="it arrived"),
        pytest.param(dsn("Action: relayed", "Status: 2.0.0"), Fate.SENT, "2.0.0", False, id="handed on"),
        pytest.param(
            dsn("Action: delayed", "Status: 4.4.1", "", "Action: failed", "Status: 5.1.1"),
            Fate.UNDELIVERED,
            "5.1.1",
            True,
            id="of several the worst",
        ),
    ],
)
def test_what_a_report_says(mail, fate, code, dead):
    heard = read(mail, KEY)

    assert (heard.message_id, heard.fate, heard.code, heard.dead) == (12, fate, code, dead)


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(
            dsn("Action: failed", "Status: 5.1.1", to="bounce@baritokuala.example"), id="to the mailbox alone"
        ),
        pytest.param(dsn("Action: failed", "Status: 5.1.1", to=TO.replace("+12-", "+13-")), id="to another message"),
        pytest.param(dsn("Action: failed", "Status: 5.1.1", to="bounce+12-" + "0" * 20 + "@b.example"), id="no seal"),
        pytest.param(dsn("Action: failed", "Status: 5.1.1", to="bounce+12-@b.example"), id="an empty seal"),
        pytest.param(dsn("Action: failed"), id="without a status"),
        pytest.param(dsn("Status: 5.1.1"), id="without an action"),
        pytest.param(dsn("Action: eaten", "Status: 5.1.1"), id="an action nobody knows"),
        pytest.param(f"To: {TO}\r\nAuto-Submitted: auto-replied\r\n\r\nSaya sedang cuti".encode(), id="on leave"),
        pytest.param(f"To: {TO}\r\nSubject: Re: Laporan\r\n\r\nSudah kami kirim".encode(), id="a person's answer"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\x00\xfe" * 100, id="no mail at all"),
    ],
)
def test_what_is_no_report_about_a_message_of_ours_is_ignored(mail):
    with pytest.raises(Ignored):
        read(mail, KEY)


@pytest.mark.parametrize(
    "fields",
    [
        ("Final-Recipient: rfc822; other-team@x.test",),
        ("Original-Recipient: rfc822; other@x.test", "Final-Recipient: rfc822;other-team@x.test"),
    ],
)
def test_a_report_about_another_recipient_says_nothing_of_ours(fields):
    """B017."""
    with pytest.raises(Ignored, match="another recipient"):
        read(dsn(*fields, "Action: failed", "Status: 5.1.1"), KEY)


@pytest.mark.parametrize(
    "fields",
    [
        ("Final-Recipient: rfc822; <Camat@X.TEST>",),
        ("Original-Recipient: rfc822;camat@x.test", "Final-Recipient: rfc822; camat@gmail.example"),
    ],
)
def test_ours_is_known_however_it_is_written_and_wherever_it_is_forwarded_to(fields):
    assert read(dsn(*fields, "Action: failed", "Status: 5.1.1"), KEY).dead


def test_of_a_report_about_several_only_what_is_said_of_ours_counts():
    mail = dsn(
        *("Final-Recipient: rfc822; camat@x.test", "Action: failed", "Status: 5.2.2", ""),
        *("Final-Recipient: rfc822; other@x.test", "Action: failed", "Status: 5.1.1"),
    )

    assert (read(mail, KEY).code, read(mail, KEY).dead) == ("5.2.2", False)


def test_one_that_comes_late_for_a_number_that_a_restored_desk_gave_again_is_ignored():
    with pytest.raises(Ignored, match="no message of ours"):
        read(failed("5.1.1"), KEY, Sent(nonce="c0ffee"))


def test_a_sealed_address_within_the_report_names_nothing():
    inside = failed("5.1.1").replace(f"To: {TO}".encode(), b"To: bounce@baritokuala.example", 1)
    quoted = inside.replace(b"To: camat@x.test", f"To: {TO}".encode())

    with pytest.raises(Ignored):
        read(quoted, KEY)


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_it_is_found_where_mail_servers_write_whom_it_came_to(header):
    mail = dsn("Action: failed", "Status: 5.1.1", to="<bounce@baritokuala.example>", more=f"{header}: {TO.upper()}\r\n")

    assert read(mail, KEY).message_id == 12


def test_without_a_key_no_address_is_ours():
    with pytest.raises(Ignored):
        read(dsn("Action: failed", "Status: 5.1.1", to=address("bounce@x.test", b"", 12)), b"")


def test_the_address_of_every_message_is_one_that_mail_servers_take():
    longest = "b" * LONGEST_MAILBOX + "@baritokuala.example"

    assert mime.usable(address(longest, KEY, 999_999_999))
    assert mime.usable(TO)
    assert TO.startswith("bounce+12-")


def test_a_mail_nested_a_thousand_times_is_ignored():
    head = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(2000))
    with pytest.raises(Ignored):
        read(f"To: {TO}\r\n{head}".encode(), KEY)


@given(st.binary(max_size=300))
def test_whatever_stands_in_a_report_it_is_read_or_ignored(noise):
    mail = dsn("Action: failed", "Status: 5.1.1").replace(b"Action", noise + b"\r\nAction")

    with suppress(Ignored):
        assert read(mail, KEY).message_id == 12
