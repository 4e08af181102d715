"""Claim messages, and make each ready to be sent: what may still be said, its link, its words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

import rules.links
from jobs.delivery import items, letters
from jobs.delivery.letters import Parcel
from jobs.runtime import Runtime
from models.machine import nonsense
from models.matters import matters
from models.messages import claiming, inbound, releasing, settling, untold
from models.messages.claiming import Addressed, Claim
from models.messages.letters import Line, lines
from models.messages.settling import Outcome
from models.offices import links, offices, sessions
from models.offices.offices import Resting
from notifiers.base import Asks
from rules import delivery, dispatch, people, quiet
from rules.delivery import State, Verdict
from rules.desk import Channel
from rules.dispatch import Held
from rules.ladder import Say
from rules.links import Opens
from rules.policy import Policy
from rules.programme import Programme
from rules.sessions import lasts
from services import ending
from services.government.withheld import names_restricted


def claim(session: Session, rt: Runtime, ids: Sequence[int], now: datetime) -> list[Parcel]:
    """Take what is free of `ids`, with what may be said now. A message with nothing left to say has no lines."""
    take = partial(claiming.claim, session, ids, lease=lease(rt.policies(session)), now=now)
    claims = nonsense.cured(session, take, now=now)
    said = nonsense.cured(session, partial(lines, session, claims, now=now), now=now)
    claims = _but_set_aside(session, rt, claims, said, now)
    said = {c.id: [_confided(session, rt, c, line) for line in said.get(c.id, ())] for c in claims}
    certain = [line for c in claims if not c.doubts for line in said.get(c.id, ())]  # the others may have been said
    untold.drop(session, [(line.notice_id, line.moot) for line in certain if line.moot])
    claims = _but_resting(session, rt, claims, said, now)
    parcels = [_ready(session, rt, c, said.get(c.id, []), now) for c in claims]
    parcels = _with_next(session, _with_replies(session, _with_answers(session, parcels)), now)
    return _in_words(session, rt, _with_links(session, rt, parcels, now) if rt.public_url else parcels, now)


def _but_set_aside(
    session: Session, rt: Runtime, claims: Sequence[Claim], said: Mapping[int, Sequence[Line]], now: datetime
) -> list[Claim]:
    """Without the messages of programmes that were closed, which end, or cannot be read, which go on waiting."""
    about = {c.id: {c.programme_id, *(line.programme_id for line in said.get(c.id, ()))} for c in claims}
    closed = {c.id for c in claims if all(rt.closed(session, id) for id in about[c.id])}
    moot = [Outcome(c, delivery.dropped(dispatch.CLOSED, doubts=c.doubts), "moot") for c in claims if c.id in closed]
    ending.settle(session, moot, now=now)
    unread = {c.id for c in claims if c.id not in closed and any(rt.unreadable(session, id) for id in about[c.id])}
    waits = Verdict(State.PENDING, now, "its programme cannot be read", tries_spent=0)
    ending.settle(session, [Outcome(c, waits, settling.NOT_TRIED) for c in claims if c.id in unread], now=now)
    return [c for c in claims if c.id not in closed | unread]


def _confided(session: Session, rt: Runtime, claim: Claim, line: Line) -> Line:
    """A line of a message; moot if its programme was closed, or its reader may not hear of it any more."""
    if line.moot:
        return line
    if rt.closed(session, line.programme_id):
        return line._replace(moot=dispatch.CLOSED)
    return line._replace(moot=_secret(session, rt.programme(session, line.programme_id), claim, line))


def _secret(session: Session, programme: Programme, claim: Claim, line: Line) -> str:
    """Why its reader may not hear of it; empty: he may."""
    if not items.read_by(programme, line, claim.to.code):
        return "it is restricted, or about this office"
    withheld = line.submission is not None and names_restricted(session, line.submission.submission)
    return "it names a problem that is restricted by now" if withheld else ""


def _but_resting(
    session: Session, rt: Runtime, claims: Sequence[Claim], said: Mapping[int, Sequence[Line]], now: datetime
) -> list[Claim]:
    """Without those that may have arrived once and must wait now. Each stays the message it is, with its mark."""
    resting: dict[int, tuple[datetime, Held]] = {}
    for claim in claims:
        if claim.doubts and quiet.readable(claim.to.zone):
            owed = [line for line in said.get(claim.id, ()) if not line.moot]
            held = [_waits_until(line, rt.programme(session, line.programme_id), claim.to, now) for line in owed]
            if until := dispatch.whole_waits_until(held):
                resting[claim.id] = until
    claiming.put_off(
        session, [(c, resting[c.id][0], dispatch.RESTS + resting[c.id][1]) for c in claims if c.id in resting]
    )
    return [claim for claim in claims if claim.id not in resting]


def _ready(session: Session, rt: Runtime, claim: Claim, lines: Sequence[Line], now: datetime) -> Parcel:
    """What may be said now. What must wait goes back among the notices, and is merged anew when its time comes.

    Nothing waits for an office whose zone became unknown: it has no quiet hours. Nor does a part of a message that may
    have arrived once (`dispatch.whole_waits_until`).
    """
    owed = [line for line in lines if not line.moot]
    about = {claim.programme_id, *(line.programme_id for line in lines)}
    programmes = {id: rt.programme(session, id) for id in about if not rt.closed(session, id)}
    if claim.doubts or not quiet.readable(claim.to.zone):
        return Parcel(claim, programmes, owed)
    held = {
        line.notice_id: until
        for line in owed
        if (until := _waits_until(line, programmes[line.programme_id], claim.to, now))
    }
    releasing.postpone(session, [(id, *until) for id, until in held.items()])
    return Parcel(claim, programmes, [line for line in owed if line.notice_id not in held])


def _waits_until(line: Line, programme: Programme, to: Addressed, now: datetime) -> tuple[datetime, Held] | None:
    peace = programme.peace.besides(*to.quiet)
    return dispatch.waits_until(
        line.say, line.promised_until, to.zone, peace, ladder=line.ladder, urgent=line.urgent, now=now
    )


def _with_replies(session: Session, parcels: Sequence[Parcel]) -> list[Parcel]:
    """Let answers to mails go to a person: nobody reads what comes back to the sender."""
    mails = [p for p in parcels if p.claim.channel is Channel.EMAIL]
    to = {place: offices.mailbox(session, *place) for place in {_answered_by(p) for p in mails}}
    return [p._replace(reply_to=to.get(_answered_by(p))) for p in parcels]


def _answered_by(parcel: Parcel) -> tuple[str, str]:
    """The desk and office that answers to a mail go to: an aide answers whoever asked him."""
    desk = parcel.programme.desk
    asker = people.owing(desk, parcel.lines[0].area)[0] if parcel.lines and parcel.say is Say.AIDE else ""
    return desk.code, asker or desk.secretariat


def _with_next(session: Session, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
    """With who above hears next and when, where a message says so. What is said here is kept: nobody above hears
    earlier (`rules.ladder`).
    """
    desks = {p.programme.desk.code for p in parcels if any(map(items.names_next, p.lines))}
    resting = {desk: offices.resting(session, desk) for desk in desks}
    told = [p._replace(lines=[_names_next(p, line, resting, now) for line in p.lines]) for p in parcels]
    matters.name(session, {line.matter_id: line.above_at for p in told for line in p.lines if line.above_at})
    return told


def _names_next(parcel: Parcel, line: Line, resting: Mapping[str, Mapping[str, Resting]], now: datetime) -> Line:
    if not items.names_next(line):
        return line
    programme = parcel.programmes[line.programme_id]
    try:
        return items.with_next(programme, line, parcel.claim.to.code, now, resting[parcel.programme.desk.code])
    except nonsense.ERRORS:  # others are claimed with it; it names no hour, or is found wrong where it is written
        return line


def _with_answers(session: Session, parcels: Sequence[Parcel]) -> list[Parcel]:
    """What is answered to somebody who wrote to us."""
    said = inbound.answers(session, [p.claim.id for p in parcels if p.claim.say is Say.ANSWER])
    return [p._replace(answer=tuple(said.get(p.claim.id, ()))) for p in parcels]


def _with_links(session: Session, rt: Runtime, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
    """A new link for each try that should carry one. Tokens are not kept, so a second try cannot carry the first's."""
    leading = [(parcel, letters.opens(parcel)) for parcel in parcels]
    carrying = [p._replace(token=rules.links.token(rt.luck), opens=to) if to else p for p, to in leading]
    links.give(session, (_link(p) for p in carrying if p.opens in (Opens.REPORTS, Opens.VILLAGE)), now=now)
    sessions.give(session, (_door(p) for p in carrying if p.opens is Opens.DOOR), now=now)
    return carrying


def _in_words(session: Session, rt: Runtime, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
    """Write here what a provider may be asked about later, and keep its words before it leaves: they identify it."""
    channels = {parcel.claim.channel for parcel in parcels}  # one: a bell rings for a channel
    if not any(isinstance(rt.notifiers[channel], Asks) for channel in channels):
        return list(parcels)
    written = [
        parcel._replace(written=letters.write(rt, parcel, now)) if parcel.leaves(now) else parcel for parcel in parcels
    ]
    said = {p.claim.id: p.written[1] for p in written if isinstance(p.written, tuple)}
    claiming.keep_words(session, said)
    return written


def _link(parcel: Parcel) -> links.New:
    claim = parcel.claim
    return links.New(parcel.token or "", parcel.programme_id, claim.office_id, claim.id)


def _door(parcel: Parcel) -> sessions.New:
    claim = parcel.claim
    to = (parcel.programme_id, claim.office_id, claim.contact_id, claim.id, parcel.claim.to.address or "")
    return sessions.New(parcel.token or "", *to, lasts(parcel.say))


def lease(policies: Iterable[Policy]) -> timedelta:
    """How long a claim holds: the least of any live programme."""
    return min((policy.delivery.lease for policy in policies), default=timedelta(minutes=2))
