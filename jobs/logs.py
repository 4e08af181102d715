"""Logs: one line per effect, as JSON on standard error. They hold ids, never addresses or words of people.

Nothing depends on them. If the disk is full or nobody reads any more, a line is lost and the work goes on.
"""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

PLAYED = frozenset({"channel down", "channel heard of"})
"""Events that a scenario causes. A rehearsal shows them in its folder, not in the log."""


class _Lossy:
    """Standard error, which may be full, cut off or closed."""

    def write(self, line: str) -> None:
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()


def set_up(*, quiet: bool = False) -> None:
    """Configure logging once per process. `quiet`: for a rehearsal, only warnings and worse that nobody played."""
    level = logging.WARNING if quiet else logging.INFO
    logging.raiseExceptions = False  # else a package's line that cannot be written raises
    logging.getLogger("twilio").setLevel(logging.WARNING)  # at INFO it writes numbers
    structlog.configure(
        processors=[
            *([_not_played] if quiet else []),
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Lossy())),
        cache_logger_on_first_use=True,
    )


def _not_played(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if event.get("event") in PLAYED:
        raise structlog.DropEvent
    return event
