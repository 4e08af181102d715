"""Put a claimed message into words. What it says is read now, not when it was planned."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import structlog

from jobs.delivery import enclosing, items
from jobs.runtime import Runtime
from models.matters.matters import Kind
from models.messages.claiming import Claim, Said
from models.messages.letters import Line
from notifiers import answered, bounces, icalendar, render
from notifiers.base import Letter
from notifiers.icalendar import Calendar, Meeting
from notifiers.render import Facts, Item
from rules import access, dispatch, links, machine, people, quiet, sessions
from rules.advice import Stage
from rules.delivery import Temporary, Unwritable
from rules.desk import Channel, Desk
from rules.ladder import Say
from rules.links import Opens
from rules.programme import Programme
from rules.replies import wording as replies
from rules.summary import Section
from rules.tasks import OF_DESK
from services import gates, summaries
from services.gates import Stand
from services.government import brief

log = structlog.get_logger()


class Parcel(NamedTuple):
    """A claimed message with all that is needed to write it. Without `lines` nothing of it is owed any more.

    `programmes`: by id, the live elections that it is about; `programme`: the one that it stands among.
    `token` belongs to the link that this try carries, and `opens` says where the link leads; None: it carries none.
    `reply_to` is where answers to a mail go. `answer`: what it answers to somebody who wrote to us.
    `written`: its words, if they had to be kept before it leaves; None: it is written when it leaves.
    """

    claim: Claim
    programmes: Mapping[int, Programme]
    lines: list[Line]
    token: str | None = None
    opens: Opens | None = None
    written: tuple[Letter, Said] | Unwritable | Temporary | None = None
    reply_to: str | None = None
    answer: tuple[str, ...] = ()

    @property
    def programme_id(self) -> int:
        return self.claim.programme_id if self.claim.programme_id in self.programmes else next(iter(self.programmes))

    @property
    def programme(self) -> Programme:
        return self.programmes[self.programme_id]

    @property
    def elections(self) -> list[Programme]:
        """Those that it tells of; of a message without lines its own."""
        return [self.programmes[id] for id in {line.programme_id: None for line in self.lines}] or [self.programme]

    @property
    def say(self) -> Say:
        """What the message says: the severest of its lines. Without lines it is a link that somebody asked for."""
        return max((line.say for line in self.lines), key=lambda say: say.severity, default=self.claim.say)

    def moot(self, now: datetime) -> str:
        """Why it is not sent; empty if it is."""
        if self.claim.say is Say.ANSWER:
            return "nobody waits for it any more" if replies.stale(self.claim.created_at, now=now) else ""
        if self.claim.say is Say.SIGN_IN:
            return "nobody waits for it any more" if sessions.stale(self.claim.created_at, now=now) else ""
        return "" if self.lines else "no longer owed, or to wait"

    def leaves(self, now: datetime) -> bool:
        """Whether somebody is to be called for it."""
        return self.claim.to.address is not None and not self.moot(now)


def opens(parcel: Parcel) -> Opens | None:
    """Where the link in this message leads: to reports to file, or to the pages behind the door; None: no link."""
    desk, office, say = parcel.programme.desk, parcel.claim.to.code, parcel.say
    if say is Say.AIDE:
        return Opens.VILLAGE
    if say is Say.ADVICE and access.files(desk, office) and _given_here(parcel):
        return Opens.REPORTS  # what its own list has too: one tap answers it
    if say is Say.ANSWER:
        return Opens.REPORTS if access.files(desk, office) else None
    if say is Say.ROLL_CALL and all(line.owner == office for line in parcel.lines):
        return Opens.REPORTS  # answered with one tap, by whoever holds the phone
    if say is Say.SIGN_IN or (say in sessions.TELLING and access.enters(desk, office)):
        return Opens.DOOR
    if office == desk.secretariat and access.enters(desk, office):
        return Opens.DOOR  # the desk's own report is seen to on the pages behind it
    asked = [line.area for line in parcel.lines if line.kind is Kind.OBLIGATION and line.say in links.ASKING]
    return Opens.REPORTS if links.answers(desk, office, asked) else None


def _given_here(parcel: Parcel) -> bool:
    """Whether all that is told is the office's own, and may be read by a link."""
    own = [line for line in parcel.lines if line.say is Say.ADVICE]
    return all(line.advice and line.owner == parcel.claim.to.code and not line.advice.restricted for line in own)


def write(rt: Runtime, parcel: Parcel, now: datetime) -> tuple[Letter, Said] | Unwritable | Temporary:
    """The letter for a claim whose lines are all still owed, and the words to keep, without the link's token.

    A text that cannot be written stops only itself. If this machine failed, it is written later.
    """
    try:
        return _write(rt, parcel, now)
    except Unwritable as unwritable:
        return unwritable
    except Exception as broken:  # noqa: BLE001 - whatever is wrong with one row, the others of its group go on
        if machine.failed(broken):
            log.error("not written", message=parcel.claim.id, error=type(broken).__name__)
            return Temporary(f"this machine failed: {type(broken).__name__}", reached=False)
        log.error("unwritable", message=parcel.claim.id, error=type(broken).__name__)
        return Unwritable(type(broken).__name__)


def _write(rt: Runtime, parcel: Parcel, now: datetime) -> tuple[Letter, Said]:
    claim, _, lines, token, leads, *_ = parcel
    programme = parcel.elections[0]
    to, desk = claim.to, programme.desk
    itself, say = to.code == desk.secretariat, parcel.say
    assert to.address is not None
    stands, names, mail = _stands(rt, programme, lines, now), _names(rt, parcel), claim.channel is Channel.EMAIL
    replies = _taken_here(rt, parcel)
    facts = Facts(
        brand=desk.brand,
        desk=desk.name,
        office=to.title,
        sms_name=to.sms_name,
        zone=to.zone,
        say=say,
        items=_items(parcel, stands, now, several=len(names) > 1),
        summary=(*_summary(rt, programme, lines, now), *_briefs(rt, lines), *map(gates.section, stands.values())),
        link=links.address(rt.public_url, token, leads) if token and leads else None,
        once=leads is Opens.DOOR,
        secretariat="" if itself else _asker(desk, lines) if say is Say.AIDE else desk.help,
        call="" if itself or say is Say.AIDE else desk.dialled,
        election=_election(names),
        answer=parcel.answer,
        replies=replies,
        now=now,
    )
    text, named = render.own().render(claim.channel, facts), (claim.id, claim.nonce)
    letter = Letter(
        message_id=claim.id,
        channel=claim.channel,
        to=to.address,
        subject=text.subject,
        text=text.text,
        html=text.html,
        nonce=claim.nonce,
        rfc_id=f"<{claim.id}.{claim.nonce or f'{claim.created_at:%Y%m%d%H%M%S}'}@{rt.mail_domain}>",
        sender_name=desk.brand,
        reply_to=answered.address(rt.reply_to, rt.key, *named) if mail and replies else parcel.reply_to,
        bounce_to=bounces.address(rt.bounce_to, rt.key, *named) if rt.bounce_to else None,
        say=facts.say,
        wrote_at=to.wrote_at,
        not_after=None if mail else _not_after(parcel, now),
        at=now,
        calendars=_calendars(parcel, now) if mail else (),
        documents=enclosing.documents(rt.documents, lines) if mail else (),
    )
    return letter, Said(text.subject, links.veiled(text.text, token) if token else text.text, text.segments)


def _asker(desk: Desk, lines: Sequence[Line]) -> str:
    """Whom an aide in a village asks for help: the one who asked him."""
    return desk.office(people.owing(desk, lines[0].area)[0]).title


def _election(names: Sequence[str]) -> str:
    """Which election it tells of, or how many; empty: the desk as a whole, or there is only one and no doubt.

    Args:
        names: as `_names` gives them.
    """
    if len(named := [name for name in names if name]) > 1:
        return f"{len(named)} pemilihan"
    return names[0] if len(names) == 1 else ""


def _names(rt: Runtime, parcel: Parcel) -> list[str]:
    """Each election that it tells of, as texts name it; empty: the desk as a whole. None: there is only one."""
    if len(parcel.elections) == 1 and not rt.shares_desk(parcel.programme):
        return []
    return list(dict.fromkeys(_name(parcel, line) for line in parcel.lines)) or [parcel.programme.election.short]


def _name(parcel: Parcel, line: Line) -> str:
    of_desk = line.task is not None and line.task.why in OF_DESK
    return "" if of_desk else parcel.programmes[line.programme_id].election.short


def _items(parcel: Parcel, stands: Mapping[str, Stand], now: datetime, *, several: bool) -> tuple[Item, ...]:
    """What it tells. Of several elections, or also of the desk as a whole, each item names its own."""
    told = [
        (line, items.item(parcel.programmes[line.programme_id], line, parcel.claim.to.code, now, stands))
        for line in parcel.lines
    ]
    return tuple(replace(item, election=_name(parcel, line)) if several else item for line, item in told)


def _taken_here(rt: Runtime, parcel: Parcel) -> bool:
    """Whether an answer by the same channel comes in here; whom a report is mailed to is answered by people."""
    own = access.enters(parcel.programme.desk, parcel.claim.to.code)
    return own and (bool(rt.reply_to) if parcel.claim.channel is Channel.EMAIL else parcel.claim.channel in rt.answered)


def _calendars(parcel: Parcel, now: datetime) -> tuple[Calendar, ...]:
    """The meetings that whoever reads this mail is invited to."""
    to, contact = parcel.claim.to.code, f"mailto:{parcel.reply_to}" if parcel.reply_to else "about:blank"
    own = [(line, line.advice) for line in parcel.lines if line.advice and line.owner == to]
    return tuple(
        icalendar.calendar(
            Meeting(
                parcel.programmes[line.programme_id].code,
                advice.number,
                advice.sequence,
                "" if advice.restricted else advice.text,
                advice.place,
                advice.due_at,
                advice.ends_at,
                advice.giver,
                contact,
                cancelled=advice.stage is Stage.WITHDRAWN,
            ),
            now=now,
        )
        for line, advice in own
        if advice.ends_at is not None
    )


def _summary(rt: Runtime, programme: Programme, lines: list[Line], now: datetime) -> tuple[Section, ...]:
    """The summary of the day, as it is at this moment; empty: none of the lines asks for it."""
    if all(line.kind is not Kind.SUMMARY for line in lines):
        return ()
    with rt.sessions.begin() as session:
        own = next(id for id, live in rt.live(session).items() if live.code == programme.code)
        return tuple(summaries.gather(session, own, programme, rt.forms(), now=now))


def _stands(rt: Runtime, programme: Programme, lines: list[Line], now: datetime) -> dict[str, Stand]:
    """By natural key, how ready each thing stands that is to begin, at this moment."""
    keys = [line.key for line in lines if line.kind is Kind.GATE]
    if not keys:
        return {}
    with rt.sessions.begin() as session:
        id = next(id for id, live in rt.live(session).items() if live.code == programme.code)
        found = {key: gates.stand(session, id, programme, rt.forms(), key, now=now) for key in keys}
    return {key: own for key, own in found.items() if own is not None}


def _briefs(rt: Runtime, lines: list[Line]) -> list[Section]:
    """The figures of each report that waits for an approval, as its draft prints them."""
    asked = [line.key for line in lines if line.say is Say.APPROVAL]
    if not asked:
        return []
    with rt.sessions.begin() as session:
        return [own for key in asked if (own := brief.section(session, key))]


def _not_after(parcel: Parcel, now: datetime) -> datetime | None:
    zone = parcel.claim.to.zone
    if not quiet.readable(zone):
        return None
    peace = {id: own.peace.besides(*parcel.claim.to.quiet) for id, own in parcel.programmes.items()}
    words = [(line.say, line.ladder, line.urgent, peace[line.programme_id]) for line in parcel.lines]
    return dispatch.not_after(words, zone, now=now)
