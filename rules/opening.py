"""What the system opens by itself, and what it asks: a silent report, a nil beside others' incidents, nil upon nil.

owed --nothing of its district for `silent.after`----> a problem of its district --a report of it comes--> resolved
nil --neighbours report incidents the same day-------> a problem of its district, once a day
    nil, again and again ---------------------------------> a polite question to its reporter, never a problem
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from rules.filing import Content


@dataclass(frozen=True, slots=True)
class Opens:
    """What a policy lets the system open; nothing of it is a must.

    Args:
        silent_after: by duty, how long past its due time a report is silent before a problem is opened.
        category: of a problem of silence, as its severity.
        incidents: in how many neighbouring districts something must have happened for a nil to stand out; 0: never.
        nil_times: by duty, after how many nil reports in a row the reporter is asked whether it is so.
    """

    silent_after: Mapping[str, timedelta] = field(default_factory=dict)
    category: str = "power_and_network"
    severity: str = "medium"
    incidents: int = 0
    nil_times: Mapping[str, int] = field(default_factory=dict)


def stands_out(nil: str, incidents: Collection[str], neighbours: Mapping[str, Collection[str]], *, least: int) -> bool:
    """Whether enough neighbours of the district `nil` reported incidents, and it reported none itself."""
    beside = set(incidents).intersection(neighbours.get(nil, ()))
    return least > 0 and nil not in incidents and len(beside) >= least


MOST_ASKED = 60
"""So many reports back nil upon nil is counted."""


def asks(contents: Sequence[Content | None], times: int) -> bool:
    """Whether the last of these reports is asked about: at every `times` nil reports in a row.

    Args:
        contents: of one duty and district, the oldest first; None: nothing came.
    """
    run = next((n for n, content in enumerate(reversed(contents)) if content is not Content.NIL), len(contents))
    return times > 0 and run > 0 and run % times == 0


NIL_AGAIN = 3
"""A nil is looked at again on its day whenever so many hours of the clock are full: neighbours may report later."""


def nil_again(received_at: datetime, zone: tzinfo, *, now: datetime) -> datetime | None:
    """When to look at a nil again, all of a day together; None: its day is over."""
    hour = now.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    again = hour + timedelta(hours=NIL_AGAIN - hour.hour % NIL_AGAIN)
    return again if again.date() == received_at.astimezone(zone).date() else None


def next_look(moments: Collection[datetime], *, after: datetime) -> datetime | None:
    """The first of these moments that is still ahead; None: none is."""
    return min((moment for moment in moments if moment > after), default=None)
