"""Do what was ordered on a page (`rules.orders`), with the code of the operator's commands, and write down what came
of it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import structlog
from sqlalchemy.orm import Session

from jobs.operator import budgets, closing, holding, outbox
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from jobs.turn import showing
from jobs.turn.showing import Result
from models.desk import changes, orders, programmes
from models.desk.orders import TRIES, Order
from models.machine import clock
from models.messages.outbox import Filter
from models.offices import subjects as books
from rules import machine
from rules.orders import ALSO_OPEN, CHANGED, LOOKED, Act
from rules.policy import Policy
from rules.retried import Became
from rules.two_people import Reach, TwoPeople, grown
from services import subjects, two_people

if TYPE_CHECKING:
    from config.documents import Document
    from jobs.operator.amend import Amended

log = structlog.get_logger()


class Second(Exception):
    """It reaches many, and waits for a second person."""

    def __init__(self, wanted: TwoPeople, looked: Result) -> None:
        super().__init__(f"reaches {looked['reach']}")
        self.wanted, self.looked = wanted, looked


class Outcome(NamedTuple):
    """What came of an order, why it was refused, or by what it waits for a second person."""

    result: Result = {}
    refused: str = ""
    second: Second | None = None


def run(rt: Runtime, *, now: datetime) -> int:
    """Do everything that waits, the first first; how many that was. An order that is done twice changes nothing.

    What reaches many waits for a second person (`rules.two_people`); what nobody confirmed in time lapses.
    """
    with rt.sessions.begin() as session:
        two_people.lapse(session, rt.live(session), now=now)
    count = 0
    while (order := _next(rt, now)) is not None:
        done = _done(rt, order, now)
        with rt.sessions.begin() as session:
            if done.second:
                two_people.wait(session, rt.live(session), order, done.second.wanted, done.second.looked, now=now)
            elif orders.settle(session, order, result=done.result, refused=done.refused, now=now) and not done.refused:
                _record(session, order, now)
        log.info("order", order=order.id, act=order.act, refused=bool(done.refused), waits=bool(done.second))
        count += 1
    return count


def _next(rt: Runtime, now: datetime) -> Order | None:
    with rt.sessions.begin() as session:
        order = orders.take(session, now=now)
        if order is not None:
            session.flush()
            session.expunge(order)
        return order


def _done(rt: Runtime, order: Order, now: datetime) -> Outcome:
    from config.errors import ConfigError

    if order.tries > TRIES:
        return Outcome(refused="it was begun and not finished: see the log")
    try:
        return Outcome(_DO[order.act](rt, order, now))
    except Second as second:
        return Outcome(second=second)
    except (Refusal, ConfigError) as error:
        return Outcome(refused=str(error))
    except (LookupError, ValueError) as defect:
        if machine.failed(defect):
            raise
        log.error("order failed", order=order.id, error=type(defect).__name__)
        return Outcome(refused=f"{type(defect).__name__}: see the log")


def look(rt: Runtime, order: Order, now: datetime) -> Result:
    """What an order that waits would do now. Changes nothing. Raises: Refusal, config.errors.ConfigError."""
    return _DO[LOOKED[order.act]](rt, order, now)


def needed(rt: Runtime, act: Act, looked: Result, desk: str, *, now: datetime) -> TwoPeople | None:
    """By which policy's rule what was looked at needs a second person; None: nobody need confirm it."""
    codes = {own["code"] for own in looked.get("programmes", ())}
    reach = Reach(looked["reach"], looked.get("loosens", False))
    with rt.sessions() as session:
        return two_people.needed(session, rt.live(session), act, desk, reach, codes=codes, now=now)


def _confirmed(rt: Runtime, order: Order, looked: Result, now: datetime) -> Result:
    """What was looked at just now may be done. Raises: Second: not by one person, or it has grown since he looked."""
    reach: int = looked["reach"]
    if order.confirmed_at is None or grown(order.terms["reach"], reach):
        rule = needed(rt, order.act, looked, order.desk, now=now)
        if rule is not None:
            raise Second(rule, looked)
    return {"reach": reach}


def _record(session: Session, order: Order, now: datetime) -> None:
    """Write down who did what, and why. Looking changes nothing; some services keep the record themselves."""
    if order.act not in (Act.PREVIEW, Act.TRIAL, Act.SURVEY, Act.LOOK, Act.CLOSE, Act.ERASE, Act.RAISE):
        changes.record(session, order.hand, order.act, f"order {order.id}", text=order.reason, now=now)


def _preview(rt: Runtime, order: Order, now: datetime) -> Result:
    return showing.preview(holding.preview(rt), seen=_hold(rt))


def _release(rt: Runtime, order: Order, now: datetime) -> Result:
    """Release what somebody looked at. What was put on hold again since, for whatever reason, he has not seen."""
    looked = _preview(rt, order, now)
    if looked["seen"] != order.terms["seen"]:
        raise Refusal(CHANGED)
    return _confirmed(rt, order, looked, now) | {"was_on_hold": holding.off(rt)}


def _hold(rt: Runtime) -> str:
    """Since when and why sending is on hold; empty: it is not."""
    with rt.sessions() as session:
        held = clock.marked(session, clock.HOLD)
    return f"{held[0].isoformat()} {held[1]}" if held else ""


def _retry(rt: Runtime, order: Order, now: datetime) -> Result:
    reached = _confirmed(rt, order, _again(rt, order), now)
    which = Filter(ids=order.terms["ids"])
    return reached | showing.answered(outbox.retry(rt, which, twice=order.terms.get("twice", False)))


def _again(rt: Runtime, order: Order) -> Result:
    """How many of these messages would leave once more."""
    which, twice = Filter(ids=order.terms["ids"]), order.terms.get("twice", False)
    answers = outbox.retry(rt, which, twice=twice, dry_run=True)
    return {"seen": {}, "reach": sum(one.became is Became.AGAIN for one in answers)} | showing.answered(answers)


def _erase(rt: Runtime, order: Order, now: datetime) -> Result:
    """Erase what was known of a person when it was ordered. The order holds numbers of rows, and nothing of him."""
    reached = _confirmed(rt, order, _erased(rt, order), now)
    with rt.sessions.begin() as session:
        known = books.by_rows(session, order.desk, order.terms["contacts"], order.terms["names"])
        return reached | {"erased": subjects.erase(session, known, hand=order.hand, reason=order.reason, now=now)}


def _erased(rt: Runtime, order: Order) -> Result:
    with rt.sessions() as session:
        known = books.by_rows(session, order.desk, order.terms["contacts"], order.terms["names"])
        titles = {office.title for _, office in (*known.contacts, *known.assignments)}
        takes = subjects.takes(session, known, now=rt.clock(session))
        return {"seen": {}, "reach": takes.reach, "takes": takes, "titles": sorted(titles)}


def _look(rt: Runtime, order: Order, now: datetime) -> Result:
    """What a retry, an erasure or a raise would do now."""
    does = Act(order.terms.get("does", order.act))
    if does is Act.RAISE:
        return _sum(rt, order)
    return _again(rt, order) if does is Act.RETRY else _erased(rt, order)


def _cancel(rt: Runtime, order: Order, now: datetime) -> Result:
    return showing.answered(outbox.cancel(rt, order.terms["ids"], reason=order.reason, by=order.title))


def _amend(rt: Runtime, order: Order, now: datetime) -> Result:
    """Try the changed files, or put them in force. From a page it is one, used by no desk but the one that ordered it.

    The calendar of an election that is not loaded yet is loaded at that desk, under the policy of its others.
    """
    from config import loader  # only this reads files
    from jobs.operator import amend

    documents = [loader.parse(text, name) for name, text in order.files]
    also_open = bool(order.terms.get(ALSO_OPEN))
    if not order.account and documents[0].kind == "election" and _is_new(rt, documents[0]):
        return _load(rt, order, documents[0], now)
    tried, before = amend.amend(rt, documents, also_open=also_open, dry_run=True), policies(rt)
    in_force_now = in_force(rt, tried)
    if not order.account:
        _own(documents[0], tried, order.desk)
    looked = showing.amended(before, tried) | {
        "seen": in_force_now,
        "kind": documents[0].kind,
        "code": documents[0].code,
    }
    if order.act is Act.TRIAL or order.waits_for_second:
        return looked
    if in_force_now != order.terms["seen"]:
        raise Refusal(CHANGED)
    reached = _confirmed(rt, order, looked, now)
    done = amend.amend(rt, documents, by=order.hand, also_open=also_open)
    return looked | showing.amended(before, done) | reached


def policies(rt: Runtime) -> Mapping[str, Policy]:
    """The policy of each live programme, by its code."""
    with rt.sessions() as session:
        return {own.code: own.policy for own in rt.live(session).values()}


def _own(document: "Document", tried: "Sequence[Amended]", desk: str) -> None:
    others = sorted({one.programme.desk.name for one in tried if one.programme.desk.code != desk})
    if others:
        raise Refusal(f"{document.kind} {document.code} is used by {', '.join(others)} too: ask the operator")


def _is_new(rt: Runtime, document: "Document") -> bool:
    """Whether no live programme has this election."""
    with rt.sessions() as session:
        return all(own.election.code != document.code for own in programmes.live(session))


def _load(rt: Runtime, order: Order, document: "Document", now: datetime) -> Result:
    """Look what an election would ask of the desk, or load it. Of what is due already nothing is asked."""
    from config import loader
    from jobs.operator import load

    with rt.sessions() as session:
        beside = next(own for own in programmes.live(session) if own.desk.code == order.desk)
    others = [loader.parse(own.text, own.name, loaded=True) for own in (beside.desk, beside.policy)]
    programme = loader.programme(document, *others)
    loader.look(document, *others, forms=rt.forms(), kinds=rt.kinds())
    made = [owed for owed in programme.obligations() if owed.due_at > order.ordered_at]
    does = order.act is Act.AMEND and not order.waits_for_second
    if does and order.terms["seen"] != {}:
        raise Refusal(CHANGED)
    reached = _confirmed(rt, order, {"reach": len(made)}, now) if does else {"reach": len(made)}
    (done,) = load.load(rt, [document, *others], dry_run=not does)
    told = showing.loaded(programme, made, done.warnings)
    return told | reached | {"seen": {}, "kind": document.kind, "code": document.code}


def in_force(rt: Runtime, tried: "Sequence[Amended]") -> Result:
    """What names the content of these programmes as they are now."""
    codes = {one.programme.code for one in tried}
    with rt.sessions() as session:
        return {own.code: own.digest for own in programmes.live(session) if own.code in codes}


def _survey(rt: Runtime, order: Order, now: datetime) -> Result:
    return {"seen": order.terms["programme"], "open": closing.look(rt, order.terms["programme"])}


def _close(rt: Runtime, order: Order, now: datetime) -> Result:
    closed = closing.close(rt, order.terms["programme"], by=order.hand, reason=order.reason)
    return {"closed": closed.code, "open": closed.left}


def _raise(rt: Runtime, order: Order, now: datetime) -> Result:
    _confirmed(rt, order, _sum(rt, order), now)
    return showing.raised(
        budgets.raise_(rt, order.terms["programme"], order.terms["rupiah"], by=order.hand, reason=order.reason)
    )


def _sum(rt: Runtime, order: Order) -> Result:
    """Of money each rupiah counts, so that where a rule of two people holds a second one always confirms it."""
    figures = {own.programme: own.stand.figures for own in budgets.look(rt)}
    return {"seen": {}, "reach": order.terms["rupiah"], "figures": figures.get(order.terms["programme"], "")}


_DO: dict[Act, Callable[[Runtime, Order, datetime], Result]] = {
    Act.PREVIEW: _preview,
    Act.RELEASE: _release,
    Act.TRIAL: _amend,
    Act.AMEND: _amend,
    Act.RETRY: _retry,
    Act.CANCEL: _cancel,
    Act.SURVEY: _survey,
    Act.CLOSE: _close,
    Act.ERASE: _erase,
    Act.LOOK: _look,
    Act.RAISE: _raise,
}
