"""Statements handed to the driver behave like those that SQLAlchemy sends."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker

from models import base, direct
from models.base import Base, table
from models.direct import among, one_of
from models.offices import Office

OFFICES = table(Office).c
SOME = select(OFFICES.code).where(among(OFFICES.id, "ids")).order_by(OFFICES.id)
OTHERS = select(OFFICES.code).where(~among(OFFICES.id, "ids")).order_by(OFFICES.id)
HASHED = select(OFFICES.code).where(one_of(OFFICES.id, "ids")).order_by(OFFICES.id)
ADD = insert(table(Office)).returning(OFFICES.id)
SECRET = "Camat yang tidak boleh tercatat"


@pytest.fixture
def session(database_url):
    engine = base.connect(database_url)
    Base.metadata.create_all(engine)
    with sessionmaker(engine)() as session:
        for id in (1, 2, 3):
            session.add(Office(id=id, desk="d", code=f"o{id}", title="t", sms_name="s", zone="Asia/Jakarta"))
        session.commit()
        yield session
    engine.dispose()


@pytest.mark.parametrize("ids", [(), (2,), (3, 1), range(1, 900)])
def test_any_number_of_ids_is_found_and_left_out(session, ids):
    assert direct.rows(session, SOME, {"ids": ids}) == [(f"o{id}",) for id in (1, 2, 3) if id in ids]
    assert direct.rows(session, HASHED, {"ids": ids}) == direct.rows(session, SOME, {"ids": ids})
    assert direct.rows(session, OTHERS, {"ids": ids}) == [(f"o{id}",) for id in (1, 2, 3) if id not in ids]


def test_what_was_written_in_a_session_is_seen_and_undone_with_it(session):
    again = {"desk": "d", "code": "o4", "title": "t", "sms_name": "s", "zone": "z"}

    ((id,),) = direct.rows(session, ADD, again | {"id": 4})

    assert direct.rows(session, SOME, {"ids": [id]}) == [("o4",)]
    session.rollback()
    assert direct.rows(session, SOME, {"ids": [id]}) == []


def test_an_error_is_of_the_usual_kind_and_tells_no_values(session):
    twice = {"id": 1, "desk": "d", "code": "o1", "title": SECRET, "sms_name": "s", "zone": "z"}

    with pytest.raises(IntegrityError) as error:
        direct.rows(session, ADD, twice)

    assert SECRET not in str(error.value)
    session.rollback()
    assert direct.rows(session, SOME, {"ids": [1]}) == [("o1",)]
