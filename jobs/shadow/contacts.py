"""What was done about who holds an office and how it is reached, and about the secretariat's tasks, done again."""

from collections.abc import Callable, Mapping

from jobs.shadow.at import Apart, At
from models.desk import deeds
from models.desk.changes import Way
from models.matters import tasks
from models.messages.inbound import Inbound
from models.messages.messages import Message
from models.offices import offices
from models.offices.offices import Contact, Office
from rules import quiet
from rules.desk import Channel
from services import handovers, holders, relinking, reviving, rollcalls, strangers


def _there(at: At) -> Office:
    """The office in the books."""
    own = offices.by_code(at.books, at.programme.desk.code, at.change.subject)
    if own is None:
        raise Apart(f"{at.change.subject} is not there")
    return own


def _take_over(at: At) -> None:
    """Another holder, or another address: what the books have of that moment."""
    there, office = _there(at), at.named
    known = deeds.contacts(at.books, there.id)
    held = deeds.begun(at.books, there.id, at.now)
    if held is None:
        given = {own.channel: own.address for own in known if own.since == at.now}
        given = dict.fromkeys((own.channel for own in known if own.until == at.now), "") | given
        for channel, address in given.items():
            handovers.replace(at.session, office.id, channel, address, now=at.now)
    else:
        new = held.fact()
        given = {own.channel: own.address for own in known if _comes_with(own, at, held.since) and own.address}
        handovers.hand_over(at.session, office.id, new, given, now=at.now)
    holders.mended(at.session, at.hand, office.id, given, now=at.now)


def _comes_with(own: Contact, at: At, since: object) -> bool:
    """Whether an office is reached by it once its new holder is there: it begins with him, or goes on."""
    goes_on = own.since <= at.now and (own.until is None or own.until > at.now)
    return own.since == since or (goes_on and own.state in (Contact.State.ACTIVE, Contact.State.DEAD))


def _confirm(at: At) -> None:
    office, channel = at.named, Channel(at.change.text)
    handovers.confirm(at.session, office.id, channel, now=at.now)
    reviving.mended(at.session, office.id, channel, now=at.now)


def _withdraw(at: At) -> None:
    """Every office that the address reached has a change of its own."""
    channel = at.change.text.partition(":")[0]
    for contact in offices.current(at.session, [at.named.id]).get(at.named.id, []):
        if contact.channel == channel:
            strangers.withdraw(
                at.session, at.programme_id, at.programme, contact, everybody=False, hand=at.hand, now=at.now
            )


def _answered(at: At) -> None:
    own, through = at.change, at.change.through
    came_by = None
    if own.way is Way.LINK and through is not None and (message := at.books.get(Message, through)):
        came_by = message.contact_id
    if own.way is Way.REPLY and through is not None and (inbound := at.books.get(Inbound, through)):
        came_by = inbound.contact_id
    rollcalls.confirm(
        at.session,
        at.named,
        came_by=_here(at, came_by),
        phoned=own.way is Way.PHONE,
        alone=own.way is Way.REPLY,
        hand=at.hand,
        now=at.now,
    )


def _here(at: At, contact_id: int | None) -> int | None:
    """The contact of the office that has the same address on the copy."""
    there = at.books.get(Contact, contact_id) if contact_id is not None else None
    own = offices.current(at.session, [at.named.id]).get(at.named.id, [])
    same = (c.id for c in own if there and (c.channel, c.address) == (there.channel, there.address))
    return next(same, None)


def _question(at: At) -> None:
    rollcalls.report(at.session, at.programme_id, at.named, at.change.text, hand=at.hand, now=at.now)


def _leave_in_peace(at: At) -> None:
    asked = quiet.read(at.change.text.partition(": ")[0])
    everybodys = [own.policy.quiet for own in at.rt.live(at.session).values()]
    handovers.leave_in_peace(at.session, at.named, asked, everybodys, now=at.now)


def _link(at: At) -> None:
    for id, programme in at.rt.live(at.session).items():
        relinking.send(at.session, id, programme, at.named, now=at.now)


def settle(at: At) -> None:
    """The secretariat ticked a task off, or what was done about contacts did."""
    own = deeds.task(at.books, at.matter.id)
    if own is not None:
        tasks.done(at.session, own.why, own.subject, now=at.now, how=at.matter.closed_why or tasks.TICKED)


DEEDS: Mapping[str, Callable[[At], None]] = {
    "imported": _take_over,
    "handed over": _take_over,
    "contact replaced": _take_over,
    "contact confirmed": _confirm,
    "contact withdrawn": _withdraw,
    "contacts confirmed": _answered,
    "contact questioned": _question,
    "quiet hours": _leave_in_peace,
    "links renewed": _link,
}
SETTLED = "settled"
