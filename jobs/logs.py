"""Logs: one line per effect, key=value as JSON on standard error; ids only, never addresses or words of people."""

import logging
import sys

import structlog


def set_up(*, quiet: bool = False) -> None:
    """Configure logging once per process. `quiet`: warnings and worse only, for what shows its own progress."""
    level = logging.WARNING if quiet else logging.INFO
    logging.getLogger("twilio").setLevel(logging.WARNING)  # at INFO it writes numbers
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
