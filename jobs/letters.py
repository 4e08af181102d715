"""Put a claimed message into words: what it says is read now, never when it was planned."""

from datetime import datetime
from typing import NamedTuple

import structlog

from jobs.runtime import Runtime
from models.letters import About, Line
from models.matters import Kind
from models.messages import Claim, Said
from notifiers import bounces
from notifiers.base import Letter
from notifiers.render import Facts, Item
from rules import access, dispatch, ladder, links, people, quiet, sessions
from rules.delivery import Unwritable
from rules.desk import Audience
from rules.issues import CATEGORIES, SEVERITIES, Category
from rules.ladder import Say
from rules.links import Opens
from rules.programme import Programme
from rules.tasks import REMEDIES, TITLES, WAYS

log = structlog.get_logger()


class Parcel(NamedTuple):
    """A claimed message with all it takes to write it; `lines` empty: nothing of it is owed any more.

    `token` is of the link that this try carries and `opens` where it leads; None: there is nothing behind it.
    `written`: what it is in words, where those had to be kept before it leaves; None: it is written when it leaves.
    """

    claim: Claim
    programme: Programme
    lines: list[Line]
    token: str | None = None
    opens: Opens | None = None
    written: tuple[Letter, Said] | Unwritable | None = None

    @property
    def say(self) -> Say:
        """What the message says: the severest of its lines; without any, a way in for whoever asked."""
        return max((line.say for line in self.lines), key=lambda say: say.severity, default=self.claim.say)

    def moot(self, now: datetime) -> str:
        """Why it is not to be sent; empty: it is."""
        if self.claim.say is Say.SIGN_IN:
            return "nobody waits for it any more" if sessions.stale(self.claim.created_at, now=now) else ""
        return "" if self.lines else "no longer owed, or to wait"


def opens(parcel: Parcel) -> Opens | None:
    """Where a link in this message leads: to what the office can answer, or to what it is told of; None: nowhere."""
    desk, office = parcel.programme.desk, parcel.claim.to.code
    if parcel.say is Say.SIGN_IN or (parcel.say in sessions.TELLING and access.enters(desk, office)):
        return Opens.DOOR
    asked = [line.area for line in parcel.lines if line.kind is Kind.OBLIGATION and line.say in links.ASKING]
    return Opens.REPORTS if links.answers(desk, office, asked) else None


def write(rt: Runtime, parcel: Parcel, now: datetime) -> tuple[Letter, Said] | Unwritable:
    """The letter for a claim whose lines are all still owed, and what is kept of it: not the link's token.

    A text that cannot be written stops only itself.
    """
    try:
        return _write(rt, parcel, now)
    except Exception as broken:  # noqa: BLE001 - whatever is wrong with one row, the others of its group go on
        log.error("unwritable", message=parcel.claim.id, error=type(broken).__name__)
        return Unwritable(type(broken).__name__)


def _write(rt: Runtime, parcel: Parcel, now: datetime) -> tuple[Letter, Said]:
    claim, programme, lines, token, leads, _ = parcel
    to = claim.to
    assert to.address is not None
    facts = Facts(
        brand=programme.desk.brand,
        desk=programme.desk.name,
        office=to.title,
        sms_name=to.sms_name,
        zone=to.zone,
        say=parcel.say,
        items=tuple(_item(programme, line, now) for line in lines),
        link=links.address(rt.public_url, token, leads) if token and leads else None,
        secretariat=programme.desk.office(programme.desk.secretariat).title,
        now=now,
    )
    text = rt.renderer.render(claim.channel, facts)
    letter = Letter(
        message_id=claim.id,
        channel=claim.channel,
        to=to.address,
        subject=text.subject,
        text=text.text,
        html=text.html,
        rfc_id=f"<{claim.id}.{claim.created_at:%Y%m%d%H%M%S}@{rt.mail_domain}>",
        sender_name=programme.desk.brand,
        bounce_to=bounces.address(rt.bounce_to, rt.key, claim.id) if rt.bounce_to else None,
        say=facts.say,
        wrote_at=to.wrote_at,
        not_after=_not_after(parcel, now),
        at=now,
    )
    return letter, Said(text.subject, links.veiled(text.text, token) if token else text.text, text.segments)


def _not_after(parcel: Parcel, now: datetime) -> datetime | None:
    zone = parcel.claim.to.zone
    if not quiet.readable(zone):
        return None
    words = [(line.say, line.ladder, line.urgent) for line in parcel.lines]
    return dispatch.not_after(words, zone, parcel.programme.peace, now=now)


def _item(programme: Programme, line: Line, now: datetime) -> Item:
    above, above_at = _next_above(programme, line, now)
    if line.task:
        return _task(programme, line, line.task, above, above_at)
    return Item(
        say=line.say,
        code=line.code,
        what=programme.policy.duty(line.duty).name if line.duty else CATEGORIES[Category(line.category or "")],
        area=programme.desk.area_name(line.area),
        due_at=line.since,
        zone=line.zone or programme.desk.zone_of(line.area),
        period=line.period,
        above=above,
        above_at=above_at,
        severity=SEVERITIES[line.severity] if line.severity else None,
        received_at=line.received_at,
        receipt=line.receipt,
        warned_at=line.warned_at,
        office=programme.desk.office(people.owing(programme.desk, line.area)[0]).title,
        returned=line.returned,
    )


def _task(programme: Programme, line: Line, task: About, above: str | None, above_at: datetime | None) -> Item:
    return Item(
        say=line.say,
        code=line.code,
        what=TITLES[task.why],
        area=task.office or (WAYS[task.channel] if task.channel else programme.desk.regency),
        due_at=line.since,
        zone=programme.desk.zone,
        above=above,
        above_at=above_at,
        todo=REMEDIES[task.why],
    )


def _next_above(programme: Programme, line: Line, now: datetime) -> tuple[str | None, datetime | None]:
    """Who hears next and not before when: it keeps a warning honest, and tells an office above what follows."""
    if line.say not in (Say.WARNING, Say.ESCALATION, Say.PROBLEM, Say.TASK):
        return None, None
    climbed = programme.policy.ladder(line.ladder)
    told = climbed.rungs[line.rung].tell
    rung = next((r for r in climbed.rungs[line.rung + 1 :] if r.tell.above_team and r.tell is not told), None)
    if rung is None:
        return None, None
    circle = people.circle(programme.desk, line.area, {}, late=line.kind is Kind.OBLIGATION)
    office = programme.desk.office(circle[Audience(rung.tell)][0].office)
    grace = programme.desk.grace(line.area, owed=line.kind is Kind.OBLIGATION)
    matter = ladder.Matter(since=line.since, grace=grace)
    return office.title, max(ladder.fires_at(matter, rung), now + climbed.cooling)
