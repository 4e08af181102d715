"""An operator at the command line acts for an office, and reads why something was refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import programmes
from models.desk.changes import Hand, Way
from models.offices.offices import Office
from rules.filing import NotTaken
from rules.programme import Programme
from services import telling


def hand(session: Session, programme: Programme, by: str) -> Hand:
    """The operator, acting for an office. Raises: NotTaken: there is no such office."""
    office = telling.office_of(session, programme, by)
    return Hand(office.id, office.title, Way.COMMAND)


def office_of(session: Session, programme: Programme, code: str) -> Office:
    """The row of an office of this desk. Raises: Refusal: there is none."""
    with answered():
        return telling.office_of(session, programme, code)


def programme_of(rt: Runtime, session: Session, id: int) -> Programme:
    """A live programme, of which something is to be changed. Raises: Refusal: it is closed; ConfigError: unreadable."""
    if rt.closed(session, id):
        raise Refusal(f"{programmes.code_of(session, id)} is closed, and nothing of it changes: see ./desk reopen")
    return rt.programme(session, id)


@contextmanager
def answered() -> Iterator[None]:
    """Turn what a use case does not take into a refusal to the operator."""
    try:
        yield
    except NotTaken as error:
        raise Refusal(str(error)) from error
