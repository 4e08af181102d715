"""Access tokens from the shell: give, list, revoke. The operator acts for the secretariat of the token's desk."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from jobs.operator import acting, people
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.machine import tokens
from rules import tokens as rule
from rules.tokens import Scope
from services import tokens as service


class Given(NamedTuple):
    """A token as it is listed."""

    id: int
    desk: str
    name: str
    scopes: Sequence[str]
    expires_at: datetime
    used_at: datetime | None
    state: str


def give(rt: Runtime, desk: str, name: str, scopes: Collection[Scope], days: int) -> tuple[int, str]:
    """Give out a token; its number and itself. Raises: Refusal."""
    with acting.answered(), rt.sessions.begin() as session:
        hand = people.secretariats_hand(rt, session, desk)
        now = rt.clock(session)
        return service.give(session, desk, name, scopes, timedelta(days=days), luck=rt.luck, hand=hand, now=now)


def listed(rt: Runtime) -> list[Given]:
    """Every token that was given out, the latest first."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        return [
            Given(own.id, own.desk, own.name, own.scopes.split(), own.expires_at, own.used_at, _state(own, now))
            for own in tokens.every(session)
        ]


def _state(own: tokens.AccessToken, now: datetime) -> str:
    if own.revoked_at is not None:
        return "revoked"
    return "good" if rule.good(expires_at=own.expires_at, revoked_at=None, now=now) else "expired"


def revoke(rt: Runtime, id: int) -> bool:
    """Take a token back; whether it was good for anything. Raises: Refusal."""
    with acting.answered(), rt.sessions.begin() as session:
        own = next((own for own in tokens.every(session) if own.id == id), None)
        if own is None:
            raise Refusal(f"there is no token {id}: see ./desk token list")
        hand = people.secretariats_hand(rt, session, own.desk)
        return service.revoke(session, id, hand=hand, now=rt.clock(session))
