"""The people of a rehearsal: who files, who takes up a problem, who sends the report on. They use the real ways in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from random import Random

from jobs import filing, problems
from jobs.refusals import Refusal
from jobs.runtime import Runtime
from rules import people, scenario
from rules.duties import Obligation
from rules.filing import Content, Via
from rules.programme import Programme
from rules.scenario import Answer, Problem, Scenario


@dataclass(order=True)
class Deed:
    """What somebody does at a moment; deeds of one moment happen in the order in which they were thought of."""

    at: datetime
    order: int
    do: Callable[[], None] = field(compare=False)


class Players:
    """Everybody's deeds from `start` on, in order of time. `refused` holds the words of what the desk did not take."""

    def __init__(
        self,
        rt: Runtime,
        programme: Programme,
        script: Scenario,
        obligations: Sequence[Obligation],
        *,
        start: datetime,
    ) -> None:
        self.refused: list[str] = []
        self._rt = rt
        self._programme = programme
        self._owed = {o.key: o for o in obligations}
        self._deeds: list[Deed] = []
        self._order = count()
        for answer in scenario.answers(script, obligations, Random(script.seed)):  # noqa: S311 - a play, not a secret
            self._plan(answer.at, self._file, answer)
        for problem in (p for p in script.problems if p.at >= start):
            self._plan(problem.at, self._trouble, problem)

    @property
    def next_at(self) -> datetime | None:
        """When somebody next does something; None: nobody any more."""
        return self._deeds[0].at if self._deeds else None

    def act(self, *, until: datetime) -> None:
        """Do all that is to be done by then."""
        while self._deeds and self._deeds[0].at <= until:
            try:
                heappop(self._deeds).do()
            except Refusal as refusal:
                self.refused.append(str(refusal))

    def _plan(self, at: datetime, do: Callable[..., None], *facts: object) -> None:
        heappush(self._deeds, Deed(at, next(self._order), lambda: do(*facts)))

    def _file(self, answer: Answer) -> None:
        owed = self._owed[answer.key]
        office, _ = people.owing(self._programme.desk, owed.area)
        content = Content.NIL if answer.nil else Content.FILLED
        body = {} if answer.nil else {"situation": "aman", "note": f"Situasi {owed.slot} terpantau."}
        via = Via.PHONE if answer.by_phone else Via.LINK
        filing.file(self._rt, owed.key, content=content, body=body, via=via, by=office)

    def _trouble(self, problem: Problem) -> None:
        desk = self._programme.desk
        by, _ = people.owing(desk, problem.district)
        coordinator = people.coordinator(desk, problem.district)
        code = problems.open_(
            self._rt,
            self._programme.code,
            area=problem.district,
            category=problem.category,
            severity=problem.severity,
            title=problem.title,
            by=by,
        )
        key = f"{self._programme.code}/issue/{problem.district}/{code}"
        if problem.acknowledged_after is not None and problem.acknowledged_for is not None:
            at = problem.at + problem.acknowledged_after
            self._plan(at, self._acknowledge, key, coordinator, at + problem.acknowledged_for)
        if problem.resolved_after is not None:
            self._plan(problem.at + problem.resolved_after, self._resolve, key, coordinator, problem.outcome)

    def _acknowledge(self, key: str, by: str, until: datetime) -> None:
        problems.acknowledge(self._rt, key, by=by, until=until)

    def _resolve(self, key: str, by: str, outcome: str) -> None:
        problems.resolve(self._rt, key, by=by, outcome=outcome)
