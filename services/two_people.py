"""An order that reaches many waits for a second person: who that may be, what he decides, and that it lapses."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.desk import changes, orders
from models.desk.changes import Change, Hand, Way
from models.desk.orders import Order
from models.matters import tasks
from models.matters.matters import Matter
from models.matters.tasks import Why as Because
from models.messages.notices import About
from models.offices import assignments, offices
from rules import access, two_people
from rules.filing import NotTaken
from rules.indonesian import moment
from rules.ladder import Say
from rules.orders import MOST, TOO_MANY, WORDS, Act, reached
from rules.programme import Programme
from rules.tasks import LADDER
from rules.two_people import ENTERED_WITHIN, Person, Reach, TwoPeople, Why
from services import telling

CONFIRMED, REFUSED, LAPSED, WAITS = "confirmed", "refused", "lapsed", "waits for a second"
"""What the record of changes calls what became of an order that waits."""

NOBODY = "nobody confirmed it in time"

_ORDER = "order "

ENTRIES = ("handed over", "contact replaced", "contact confirmed", "imported")
"""How the record calls it that somebody entered who holds an office, or how it is reached."""


class NotSecond(NotTaken):
    """This person cannot confirm this order, or nobody can any more."""

    def __init__(self, why: Why | None) -> None:
        super().__init__(f"not the second person: {why}" if why else "it does not wait for a second person any more")
        self.why = why


def of_office(session: Session, office_id: int, *, at: datetime) -> Person:
    """Whoever is signed in for an office: its holder, and where links to it go."""
    held = assignments.holder(session, office_id, at=at)
    reached = offices.current(session, [office_id]).get(office_id, ())
    return Person(f"office:{office_id}", held.name if held else "", frozenset(c.address for c in reached if c.address))


def of_account(account: str, name: str) -> Person:
    """Somebody at the server, by the name that he gives."""
    return Person(f"server:{account}", name)


def hinders(session: Session, order: Order, second: Person, hand: Hand, *, now: datetime) -> Why | None:
    """Why this person cannot confirm an order; None: he can."""
    if order.account:
        first = of_account(order.account, "")
    else:
        held = assignments.holder(session, order.office_id, at=order.ordered_at)
        first = of_office(session, order.office_id, at=now)._replace(name=held.name if held else "")
    return two_people.hinders(first, second, entered=_entered(session, order, hand, now))


def _entered(session: Session, order: Order, second: Hand, now: datetime) -> bool:
    """Whether whoever asked has lately entered who holds the second's office, or how it is reached."""
    if order.account or second.way is not Way.SESSION:
        return False
    code = next(own.code for own in offices.all_of(session, order.desk) if own.id == second.office_id)
    by_him = Change.office_id == order.office_id, Change.what.in_(ENTRIES), Change.at > now - ENTERED_WITHIN
    return session.scalar(select(Change.id).where(*by_him, Change.subject == code).limit(1)) is not None


def needed(
    session: Session,
    live: Mapping[int, Programme],
    act: Act,
    desk: str,
    reach: Reach,
    *,
    codes: Collection[str] = (),
    now: datetime,
) -> TwoPeople | None:
    """By which policy's rule a second person must confirm; None: one may do it alone, with what he did alone lately.

    Args:
        codes: the programmes that it changes, also where another desk has them.
    """
    own = [p for p in live.values() if act is Act.RELEASE or p.code in codes or p.desk.code == desk]
    asked = [p.policy.two_people for p in own]
    since = now - max((rule.within for rule in asked if rule), default=now - now)
    return two_people.wanted(asked, reach, lately=orders.alone(session, desk, since=since))


def did(
    session: Session,
    desk: str,
    hand: Hand,
    act: Act,
    result: dict[str, Any],
    *,
    account: str = "",
    reason: str = "",
    now: datetime,
) -> None:
    """Write down as an order what one person did at once: its `reach` counts with what he does next."""
    orders.add(session, desk, hand, act, {}, reason, account=account, done=result, now=now)


def wait(
    session: Session,
    live: Mapping[int, Programme],
    order: Order,
    wanted: TwoPeople,
    looked: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Let an order wait for a second person, and tell those who may be it.

    One that was confirmed, and reaches more now, waits again for the time that is left.

    Args:
        looked: what it would do now.
    """
    again = order.confirmed_at is not None
    until = order.lapses_at if again and order.lapses_at else now + wanted.within
    if not again and len(orders.for_second(session, order.desk)) >= MOST:
        orders.settle(session, order, result={}, refused=TOO_MANY, now=now)
        return
    terms = order.terms | weighed(looked, wanted) | {"again": again}
    if orders.wait(session, order, terms=terms, until=until):
        text = f"reaches {terms['reach']}"
        changes.record(session, order.hand, WAITS, _code(order), until=until, text=text, now=now)
        _tell(session, live, order, until, terms, now)


def weighed(looked: Mapping[str, Any], wanted: TwoPeople) -> dict[str, Any]:
    """What an order that waits keeps of what was looked at: how many it reaches, what it takes out, and the rule."""
    return {name: looked[name] for name in ("reach", "takes") if name in looked} | {"above": wanted.above}


def ask(
    session: Session,
    live: Mapping[int, Programme],
    desk: str,
    hand: Hand,
    act: Act,
    terms: dict[str, Any],
    *,
    until: datetime,
    account: str = "",
    reason: str = "",
    now: datetime,
) -> int:
    """Order what waits for a second person from the start, and tell those who may be it; its number.

    Args:
        account: whose login asks for it at the server; empty: somebody who is signed in.

    Raises:
        NotTaken: too many wait already.
    """
    if len(orders.for_second(session, desk)) >= MOST:
        raise NotTaken(TOO_MANY)
    id = orders.add(session, desk, hand, act, terms, reason, account=account, lapses_at=until, now=now)
    order = session.get_one(Order, id)
    text = f"reaches {terms['reach']}"
    changes.record(session, hand, WAITS, _code(order), until=until, text=text, now=now)
    _tell(session, live, order, until, terms, now)
    return id


def confirm(
    session: Session,
    order: Order,
    second: Person,
    *,
    named: str,
    hand: Hand,
    seen: Any,
    reach: int,
    now: datetime,
) -> None:
    """The second person confirms what he has looked at; the clock does it.

    Args:
        named: who that is, as the pages show it.
        seen: how things stood when he looked; `reach`: how many it reached then.

    Raises:
        NotSecond: he is none, or somebody decided about it meanwhile.
    """
    if why := hinders(session, order, second, hand, now=now):
        raise NotSecond(why)
    terms = {**order.terms, "seen": seen, "reach": reach, "again": False}
    if not orders.confirm(session, order, terms=terms, second=named, now=now):
        raise NotSecond(None)
    changes.record(session, hand, CONFIRMED, _code(order), text=f"reaches {reach}", now=now)
    tasks.done(session, Because.SECOND, _code(order), now=now)


def refuse(session: Session, order: Order, *, named: str, hand: Hand, reason: str, now: datetime) -> None:
    """Refuse it, or take it back: whoever keeps the books may. Raises: NotSecond: somebody decided meanwhile."""
    if not orders.end(session, order, refused=f"{named}: {reason}", now=now):
        raise NotSecond(None)
    changes.record(session, hand, REFUSED, _code(order), text=reason, now=now)
    tasks.done(session, Because.SECOND, _code(order), now=now)


def lapse(session: Session, live: Mapping[int, Programme], *, now: datetime) -> int:
    """End what nobody confirmed in time, with a task that says so to whoever asked; how many that was."""
    over = orders.lapsed(session, now=now)
    for order in over:
        if not orders.end(session, order, refused=NOBODY, now=now):
            continue
        system = Hand(order.office_id, order.title, Way.SYSTEM)
        changes.record(session, system, LAPSED, _code(order), now=now)
        tasks.done(session, Because.SECOND, _code(order), now=now)
        for id, own in _of(live, order):
            text = f"{_named(own, order)} (permintaan {order.id}, oleh {order.title}) tidak disetujui orang kedua."
            tasks.open_(session, id, Because.LAPSED, _code(order), text, now=now)
            _notice(session, id, own, order, Because.LAPSED, [order.office_id], now)
    return len(over)


def _tell(
    session: Session,
    live: Mapping[int, Programme],
    order: Order,
    until: datetime,
    terms: Mapping[str, Any],
    now: datetime,
) -> None:
    """A task for the desk's books, and one message to each office that may confirm."""
    for id, own in _of(live, order):
        by = moment(until, own.desk.zone)
        many = reached(order.act, terms["reach"], terms.get("takes", ()))
        text = f"{_named(own, order)} (permintaan {order.id}) mencapai {many}; menunggu orang kedua sampai {by}."
        tasks.done(session, Because.SECOND, _code(order), now=now)
        tasks.open_(session, id, Because.SECOND, _code(order), text, now=now)
        known = offices.all_of(session, order.desk)
        keepers = [office.id for office in known if access.keeps_books(own.desk, office.code)]
        _notice(session, id, own, order, Because.SECOND, set(keepers) - {order.office_id}, now)


def _notice(
    session: Session, id: int, own: Programme, order: Order, why: Because, to: Iterable[int], now: datetime
) -> None:
    """Tell these offices of a task at once: its ladder tells the secretariat alone, and in the morning.

    Whoever may be the second person is told at night too: by morning it has lapsed.
    """
    about_it, waits = tasks.matter(session, why, _code(order)), why is Because.SECOND
    codes = {office.id: office.code for office in offices.all_of(session, order.desk)}
    for office_id in to:
        if about_it is not None and (waits or codes[office_id] != own.desk.secretariat):
            about = About(about_it.id, LADDER, about_it.round, "second")
            telling.tell(session, own, codes[office_id], about, Say.TASK, urgent=waits, now=now)


def _of(live: Mapping[int, Programme], order: Order) -> list[tuple[int, Programme]]:
    """The live election that an order is about; of one that is of the whole desk the first: its tasks stand in one."""
    own = [(id, own) for id, own in live.items() if own.desk.code == order.desk]
    return ([(id, one) for id, one in own if one.code == order.terms.get("programme")] or own)[:1]


def matter(session: Session, order: Order) -> Matter | None:
    """The matter of the task that an order waits for a second person; None: it never did."""
    return tasks.matter(session, Because.SECOND, _code(order))


def _named(own: Programme, order: Order) -> str:
    """What was ordered; of a sum also for which election."""
    return f"{WORDS[order.act]} {own.election.short}" if order.act is Act.RAISE else WORDS[order.act]


def _code(order: Order) -> str:
    return f"{_ORDER}{order.id}"


def ordered(subject: str) -> str:
    """The number of the order that a task is about."""
    return subject.removeprefix(_ORDER)
