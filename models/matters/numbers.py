"""What people call a matter by: its number (R-0805, P-0012, A-0003), which one desk has once, or its natural key."""

from collections.abc import Collection

from sqlalchemy import Integer, bindparam, cast, func, select
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.desk.programmes import Programme
from models.machine import clock, floors
from models.matters.matters import Kind, Matter

_T, _P = table(Matter), table(Programme)
NUMBERS = "numbers"


def next_(session: Session, programme_id: int, kind: Kind) -> int:
    """The next running number of a desk's reports or problems, from 1, over all its elections.

    Whoever asks holds the numbers until his transaction ends: two at once wait for each other.
    """
    clock.alone(session, NUMBERS)
    number = cast(func.substr(_T.c.code, 3), Integer)
    own = _T.c.programme_id.in_(of_desk(session, programme_id))
    return after(session, programme_id, kind, session.scalar(select(func.max(number)).where(own, _T.c.kind == kind)))


def after(session: Session, programme_id: int, kind: str, highest: int | None) -> int:
    """The number after the highest of its kind; None: there is none yet."""
    desk = at_desk(session.scalars(select(Programme.code).where(Programme.id == programme_id)).one())
    return floors.next_(session, series(desk, kind), highest or 0)


def series(desk: str, kind: str) -> str:
    """The name of what numbers the matters, or the appeals, of a desk."""
    return f"{kind}/{desk}"


def of_desk(session: Session, programme_id: int) -> list[int]:
    """All programmes of the desk that has this one: its numbers run on over its elections."""
    codes = session.execute(select(Programme.id, Programme.code)).all()
    desk = next(at_desk(code) for id, code in codes if id == programme_id)
    return [id for id, code in codes if at_desk(code) == desk]


def at_desk(programme: str) -> str:
    """The code of the desk in a programme's."""
    return programme.rpartition("/")[2]


def codes(session: Session, ids: Collection[int]) -> dict[int, str]:
    """By id, what people call these matters."""
    rows = session.execute(select(_T.c.id, _T.c.code).where(_T.c.id.in_(list(ids))))
    return {row.id: row.code for row in rows}


def on(session: Session, programme_id: int, code: str) -> int | None:
    """The id of the matter that a desk calls so in this election; None: it has none."""
    return session.scalar(select(_T.c.id).where(_T.c.programme_id == programme_id, _T.c.code == code))


def ids(session: Session, keys: Collection[str]) -> dict[str, int]:
    """By natural key, the ids of these matters."""
    rows = session.execute(select(_T.c.key, _T.c.id).where(_T.c.key.in_(list(keys))))
    return {row.key: row.id for row in rows}


_BY_KEY = select(_T.c.id).where(_T.c.key == bindparam("name"))
_BY_CODE = (
    select(_T.c.id, _P.c.code).join_from(_T, _P, _P.c.id == _T.c.programme_id).where(_T.c.code == bindparam("code"))
)


def called(session: Session, name: str) -> list[int]:
    """The matters of this name: a natural key, `DESK/number`, or a number alone, which several desks may have.

    The key is looked for first: only that has an index of its own.
    """
    session.flush()
    if exact := direct.rows(session, _BY_KEY, {"name": name}):
        return [id for (id,) in exact]
    desk, _, code = name.rpartition("/")
    rows = direct.rows(session, _BY_CODE, {"code": code})
    return [id for id, programme in rows if desk in ("", programme, at_desk(programme))]


SEVERAL = "several desks have this number: write the desk's code before it, as in barito-kuala/R-0805"


def unnamed(session: Session, name: str, otherwise: str) -> str:
    """Why no matter has this name: several desks have it, or else `otherwise`."""
    return f"{name!r}: {SEVERAL if len(called(session, name)) > 1 else otherwise}"


def matter(session: Session, name: str) -> Matter | None:
    """A matter by its natural key, or by its number; None where there is none, or where several desks have one."""
    ids = called(session, name)
    return session.get(Matter, ids[0]) if len(ids) == 1 else None
