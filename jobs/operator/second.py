"""What a command may not do for one person alone, and how a second one confirms or refuses it at the server."""

import os
import pwd
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy.orm import Session

from config.documents import Document
from jobs.operator import amend, budgets, holding, outbox
from jobs.operator.acting import answered
from jobs.operator.amend import Amended
from jobs.operator.budgets import Budget
from jobs.operator.outbox import Answer
from jobs.operator.people import secretariats_hand
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from jobs.turn import orders as clock
from jobs.turn import showing
from jobs.turn.showing import Result
from models.desk import orders
from models.desk.changes import Hand
from models.desk.orders import Order
from models.machine.clock import HOLD, marked
from models.messages.outbox import Filter
from models.offices import subjects as books
from rules.orders import ALSO_OPEN, Act
from rules.retried import Became
from rules.two_people import TwoPeople
from services import subjects, two_people
from services.subjects import Erased

LOGIN = Path("/proc/self/loginuid")
"""Who logged in, as Linux keeps it also through sudo and su (proc(5)); 4294967295: nobody did."""
NOBODY = 2**32 - 1

Done = TypeVar("Done")


class Asked(NamedTuple):
    """An order that waits for a second person."""

    order: int
    reach: int
    above: int
    until: datetime


def account() -> str:
    """Whose login this command runs under."""
    try:
        uid = int(LOGIN.read_text())
    except (OSError, ValueError):
        uid = NOBODY
    uid = os.getuid() if uid == NOBODY else uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def release(rt: Runtime) -> Asked | bool:
    """Release, if that reaches few; whether sending was on hold."""
    with rt.sessions() as session:
        live = rt.live(session)
        held = marked(session, HOLD)
    if not held or not live:
        return holding.off(rt)
    desk = next(iter(live.values())).desk.code
    looked = clock.look(rt, Order(act=Act.RELEASE, terms={}), held[0])
    asks = Asks(Act.RELEASE, {"seen": looked["seen"]}, desk)
    return _alone(rt, asks, looked, lambda: holding.off(rt), lambda was_held: {"was_on_hold": was_held})


def amendment(
    rt: Runtime, documents: Sequence[Document], tried: list[Amended], *, by: str, also_open: bool = False
) -> Asked | list[Amended]:
    """Put in force what was tried, if it reaches few; what was done."""
    if not any(one.changed for one in tried):
        return tried
    before = clock.policies(rt)
    looked = showing.amended(before, tried)
    files = [[one.name, one.text] for one in documents]
    terms = {"files": files, "seen": clock.in_force(rt, tried), ALSO_OPEN: also_open}
    asks = Asks(Act.AMEND, terms, tried[0].programme.desk.code)
    amended = partial(amend.amend, rt, documents, by=by, also_open=also_open)
    return _alone(rt, asks, looked, amended, partial(showing.amended, before))


def retry(rt: Runtime, wanted: Sequence[Filter], *, twice: bool) -> Asked | list[Answer]:
    """Ask for one more try of these messages, if they are few; what became of each."""

    def tried(*, dry_run: bool = False) -> list[Answer]:
        return [one for which in wanted for one in outbox.retry(rt, which, twice=twice, dry_run=dry_run)]

    ids = [one.message for one in tried(dry_run=True) if one.became is Became.AGAIN]
    with rt.sessions() as session:
        live, now = rt.live(session), rt.clock(session)
    if not live or not ids:
        return tried()
    asks = Asks(Act.RETRY, {"ids": ids, "twice": twice}, next(iter(live.values())).desk.code)
    return _alone(rt, asks, clock.look(rt, Order(act=asks.act, terms=asks.terms), now), tried, showing.answered)


def erasure(rt: Runtime, desk: str, rows: dict[str, list[int]], *, reason: str) -> Asked | Erased:
    """Erase these rows, if that takes out little; how many addresses, names and messages."""

    def erased() -> Erased:
        with rt.sessions.begin() as session:
            own = books.by_rows(session, desk, rows["contacts"], rows["names"])
            hand = secretariats_hand(rt, session, desk)
            return subjects.erase(session, own, hand=hand, reason=reason, now=rt.clock(session))

    with rt.sessions() as session:
        now = rt.clock(session)
    asks = Asks(Act.ERASE, rows, desk, reason)
    looked = clock.look(rt, Order(act=asks.act, terms=rows, desk=desk), now)
    return _alone(rt, asks, looked, erased, lambda done: {"erased": done})


def raise_(rt: Runtime, desk: str, programme: str, rupiah: int, *, by: str, reason: str) -> Asked | Budget:
    """Add a sum to a budget, where no rule of two people holds; how the budget stands then."""
    terms = {"programme": programme, "rupiah": rupiah}
    with rt.sessions() as session:
        now = rt.clock(session)
    asks = Asks(Act.RAISE, terms, desk, reason)
    looked = clock.look(rt, Order(act=asks.act, terms=terms, desk=desk), now)
    return _alone(rt, asks, looked, lambda: budgets.raise_(rt, programme, rupiah, by=by, reason=reason), showing.raised)


class Asks(NamedTuple):
    """What somebody at the server asks for, as an order says it."""

    act: Act
    terms: Result
    desk: str
    reason: str = ""


def _alone(
    rt: Runtime, asks: Asks, looked: Result, do: Callable[[], Done], told: Callable[[Done], Result]
) -> Asked | Done:
    """Do what was looked at and write down what came of it, with its reach; or let it wait for a second person."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
    rule = clock.needed(rt, asks.act, looked, asks.desk, now=now)
    if rule is not None:
        return _wait(rt, asks, looked, rule, now)
    done = do()
    with rt.sessions.begin() as session:
        hand = secretariats_hand(rt, session, asks.desk)
        said = partial(two_people.did, account=account(), reason=asks.reason, now=now)
        said(session, asks.desk, hand, asks.act, told(done) | {"reach": int(looked["reach"])})
    return done


def _wait(rt: Runtime, asks: Asks, looked: Result, rule: TwoPeople, now: datetime) -> Asked:
    act, terms, desk, reason = asks
    reach, login, until = int(looked["reach"]), account(), now + rule.within
    with rt.sessions.begin() as session:
        for own in orders.for_second(session, desk):
            same = {name: own.terms.get(name) for name in terms}
            if (own.act, own.account, same) == (act, login, terms) and own.lapses_at:
                return Asked(own.id, reach, rule.above, own.lapses_at)
        hand = secretariats_hand(rt, session, desk)
        own_terms = terms | two_people.weighed(looked, rule)
        said = partial(two_people.ask, account=login, reason=reason, until=until, now=now)
        with answered():
            id = said(session, rt.live(session), desk, hand, act, own_terms)
    return Asked(id, reach, rule.above, until)


def look(rt: Runtime, id: int) -> tuple[Order, Result]:
    """An order that waits for a second person, and what it would do now. Raises: Refusal, ConfigError."""
    with rt.sessions.begin() as session:
        now, order = rt.clock(session), _order(session, id)
        session.expunge(order)
    return order, clock.look(rt, order, now)


def confirm(rt: Runtime, id: int, *, by: str, reach: int) -> Order:
    """Confirm what reached so many when it was looked at, and do it; the order with what came of it.

    Raises:
        Refusal: it may not be confirmed by him, it reaches more now, or nothing waits.
        config.errors.ConfigError: its files cannot be read.
    """
    order, looked = look(rt, id)
    if looked["reach"] != reach:
        raise Refusal(f"it reaches {looked['reach']} now, not {reach}: look at it again with ./desk confirm {id}")
    with answered(), rt.sessions.begin() as session:
        now, order = rt.clock(session), _order(session, id)
        login = account()
        second = two_people.of_account(login, by)
        named, hand = f"{by} ({login})", _hand(rt, session, order)
        two_people.confirm(session, order, second, named=named, hand=hand, seen=looked["seen"], reach=reach, now=now)
    clock.run(rt, now=now)
    with rt.sessions() as session:
        return session.get_one(Order, id)


def refuse(rt: Runtime, id: int, *, by: str, reason: str) -> None:
    """Refuse an order that waits, or take it back. Raises: Refusal: no name, no reason, or nothing waits."""
    if not by.strip() or not reason.strip():
        raise Refusal("refusing needs a name and a reason: add --by and --refuse")
    with answered(), rt.sessions.begin() as session:
        now, order = rt.clock(session), _order(session, id)
        two_people.refuse(session, order, named=by, hand=_hand(rt, session, order), reason=reason, now=now)


def _order(session: Session, id: int) -> Order:
    order = session.get(Order, id)
    if order is None or not order.waits_for_second:
        raise Refusal(f"order {id} does not wait for a second person")
    return order


def _hand(rt: Runtime, session: Session, order: Order) -> Hand:
    return secretariats_hand(rt, session, order.desk)
