"""What the log of a Postfix says left: `postfix/smtp[12]: 4ABC: to=<...>, ..., status=sent (...)`.

Lines come as syslog writes them, with a whole time or with one that lacks year and zone, or from `journalctl -o
short-iso`. Only mails whose Message-ID names a message of ours count. Whoever sends mail to that server has a part in
what its log holds: only how a line begins says what it is, and nothing of it is shown.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from notifiers import references
from notifiers.base import Departed

TELLS = "postfix"
"""Stands in each line that is worth reading."""

_LINE = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d[T ]\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ \S+\[\d+\]: (?P<queue>\w+): (?P<said>.*)"
)
_NAMED = re.compile(r"message-id=(?:<(?P<number>[0-9]{1,9})\.(?P<nonce>[0-9a-f]{1,16})@(?P<domain>[^>]+)>)?")
"""Begins the line that names a mail of the queue, also one of somebody else: its place there may have been ours."""
_FATE = re.compile(r"to=<(?P<to>[^>]+)>,(?: orig_to=<(?P<meant>[^>]+)>,)?.* status=(?P<status>\w+)")
"""`meant`: the address that it was sent to, where the mail server knows it by another."""
_HAS_IT = frozenset({"sent", "deferred"})
"""It is with its receiver, or the mail server goes on trying. What bounced or expired did not arrive."""


class Log(NamedTuple):
    """What a log tells: our mails that left, each as it last tells of it; and from when to when, None: of no mail."""

    left: list[Departed]
    since: datetime | None = None
    until: datetime | None = None


def read(lines: Iterable[str], *, domain: str, now: datetime) -> Log:
    """Read one log, or several in any order, as a log is rotated. A time without a zone is this machine's.

    Args:
        domain: ends our Message-IDs.
        now: aware; a time without a year is the last one before it.
    """
    named: dict[str, str] = {}
    last: dict[tuple[str, str], Departed | None] = {}
    told = sorted(_told(lines, now), key=lambda line: line[0])
    for at, queue, said in told:
        if own := _NAMED.match(said):
            of_ours = (own["domain"] or "").lower() == domain.lower()
            named[queue] = references.write(int(own["number"]), own["nonce"]) if of_ours else ""
        elif (reference := named.get(queue)) and (fate := _FATE.match(said)):
            to = (fate["meant"] or fate["to"]).lower()
            last[reference, to] = Departed(reference, to, at) if fate["status"] in _HAS_IT else None
    left = [departed for departed in last.values() if departed is not None]
    return Log(left, told[0][0], told[-1][0]) if told else Log(left)


def _told(lines: Iterable[str], now: datetime) -> Iterator[tuple[datetime, str, str]]:
    for line in lines:
        if (match := _LINE.match(line)) and (at := _instant(match["at"], now)):
            yield at, match["queue"], match["said"]


def _instant(text: str, now: datetime) -> datetime | None:
    try:
        if text[0].isdigit():
            return datetime.fromisoformat(text).astimezone()
        at = datetime.strptime(f"{now.astimezone().year} {text}", "%Y %b %d %H:%M:%S").astimezone()
        return at if at <= now + timedelta(days=1) else at.replace(year=at.year - 1)
    except (ValueError, OverflowError):  # the day after 28 February in a year that has none, too
        return None
