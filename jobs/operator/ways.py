"""Ask each way out whether it answers and would let us in, without sending anything.

Each line says what was not asked. A provider's own words are shown without numbers, addresses and secrets.
"""

import json
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.settings import Settings
from config.twilio import Twilio
from jobs import assemble
from jobs.operator.looks import Found, State
from models.machine.health import Pulse
from notifiers import imap, mailserver
from notifiers.imap import MailboxAway, Step
from notifiers.replies import Phase
from rules.delivery import DeliveryError
from rules.desk import Channel

if TYPE_CHECKING:
    from notifiers.line import Reply

TIMEOUT = timedelta(seconds=10)

_MAIL = {
    Phase.CONNECT: "look at host and port in DESK_SMTP_URL, at the network, and with smtps:// at its certificate",
    Phase.EHLO: "ask its operator whether this machine may speak to it",
    Phase.STARTTLS: "it needs STARTTLS and a certificate for the very name in DESK_SMTP_URL; or use smtps://",
    Phase.AUTH: "mend user and password in DESK_SMTP_URL",
}


def kept_back(pulse: Pulse, allowed: Collection[str] | None) -> Found:
    """Whether people or a folder get what is sent. `allowed`: the few who get messages in a trial; None: no trial."""
    count = f"{pulse.kept_back} messages were kept back in the outbox folder"
    count += f", {pulse.kept_back_lately} in the last 24 hours"
    if allowed is not None:
        means = f"TRIAL MODE: only {len(allowed)} addresses get real messages; {count}"
        return Found(State.WARN, means, "when the trial is over, unset DESK_TRIAL_ALLOW and start the processes anew")
    if pulse.kept_back_lately:
        do = "is it meant? look at DESK_TRIAL_ALLOW, DESK_SMTP_URL, DESK_SMS_URL and DESK_WHATSAPP_URL of the workers"
        return Found(State.WARN, f"NOT SENT: {count}", do)
    return Found(State.OK, "no trial is on, and nothing of the last 24 hours was kept back")


def mail(settings: Settings, *, timeout: timedelta = TIMEOUT) -> Found:
    """Connect, secure and log in as for a mail, and hang up."""
    if settings.smtp is None:
        return Found(
            State.WARN, "mail goes to the outbox folder, to nobody", "set DESK_SMTP_URL when the trial is over"
        )
    own = settings.smtp
    server = replace(assemble.mail_server(settings, own), timeout=timeout)
    try:
        smtp = mailserver.connect(server, mailserver.trust(server), time.monotonic() + timeout.total_seconds())
    except DeliveryError as error:
        step = Phase(str(error).partition(":")[0])
        return Found(State.FAIL, f"no mail can be handed over: {error}", _MAIL[step])
    with suppress(OSError):
        smtp.quit()
    secured = "without TLS" if server.tls is mailserver.Tls.NONE else "secured"
    return Found(State.OK, f"answers, {secured}, and takes our login" if own.user else f"answers, {secured}; no login")


_MAILBOX = {
    Step.CONNECT: "look at host and port in DESK_IMAP_URL, at the network, and at its certificate",
    Step.STARTTLS: "it needs STARTTLS and a certificate for the very name in DESK_IMAP_URL; or use imaps://",
    Step.LOGIN: "mend user and password in DESK_IMAP_URL; some providers want a password for programs alone",
    Step.FOLDER: "name a folder of that mailbox at the end of DESK_IMAP_URL, as the server lists it",
}


def mailbox(settings: Settings, *, timeout: timedelta = TIMEOUT) -> Found:
    """Open the mailbox as for a look, and hang up: nothing is read or marked."""
    own = assemble.mailbox(settings)
    if own is None:
        piped = bool(settings.reply_to or settings.bounce_to)
        means = "mails are piped in by a mail server: whether they are, only a mail shows" if piped else "is not used"
        return Found(State.OK, means)
    try:
        with imap.opened(replace(own, timeout=timeout)) as opened:
            moves = not own.move_to or opened.has(own.move_to)
    except MailboxAway as error:
        do = _MAILBOX.get(error.step, "look whether the server works")
        return Found(State.FAIL, f"no answer can be fetched: {error}", do)
    if not moves:
        return Found(State.FAIL, f"has no folder {own.move_to!r}", "make it there, or mend `move=` in DESK_IMAP_URL")
    secured = "without TLS" if own.tls is mailserver.Tls.NONE else "secured"
    return Found(State.OK, f"answers, {secured}, and takes our login; it is looked into every minute")


def texts(settings: Settings, *, timeout: timedelta = TIMEOUT) -> Found:
    """How text messages go."""
    if Channel.SMS in settings.by_twilio:
        return Found(State.OK, "go by Twilio: see the line `twilio`")
    if Channel.SMS not in settings.providers:
        return Found(State.WARN, "go to the outbox folder, to nobody", "set DESK_SMS_URL when the trial is over")
    return provided(settings, Channel.SMS, timeout=timeout)


def provided(settings: Settings, channel: Channel, *, timeout: timedelta = TIMEOUT) -> Found:
    """Whether a file of ours knows this provider, and whether it is there. Only a message would show more."""
    by = settings.providers[channel]
    url = urlsplit(by.url)
    try:
        assemble.provided(settings, channel, by).close()
        # A page that sends nothing, whatever the provider is: any answer shows that it is there.
        _asked(f"{url.scheme}://{url.netloc}/robots.txt", timeout=timeout)
    except ConfigError as error:
        (wrong,) = error.findings
        return Found(State.FAIL, f"{wrong.file}: {wrong.message}", wrong.remedy)
    except DeliveryError as error:
        means = f"the {by.name} cannot be reached: {error}"
        do = f"look at DESK_{channel.upper()}_URL, at the network, and whether the {by.name} runs"
        return Found(State.FAIL, means, do)
    trusted = "its certificate holds" if url.scheme == "https" else "without TLS"
    means = f"the {by.name} answers, {trusted}; login, sender and credit were not asked: only a text shows"
    return Found(State.OK, means)


def twilio(settings: Settings, *, timeout: timedelta = TIMEOUT) -> Found:
    """Whether the account takes our token and is in use. Its number and credit are not asked."""
    account = settings.twilio
    if account is None:
        return Found(State.OK, "is not used")
    try:
        reply = _account(account, timeout)
    except DeliveryError as error:
        means = f"cannot be reached: {error}"
        return Found(State.FAIL, means, "look at the network and DESK_TWILIO_BASE_URL; https://status.twilio.com")
    if reply.status in (401, 403, 404):
        means = f"does not take our login ({reply.status})"
        return Found(State.FAIL, means, "mend TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN; copy both from its console")
    if reply.status != 200:
        return Found(State.FAIL, f"answers {reply.status}", "look at https://status.twilio.com, and ask again")
    facts = _facts(reply.text)
    if "status" not in facts:
        return Found(State.FAIL, "somebody answers who is not Twilio", "look at DESK_TWILIO_BASE_URL, and at proxies")
    if facts["status"] != "active":
        return Found(State.FAIL, "takes our login, but the account is closed or suspended", "look at its console")
    if facts.get("type") == "Trial":
        means = "takes our login; a trial account writes to verified numbers only"
        return Found(State.WARN, means, "upgrade it in its console")
    return Found(State.OK, "takes our login; sender and credit were not asked: only a message shows")


SENDER_LASTS, SENDER_RESTS = timedelta(days=91), timedelta(days=61)
"""A registered name of a sender is blocked in Indonesia after three months without traffic; a month before we warn."""


def sender(settings: Settings, last_sent: datetime | None, *, now: datetime) -> Found:
    """Whether the registered name under which texts go is in use often enough to stay so.

    Args:
        last_sent: when the last text left us, as the books know; None: none ever did.
    """
    account = settings.twilio if Channel.SMS in settings.by_twilio else None
    if account is None or not (account.messaging_service_sid or any(map(str.isalpha, account.sms_from))):
        return Found(State.OK, "texts go under no registered name")
    do = "send a text under it: a roll call (`roll_call` in the policy), or a link asked for at /masuk with a number"
    if last_sent is None:
        return Found(State.WARN, "no text has left under it yet: a registered name is blocked after three months", do)
    rests = (now - last_sent).days
    if now - last_sent >= SENDER_LASTS:
        means = f"the last text left {rests} days ago: the registered name may be blocked by now"
        return Found(State.FAIL, means, "ask the provider whether it still works, and register it anew if not")
    if now - last_sent >= SENDER_RESTS:
        return Found(State.WARN, f"the last text left {rests} days ago: after three months the name is blocked", do)
    return Found(State.OK, f"the last text under the registered name left {rests} days ago")


def _account(account: Twilio, timeout: timedelta) -> "Reply":
    url = f"{account.base_url}/2010-04-01/Accounts/{account.account_sid}.json"
    return _asked(url, timeout=timeout, auth=(account.account_sid, account.auth_token.get_secret_value()))


def _asked(url: str, *, timeout: timedelta, auth: tuple[str, str] | None = None) -> "Reply":
    from notifiers.line import Line  # with `requests`: `./desk status` asks no provider

    line = Line(url, timeout=timeout)
    try:
        return line.get(url, {}, auth=auth)
    finally:
        line.close()


def _facts(text: str) -> dict[str, Any]:
    try:
        facts = json.loads(text)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
