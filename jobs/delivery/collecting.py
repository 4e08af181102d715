"""Fetch the mails that lie in a mailbox at a provider, and take in each as a mail server would have piped it in.

A row is kept first; then the mail is marked in the mailbox. What is cut off between the two comes again, and is kept
once. How far a mailbox was read is remembered by the server's own numbers: whether somebody opened a mail does not
matter.
"""

import hashlib
from datetime import datetime, timedelta
from functools import partial
from threading import Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from jobs import causes
from jobs.delivery import bounces, replies
from jobs.runtime import Runtime
from jobs.turn import unread
from models.base import passing
from models.messages import delivery_reports, mailboxes
from models.messages.mailboxes import Known
from notifiers import answered, imap
from notifiers import bounces as sealed
from notifiers.imap import Account, Came, Mailbox, MailboxAway
from rules import machine
from rules.desk import Channel
from services import arriving
from services.arriving import Sent

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)
"""Between two looks into a mailbox that cannot be reached."""

LEASE = timedelta(minutes=5)
"""A process that dies while it looks keeps the others out for so long. Two at once would do no harm."""

MOST = 50
"""Mails in one look: the next one goes on with the rest."""

BEFORE = timedelta(days=1)
"""What came so long before the last look is not fetched: an archive that somebody moved here."""

UNREADABLE = "(Surel ini tidak dapat dibaca oleh sistem. Mohon dibuka langsung di kotak surat.)"


class Collector:
    """Looks into the mailbox in a thread of its own, one at a time: the clock never waits for a mail server."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._looking: Thread | None = None

    def look(self) -> None:
        """Begin a look, if there is a mailbox and nobody looks just now."""
        if self._rt.mailbox is not None and not (self._looking and self._looking.is_alive()):
            self._looking = Thread(target=self._run, name="mailbox", daemon=True)
            self._looking.start()

    def end(self, *, patience: timedelta) -> None:
        """Wait for a look that goes on; one that is cut off does no harm."""
        if self._looking is not None:
            self._looking.join(patience.total_seconds())

    def _run(self) -> None:
        try:
            run(self._rt)
        except Exception as error:  # noqa: BLE001 - it looks again a minute later; the thread's end would be silent
            log.error("mailbox not looked into", error=causes.named(error))


def run(rt: Runtime) -> None:
    """Look into the mailbox once, if it is time. Harmless to repeat, and in several processes at once."""
    account = rt.mailbox
    if account is None:
        return
    with rt.sessions() as session:
        if not mailboxes.due(session, account.name, now=rt.clock(session)):
            return
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        known = mailboxes.claim(session, account.name, again_at=now + LEASE, now=now)
    if known is None:
        return
    try:
        with imap.opened(account) as mailbox:
            left = _collect(rt, account, known, mailbox, now)
    except Exception as error:
        _failed(rt, account, known, error)
        if not isinstance(error, MailboxAway):
            raise
        return
    with rt.sessions.begin() as session:
        at = rt.clock(session)
        mailboxes.looked(session, account.name, look_at=at if left else at + EVERY, now=now)
    if known.failed_since is not None:
        log.info("mailbox reached again", failures=known.failures)


def _failed(rt: Runtime, account: Account, known: Known, error: Exception) -> None:
    """Look again later, and later still; the mails wait where they are."""
    why = str(error) if isinstance(error, MailboxAway) else type(error).__name__
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        again_at = now + min(EVERY * 2 ** min(known.failures, 10), LONGEST)
        mailboxes.failed(session, account.name, known, why, look_at=again_at, now=now)
    log.warning("mailbox away", why=why, failures=known.failures + 1)


def _collect(rt: Runtime, account: Account, known: Known, mailbox: Mailbox, now: datetime) -> bool:
    """Take in what came since the last look; whether more is left."""
    oldest = (known.looked_at or now) - BEFORE
    same = known.validity == mailbox.validity
    uids = mailbox.above(known.upto) if same else mailbox.since((oldest - BEFORE).date())  # of the server's own zone
    took = partial(_took, rt, account.name, mailbox.validity)
    if not same and not uids and mailbox.next_uid:
        took(mailbox.next_uid - 1)
    for uid in uids[:MOST]:
        if rt.stopping.is_set():
            return True
        came = mailbox.read(uid, most=answered.LARGEST)
        if came is not None and came.at >= oldest:
            _take(rt, f"{account.name}:{mailbox.validity}:{uid}", came)
            took(uid)
            mailbox.done(uid)
        else:
            log.warning("mail passed over", uid=uid, why="it is gone" if came is None else "it is old")
            took(uid)
    return len(uids) > MOST


def _took(rt: Runtime, name: str, validity: int, uid: int) -> None:
    with rt.sessions.begin() as session:
        mailboxes.took(session, name, validity=validity, upto=uid)


def _take(rt: Runtime, place: str, came: Came) -> None:
    """Take in one mail, once. One that breaks what reads it is kept by its place, for a person to open.

    Where no answers are collected, nothing but what came back is kept, as by the pipe.

    Raises: whatever fails of this machine, or of the database: then the mail is fetched again.
    """
    try:
        if not rt.reply_to or sealed.addressed(came.mail, rt.key, partial(_sent, rt)):
            bounces.take(rt, came.mail)
        else:
            replies.take(rt, came.mail, came_at=came.at)
    except Exception as error:
        if machine.failed(error) or (isinstance(error, SQLAlchemyError) and passing(error)):
            raise
        log.error("mail not taken", error=causes.named(error))
        _keep_its_place(rt, place, came.at)


def _keep_its_place(rt: Runtime, place: str, at: datetime) -> None:
    key = f"place:{hashlib.sha256(place.encode()).hexdigest()}"
    sent = Sent(key, Channel.EMAIL, "", "", UNREADABLE.encode(), came_at=at)
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        id = arriving.keep(session, sent, rt.live(session), now=now)
    if id is not None:
        unread.read(rt, id, now=now)


def _sent(rt: Runtime, message_id: int) -> delivery_reports.Sent | None:
    with rt.sessions() as session:
        return delivery_reports.sent(session, message_id)
