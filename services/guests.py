"""Guests of the desk: the secretary lets an office outside look for a while, and takes that back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.offices import guests
from models.offices.guests import Guest, GuestLook
from models.offices.links import hashed
from rules import links, typed
from rules.filing import NotTaken
from rules.guests import LENGTHS, LOOK_EVERY, NAME, good
from rules.typed import Mistyped


def invite(
    session: Session,
    programme_id: int,
    name: str,
    areas: Collection[str],
    lasts: timedelta,
    *,
    luck: Random,
    hand: Hand,
    now: datetime,
) -> str:
    """Let a guest look, and return the token of his link. It is shown once: only its hash is kept.

    Args:
        areas: districts that he may see; empty: all.

    Raises:
        NotTaken: he has no name, or the length is not one that is offered.
    """
    try:
        called = typed.line(name, NAME)
    except Mistyped:
        called = ""
    if not called:
        raise NotTaken(f"name the office that may look, in at most {NAME} characters")
    if lasts not in LENGTHS:
        raise NotTaken("choose one of the lengths that are offered")
    token = links.token(luck)
    guest = Guest(
        programme_id=programme_id,
        name=called,
        areas=" ".join(sorted(areas)),
        token_hash=hashed(token),
        given_by=hand.office_id,
        given_at=now,
        expires_at=now + lasts,
    )
    session.add(guest)
    session.flush()
    changes.record(
        session, hand, "invited", f"guest {guest.id}", programme_id, until=guest.expires_at, text=called, now=now
    )
    return token


def revoke(session: Session, guest: Guest, *, hand: Hand, now: datetime) -> None:
    """Shut a guest's link. Safe to repeat."""
    if guest.revoked_at is None:
        guest.revoked_at = now
        changes.record(
            session, hand, "guest revoked", f"guest {guest.id}", guest.programme_id, text=guest.name, now=now
        )


def enter(session: Session, token: str, page: str, *, now: datetime) -> Guest | None:
    """The guest of a link that still works, and that he looked; None: unknown, expired or revoked."""
    guest = guests.by_token(session, token)
    if guest is None or not good(expires_at=guest.expires_at, revoked_at=guest.revoked_at, now=now):
        return None
    last = guests.last_look(session, guest.id, page)
    if last is None or now - last >= LOOK_EVERY:
        session.add(GuestLook(guest_id=guest.id, page=page, at=now))
    return guest
