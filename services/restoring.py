"""After an older copy of the books was put back: nothing is sent until somebody looked, then it is said what was lost.

Whoever owes a report that may have been filed in the gap is asked to send it again and is given time, not chased.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand, Way
from models.machine import clock, gaps, stops, tokens
from models.machine.gaps import Gap
from models.matters import tasks
from models.messages import messages
from models.messages.notices import About
from models.offices import links, offices, sessions
from models.offices.offices import Contact, Office
from rules import indonesian, people
from rules.gaps import Seen, behind, waited_until
from rules.ladder import Say
from rules.programme import Programme
from services import decisions, telling

PUT_BACK = "an older copy of the books was put back: see ./desk gap"
"""How the reason begins that puts sending on hold."""


def noticed(session: Session, seen: Seen | None, *, now: datetime) -> Gap | None:
    """Whether these books are an older copy of those that were seen: then their gap, and sending is on hold."""
    books = gaps.seen(session)
    if seen is None or books is None or not behind(seen, books):
        return None
    return opened(session, books.swept_at, ordered=False, seen=seen, now=now)


def contradicted(session: Session, *, now: datetime) -> Gap | None:
    """A provider knows a message that these books do not: they are an older copy, though nothing beside them says so.

    Their gap, with sending on hold; None: such a gap is known already. Only for news that a provider or our own key
    signed: no message is ever deleted.
    """
    if gaps.seen(session) is None or gaps.explains(session, now=now):
        return None
    clock.alone(session, clock.DISPATCH)
    if gaps.explains(session, now=now):  # another's news came first
        return None
    return opened(session, stops.last(session) or now, ordered=False, now=now)


def opened(session: Session, began_at: datetime, *, ordered: bool, seen: Seen | None = None, now: datetime) -> Gap:
    """Write a gap down, put sending on hold and take back every access token.

    Args:
        ordered: by somebody who knows that he put a copy back.
        seen: how far the books were before; None: it is not known.
    """
    books = gaps.seen(session)
    if seen is not None and books is not None and seen.identity == books.identity:
        _withdraw(session, seen.withdrawn, now)
    gap = gaps.add(session, began_at, now=now)
    for own in tokens.good(session, now=now):  # one that was taken back in the gap would open again
        own.revoked_at = now
    clock.hold(session, now, f"{PUT_BACK} (gap {gap.id})", ordered=ordered)
    return gap


def _withdraw(session: Session, contact_ids: Iterable[int], now: datetime) -> None:
    """Stop again what was withdrawn in the gap: whoever said "bukan saya" would get an office's messages anew."""
    withdrawn = offices.withdraw(session, contact_ids, now=now)
    links.revoke_of(session, messages.sent_to(session, withdrawn), now=now)
    sessions.end_of(session, withdrawn, why="withdrawn", now=now)
    for id in withdrawn:
        contact = session.get_one(Contact, id)
        office = session.get_one(Office, contact.office_id)
        hand = Hand(office.id, office.title, Way.SYSTEM)
        changes.record(session, hand, "contact withdrawn", office.code, text=f"{contact.channel}: gap", now=now)


def show(session: Session, live: Mapping[int, Programme], *, now: datetime) -> None:
    """Have the secretariats know of each gap after which nobody has let sending go on. Harmless to repeat."""
    for gap in gaps.unasked(session):
        for id, programme in live.items():
            subject = f"gap:{gap.id}:{programme.desk.code}"
            paid = any(own.desk.code == programme.desk.code and own.policy.costs.prices for own in live.values())
            text = words(programme, gap) + UNPAID * paid
            tasks.open_(session, id, tasks.Why.GAP, subject, text, now=now)


UNPAID = (
    ". Biaya pesan dan tambahan anggaran pada waktu itu tidak termasuk dalam angka desk; "
    "mohon melihat tagihan penyedia, dan mencatat lagi tambahannya"
)
"""What the task adds where messages cost anything."""


def held_because(session: Session, live: Iterable[Programme], why: str) -> str:
    """Why sending is on hold, as pages say it: a gap by its times, and whatever else was given as its reason."""
    others = [part for part in why.split("; ") if not part.startswith(PUT_BACK)]
    spans = [words(programme, gap) for programme in [*live][:1] for gap in gaps.unasked(session)]
    gone = [f"{span} hilang, karena salinan lama dipasang kembali" for span in spans]
    return "; ".join([*gone, *others]) or why


def lost(session: Session, live: Iterable[Programme], *, now: datetime) -> list[str]:
    """Of which times these books knew nothing when an older copy was put back lately, as pages say it to everybody."""
    return _in_words(live, gaps.lately(session, now=now))


def ever_lost(session: Session, live: Iterable[Programme]) -> list[str]:
    """The same of every gap that there ever was: a letter of such a time is looked up years later."""
    return _in_words(live, gaps.all_(session))


def _in_words(live: Iterable[Programme], found: Iterable[Gap]) -> list[str]:
    programme = next(iter(live), None)
    return [words(programme, gap) for gap in found] if programme else []


def words(programme: Programme, gap: Gap) -> str:
    """From when to when nothing is known, in the desk's zone."""
    zone = programme.desk.zone
    return f"Catatan dari {indonesian.moment(gap.began_at, zone)} s.d. {indonesian.moment(gap.ended_at, zone)}"


def ask(session: Session, live: Mapping[int, Programme], *, now: datetime) -> int:
    """Before sending goes on: ask for what may have been lost; how many reports that are. Done once for each gap."""
    unasked = gaps.unasked(session)
    asked = sum(_ask(session, id, programme, unasked[-1], now) for id, programme in live.items() if unasked)
    for gap in unasked:
        for programme in live.values():
            tasks.done(session, tasks.Why.GAP, f"gap:{gap.id}:{programme.desk.code}", now=now)
    gaps.asked(session, [gap.id for gap in unasked], now=now)
    return asked


def _ask(session: Session, id: int, programme: Programme, gap: Gap, now: datetime) -> int:
    owed = gaps.maybe_lost(session, id, gap)
    if not owed:
        return 0
    secretariat = telling.office_of(session, programme, programme.desk.secretariat)
    hand = Hand(secretariat.id, secretariat.title, Way.SYSTEM)
    reason = f"{words(programme, gap)} hilang"
    for matter, own in owed:
        until = waited_until(own.due_at, own.extended_until, matter.closes_after, now=now)
        if until is None:
            reporter, _ = people.owing(programme.desk, matter.area)
            about = About(matter.id, matter.ladder, matter.round, Say.LOST)
            telling.tell(session, programme, reporter, about, Say.LOST, now=now)
        else:
            decisions.extend(
                session, programme, (matter, own), hand=hand, until=until, reason=reason, say=Say.LOST, now=now
            )
    return len(owed)
