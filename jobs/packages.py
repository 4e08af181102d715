"""Log what packages say in our own lines: without what it was about, and the same thing only once a minute."""

import logging

import structlog

from jobs import causes
from jobs.seldom import Seldom
from notifiers.mask import scrub

log = structlog.get_logger()

LONGEST = 100
AWAY = "Consumer encountered a connection error"
"""What dramatiq says every three seconds while Redis or Valkey does not answer."""


class Heard(logging.Handler):
    """Says in one JSON line what a package warns of. Values in its words are left out."""

    def __init__(self, seldom: Seldom | None = None) -> None:
        super().__init__(logging.WARNING)
        self._seldom = seldom or Seldom()

    def emit(self, record: logging.LogRecord) -> None:
        template, package = str(record.msg), record.name.partition(".")[0]
        times = self._seldom.times((package, template))
        if not times:
            return
        if template.startswith(AWAY):
            log.error("broker away", do="start it, or mend DESK_BROKER_URL; nothing is lost meanwhile", times=times)
            return
        error = record.exc_info[1] if record.exc_info else None
        why = {"error": causes.named(error)} if error else {}
        said = scrub(template.splitlines()[0] if template else "")[:LONGEST]
        log.warning("a package warns", package=package, says=said, times=times, **why)


def listen() -> None:
    """Log from now on what packages say."""
    root = logging.getLogger()
    if not any(isinstance(handler, Heard) for handler in root.handlers):
        root.addHandler(Heard())
