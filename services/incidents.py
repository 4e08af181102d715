"""An incident that somebody reports though nothing is owed. It becomes a problem; the same sent again is the same."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.machine import clock
from models.matters import attachments, issues, numbers
from models.matters.issues import Described
from models.matters.matters import Matter
from rules.attachments import Attached
from rules.incidents import Incident
from rules.programme import Programme
from services import problems


class Reported(NamedTuple):
    """A problem, and whether it was there before."""

    matter: Matter
    again: bool


def report(
    session: Session,
    programme_id: int,
    programme: Programme,
    incident: Incident,
    *,
    once: str,
    giver: str | None = None,
    subject: str | None = None,
    text: str = "",
    files: Sequence[Attached] = (),
    hand: Hand,
    now: datetime,
) -> Reported:
    """Record it as a problem. A double tap, or a phone that sends again, opens no second one.

    Args:
        once: what its page was given when it was shown; empty: nothing tells it from another of the same words.
        giver, subject, text: as `problems.open_`.

    Raises:
        NotTaken: there is no such office.
    """
    clock.alone(session, numbers.NUMBERS)  # two at once wait here: the second finds what the first has sent
    sent = _sent(hand.office_id, once, incident, files) if once else None
    known = issues.sent(session, sent) if sent else None
    if known is not None:
        return Reported(known, True)
    described = Described(
        incident.area,
        incident.category,
        incident.severity,
        incident.title,
        incident.detail,
        circumstances=incident.circumstances,
    )
    matter = problems.open_(
        session, programme_id, programme, described, subject=subject, giver=giver, text=text, hand=hand, now=now
    )
    issues.change(session, matter.id, once=sent)
    attachments.enclose(session, issues.events(session, matter.id)[0].id, files)
    return Reported(matter, False)


def _sent(office_id: int, once: str, incident: Incident, files: Sequence[Attached]) -> str:
    """Names exactly what was sent from one page. Whoever goes back and changes a word sends another."""
    said = (incident.area, incident.category, incident.severity, incident.title, incident.detail)
    parts = [office_id, once, *said, *incident.circumstances, *(file.sent for file in files)]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
