"""What an office said on the phone about a problem: the secretariat notes it in that office's name, by its rights."""

from collections.abc import Mapping, Set
from typing import Any

from sqlalchemy.orm import Session

from models.desk.changes import Hand, Way
from models.offices import offices
from rules import access
from rules.access import May
from web.coordinator.looked import Looked
from web.door.who import Who
from web.guards.refusals import Help, Refusal

SAID = {
    "follow_up": (May.ADVISE, "sudah dilakukan"),
    "acknowledge": (May.ACKNOWLEDGE, "akan ditindaklanjuti sampai waktu di bawah"),
    "resolve": (May.RESOLVE, "sudah selesai"),
    "confirm": (May.CONFIRM, "dipastikan selesai"),
    "reopen": (May.REOPEN, "ternyata belum selesai"),
}
"""What can be said on the phone: the right it takes, and what it is called."""
FIELD = "from"
"""The field of the form that names who phoned."""


def offered(session: Session, at: Who, looked: Looked, able: Set[May]) -> dict[str, Any]:
    """Who may have phoned and what may have been said; nothing where the reader does not keep the books."""
    if not access.keeps_books(looked.programme.desk, at.code):
        return {"callers": [], "sayings": []}
    said = {act: (right, words) for act, (right, words) in SAID.items() if right in able}
    rights = {right for right, _ in said.values()}
    callers = [own for own in _others(session, at, looked) if any(looked.may(own, right) for right in rights)]
    return {
        "callers": [(own.code, own.title) for own in callers],
        "sayings": [(act, words) for act, (right, words) in said.items() if any(looked.may(o, right) for o in callers)],
    }


def speaker(session: Session, at: Who, looked: Looked, fields: Mapping[str, str]) -> tuple[Who, Hand]:
    """In whose name something is done: whoever is signed in, or whoever he says phoned. Raises: Refusal."""
    code = fields.get(FIELD, "")
    if not code:
        return at, at.hand
    if looked.report or fields.get("act") not in SAID or not access.keeps_books(looked.programme.desk, at.code):
        raise Refusal(Help.BAD_FORM)
    own = next((own for own in _others(session, at, looked) if own.code == code), None)
    if own is None:
        raise Refusal(Help.BAD_FORM)
    return own, Hand(own.office_id, own.title, Way.PHONE, at.session_id)


def _others(session: Session, at: Who, looked: Looked) -> list[Who]:
    """The other offices of the desk, in its order."""
    desk = looked.programme.desk
    ids = offices.ids_of(session, desk.code)
    others = [own for own in desk.offices if own.code in ids and own.code != at.code]
    return [at._replace(office_id=ids[own.code], code=own.code, title=own.title) for own in others]
