"""After an older copy was put back: ask the providers, and the log of the mail server, what left since it was made."""

import gzip
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.machine import clock, departures, gaps
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
NOTHING_READ = "no line of a Postfix about a mail in the logs named"
OTHER_TIME = "the logs named tell of another time than the gap, or in another zone: name them with zones (journalctl)"
BEGINS_LATE = "the logs named begin after the gap did: name the rotated ones too"
APART = timedelta(minutes=2)
"""How far a mail server's clock may be from ours."""
LONGEST = 1000


class Found(NamedTuple):
    """What left. `lacks`: why that is not known to be all; empty: it is all."""

    left: Sequence[Departed] = ()
    lacks: str = ""


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
        newest = {gap.id: departures.newest(session, gap) for gap in lately}
    told = _read(rt, logs, now) if logs else None
    for gap in lately:
        for channel, provider in rt.notifiers.items():
            mailed = channel is Channel.EMAIL
            found = _mails(told, gap, newest[gap.id], now) if mailed else _listed(provider, channel, gap)
            with rt.sessions.begin() as session:
                _keep(session, gap, channel, found, rt.clock(session))


def _read(rt: Runtime, logs: Sequence[Path], now: datetime) -> maillog.Log:
    return maillog.read((line for file in logs for line in _lines(file)), domain=rt.mail_domain, now=now)


def _mails(told: maillog.Log | None, gap: Gap, newest: int, now: datetime) -> Found:
    if told is None:
        return Found(lacks=NO_LOG)
    began, ended = gap.began_at - APART, gap.ended_at + APART
    return Found([own for own in told.left if began <= own.at <= ended], _lacks(told, gap, newest, now))


def _lines(file: Path) -> list[str]:
    """Raises: OSError: it cannot be read, to its end."""
    try:
        with gzip.open(file, "rt", errors="replace") if file.suffix == ".gz" else file.open(errors="replace") as read:
            return [line for line in read if maillog.TELLS in line]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OSError(0, "it is no whole .gz file", str(file)) from error


def _lacks(told: maillog.Log, gap: Gap, newest: int, now: datetime) -> str:
    """Why the logs do not tell of the whole gap, as far as shows; empty: nothing shows.

    Args:
        newest: the last message of the copy: what was made later cannot have left before the gap began.
    """
    if told.since is None or told.until is None:
        return NOTHING_READ
    early = [references.read(own.named) for own in told.left if own.at < gap.began_at - APART]
    if told.until < gap.began_at or told.until > now + APART or any(name and name[0] > newest for name in early):
        return OTHER_TIME
    return BEGINS_LATE if told.since > gap.began_at + APART else ""


def _listed(provider: Notifier, channel: Channel, gap: Gap) -> Found:
    if not isinstance(provider, Lists):
        return Found(lacks=NO_LIST)
    try:
        return Found(provider.listed(channel, since=gap.began_at, until=gap.ended_at))
    except DeliveryError as error:
        return Found(lacks=f"did not answer: {error}")


def _keep(session: Session, gap: Gap, channel: Channel, found: Found, now: datetime) -> None:
    clock.alone(session, clock.DISPATCH)  # processes that start together ask together: what left settles one message
    left = {own.named for own in found.left}
    mails = [own for name in left if channel is Channel.EMAIL and (own := references.read(name))]
    known = departures.known(session, channel, left, mails)
    contacts = departures.contacts(session, channel, [own.to for own in found.left])
    ours = [own for own in found.left if own.to in contacts and own.named not in known]
    departures.add(session, gap, channel, [(own.named, contacts[own.to], own.at, own.words) for own in ours])
    settled = _settle(session, gap, channel, ours, now) if ours else 0
    answered = not found.lacks
    departures.note(session, gap.id, channel, found.lacks or "answered", answered=answered, now=now)
    log.info("asked what left", gap=gap.id, channel=channel, answered=answered, left=len(ours), settled=settled)


def _settle(session: Session, gap: Gap, channel: Channel, found: Sequence[Departed], now: datetime) -> int:
    """Settle the messages of the copy as of when they left; how many. What left first is taken for what was made first.

    Whoever counts when an office was told, or when a report to the Government left, counts from there.
    """
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
        at = min(max(own.at, message.created_at), now)  # two clocks: it did not leave before it was made
        ending.accept(session, message.id, "" if channel is Channel.EMAIL else own.named, verdict, now=at)
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
        return bool(words.pattern(message.text, most=LONGEST, any_try=True).search(words.plain(own.words)))
    left = Left(own.at, rule.named_in(own.words))
    return rule.may_be(left, codes=message.codes, created_at=message.created_at)
