"""What a command may not do for one person alone, and how a second one confirms or refuses it at the server."""

import os
import pwd
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from config.documents import Document
from jobs.operator.acting import answered
from jobs.operator.amend import Amended
from jobs.operator.people import secretariats_hand
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from jobs.turn import orders as clock
from models.desk import orders
from models.desk.changes import Hand
from models.desk.orders import Order
from models.machine.clock import HOLD, marked
from rules.orders import ALSO_OPEN, Act
from services import two_people

LOGIN = Path("/proc/self/loginuid")
"""Who logged in, as Linux keeps it also through sudo and su (proc(5)); 4294967295: nobody did."""
NOBODY = 2**32 - 1


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


def release(rt: Runtime) -> Asked | None:
    """Let a release wait for a second person, if it reaches many; None: it may be done."""
    with rt.sessions() as session:
        live = rt.live(session)
        held = marked(session, HOLD)
    if not held or not live:
        return None
    desk = next(iter(live.values())).desk.code
    looked = clock.look(rt, Order(act=Act.RELEASE, terms={}), held[0])
    return _wait(rt, Act.RELEASE, looked, {"seen": looked["seen"]}, desk)


def amendment(
    rt: Runtime, documents: Sequence[Document], tried: Sequence[Amended], *, also_open: bool = False
) -> Asked | None:
    """Let an amendment that was tried wait for a second person, if it reaches many; None: it may be done."""
    if not any(one.changed for one in tried):
        return None
    looked = clock.amended(rt, tried)
    files = [[one.name, one.text] for one in documents]
    terms = {"files": files, "seen": clock.in_force(rt, tried), ALSO_OPEN: also_open}
    return _wait(rt, Act.AMEND, looked, terms, tried[0].programme.desk.code)


def retry(rt: Runtime, ids: Sequence[int], *, twice: bool) -> Asked | None:
    """Let a retry of these messages wait for a second person, if they are many; None: it may be done."""
    with rt.sessions() as session:
        live, now = rt.live(session), rt.clock(session)
    if not live or not ids:
        return None
    terms = {"ids": list(ids), "twice": twice}
    looked = clock.look(rt, Order(act=Act.RETRY, terms=terms), now)
    return _wait(rt, Act.RETRY, looked, terms, next(iter(live.values())).desk.code)


def erasure(rt: Runtime, desk: str, rows: dict[str, list[int]], *, reason: str) -> Asked | None:
    """Let an erasure of these rows wait for a second person, if it takes out much; None: it may be done."""
    with rt.sessions() as session:
        now = rt.clock(session)
    looked = clock.look(rt, Order(act=Act.ERASE, terms=rows, desk=desk), now)
    return _wait(rt, Act.ERASE, looked, rows, desk, reason)


def raise_(rt: Runtime, desk: str, programme: str, rupiah: int, *, reason: str) -> Asked | None:
    """Let a sum wait for a second person, where a rule of two people holds; None: it may be added."""
    terms = {"programme": programme, "rupiah": rupiah}
    with rt.sessions() as session:
        now = rt.clock(session)
    looked = clock.look(rt, Order(act=Act.RAISE, terms=terms, desk=desk), now)
    return _wait(rt, Act.RAISE, looked, terms, desk, reason)


def _wait(
    rt: Runtime, act: Act, looked: dict[str, Any], terms: dict[str, Any], desk: str, reason: str = ""
) -> Asked | None:
    with rt.sessions.begin() as session:
        now = rt.clock(session)
    rule = clock.needed(rt, act, looked, desk, now=now)
    if rule is None:
        return None
    reach, login, until = int(looked["reach"]), account(), now + rule.within
    with rt.sessions.begin() as session:
        for own in orders.for_second(session, desk):
            asks = {name: own.terms.get(name) for name in terms}
            if (own.act, own.account, asks) == (act, login, terms) and own.lapses_at:
                return Asked(own.id, reach, rule.above, own.lapses_at)
        hand = secretariats_hand(rt, session, desk)
        own_terms = terms | {"reach": reach, "above": rule.above}
        said = partial(two_people.ask, account=login, reason=reason, until=until, now=now)
        with answered():
            id = said(session, rt.live(session), desk, hand, act, own_terms)
    return Asked(id, reach, rule.above, until)


def look(rt: Runtime, id: int) -> tuple[Order, dict[str, Any]]:
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
