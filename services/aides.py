"""Aides in villages: a district's reporter names them, asks them, and reads what they sent. Nobody above does."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import aiding, matters
from models.matters.aiding import Asked, Owed
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages import messages, notices, releasing
from models.messages.notices import About, To
from models.offices import aides, links, offices
from models.offices.aides import Aide, Known
from models.offices.offices import Contact, Office
from rules import aides as rule
from rules.aides import Answered
from rules.assignments import Assignment, Kind
from rules.desk import Audience, Channel
from rules.filing import NotTaken
from rules.forms import Form
from rules.ladder import Say
from rules.programme import Programme
from services import handovers

OCCASION = "aide"
UNREACHABLE = "no address of his takes messages"
NAMED, OUT, ASKED = "aide named", "aide taken out", "aides asked"
"""What the record of changes says. It names the village, and never what was sent."""


class TooMany(NotTaken):
    """More aides, or more messages to them, than a district needs."""


def village(programme: Programme, area: str, aide: Aide) -> str:
    """What people call his village: `Desa Koanda`."""
    return programme.desk.villages_of(area).get(aide.village, aide.village)


def name(
    session: Session,
    programme: Programme,
    area: str,
    village: str,
    called: str,
    addresses: Mapping[Channel, str],
    *,
    hand: Hand,
    now: datetime,
) -> bool:
    """Let a person help for a village from now on, in place of whoever did; whether that changed anything.

    Whoever helped there before is told nothing more, and his links are shut; so are this one's own if his number or
    address is another.

    Args:
        village: its code, or its name where the desk's file lists none.

    Raises:
        TooMany: the district has as many as it may have.
    """
    desk = programme.desk
    called_so = desk.villages_of(area).get(village, village)
    code = rule.code(village if village in desk.villages else f"{area}/{village}")
    office = offices.by_code(session, desk.code, code)
    if office is None:
        if len(aides.of(session, desk.code, [area])) >= rule.MOST:
            raise TooMany(f"{area} has {rule.MOST} aides, and no more are taken")
        zone = desk.zone_of(area)
        title, brief = rule.title(called_so), rule.brief(called_so)
        office = Office(desk=desk.code, code=code, title=title, sms_name=brief, zone=zone, aide=True)
        session.add(office)
        session.flush()
        session.add(Aide(id=office.id, area=area, village=village, named_by=hand.office_id, named_at=now))
        session.flush()
    aide = session.get_one(Aide, office.id)
    fresh = aide.ended_at is not None
    aide.ended_at, aide.named_by, aide.area = None, hand.office_id, area
    new = Assignment(called, Kind.DEFINITIVE, now, None)
    known = aides.one(session, office.id)
    if not fresh and known is not None and known.name == called and _reached(session, office.id) == dict(addresses):
        return False
    handovers.hand_over(session, office.id, new, addresses, now=now)
    changes.record(session, hand, NAMED, code, text=called_so, now=now)
    return True


def take_out(session: Session, known: Known, *, hand: Hand, now: datetime) -> None:
    """Ask this aide nothing more, and shut his links at once. What he sent stays his district's."""
    _end(session, known, now=now)
    changes.record(session, hand, OUT, known.office.code, text=known.office.title, now=now)


def forget(session: Session, office: Office, *, hand: Hand, now: datetime) -> None:
    """Take an aide out, and remove his name from what he sent."""
    known = aides.one(session, office.id)
    if known is not None:
        take_out(session, known, hand=hand, now=now)
    aiding.unname(session, office.id)


def _end(session: Session, known: Known, *, now: datetime) -> None:
    handovers.end(session, known.office.id, now=now)
    known.aide.ended_at = now
    session.flush()


def _reached(session: Session, office_id: int) -> dict[Channel, str]:
    current = offices.current(session, [office_id]).get(office_id, [])
    return {own.channel: own.address for own in current if own.state is Contact.State.ACTIVE}


class Told(NamedTuple):
    """How many aides were asked now, how many of them a second time, and whom nothing reaches."""

    asked: int
    again: int
    unreached: Sequence[str]


def ask(
    session: Session,
    programme_id: int,
    programme: Programme,
    owed: tuple[Matter, Obligation],
    *,
    hand: Hand,
    now: datetime,
) -> Told:
    """Ask the aides of a report's district who have not sent theirs: each once, and once again after a while.

    When the report was returned to be improved, all are asked once more.

    The report's matter is locked. Messages leave as all others do: after quiet hours, below caps, not on hold.

    Raises:
        TooMany: so many messages about one report are not meant.
    """
    report, obligation = owed
    before = aiding.of_report(session, report.id)
    known = aides.of(session, programme.desk.code, [report.area])
    reached = offices.current(session, [own.office.id for own in known])
    told: list[notices.New] = []
    again, unreached = 0, []
    for own in known:
        asked = before.get(own.aide.id)
        if asked is not None and not _again(asked, obligation, now):
            continue
        if asked is None:
            asked, matter = aiding.add(session, programme_id, report, obligation.due_at, own.aide.id)
        else:
            matter = session.get_one(Matter, asked.id)
            matter.round, matter.closed_at, matter.closed_why = matter.round + 1, None, ""
            again += 1
        channel = _way(programme, reached.get(own.office.id, ()))
        about = About(asked.id, "", matter.round, OCCASION)
        to = To(own.office.id, own.office.zone, channel, Audience.OWNER)
        reason = "" if channel else UNREACHABLE
        told.append(notices.new(programme, about, to, Say.AIDE, urgent=False, reason=reason, now=now))
        asked.times, asked.asked_at = asked.times + 1, now
        if channel is None:
            unreached.append(own.office.title)
    if sum(own.times for own in aiding.of_report(session, report.id).values()) > rule.MOST_ASKED:
        raise TooMany(f"more than {rule.MOST_ASKED} messages to aides about {report.code}")
    session.flush()
    notices.add(session, told)
    if told:
        text = f"{len(told) - again} + {again}"
        changes.record(session, hand, ASKED, report.code, programme_id, text=text, now=now)
    return Told(len(told) - len(unreached), again, unreached)


def _again(asked: Asked, report: Obligation, now: datetime) -> bool:
    again = report.returned_at
    return rule.may_ask(asked.times, asked.asked_at, asked.sent_at, returned_at=again, now=now)


def _way(programme: Programme, contacts: Iterable[Contact]) -> Channel | None:
    alive = {own.channel for own in contacts if own.state is Contact.State.ACTIVE}
    ways = programme.policy.aides.by if programme.policy.aides else ()
    return next((channel for channel in ways if channel in alive), None)


def send(session: Session, owed: Owed, fields: Mapping[str, str], by: str, *, now: datetime) -> None:
    """Keep what an aide sent in place of what he sent before. It is filed by nobody but the district's reporter.

    Args:
        fields: what of it has no flaw (`rules.aides.kept`).
    """
    own = owed.asked
    own.fields, own.by, own.sent_at = dict(fields), by, now
    session.flush()


class Row(NamedTuple):
    """One village as its district's reporter sees it. `asked` None: it was not asked about this report."""

    known: Known
    village: str
    asked: Asked | None
    contacts: Sequence[Contact]


def rows(session: Session, programme: Programme, area: str, report_id: int | None = None) -> list[Row]:
    """The aides of a district, in the order of its villages, with what they were asked about a report and sent."""
    known = aides.of(session, programme.desk.code, [area])
    order = list(programme.desk.villages_of(area))
    known.sort(key=lambda own: (own.aide.village not in order, own.aide.village))
    reached = offices.current(session, [own.office.id for own in known])
    asked = aiding.of_report(session, report_id) if report_id is not None else {}
    return [
        Row(own, village(programme, area, own.aide), asked.get(own.aide.id), reached.get(own.office.id, ()))
        for own in known
    ]


def ready(session: Session, known: Iterable[Row], report_id: int, *, now: datetime) -> list[Row]:
    """Those of them who are told if they are asked about this report now."""
    report = session.get_one(Obligation, report_id)
    return [own for own in known if own.asked is None or _again(own.asked, report, now)]


def answers(session: Session, programme: Programme, area: str, report_id: int) -> list[Answered]:
    """What the villages of a district sent for a report, also of aides who were taken out since."""
    asked = aiding.of_report(session, report_id)
    helping = {own.id: own for own in session.scalars(select(Aide).where(Aide.id.in_(list(asked))))}
    found = [Answered(village(programme, area, helping[id]), own.fields) for id, own in asked.items() if own.fields]
    order = list(programme.desk.villages_of(area).values())
    return sorted(found, key=lambda own: (own.village not in order, own.village))


def suggested(session: Session, programme: Programme, area: str, report_id: int, form: Form) -> dict[str, str]:
    """What the villages suggest for a report's form, by field name."""
    return rule.together(form, answers(session, programme, area, report_id))


def stop(session: Session, contact: Contact, *, now: datetime) -> None:
    """Nothing more goes to this address for any village: he said so. His district's reporter sees it."""
    for own in aides.sharing(session, contact):
        withdrawn = offices.withdraw(session, [own.id], now=now)
        releasing.put_back(session, messages.take_back(session, withdrawn, now=now), now=now)
        links.revoke(session, own.office_id, now=now)


def tidy(session: Session, desks: Collection[str], *, before: datetime, now: datetime) -> int:
    """Close what was asked about reports that are over, and remove words, names and numbers that were kept long enough.

    Args:
        desks: those that are live; the aides of any other are taken out.
        before: what was over by then is removed.
    """
    for known in aides.elsewhere(session, desks):
        _end(session, known, now=now)
    for id in aiding.over(session):
        matters.close(session, id, why=aiding.OVER, now=now)
    gone = aides.ended(session, before=before)
    for id in gone:
        handovers.erase(session, id, now=now)
    return len(gone) + aiding.forget(session, before=before)
