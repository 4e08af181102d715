"""A shape of the tables that many rows already have is changed without losing what points to them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker

from models import migrations
from models.base import connect
from models.offices.offices import Contact
from tests.stories.desk import Desk


@pytest.fixture
def engine(database_url):
    engine = connect(database_url, durable=False)
    migrations.up(engine)
    yield engine
    engine.dispose()


def test_contacts_that_messages_point_to_survive_the_way_down_and_up(engine):
    desk = Desk(sessionmaker(engine, expire_on_commit=False))
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.clock.reads("H-7 15:30")
    desk.passes_to("Camat Tamban", "Ibu Baru", since="H-7 00:00", phone="+6282000000090")
    desk.passes_to("Camat Tamban", "Ibu Lain", since="H-7 12:00", phone="+6282000000091")
    before = len(desk.messages())

    migrations.down(engine, "0005")
    migrations.up(engine)

    assert len(desk.messages()) == before > 0
    with engine.connect() as connection:
        lost = text("SELECT count(*) FROM message WHERE contact_id NOT IN (SELECT id FROM contact)")
        assert connection.execute(lost).scalar() == 0


def test_an_office_has_one_contact_in_force_by_each_channel(sessions):
    desk = Desk(sessions)
    with sessions.begin() as session:
        old = session.query(Contact).first()
        twin = {name: getattr(old, name) for name in ("office_id", "channel", "address", "since")}

        session.add(Contact(state=Contact.State.ENDED, **twin))
        session.add(Contact(state=Contact.State.PLANNED, **twin))
        session.flush()

    assert desk is not None
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.add(Contact(state=Contact.State.DEAD, **twin))
