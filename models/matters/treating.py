"""How districts were treated: what was said about their reports, and what they were granted."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.desk.changes import Change
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages.messages import Message
from models.messages.notices import BY_LADDER, Notice
from rules.delivery import State
from rules.desk import Audience
from rules.dispatch import NoticeState
from rules.filing import Standing
from rules.ladder import Say
from rules.treatment import GRANTS

SAID = (NoticeState.DISPATCHED, NoticeState.MERGED)
"""What stood in a message, in words of its own or in those of a severer notice."""


class Said(NamedTuple):
    """How often one thing was said about the reports of a district, to one audience, under one policy."""

    area: str
    say: Say
    audience: Audience
    policy: str
    times: int


class Granted(NamedTuple):
    """What a report of a district was granted, or what was taken back or asked of it, by whom and why."""

    area: str
    what: str
    code: str
    at: datetime
    by: str
    why: str


def said(
    session: Session, programme_id: int, areas: Collection[str], *, after: datetime, until: datetime
) -> list[Said]:
    """What ladders said about reports that fell due in that time, as far as it was handed over."""
    query = (
        select(Matter.area, Notice.say, Notice.audience, Notice.policy, func.count())
        .join(Matter, Matter.id == Notice.matter_id)
        .join(Obligation, Obligation.id == Matter.id)
        .join(Message, Message.id == Notice.message_id)
        .where(*_due(programme_id, areas, after, until), BY_LADDER)
        .where(Notice.state.in_(SAID), Message.state == State.SENT)
        .group_by(Matter.area, Notice.say, Notice.audience, Notice.policy)
        .order_by(Matter.area, Notice.policy)
    )
    return [Said(*row) for row in session.execute(query)]


def granted(
    session: Session, programme_id: int, areas: Collection[str], *, after: datetime, until: datetime
) -> list[Granted]:
    """What was decided about these reports, in the order in which it was."""
    query = (
        select(Matter.area, Change.what, Matter.code, Change.at, Change.title, Change.text)
        .join(Matter, Matter.id == Change.matter_id)
        .join(Obligation, Obligation.id == Matter.id)
        .where(*_due(programme_id, areas, after, until), Change.what.in_(list(GRANTS)))
        .order_by(Change.id)
    )
    return [Granted(*row) for row in session.execute(query)]


def _due(programme_id: int, areas: Collection[str], after: datetime, until: datetime) -> Iterable:  # type: ignore[type-arg]
    own = Matter.programme_id == programme_id, Matter.area.in_(areas), Obligation.standing != Standing.CANCELLED
    return (*own, Obligation.due_at > after, Obligation.due_at <= until)
