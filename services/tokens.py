"""Access tokens: give one out, take it back, let whoever brings one in."""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.machine import tokens
from models.machine.tokens import AccessToken
from models.offices.links import hashed
from rules import tokens as rule
from rules import typed
from rules.filing import NotTaken
from rules.tokens import LONGEST, NAME, USED_EVERY, Scope
from rules.typed import Mistyped


def give(
    session: Session,
    desk: str,
    name: str,
    scopes: Collection[Scope],
    lasts: timedelta,
    *,
    luck: Random,
    hand: Hand,
    now: datetime,
) -> tuple[int, str]:
    """Give out a token; its number, and the token, which is shown once: only its hash is kept.

    Raises:
        NotTaken: it has no name, opens nothing or too much, or would last too long.
    """
    try:
        called = typed.line(name, NAME)
    except Mistyped:
        called = ""
    if not called:
        raise NotTaken(f"say what the token is for, in at most {NAME} characters")
    if not scopes:
        raise NotTaken("say what it opens")
    if rule.mixed(scopes):
        raise NotTaken(f"{Scope.OPERATOR} stands alone: give another token for the rest")
    if not timedelta(0) < lasts <= LONGEST:
        raise NotTaken(f"let it last 1 to {LONGEST.days} days")
    token = rule.new(luck)
    own = AccessToken(
        desk=desk,
        name=called,
        scopes=" ".join(sorted(set(scopes))),
        token_hash=hashed(token),
        given_by=hand.office_id,
        given_at=now,
        expires_at=now + lasts,
    )
    session.add(own)
    session.flush()
    changes.record(session, hand, "token given", f"token {own.id}", until=own.expires_at, text=called, now=now)
    return own.id, token


def revoke(session: Session, id: int, *, hand: Hand, now: datetime) -> bool:
    """Take a token back; whether that changed anything. Raises: NotTaken: there is none."""
    own = tokens.locked(session, id)
    if own is None:
        raise NotTaken(f"there is no token {id}")
    if own.revoked_at is not None:
        return False
    own.revoked_at = now
    changes.record(session, hand, "token revoked", f"token {id}", text=own.name, now=now)
    return True


def enter(session: Session, token: str, *, now: datetime) -> AccessToken | None:
    """Whom a token lets in, and write down that it was used; None: it opens nothing, or nothing any more."""
    own = tokens.by_token(session, token) if token.startswith(rule.PREFIX) else None
    if own is None or not rule.good(expires_at=own.expires_at, revoked_at=own.revoked_at, now=now):
        return None
    if own.used_at is None or now - own.used_at >= USED_EVERY:
        own.used_at = now
    return own
