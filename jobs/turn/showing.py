"""What an order's page shows of what was looked at or done: titles and times as people read them, and counts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jobs.operator.budgets import Budget
from jobs.operator.holding import Preview
from jobs.operator.outbox import Answer
from rules.amending import Act, Step
from rules.duties import Obligation
from rules.indonesian import day, moment
from rules.policy import Policy
from rules.programme import Programme
from rules.two_people import loosens

if TYPE_CHECKING:
    from jobs.operator.amend import Amended

Result = dict[str, Any]

MOST = 200
"""So many single reports of a changed calendar are named; of all of them the sums."""


def preview(told: Preview, seen: str) -> Result:
    """What a release would do. `seen`: since when and why sending is on hold."""
    return {
        "seen": seen,
        "on_hold": told.on_hold,
        "going": [[one.channel, one.messages, one.last_at.isoformat(), one.again, one.unknown] for one in told.to_send],
        "merged": told.merged,
        "moot": dict(told.moot),
        "waits": [[one.why, one.notices, one.first_at and one.first_at.isoformat()] for one in told.waits],
        "storm": told.storm,
        "reach": told.reach,
    }


def answered(answers: Iterable[Answer]) -> Result:
    """What became of messages."""
    return {"answers": [[one.message, one.done, one.became] for one in answers]}


def raised(own: Budget) -> Result:
    """How a budget stands that was raised."""
    return {"election": own.election, "figures": own.stand.figures}


def amended(before: Mapping[str, Policy], done: "Sequence[Amended]") -> Result:
    """What an amendment does or did. `before`: the policy of each programme as it was, by the programme's code."""
    rules = {code: own.two_people for code, own in before.items()}
    return {
        "reach": sum(one.reach for one in done),
        "loosens": any(loosens(rules.get(one.programme.code), one.programme.policy.two_people) for one in done),
        "programmes": [_amended(one, _titles(one.programme, before.get(one.programme.code))) for one in done],
    }


Titles = Callable[[str, str], str]


def _titles(programme: Programme, before: Policy | None) -> Titles:
    """What a duty is called, by its code and a report's key; one that is taken out keeps its name of `before`."""

    def title(duty: str, key: str = "") -> str:
        for policy in (programme.policy, before):
            try:
                if policy:
                    return policy.duty(duty, key).name
            except KeyError:
                continue
        return duty

    return title


def _amended(one: "Amended", title: Titles) -> Result:
    place = one.programme.desk.area_name
    duties: dict[str, Counter[str]] = defaultdict(Counter)
    for duty, counted in one.by_duty.items():
        duties[title(duty, "")].update(counted)
    return {
        "code": one.programme.code,
        "election": one.programme.election.name,
        "changed": one.changed,
        "counts": {act: count for act, count in one.counts.items() if count},
        "duties": {duty: dict(counted) for duty, counted in duties.items()},
        "kept": one.kept,
        "carried": one.carried,
        "late": [[place(s.report.area), title(s.report.duty, s.report.key), _span(s)] for s in one.late[:MOST]],
        "days": [[day(d.day), title(d.duty, ""), d.before, d.after, len(d.areas)] for d in one.days],
        "reports": [_report(place(s.report.area), title, s) for s in one.altered[:MOST]],
        "told": len({code for codes in one.told.values() for code in codes}),
        "more": max(0, len(one.altered) - MOST),
        "warnings": [str(warning) for warning in one.warnings],
    }


def _report(place: str, title: Titles, step: Step) -> list[str]:
    return [place, title(step.report.duty, step.report.key), step.act, _span(step)]


def _span(step: Step) -> str:
    """The old and the new due time: `5 Februari 2024 pukul 15.00 WITA menjadi pukul 14.00 WITA`."""
    before = moment(step.before.by, step.before.owed.zone) if step.before else ""
    after = moment(step.since, step.report.zone) if step.after else ""
    if not (before and after) or before == after:
        return before or after
    same_day = before.partition(" pukul ")[0] + " "
    return f"{before} menjadi {after.removeprefix(same_day)}"


def loaded(programme: Programme, made: Sequence[Obligation], warnings: Iterable[object]) -> Result:
    """What a new election would ask of the desk, or asks."""
    desk, title = programme.desk, _titles(programme, None)
    due = [
        [desk.area_name(own.area), title(own.duty, own.key), Act.MAKE, moment(own.due_at, own.zone)]
        for own in made[:MOST]
    ]
    told = {
        "code": programme.code,
        "election": programme.election.name,
        "changed": True,
        "counts": {Act.MAKE: len(made)},
        "days": [],
        "reports": due,
        "told": 0,
        "more": max(0, len(made) - MOST),
        "warnings": [str(warning) for warning in warnings],
    }
    return {"reach": len(made), "programmes": [told]}
