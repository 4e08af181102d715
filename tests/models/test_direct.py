"""Statements handed to the driver behave like those that SQLAlchemy sends."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker

from models import base, direct
from models.base import Base, table
from models.direct import among, one_of
from models.offices.offices import Office

OFFICES = table(Office).c
SOME = select(OFFICES.code).where(among(OFFICES.id, "ids")).order_by(OFFICES.id)
OTHERS = select(OFFICES.code).where(~among(OFFICES.id, "ids")).order_by(OFFICES.id)
HASHED = select(OFFICES.code).where(one_of(OFFICES.id, "ids")).order_by(OFFICES.id)
ADD = insert(table(Office)).returning(OFFICES.id)
REST = {"desk": "d", "sms_name": "s", "zone": "z", "aide": False, "quiet": "", "own_quiet": ""}
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
    again = REST | {"code": "o4", "title": "t"}

    ((id,),) = direct.rows(session, ADD, again | {"id": 4})

    assert direct.rows(session, SOME, {"ids": [id]}) == [("o4",)]
    session.rollback()
    assert direct.rows(session, SOME, {"ids": [id]}) == []


def test_an_error_is_of_the_usual_kind_and_tells_no_values(session):
    twice = REST | {"id": 1, "code": "o1", "title": SECRET}

    with pytest.raises(IntegrityError) as error:
        direct.rows(session, ADD, twice)

    assert SECRET not in str(error.value)
    session.rollback()
    assert direct.rows(session, SOME, {"ids": [1]}) == [("o1",)]


MOVED = """models/direct.py reads {name} of SQLAlchemy's compiler, which is no promise of the library's.
If an upgrade broke this: find in SQLAlchemy's changelog what stands in its place, and change `Ready` alone. Until then,
`direct.rows` and `direct.run` may send statements by `session.connection().execute(statement, values)`:
slower, not wrong."""


def test_what_is_read_of_the_compiler_is_where_it_was(session):
    dialect = session.get_bind().dialect
    compiled = ADD.compile(dialect=dialect)

    for name in ("string", "positiontup", "post_compile_params", "bind_names", "insert_prefetch", "params"):
        assert hasattr(compiled, name), MOVED.format(name=name)
    for name in ("loaded_dbapi", "is_disconnect"):
        assert hasattr(dialect, name), MOVED.format(name=name)
    named = set(compiled.bind_names.values())
    assert named == set(compiled.positiontup or named), MOVED.format(name="positiontup")
