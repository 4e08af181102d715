"""Roll calls: ask every office on its days, ask whoever has a new number or address, and keep what they answer."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.machine import clock
from models.matters import matters, rollcalls, tasks
from models.matters.rollcalls import Asked, New
from models.messages import messages
from models.offices import offices
from models.offices.offices import Contact, Office
from rules import rollcalls as rule
from rules.programme import Programme
from rules.rollcalls import Answered, Call
from rules.tasks import Why


def due(programme: Programme, *, now: datetime) -> Call | None:
    """The roll call that is to be planned now; None: there is none, or the policy wants none."""
    policy = programme.policy.roll_call
    return policy and rule.due(policy, programme.election, programme.desk.zone, now=now)


def call(session: Session, programme_id: int, programme: Programme, called: Call | None, *, now: datetime) -> int:
    """Plan to ask every office; how many that is. Nobody is asked twice by it; what was planned else is taken back."""
    rollcalls.drop_ahead(session, programme_id, but=called and called.since, now=now)
    policy, desk = programme.policy.roll_call, programme.desk
    if policy is None or called is None:
        return 0
    ids = offices.ids_of(session, desk.code)
    made = [
        New(
            f"{programme.code}/roll-call/{called.name}/{office.code}",
            ids[office.code],
            rule.place(desk, office.code),
            called.since,
            closes_after=called.since + policy.lasts,
            name=called.name,
        )
        for office in desk.offices
        if office.code in ids
    ]
    return _add(session, programme_id, made, ladder=policy.ladder, now=now)


def ask_new(session: Session, live: Mapping[int, Programme], *, now: datetime) -> int:
    """Ask about every new number and address in each election that wants it; how many that is."""
    new = rollcalls.unasked(session)
    count = 0
    for id, programme in live.items() if new else ():
        policy, desk = programme.policy.roll_call, programme.desk
        if policy is None:
            continue
        made = [
            New(
                f"{programme.code}/contact/{contact.id}",
                office.id,
                rule.place(desk, office.code),
                now,
                contact_id=contact.id,
            )
            for contact, office in new
            if office.desk == desk.code
        ]
        count += _add(session, id, made, ladder=policy.ladder, now=now)
    return count


def _add(session: Session, programme_id: int, made: list[New], *, ladder: str, now: datetime) -> int:
    if not made:
        return 0
    clock.alone(session, clock.LOOK)
    known = matters.known(session, [one.key for one in made])
    fresh = [one for one in made if one.key not in known]
    rollcalls.add(session, programme_id, fresh, ladder=ladder, now=now)
    return len(fresh)


def answered(
    session: Session, programme_id: int, programme: Programme, areas: Collection[str], *, now: datetime
) -> Answered | None:
    """How the last roll call stands among those who work in these districts; None: nobody was asked.

    Who is answered for later, as by phone, counts as well.
    """
    if programme.policy.roll_call is None:
        return None
    asked = [one for one in rollcalls.of(session, [programme_id], now=now) if one.call.contact_id is None]
    last = max((one.matter.since for one in asked), default=None)
    own = [one for one in asked if one.matter.since == last and rule.concerns(programme.desk, one.office.code, areas)]
    if last is None or not own:
        return None
    reached = offices.current(session, [one.office.id for one in own])
    silent = [
        one.office.title
        for one in own
        if not one.confirmed
        and not any(each.verified_at and each.verified_at >= last for each in reached.get(one.office.id, ()))
    ]
    return Answered(own[0].call.name, len(own), tuple(silent))


def tidy(session: Session, *, now: datetime) -> None:
    """End what was asked about a contact that is not used any more, or for which somebody else has answered."""
    for id in rollcalls.astray(session):
        matters.close(session, id, why=rule.ENDED, now=now)


def confirm(
    session: Session,
    office: Office,
    *,
    came_by: int | None,
    phoned: bool = False,
    alone: bool = False,
    hand: Hand,
    now: datetime,
) -> None:
    """An office says that all is right. It answers for what it was reached by, and for what was known before.

    A new number or address waits for an answer from there, unless somebody `phoned` and asked for all. Safe to repeat.

    Args:
        came_by: the contact that brought the question; None: it is not known.
        alone: he was shown no other, so he answers for that one only.
    """
    current = offices.current(session, [office.id]).get(office.id, [])
    answered = [c.id for c in current if phoned or c.id == came_by or not (alone or c.unconfirmed)]
    offices.verify(session, answered, now=now)
    open_ = rollcalls.waiting(session, office.id, now=now)
    over = [one for one in open_ if one.call.contact_id is None or one.call.contact_id in answered]
    _close(session, over, now)
    about = ", ".join(dict.fromkeys(one.call.name for one in over if one.call.name))
    changes.record(session, hand, "contacts confirmed", office.code, text=about, now=now)


def _close(session: Session, asked: Iterable[Asked], now: datetime) -> None:
    for one in asked:
        matters.close(session, one.matter.id, why=rule.CONFIRMED, now=now)


def report(session: Session, programme_id: int, office: Office, text: str, *, hand: Hand, now: datetime) -> None:
    """An office says what is wrong about its contacts. The secretariat sees to it; nothing changes by itself."""
    said = f"{office.title}: {text}"[:500]
    tasks.open_(session, programme_id, Why.CONTACT_CHANGED, f"office:{office.id}", said, now=now, office_id=office.id)
    tasks.reword(session, Why.CONTACT_CHANGED, f"office:{office.id}", said)
    changes.record(session, hand, "contact questioned", office.code, programme_id, text=text, now=now)


def came_by(session: Session, message_id: int | None) -> Contact | None:
    """The contact that a message went to; None: it is not known."""
    id = messages.contact_of(session, message_id) if message_id is not None else None
    return session.get(Contact, id) if id is not None else None
