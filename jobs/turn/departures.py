"""After an older copy was put back: ask the providers, and the log of the mail server, what left since it was made."""

import gzip
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.machine import departures, gaps
from models.machine.departures import Waiting
from models.machine.gaps import Gap
from notifiers import maillog, references, words
from notifiers.base import Departed, Lists, Notifier
from rules import gaps as rule
from rules.delivery import DeliveryError, State, Verdict
from rules.desk import Channel
from rules.gaps import Left
from services import ending

log = structlog.get_logger()

NO_LOG = "no log of the mail server was named (--mail-log FILE)"
NO_LIST = "its provider gives no list of what it sent: ask its operator"
APART = timedelta(minutes=2)
"""How far a mail server's clock may be from ours."""
LONGEST = 1000


def ask(rt: Runtime, logs: Sequence[Path] = ()) -> None:
    """Ask about every gap that still matters, and keep what left; a message that proves to have left is settled.

    No transaction is open while a provider is asked. Harmless to repeat: what left is kept once, and a message that is
    settled waits no more.

    Raises:
        OSError: a log cannot be read.
    """
    with rt.sessions() as session:
        now = rt.clock(session)
        lately = gaps.lately(session, now=now)
    for gap in lately:
        for channel, provider in rt.notifiers.items():
            found = _mails(rt, gap, logs, now) if channel is Channel.EMAIL else _listed(provider, channel, gap)
            with rt.sessions.begin() as session:
                _keep(session, gap, channel, found, rt.clock(session))


def _mails(rt: Runtime, gap: Gap, logs: Sequence[Path], now: datetime) -> list[Departed] | str:
    if not logs:
        return NO_LOG
    lines: list[str] = []
    for file in logs:
        with gzip.open(file, "rt", errors="replace") if file.suffix == ".gz" else file.open(errors="replace") as read:
            lines += [line for line in read if maillog.TELLS in line]
    found = maillog.read(lines, domain=rt.mail_domain, now=now)
    return [own for own in found if gap.began_at - APART <= own.at <= gap.ended_at + APART]


def _listed(provider: Notifier, channel: Channel, gap: Gap) -> list[Departed] | str:
    if not isinstance(provider, Lists):
        return NO_LIST
    try:
        return provider.listed(channel, since=gap.began_at, until=gap.ended_at)
    except DeliveryError as error:
        return f"did not answer: {error}"


def _keep(session: Session, gap: Gap, channel: Channel, found: list[Departed] | str, now: datetime) -> None:
    if isinstance(found, str):
        departures.note(session, gap.id, channel, found, answered=False, now=now)
        log.info("asked what left", gap=gap.id, channel=channel, answered=False)
        return
    named = {own.named for own in found}
    mails = [own for name in named if channel is Channel.EMAIL and (own := references.read(name))]
    known = departures.known(session, channel, named, mails)
    contacts = departures.contacts(session, channel, [own.to for own in found])
    ours = [own for own in found if own.to in contacts and own.named not in known]
    rows = [(own.named, contacts[own.to], own.at, " ".join(sorted(rule.named_in(own.words)))) for own in ours]
    departures.add(session, gap, channel, rows)
    settled = _settle(session, gap, channel, ours, now)
    departures.note(session, gap.id, channel, "answered", answered=True, now=now)
    log.info("asked what left", gap=gap.id, channel=channel, answered=True, left=len(ours), settled=settled)


def _settle(session: Session, gap: Gap, channel: Channel, found: Sequence[Departed], now: datetime) -> int:
    """Settle the messages of the copy that left; how many. What left first is taken for what was made first."""
    taken = departures.taken(session, channel, [own.named for own in found])
    free = sorted((own for own in found if own.named not in taken), key=lambda own: own.at)
    settled = 0
    for message in departures.waiting(session, gap, channel):
        own = next((own for own in free if _is(own, message, channel)), None)
        if own is None:
            continue
        free.remove(own)
        source = "the mail server's log" if channel is Channel.EMAIL else "its provider"
        verdict = Verdict(State.SENT, None, f"accepted: it left in the gap of the books, says {source}")
        ending.accept(session, message.id, "" if channel is Channel.EMAIL else own.named, verdict, now=now)
        departures.is_(session, channel, own.named, message.id, gap)
        settled += 1
    return settled


def _is(own: Departed, message: Waiting, channel: Channel) -> bool:
    """Whether what left is this message: by our own name of a mail; by the words of a text, or the matters it names."""
    if channel is Channel.EMAIL:
        return own.named == references.write(message.id, message.nonce)
    if own.to != message.address:
        return False
    if message.text:
        return bool(words.pattern(message.text, most=LONGEST).search(words.plain(own.words)))
    left = Left(own.at, rule.named_in(own.words))
    return rule.may_be(left, codes=message.codes, created_at=message.created_at)
