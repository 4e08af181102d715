"""What the desk of the level below has sent files what it owes to the desk above."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand, Way
from models.matters import arrivals, numbers, obligations
from models.matters.arrivals import Arrival, ArrivalDocument, Which
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from reports.government import facts as weekly
from reports.government import figures
from rules import arrivals as arriving
from rules import people
from rules.arrivals import Fate
from rules.duties import Duty
from rules.filing import Content, Incoming, NotTaken, Via
from rules.forms import PLAIN, Form
from rules.programme import Programme
from services import filing, telling

ARRIVED = "arrived"
"""What the change is called, of a version that does not count: whatever counts is filed."""


class Sent(NamedTuple):
    """One version of a report as the desk below sent it. `key` and `package`: as a package came, else empty."""

    area: str
    kind: str
    slot: str
    version: int
    facts: str
    approved: str | None = None
    submission_id: int | None = None
    key: str | None = None
    package: str | None = None


class Above(NamedTuple):
    """A programme that takes a report of this kind from an area, and the duty that it fulfils there."""

    id: int
    programme: Programme
    duty: Duty


class Takers:
    """The live programmes that take reports of a level below, by election and area."""

    def __init__(self, programmes: Mapping[int, Programme]) -> None:
        self._programmes = programmes
        self._by_area: dict[tuple[str, str], list[Above]] = defaultdict(list)
        for id, programme in programmes.items():
            for duty in programme.policy.duties:
                for district in programme.desk.districts if duty.takes else ():
                    self._by_area[programme.election.code, district.code].append(Above(id, programme, duty))

    def of(self, election: str, area: str, kind: str) -> list[Above]:
        """Those that take this kind of report of the desk of `area`."""
        return [to for to in self._by_area.get((election, area), ()) if to.duty.takes == kind]

    def any_of(self, election: str, area: str) -> bool:
        """Whether reports of any kind are taken of that area."""
        return (election, area) in self._by_area

    def below(self) -> list[int]:
        """The programmes whose reports another one here may take."""
        known = self._by_area
        return [id for id, own in self._programmes.items() if (own.election.code, own.desk.regency_code) in known]


def arrived(
    session: Session, takers: Takers, below: Programme, forms: Mapping[str, Form], submission: Submission, now: datetime
) -> list[Arrival]:
    """File what is owed above in this installation, once a version of the desk of `below` has left. Safe to repeat."""
    own = session.get_one(Obligation, submission.obligation_id)
    kind = below.policy.duty(own.duty).form
    sent = Sent(
        area=below.desk.regency_code,
        kind=kind,
        slot=own.slot,
        version=submission.version,
        facts=submission.facts,
        approved=submission.approved,
        submission_id=submission.id,
    )
    return [
        taken(session, to, forms.get(to.duty.form, PLAIN), sent, hand=None, now=now)
        for to in takers.of(below.election.code, sent.area, kind)
    ]


def taken(
    session: Session,
    to: Above,
    form: Form,
    sent: Sent,
    *,
    documents: Iterable[ArrivalDocument] = (),
    hand: Hand | None,
    now: datetime,
) -> Arrival:
    """Keep a version that came, and file it if none newer did. The same again is the same arrival.

    Args:
        hand: who brought it; None: it came by itself.

    Raises:
        rules.arrivals.Other: this version came before with other facts.
        ValueError: these are no facts of a report.
    """
    facts = weekly.from_json(sent.facts)
    digest = hashlib.sha256(sent.facts.encode()).hexdigest()
    which = Which(to.id, sent.area, sent.kind, sent.slot)
    owed = obligations.locked(session, _key(to, sent.area, sent.slot))
    before = arrivals.versions(session, which)
    known = {arrival.version: arrival.facts_digest for arrival in before}
    if arriving.again(known, sent.version, digest):
        return next(arrival for arrival in before if arrival.version == sent.version)
    fate = arriving.fate(known, sent.version, owed=owed is not None)
    report_id = None
    if owed is not None and fate is Fate.COUNTS:
        report_id = _filed(session, to, owed, form, facts, now)
        fate = fate if report_id else Fate.UNOWED
    by = hand or _itself(session, to, sent.area)
    if report_id is None:
        place = (to.id, owed[0].id if owed else None)
        said = f"{sent.kind} {sent.slot} versi {sent.version}"
        changes.record(session, by, ARRIVED, said[:60], *place, text=fate.value, now=now)
    came = Arrival(
        programme_id=to.id,
        obligation_id=owed[1].id if owed else None,
        submission_id=sent.submission_id,
        report_id=report_id,
        area=sent.area,
        kind=sent.kind,
        slot=sent.slot,
        version=sent.version,
        fate=fate,
        facts=sent.facts,
        facts_digest=digest,
        approved=sent.approved,
        package_digest=sent.package,
        key=sent.key,
        office_id=by.office_id,
        at=now,
    )
    return arrivals.keep(session, came, list(documents))


def period(session: Session, to: Above, area: str, slot: str) -> tuple[date, date] | None:
    """The days that the report owed above is about; None: none is owed."""
    matter = numbers.matter(session, _key(to, area, slot))
    own = session.get(Obligation, matter.id) if matter else None
    return (own.period_start, own.period_end) if own else None


def came_before(session: Session, which: Which, version: int, digest: str) -> bool:
    """Whether exactly this came before. Raises: rules.arrivals.Other: the version came with other facts."""
    known = {arrival.version: arrival.facts_digest for arrival in arrivals.versions(session, which)}
    return arriving.again(known, version, digest)


def _key(to: Above, area: str, slot: str) -> str:
    """The natural key of what it fulfils: the same slot."""
    return f"{to.programme.code}/{to.duty.code}/{area}/{slot}"


def _filed(
    session: Session, to: Above, owed: tuple[Matter, Obligation], form: Form, facts: weekly.Weekly, now: datetime
) -> int | None:
    """The report that it was filed as; None: it is not owed any more."""
    reporter, _ = people.owing(to.programme.desk, owed[0].area)
    body = arriving.body(form, figures.printed(facts))
    incoming = Incoming(Content.FILLED, body, Via.DESK, reporter)
    try:
        return filing.file(
            session, to.programme, owed, form, incoming, hand=_itself(session, to, owed[0].area), now=now
        ).report.id
    except NotTaken:
        return None


def _itself(session: Session, to: Above, area: str) -> Hand:
    """Nobody brought it: it stands in the name of whoever reports for the area."""
    reporter, _ = people.owing(to.programme.desk, area)
    office = telling.office_of(session, to.programme, reporter)
    return Hand(office.id, office.title, Way.SYSTEM)
