"""A report or a problem that somebody signed in may read, and what he may do with it."""

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request

from models.matters import courses, issues, overseeing
from models.matters.matters import Kind, Matter
from rules import decisions, people
from rules.access import May
from rules.programme import Programme
from services import restricting
from web.books import Books
from web.door.who import Who
from web.guards.refusals import Help, Refusal

_CODE = re.compile(r"[RP]-[0-9]{1,9}")


class Looked(NamedTuple):
    """A matter that somebody signed in may read. `givers`: who reported the problem, or one merged into it."""

    programme_id: int
    programme: Programme
    matter: Matter
    restricted: bool = False
    givers: Collection[int] = ()

    @property
    def zone(self) -> str:
        return self.programme.desk.zone_of(self.matter.area)

    @property
    def report(self) -> bool:
        return self.matter.kind is Kind.OBLIGATION

    def other(self, session: Session, matter: Matter) -> "Looked":
        """Another problem of the same election."""
        return _looked(session, self.programme_id, self.programme, matter)

    def may(self, at: Who, act: May) -> bool:
        """Whether it may do this. Whom a problem is about may not even read it."""
        if not at.reads(self.programme_id, self.matter, restricted=self.restricted):
            return False
        owner = self.matter.owner_id == at.office_id
        return at.may(
            act, self.programme_id, self.matter.area, report=self.report, owner=owner, reporter=self._reported(at)
        )

    def _reported(self, at: Who) -> bool:
        """Whether it reported the problem, or one merged into it, or reports for its district; and may read of it."""
        reporter, _ = people.owing(self.programme.desk, self.matter.area)
        if self.matter.giver_id == at.office_id:
            return True
        return not self.restricted and (reporter == at.code or at.office_id in self.givers)


def look(books: Books, session: Session, request: Request, at: Who) -> Looked:
    """The matter in the address; that a restricted problem is read is recorded.

    Raises:
        Refusal: there is none, or the office may not read it; both look alike.
    """
    number, code = request.path_params["programme"], request.path_params["code"]
    known = number in at.programmes and _CODE.fullmatch(code)
    matter = overseeing.by_code(session, number, code) if known else None
    if matter is not None:
        looked = _looked(session, number, at.programmes[number], matter)
        if looked.may(at, May.READ):
            if looked.restricted:
                restricting.read(session, matter, hand=at.hand, now=at.now)
            return looked
    raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")


def _looked(session: Session, programme_id: int, programme: Programme, matter: Matter) -> Looked:
    restricted, givers = issues.restricted(session, matter.id), courses.givers(session, matter)
    return Looked(programme_id, programme, matter, restricted, givers)


def facts(at: Who, looked: Looked, able: dict[May, bool]) -> dict[str, Any]:
    """What the page of a report and that of a problem both show. `able`: what its state allows now."""
    return {
        "programme": looked.programme_id,
        "code": looked.matter.code,
        "round": looked.matter.round,
        "may": {act.value for act, now in able.items() if now and looked.may(at, act)},
        "reason": decisions.REASON,
    }
