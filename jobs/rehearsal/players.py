"""The people of a rehearsal: they file, report problems and see to them, and give and answer advice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from config.midway import Midway
from jobs.operator.amend import Amended
from jobs.rehearsal import acts, looks
from jobs.runtime import Runtime
from models.desk.changes import Way
from rules import people, scenario, submissions
from rules.amending import Act
from rules.duties import Obligation
from rules.filing import NotTaken, Via
from rules.programme import Programme
from rules.scenario import (
    OF_GIVER,
    Advice,
    Answer,
    Confirm,
    Deed,
    Do,
    Helped,
    Place,
    Posted,
    Problem,
    Scenario,
    Trip,
)  # fmt: skip

READ = timedelta(hours=2)
"""So long before it is due, a special report is read and approved."""

EACH = timedelta(minutes=5)
"""Each who approves a report takes so long."""


@dataclass(order=True)
class Planned:
    """What somebody does at a moment. Deeds of one moment happen in the order in which they were planned."""

    at: datetime
    order: int
    do: Callable[[], None] = field(compare=False)


class Done(NamedTuple):
    """What was amended at a moment, by which files, and what became of it."""

    at: datetime
    files: Sequence[str]
    amended: Amended


class Players:
    """Everybody's deeds from `start` on, in order of time.

    `refused` holds what the desk said when it refused one, `looks` what was seen on the board, `amended` what was
    amended.
    """

    def __init__(
        self,
        rt: Runtime,
        script: Scenario,
        obligations: Sequence[Obligation],
        *,
        start: datetime,
        midway: Sequence[Midway] = (),
    ) -> None:
        self.refused: list[str] = []
        self.amended: list[Done] = []
        self.looks: list[dict[str, Any]] = []
        self._rt = rt
        self._script = script
        self._owed = {o.key: o for o in obligations}
        self._ahead = list(self._owed)
        self._awaited: dict[str, Answer] = {}
        self._keys: dict[str, str] = {}
        self._helped: set[str] = set()
        self._planned: list[Planned] = []
        self._order = count()
        for answer in self._answers():
            self._await(answer)
        for changed in (m for m in midway if m.at >= start):
            self._plan(changed.at, self._amend, changed)
        for problem in (p for p in script.problems if p.at >= start):
            self._plan(problem.at, self._report, problem)
        for given in (a for a in script.advice if a.at >= start):
            self._plan(given.at, self._give, given)
        for place in (p for p in script.risks if p.at >= start):
            self._plan(place.at, self._note, place)
        for trip in (t for t in script.trips if t.at >= start):
            self._plan(trip.at, self._travel, trip)
        for own in (c for c in script.confirms if c.at >= start):
            self._plan(own.at, self._confirm, own)
        for posted in (p for p in script.shifts if p.at >= start):
            self._plan(posted.at, self._post, posted)
        for planned in (p for p in script.rearrangements if p.at >= start):
            self._plan(planned.at, acts.rearrange, rt, planned)
        for helped in (h for h in script.aides if h.at >= start):
            self._plan(helped.at, self._ask, helped)
        for at in (at for at in script.looks if at >= start):
            self._plan(at, self._look)

    @property
    def _programme(self) -> Programme:
        """As it is in force now: who reports may change."""
        ((_, programme),) = self._rt.programmes.items()
        return programme

    @property
    def next_at(self) -> datetime | None:
        """When somebody next does something; None if nobody does."""
        return self._planned[0].at if self._planned else None

    def act(self, *, until: datetime) -> None:
        """Do all deeds that are due by then."""
        while self._planned and self._planned[0].at <= until:
            try:
                heappop(self._planned).do()
            except NotTaken as refusal:
                self.refused.append(str(refusal))

    def _plan(self, at: datetime, do: Callable[..., None], *facts: object) -> None:
        heappush(self._planned, Planned(at, next(self._order), lambda: do(*facts)))

    def _answers(self) -> list[Answer]:
        """Who answers what is owed, and when. What is owed keeps its luck, whenever it is due."""
        owed = [self._owed[key] for key in self._ahead]
        return scenario.answers(self._script, owed, Random(self._script.seed))  # noqa: S311 - a play, not a secret

    def _await(self, answer: Answer) -> None:
        """Plan a report. It is filed unless an amendment comes first that gives it another time, or takes it away."""
        self._awaited[answer.key] = answer
        self._approve(answer)
        self._plan(answer.at, self._if_awaited, answer, partial(self._file, answer))

    def _if_awaited(self, answer: Answer, do: Callable[[], None]) -> None:
        if self._awaited.get(answer.key) is answer:
            do()

    def _amend(self, changed: Midway) -> None:
        """Put changed files in force. Who answers stays the same; when follows the new due times."""
        done = acts.put_in_force(self._rt, changed.documents, also_open=changed.also_open)
        names = [Path(own.name).name for own in changed.documents]
        self.amended.append(Done(changed.at, names, done))
        for step in done.altered:
            self._awaited.pop(step.report.key, None)
        anew = {s.report.key: s.report for s in done.altered if s.act in (Act.MOVE, Act.ADJUST, Act.MAKE)}
        self._ahead += [key for key in anew if key not in self._owed]
        self._owed |= anew
        for answer in self._answers():
            if answer.key in anew:
                self._await(replace(answer, at=max(answer.at, changed.at)))

    def _approve(self, answer: Answer) -> None:
        """Before the desk's own report is filed, it is handed in and approved by all who are to."""
        owed, desk = self._owed[answer.key], self._programme.desk
        if owed.area != desk.regency_code:
            return
        kind = self._rt.kind(self._programme.policy.duty(owed.duty, owed.key).form)
        approvers = submissions.approvers(desk, kind)
        steps: list[Callable[..., None]] = [acts.hand_in, *(partial(acts.approve, by=office) for office in approvers)]
        for before, step in zip(range(len(steps), 0, -1), steps, strict=True):
            self._plan(answer.at - before * EACH, self._if_awaited, answer, partial(step, self._rt, owed))

    def _file(self, answer: Answer) -> None:
        owed, programme = self._owed[answer.key], self._programme
        office, _ = people.owing(programme.desk, owed.area)
        via = Via.PHONE if answer.by_phone else Via.LINK
        if answer.nil and programme.policy.duty(owed.duty, owed.key).nil:
            acts.file(self._rt, owed, None, by=office, via=via)
            return
        form, counts = (
            acts.form_of(self._rt, programme, owed),
            programme.desk.counts(programme.election.code, owed.area),
        )
        for after, said in scenario.said(self._script, owed, form, counts):
            if answer.key in self._helped:
                said = acts.with_villages(self._rt, owed, said)
            self._plan(answer.at + after, lambda said=said: acts.file(self._rt, owed, said, by=office, via=via))

    def _report(self, problem: Problem) -> None:
        area, desk = problem.incident.area, self._programme.desk
        reporter, _ = people.owing(desk, area)
        way = Way.SESSION if problem.by else Way.LINK
        key = acts.report(self._rt, problem, by=problem.by or reporter, way=way)
        self._keys[problem.code] = key
        for deed in problem.deeds:
            by = deed.by or people.coordinator(desk, area)
            self._plan(problem.at + deed.after, self._see_to, key, deed, by)

    def _see_to(self, key: str, deed: Deed, by: str) -> None:
        if deed.do is Do.REPORT:
            owed = acts.special(self._rt, key, deed, by=by)
            self._owed[owed.key] = owed
            self._await(Answer(owed.key, owed.due_at - READ, nil=False, by_phone=True))
            return
        acts.about_problem(self._rt, key, deed, by=by, into=self._keys.get(deed.to, ""))

    def _give(self, given: Advice) -> None:
        keys = acts.give(self._rt, given, about=self._keys[given.about] if given.about else "")
        for deed in given.deeds:
            to = deed.to or (deed.by if deed.by in keys else given.to[0])
            by = deed.by or (given.by if deed.do in OF_GIVER else to)
            self._plan(given.at + deed.after, self._answer, keys[to], deed, by)

    def _answer(self, key: str, deed: Deed, by: str) -> None:
        acts.about_advice(self._rt, key, deed, by=by)

    def _confirm(self, own: Confirm) -> None:
        for office in self._programme.desk.offices:
            if office.code not in own.but:
                acts.confirm_contacts(self._rt, by=office.code)

    def _ask(self, helped: Helped) -> None:
        about = (own for own in self._owed.values() if (own.area, own.duty) == (helped.district, helped.duty))
        owed = min((own for own in about if own.due_at > helped.at), key=lambda own: own.due_at, default=None)
        if owed is None:
            raise NotTaken(f"{helped.district} owes no {helped.duty} after {helped.at}")
        office, _ = people.owing(self._programme.desk, helped.district)
        acts.ask_villages(self._rt, owed, helped.villages, by=office)
        self._helped.add(owed.key)
        for village, sent in helped.villages.items():
            if sent is not None:
                self._plan(helped.at + sent.after, acts.send_below, self._rt, owed, village, sent.answers)

    def _post(self, posted: Posted) -> None:
        id = acts.post(self._rt, posted)
        if posted.note:
            self._plan(posted.shift.ends_at, acts.leave_note, self._rt, posted, id)

    def _note(self, place: Place) -> None:
        acts.note_risk(self._rt, place)

    def _travel(self, trip: Trip) -> None:
        id = acts.plan_trip(self._rt, trip)
        if trip.told_at is not None:
            self._plan(trip.told_at, acts.tell_trip, self._rt, trip, id)

    def _look(self) -> None:
        with acts.at_work(self._rt, self._programme.desk.chair, Way.SESSION) as at:
            self.looks.append(looks.look(self._rt, at))
