"""After a failover connections may still answer, and only read: the next piece of work has one that writes."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from models import base, migrations
from models.machine import clock, health
from models.messages import bells, messages
from models.messages.messages import Outgoing
from rules.desk import Channel
from rules.ladder import Say

AT = datetime(2024, 2, 14, 7, 30, tzinfo=UTC)


def marks(session: Session) -> None:
    clock.mark(session, clock.SWEEP, AT)


def rings(session: Session) -> None:
    bells.silence(session, [1])


def creates(session: Session) -> None:
    messages.create(session, [Outgoing(1, 1, 1, Channel.SMS, Say.DUE, goes_first=False)], now=AT)


@pytest.mark.parametrize("work", [marks, rings, creates, health.try_to_write])
@pytest.mark.parametrize("state", ["only reads", "goes down"])
def test_a_connection_that_is_of_no_use_any_more_is_not_used_again(
    postgres_url: str, work: Callable[[Session], None], state: str
):
    engine = base.connect(postgres_url)
    migrations.up(engine)
    sessions = sessionmaker(engine)
    with sessions() as session:
        if state == "only reads":
            session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        else:
            session.execute(
                text("CREATE FUNCTION goes() RETURNS trigger AS 'BEGIN RAISE SQLSTATE ''57P01''; END' LANGUAGE plpgsql")
            )
            for name in ("mark", "message"):
                session.execute(text(f"CREATE TRIGGER goes BEFORE INSERT OR UPDATE ON {name} EXECUTE FUNCTION goes()"))
        session.commit()
        ours = session.connection().connection.driver_connection.info.backend_pid

    with pytest.raises(DBAPIError) as failed, sessions() as session:
        work(session)
    with sessions() as session:
        now = session.connection().connection.driver_connection.info.backend_pid

    assert failed.value.connection_invalidated
    assert now != ours
    engine.dispose()
