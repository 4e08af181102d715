"""Contacts of offices and who holds them: a handover is one page. Addresses are masked here too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.handovers
from config import contacts
from models.desk import changes
from models.offices import assignments, offices
from models.offices.offices import Contact, Office
from notifiers.mask import mask
from rules import indonesian, quiet, rollcalls
from rules.assignments import Kind, styled
from rules.desk import Channel
from rules.typed import Mistyped
from services import handovers, holders, relinking, reviving
from web import pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping

CHANNELS = words.WAYS
LOOKS = 20


def listed(request: Request) -> Response:
    """Every office of the desk."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        desk = at.desk
        known = offices.all_of(session, desk.code)
        held = assignments.holders(session, desk.code, at=at.now)
        reached = offices.current(session, [office.id for office in known])
    shown = [
        {
            "href": f"{books.base}/sekretariat/kontak/{office.code}",
            "title": office.title,
            "holder": styled(held[office.code].kind, held[office.code].name) if office.code in held else "",
            "contacts": [_contact(contact, stale=_stale(at, contact)) for contact in reached.get(office.id, [])],
        }
        for office in sorted(known, key=lambda office: office.title)
    ]
    given_up = [c for contacts in reached.values() for c in contacts if c.state is Contact.State.DEAD]
    dead = sum(c.withdrawn_at is None for c in given_up)
    done = words.DONE.get(request.query_params.get("selesai", ""), "")
    return pages.page("secretariat/contacts", **who.common(books, at), offices=shown, dead=dead, done=done)


async def revive(request: Request) -> Response:
    """Use again all contacts that were given up."""
    fields = await who.posted(request)
    return await run_in_threadpool(_revive, request, fields)


def _revive(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        reviving.revive(session, at.hand, at.desk.code, now=at.now)
    return RedirectResponse(f"{books.base}/sekretariat/kontak?selesai=revive", 303)


def page(request: Request) -> Response:
    """One office."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        office = office_of(books, session, at, request)
        facts = _facts(session, at, office, {}, {}, words.DONE.get(request.query_params.get("selesai", ""), ""))
    return pages.page("secretariat/contact", **who.common(books, at), **facts)


async def change(request: Request) -> Response:
    """Hand the office over, replace or confirm one contact, or send its link anew."""
    fields = await who.posted(request)
    return await run_in_threadpool(_change, request, fields)


def _change(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        office = office_of(books, session, at, request)
        do = DOES.get(fields.get("do", ""))
        if do is None:
            raise Refusal(Help.BAD_FORM, back=_path(books, office))
        flaws = do(session, at, office, fields)
        facts = _facts(session, at, office, fields, flaws, "") if flaws else {}
    if flaws:
        return pages.page("secretariat/contact", 422, **who.common(books, at), **facts)
    return RedirectResponse(f"{_path(books, office)}?selesai={fields['do']}", 303)


def _hand_over(session: Session, at: Who, office: Office, fields: Mapping[str, str]) -> dict[str, str]:
    current = {c.channel: c.address for c in _current(session, office)}
    kept = {channel: address for channel, address in current.items() if fields.get(f"keep.{channel}")}
    new, flaws = _addresses(fields)
    try:
        holder = rules.handovers.holder(fields, office.zone, now=at.now)
    except Mistyped as error:
        return flaws | {"since": words.FAULTS[error.fault]}
    if holder is None:
        flaws["name"] = words.NO_NAME
    if flaws or holder is None:
        return flaws
    if handovers.hand_over(session, office.id, holder, {**kept, **new}, now=at.now):
        text = f"{styled(holder.kind, office.title)}, sejak {indonesian.local_date(holder.since, office.zone)}"
        keeping.note(session, at, "handed over", office.code, text=text)
        holders.mended(session, at.hand, office.id, new, now=at.now)
    return {}


def _replace(session: Session, at: Who, office: Office, fields: Mapping[str, str]) -> dict[str, str]:
    new, flaws = _addresses(fields, prefix="to.")
    if not new and not flaws:
        flaws = {f"to.{channel}": words.NO_ADDRESS for channel in CHANNELS if f"to.{channel}" in fields}
    for channel, address in new.items() if not flaws else ():
        handovers.replace(session, office.id, channel, address, now=at.now)
        keeping.note(session, at, "contact replaced", office.code, text=channel)
    holders.mended(session, at.hand, office.id, {} if flaws else new, now=at.now)
    return flaws


def _confirm(session: Session, at: Who, office: Office, fields: Mapping[str, str]) -> dict[str, str]:
    for channel in CHANNELS:
        if fields.get("channel") == channel:
            handovers.confirm(session, office.id, channel, now=at.now)
            keeping.note(session, at, "contact confirmed", office.code, text=channel)
            used = {c.channel: c.address for c in _current(session, office) if c.channel is channel}
            holders.mended(session, at.hand, office.id, used, now=at.now)
    return {}


def _link(session: Session, at: Who, office: Office, fields: Mapping[str, str]) -> dict[str, str]:
    sent = any(relinking.send(session, id, programme, office, now=at.now) for id, programme in at.programmes.items())
    keeping.note(session, at, "links renewed", office.code, text="" if sent else "nothing owed: no message")
    return {}


def _quiet(session: Session, at: Who, office: Office, fields: Mapping[str, str]) -> dict[str, str]:
    """Take in or take out the quiet hours that its holder asks for; it says who did it, and why."""
    typed = "-".join(fields.get(f"quiet.{edge}", "").strip().replace(".", ":") for edge in ("from", "until"))
    asked, reason = quiet.read(typed), keeping.reason(fields)
    if asked is None and typed != "-":
        return {"quiet.from": words.NO_HOURS}
    if asked is not None and quiet.empty(asked):
        return {"quiet.until": words.SAME_HOURS}
    if not reason:
        return {"reason": words.NO_QUIET_REASON}
    everybodys = [programme.policy.quiet for programme in at.programmes.values()]
    if not handovers.leave_in_peace(session, office, asked, everybodys, now=at.now):
        return {"quiet.until": words.QUIET_TOO_LONG}
    keeping.note(session, at, "quiet hours", office.code, text=f"{office.own_quiet or 'none'}: {reason}")
    return {}


DOES = {"handover": _hand_over, "replace": _replace, "confirm": _confirm, "link": _link, "quiet": _quiet}


def _addresses(fields: Mapping[str, str], prefix: str = "new.") -> tuple[dict[Channel, str], dict[str, str]]:
    """The typed addresses in the form in which they are kept, and by field what is wrong with the others."""
    addresses: dict[Channel, str] = {}
    flaws: dict[str, str] = {}
    for channel, read in contacts.READERS.items():
        typed = fields.get(f"{prefix}{channel}", "")
        if not typed.strip():
            continue
        try:
            addresses[channel] = read(typed)
        except PydanticCustomError as error:
            flaws[f"{prefix}{channel}"] = words.contact_fault(channel, str((error.context or {}).get("why", "")))
    return addresses, flaws


def office_of(books: Books, session: Session, at: Who, request: Request) -> Office:
    """The office in the address, of this desk. Raises: Refusal: there is none."""
    desk = at.desk
    office = offices.by_code(session, desk.code, request.path_params["office"])
    if office is None or office.aide:  # whoever named an aide alone sees him
        raise Refusal(Help.UNKNOWN, back=f"{books.base}/sekretariat/kontak")
    return office


def _path(books: Books, office: Office) -> str:
    return f"{books.base}/sekretariat/kontak/{office.code}"


def _current(session: Session, office: Office) -> list[Contact]:
    return offices.current(session, [office.id]).get(office.id, [])


def _contact(contact: Contact, *, stale: bool) -> dict[str, Any]:
    return {
        "channel": contact.channel.value,
        "name": CHANNELS[contact.channel],
        "shown": mask(contact.address),
        "dead": contact.state is Contact.State.DEAD,
        "state": words.contact(contact, stale=stale),
    }


def _stale(at: Who, contact: Contact) -> bool:
    """Whether nobody has answered for it for too long, in any election at the desk."""
    asked = [p.policy.roll_call for p in at.programmes.values() if p.policy.roll_call]
    return any(rollcalls.stale(contact.verified_at, contact.since, own.stale_after, now=at.now) for own in asked)


def _facts(
    session: Session, at: Who, office: Office, given: Mapping[str, str], flaws: Mapping[str, str], done: str
) -> dict[str, Any]:
    history = assignments.of(session, office.id)
    held = assignments.holder(session, office.id, at=at.now)
    return {
        "code": office.code,
        "title": office.title,
        "holder": styled(held.kind, held.name) if held else "",
        "history": [
            {
                "name": styled(a.kind, a.name) if a.name else words.ERASED,
                "since": indonesian.day(indonesian.local_date(a.since, office.zone)),
                "until": _last_day(a.until, office.zone),
            }
            for a in history
        ],
        "contacts": {c.channel.value: _contact(c, stale=_stale(at, c)) for c in _current(session, office)},
        "peace": words.peace([p.policy.quiet for p in at.programmes.values()], office.quiet, office.own_quiet),
        "channels": {channel.value: name for channel, name in CHANNELS.items()},
        "kinds": {kind.value: name for kind, name in rules.handovers.KINDS.items()},
        "definitive": Kind.DEFINITIVE.value,
        "given": given,
        "flaws": flaws,
        "doubts": {},
        "labels": words.handing_over(CHANNELS),
        "looks": [
            (pages.short_moment(look.at, office.zone), look.title)
            for look in changes.looks(session, office.code, limit=LOOKS)
        ],
        "done": done,
    }


def _last_day(until: datetime | None, zone: str) -> str:
    return indonesian.day(indonesian.local_date(until - rules.handovers.MOMENT, zone)) if until else ""
