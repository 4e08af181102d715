"""A policy: the duties, ladders, quiet hours, caps and retries a programme runs under. Data, checked by the loader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rules.desk import Channel
from rules.duties import Duty
from rules.ladder import Ladder
from rules.quiet import Window


class Severity(StrEnum):
    """How grave a problem is (tingkat kerawanan), after the three words the field uses."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Caps:
    """Messages to one office on one channel in its local day. Warnings, escalations and urgent ladders pass."""

    per_day: Mapping[Channel, int]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How handing over is tried. `retry_after` holds the waits before the second, third... try; then it has failed.

    `lease`: a worker silent for this long is presumed dead. `doubt`: how long an unknown outcome stays in doubt
    before it is settled. `merge_within`: one message per office and channel in this span.
    """

    retry_after: tuple[timedelta, ...]
    lease: timedelta
    doubt: timedelta
    merge_within: timedelta
    settle_every: Mapping[Channel, int]


@dataclass(frozen=True, slots=True)
class Policy:
    """`problems` names the ladder a problem of each severity climbs; `digest` (SHA-256) goes with every notice.

    `receipt_by`: how an office that files is sent its receipt, in order of preference; empty: it is not.
    """

    code: str
    duties: tuple[Duty, ...]
    ladders: Mapping[str, Ladder]
    problems: Mapping[Severity, str]
    quiet: tuple[Window, ...]
    caps: Caps
    delivery: Delivery
    receipt_by: tuple[Channel, ...] = ()
    digest: str = ""

    def duty(self, code: str) -> Duty:
        """Raises: KeyError when the policy has no such duty."""
        for duty in self.duties:
            if duty.code == code:
                return duty
        raise KeyError(code)
