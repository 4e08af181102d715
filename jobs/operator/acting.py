"""An operator at the command line acts for an office, and reads why something was refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from jobs.operator.refusals import Refusal
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


@contextmanager
def answered() -> Iterator[None]:
    """Turn what a use case does not take into a refusal to the operator."""
    try:
        yield
    except NotTaken as error:
        raise Refusal(str(error)) from error
