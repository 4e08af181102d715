"""A runtime as production assembles it, with the clock, the mail server and the bell handed in."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import sessionmaker

from jobs.broker import BrokerBell, connect
from jobs.runtime import Bell, Clock, Runtime
from models import base
from models.machine import clock
from notifiers import smtp
from notifiers.base import Notifier
from rules.desk import Channel

SENDER = "desk@desk.example"
LEASE = timedelta(minutes=2)


class Silent:
    """A bell that nobody hears: ids are found by asking the database."""

    def ring(self, channel: Channel, message_ids: object) -> None:
        pass


def mail(port: int) -> Notifier:
    return smtp.Mail(smtp.Server(host="127.0.0.1", port=port, sender=SENDER, tls=smtp.Tls.NONE))


def runtime(database: str, notifier: Notifier, *, now: Clock = clock.now, bell: Bell | None = None) -> Runtime:
    """As `jobs.assemble`, for a database that has its tables."""
    return Runtime(
        sessions=sessionmaker(base.connect(database), expire_on_commit=False),
        clock=now,
        notifiers=dict.fromkeys(Channel, notifier),
        bell=bell or Silent(),
        documents=Path("nowhere"),
        mail_domain="desk.example",
        public_url="https://desk.example",
    )


def bell(broker_url: str) -> BrokerBell:
    return BrokerBell(connect(broker_url))
