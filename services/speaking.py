"""What a report says of problems: it opens them, and a later version of it speaks of the same ones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.matters import courses, issues, tasks
from models.matters.issues import Described, Issue, Source, Step
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from rules import incidents, people, troubles
from rules.forms import CONDITIONS, Form, Indicator
from rules.issues import RESTRICTED
from rules.policy import Severity
from rules.programme import Programme
from rules.support import Support
from rules.tasks import Why
from rules.troubles import Said
from services import problems


def told(
    session: Session,
    programme: Programme,
    owed: tuple[Matter, Obligation],
    form: Form,
    versions: Sequence[Report],
    *,
    hand: Hand,
    now: datetime,
) -> list[str]:
    """Do what the last version of a report says of problems; the numbers of those that it speaks of.

    Args:
        owed: the report, locked: two versions wait for each other.
    """
    matter, obligation = owed
    known = issues.of_report(session, matter.id)
    support = programme.policy.duty(obligation.duty).support
    speaking = _Speaking(session, programme, matter, versions, support, hand, now)
    opened = [own for own in troubles.wished(form, versions[-1].body) if own.code not in known]
    if not opened and not known:
        return []
    for own in opened:
        speaking.opens(own)
    asked = {own.code: own for own in form.indicators}
    for code, (problem, issue) in known.items():
        speaking.again(problem, issue, asked.get(code))
    return spoken_of(session, versions[-1])


def spoken_of(session: Session, report: Report) -> list[str]:
    """The numbers of the problems that a version of a report speaks of."""
    known = issues.numbers_of_report(session, report.obligation_id)
    return [code for indicator, code in known if troubles.said(report.body, indicator).troubled]


class _Speaking:
    """The last version of a report, which speaks of problems."""

    def __init__(
        self,
        session: Session,
        programme: Programme,
        matter: Matter,
        versions: Sequence[Report],
        support: Support | None,
        hand: Hand,
        now: datetime,
    ) -> None:
        self.session, self.programme, self.matter, self.versions = session, programme, matter, versions
        self.support, self.hand, self.now = support, hand, now

    def opens(self, own: Indicator) -> None:
        """A problem that no version spoke of before. What an office has not ready is its own to solve."""
        assert own.category is not None
        said = self._said(own.code)
        desk, served = self.programme.desk, self.support.districts if self.support else ()
        described = Described(
            area=served[0] if served and desk.is_office(self.matter.area) else people.district(desk, self.matter.area),
            category=own.category,
            severity=troubles.severity(own, said),
            title=f"{own.name}: {CONDITIONS[said.condition].lower()}",
            detail=said.note,
            source=Source(self.matter.id, own.code),
            circumstances=said.details.circumstances,
        )
        programme_id = self.matter.programme_id
        owner = people.owing(desk, self.matter.area)[0] if self.support else None
        problems.open_(self.session, programme_id, self.programme, described, owner=owner, hand=self.hand, now=self.now)

    def again(self, problem: Matter, issue: Issue, own: Indicator | None) -> None:
        """A problem that an earlier version opened: new words are added, what is worse climbs anew.

        Of one that was merged into another, what is said is said of the other.
        """
        code = str(issue.indicator)
        said, before = self._said(code), [troubles.said(v.body, code) for v in self.versions[:-1]]
        known, issue = (problem, issue) if issue.merged_into is None else courses.root(self.session, issue)
        merged, changed = known.id != problem.id, said != before[-1]
        if issue.resolved_at is not None:
            if said.troubled and changed:
                self._after_the_end(known, issue, said)
        elif said.troubled:
            if changed:
                self._add(known, Step.REPORTED, said)
                if details := incidents.known(said.details.circumstances):
                    issues.change(self.session, problem.id, **details)
            severity = self._severity(known, issue, own, said)
            if severity is not issue.severity or troubles.worse(said, before):
                problems.escalate(self.session, self.programme, known, severity, hand=self.hand, now=self.now)
        elif before[-1].troubled:
            self._add(problem, Step.WITHDRAWN, said)
            if merged:
                self._add(known, Step.TAKEN_BACK, said)

    def _severity(self, problem: Matter, issue: Issue, own: Indicator | None, said: Said) -> Severity:
        """At least what the form and its reporter say; but what somebody decided by hand stands."""
        if own is None or any(event.step is Step.GRADED for event in issues.events(self.session, problem.id)):
            return issue.severity
        return troubles.graver(issue.severity, troubles.severity(own, said, otherwise=issue.severity))

    def _after_the_end(self, problem: Matter, issue: Issue, said: Said) -> None:
        """It is over, and stays so; that it is spoken of in other words is somebody's to look at."""
        self._add(problem, Step.REPORTED, said)
        place = self.programme.desk.area_name(problem.area)
        tasks.open_(
            self.session,
            problem.programme_id,
            Why.TROUBLED_AGAIN,
            f"{problem.programme_id}/{problem.code}",
            f"{problem.code}, {RESTRICTED}" if issue.restricted else f"{problem.code}, {place}: {self.matter.code}",
            urgent=issue.severity is Severity.HIGH and not issue.restricted,
            now=self.now,
        )

    def _said(self, code: str) -> Said:
        return troubles.said(self.versions[-1].body, code)

    def _add(self, problem: Matter, step: Step, said: Said) -> None:
        number = self.versions[-1].number
        words = [f"{CONDITIONS[said.condition]} ({self.matter.code}, {number})", said.note]
        text = ". ".join(word for word in words if word)
        problems.noted(self.session, problem, step, hand=self.hand, text=text, now=self.now)
