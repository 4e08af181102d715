"""One version of a report to the Government, as the one who is signed in may see it."""

from typing import NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request

from models.matters import submissions
from models.matters.matters import Matter
from models.matters.submissions import Submission
from reports.government import facts
from reports.government.facts import Weekly
from rules import submissions as rule
from rules.programme import Programme
from rules.submissions import State
from services.government import approving, withheld
from services.government.approving import Own
from web import chosen
from web.books import Books
from web.door.who import Who
from web.guards.refusals import Help, Refusal

PATH = "/laporan-pemerintah"


class Looked(NamedTuple):
    """A version, locked, with its frozen facts, and all versions of its report.

    `enclosed`: the problems of its annex; `reads_annex`: there is one, and the reader may read of each of them.
    `withheld`: the problems that it names and that are restricted by now; `open`: the reader may read of each of them.
    """

    programme: Programme
    own: Own
    facts: Weekly
    versions: list[Submission]
    withheld: list[Matter]
    open: bool
    enclosed: list[Matter]
    reads_annex: bool

    @property
    def last(self) -> bool:
        """Whether it is the last that stands."""
        standing = [own for own in self.versions if own.state is not State.DROPPED]
        return standing[-1].id == self.own.submission.id

    @property
    def zone(self) -> str:
        return self.facts.header.zone


def look(books: Books, session: Session, request: Request, at: Who) -> Looked:
    """The version that the address names. Raises: Refusal: there is none, or this office does not read it."""
    known = session.get(Submission, chosen.row_id(str(request.path_params["submission"])))
    matter = session.get(Matter, known.obligation_id) if known else None
    programme = at.programmes.get(matter.programme_id) if matter else None
    if known is None or programme is None or not rule.sees(programme.desk, at.code):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    own = approving.held(session, programme, known.id)
    assert own is not None
    frozen = facts.from_json(own.submission.facts)
    secret = withheld.restricted(session, own.submission)
    apart = withheld.enclosed(session, own.submission)
    read, annex = (
        all(at.reads(own.matter.programme_id, problem, restricted=True) for problem in problems)
        for problems in (secret, apart)
    )
    versions = submissions.versions(session, own.obligation.id)
    return Looked(programme, own, frozen, versions, secret, read, apart, annex and bool(apart))
