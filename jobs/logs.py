"""Logs: one line per effect, key=value as JSON on standard error; ids only, never addresses or words of people."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

PLAYED = frozenset({"channel down", "channel heard of"})
"""What a scenario lets happen; a rehearsal shows it in its folder."""


def set_up(*, quiet: bool = False) -> None:
    """Configure logging once per process. `quiet`: for a rehearsal, only warnings and worse that nobody played."""
    level = logging.WARNING if quiet else logging.INFO
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
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _not_played(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if event.get("event") in PLAYED:
        raise structlog.DropEvent
    return event
