"""What the log of a Postfix says left: `postfix/smtp[12]: 4ABC: to=<...>, ..., status=sent (...)`.

Lines come as syslog writes them, with a whole time or with one that lacks year and zone, or from `journalctl -o
short-iso`. Only mails whose Message-ID names a message of ours count.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from notifiers import references
from notifiers.base import Departed

TELLS = "postfix"
"""Stands in each line that is worth reading."""

_LINE = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d[T ]\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ \S+\[\d+\]: (?P<queue>\w+): (?P<said>.*)"
)
_NAMED = re.compile(r"message-id=<(?P<number>\d{1,9})\.(?P<nonce>[0-9a-f]{1,16})@(?P<domain>[^>]+)>")
_FATE = re.compile(r"to=<(?P<to>[^>]+)>,.* status=(?P<status>\w+)")
_HAS_IT = frozenset({"sent", "deferred"})
"""It is with its receiver, or the mail server goes on trying. What bounced or expired did not arrive."""


def read(lines: Iterable[str], *, domain: str, now: datetime) -> list[Departed]:
    """The mails that left, each as the log last tells of it. A time without a zone is this machine's.

    Args:
        domain: ends our Message-IDs.
        now: aware; a time without a year is the last one before it.
    """
    named: dict[str, str] = {}
    last: dict[tuple[str, str], Departed | None] = {}
    for at, queue, said in _told(lines, now):
        if own := _NAMED.search(said):
            of_ours = own["domain"].lower() == domain.lower()
            named[queue] = references.write(int(own["number"]), own["nonce"]) if of_ours else ""
        elif (fate := _FATE.search(said)) and (reference := named.get(queue)):
            to = fate["to"].lower()
            last[reference, to] = Departed(reference, to, at) if fate["status"] in _HAS_IT else None
    return [departed for departed in last.values() if departed is not None]


def _told(lines: Iterable[str], now: datetime) -> Iterator[tuple[datetime, str, str]]:
    for line in lines:
        if (match := _LINE.match(line)) and (at := _instant(match["at"], now)):
            yield at, match["queue"], match["said"]


def _instant(text: str, now: datetime) -> datetime | None:
    try:
        if text[0].isdigit():
            return datetime.fromisoformat(text).astimezone()
        at = datetime.strptime(f"{now.astimezone().year} {text}", "%Y %b %d %H:%M:%S").astimezone()
    except ValueError:  # the day after 28 February in a year that has none, too
        return None
    return at if at <= now + timedelta(days=1) else at.replace(year=at.year - 1)
