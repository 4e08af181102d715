"""Do what was ordered on a page (`rules.orders`), with the code of the operator's commands, and write down what came
of it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from jobs.operator import closing, holding, outbox
from jobs.operator.holding import Preview
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import changes, orders, programmes
from models.desk.orders import TRIES, Order
from models.machine import clock
from models.messages.outbox import Filter
from rules import machine
from rules.amending import Act as Step
from rules.orders import Act

if TYPE_CHECKING:
    from config.documents import Document

log = structlog.get_logger()

Result = dict[str, Any]

CHANGED = "how things stand has changed since it was looked at: look at it again"

MOST = 200
"""So many single reports of a changed calendar are named; of all of them the sums."""


def run(rt: Runtime, *, now: datetime) -> int:
    """Do everything that waits, the first first; how many that was. An order that is done twice changes nothing."""
    count = 0
    while (order := _next(rt, now)) is not None:
        result, refused = _done(rt, order, now)
        with rt.sessions.begin() as session:
            if orders.settle(session, order, result=result, refused=refused, now=now) and not refused:
                _record(session, order, now)
        log.info("order", order=order.id, act=order.act, refused=bool(refused))
        count += 1
    return count


def _next(rt: Runtime, now: datetime) -> Order | None:
    with rt.sessions.begin() as session:
        order = orders.take(session, now=now)
        if order is not None:
            session.flush()
            session.expunge(order)
        return order


def _done(rt: Runtime, order: Order, now: datetime) -> tuple[Result, str]:
    """What came of it, and why it was refused."""
    from config.errors import ConfigError

    if order.tries > TRIES:
        return {}, "it was begun and not finished: see the log"
    try:
        return _DO[order.act](rt, order, now), ""
    except (Refusal, ConfigError) as error:
        return {}, str(error)
    except (LookupError, ValueError) as defect:
        if machine.failed(defect):
            raise
        log.error("order failed", order=order.id, error=type(defect).__name__)
        return {}, f"{type(defect).__name__}: see the log"


def _record(session: Session, order: Order, now: datetime) -> None:
    """Write down who did what, and why. Looking changes nothing; of a closing its service keeps the record."""
    if order.act not in (Act.PREVIEW, Act.TRIAL, Act.SURVEY, Act.CLOSE):
        changes.record(session, order.hand, order.act, f"order {order.id}", text=order.reason, now=now)


def _preview(rt: Runtime, order: Order, now: datetime) -> Result:
    told: Preview = holding.preview(rt)
    return {
        "seen": _hold(rt),
        "on_hold": told.on_hold,
        "going": [[one.channel, one.messages, one.last_at.isoformat()] for one in told.to_send],
        "merged": told.merged,
        "moot": dict(told.moot),
        "waits": [[one.why, one.notices, one.first_at and one.first_at.isoformat()] for one in told.waits],
        "storm": told.storm,
    }


def _release(rt: Runtime, order: Order, now: datetime) -> Result:
    """Release what somebody looked at. What was put on hold again since, for whatever reason, he has not seen."""
    if _hold(rt) != order.terms["seen"]:
        raise Refusal(CHANGED)
    return {"was_on_hold": holding.off(rt)}


def _hold(rt: Runtime) -> str:
    """Since when and why sending is on hold; empty: it is not."""
    with rt.sessions() as session:
        held = clock.marked(session, clock.HOLD)
    return f"{held[0].isoformat()} {held[1]}" if held else ""


def _retry(rt: Runtime, order: Order, now: datetime) -> Result:
    which = Filter(ids=order.terms["ids"])
    return _answers(outbox.retry(rt, which, twice=order.terms.get("twice", False)))


def _cancel(rt: Runtime, order: Order, now: datetime) -> Result:
    return _answers(outbox.cancel(rt, order.terms["ids"], reason=order.reason, by=order.title))


def _answers(answers: Sequence[outbox.Answer]) -> Result:
    return {"answers": [[one.message, one.done, one.words] for one in answers]}


def _amend(rt: Runtime, order: Order, now: datetime) -> Result:
    """Try the changed file, or put it in force. It must be used by no desk but the one that ordered it.

    The calendar of an election that is not loaded yet is loaded at that desk, under the policy of its others.
    """
    from config import loader  # only this reads files
    from jobs.operator import amend
    from services.amendments import span

    document = loader.parse(order.terms["text"], order.terms["name"])
    if document.kind == "election" and _is_new(rt, document):
        return _load(rt, order, document)
    tried = amend.amend(rt, [document], dry_run=True)
    in_force = _in_force(rt, [one.programme.code for one in tried])
    if others := sorted({one.programme.desk.name for one in tried if one.programme.desk.code != order.desk}):
        raise Refusal(f"{document.kind} {document.code} is used by {', '.join(others)} too: ask the operator")
    if order.act is Act.AMEND and in_force != order.terms["seen"]:
        raise Refusal(CHANGED)
    done = tried if order.act is Act.TRIAL else amend.amend(rt, [document], by=order.hand)
    return {
        "seen": in_force,
        "kind": document.kind,
        "code": document.code,
        "programmes": [
            {
                "code": one.programme.code,
                "election": one.programme.election.name,
                "changed": one.changed,
                "counts": {act: count for act, count in one.counts.items() if count},
                "duties": {duty: dict(counted) for duty, counted in one.by_duty.items()},
                "late": [
                    [one.programme.desk.area_name(step.report.area), step.report.duty, span(step)]
                    for step in one.late[:MOST]
                ],
                "days": [[day.day.isoformat(), day.duty, day.before, day.after, len(day.areas)] for day in one.days],
                "reports": [
                    [one.programme.desk.area_name(step.report.area), step.report.duty, step.act, span(step)]
                    for step in one.altered[:MOST]
                ],
                "told": len({code for codes in one.told.values() for code in codes}),
                "more": max(0, len(one.altered) - MOST),
                "warnings": [str(warning) for warning in one.warnings],
            }
            for one in done
        ],
    }


def _is_new(rt: Runtime, document: "Document") -> bool:
    """Whether no live programme has this election."""
    with rt.sessions() as session:
        return all(own.election.code != document.code for own in programmes.live(session))


def _load(rt: Runtime, order: Order, document: "Document") -> Result:
    """Look what an election would ask of the desk, or load it. Of what is due already nothing is asked."""
    from config import loader
    from jobs.operator import load

    with rt.sessions() as session:
        beside = next(own for own in programmes.live(session) if own.desk.code == order.desk)
    others = [loader.parse(own.text, own.name, loaded=True) for own in (beside.desk, beside.policy)]
    if order.act is Act.AMEND and order.terms["seen"] != {}:
        raise Refusal(CHANGED)
    (done,) = load.load(rt, [document, *others], dry_run=order.act is Act.TRIAL)
    programme = loader.programme(document, *others)
    desk = programme.desk
    made = [owed for owed in programme.obligations() if owed.due_at > order.ordered_at]
    due = [[desk.area_name(own.area), own.duty, Step.MAKE, _local(own.due_at, own.zone)] for own in made[:MOST]]
    told = {
        "code": programme.code,
        "election": programme.election.name,
        "changed": True,
        "counts": {Step.MAKE: len(made)},
        "days": [],
        "reports": due,
        "told": 0,
        "more": max(0, len(made) - MOST),
        "warnings": [str(warning) for warning in done.warnings],
    }
    return {"seen": {}, "kind": document.kind, "code": document.code, "programmes": [told]}


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H.%M %Z}"


def _in_force(rt: Runtime, codes: Sequence[str]) -> dict[str, str]:
    """What names the content of these programmes as they are now."""
    with rt.sessions() as session:
        return {own.code: own.digest for own in programmes.live(session) if own.code in codes}


def _survey(rt: Runtime, order: Order, now: datetime) -> Result:
    return {"seen": order.terms["programme"], "open": closing.look(rt, order.terms["programme"])}


def _close(rt: Runtime, order: Order, now: datetime) -> Result:
    closed = closing.close(rt, order.terms["programme"], by=order.hand, reason=order.reason)
    return {"closed": closed.code, "open": closed.left}


_DO: dict[Act, Callable[[Runtime, Order, datetime], Result]] = {
    Act.PREVIEW: _preview,
    Act.RELEASE: _release,
    Act.TRIAL: _amend,
    Act.AMEND: _amend,
    Act.RETRY: _retry,
    Act.CANCEL: _cancel,
    Act.SURVEY: _survey,
    Act.CLOSE: _close,
}
