"""How the desk's machine is, for whoever looks after it: one gathering for `./desk status` and the operator's page."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.machine import health, stops
from models.machine.health import Pulse, Waiting
from models.matters import tasks
from models.matters.tasks import Task
from models.messages import channels, delivery_reports, doubts, mailboxes
from models.messages.channels import Known
from models.messages.mailboxes import Known as Mailbox
from rules.delivery_reports import Fate
from rules.desk import Channel
from rules.fairness import Stop

RECENT = timedelta(days=2)
"""How long a stop is shown, and a message that did not arrive or may have arrived twice."""


class Seen(NamedTuple):
    """What was found, by numbers of messages and codes of tasks. `mailboxes`: those that cannot be looked into."""

    pulse: Pulse
    held: Sequence[Waiting]
    down: Mapping[Channel, Known]
    not_delivered: Mapping[int, Fate]
    doubled: Sequence[int]
    stops: Sequence[Stop]
    mailboxes: Sequence[Mailbox]
    tasks: Sequence[Task]


def look(session: Session, *, now: datetime) -> Seen:
    """Everything, as it is at `now`."""
    return Seen(
        pulse=health.pulse(session, now=now),
        held=health.held(session),
        down={channel: known for channel, known in channels.every(session).items() if known.down_since},
        not_delivered=delivery_reports.lost(session, since=now - RECENT),
        doubled=doubts.doubled(session, since=now - RECENT),
        stops=stops.between(session, now - RECENT, now),
        mailboxes=mailboxes.failing(session, now=now),
        tasks=tasks.undone(session),
    )
