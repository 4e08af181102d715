"""Stops a channel for everybody, or uses it again. Each desk's secretariat hears of both once, by a task."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import rules.channels
from models.matters import tasks
from models.messages import channels, doubts
from models.messages.messages import Attempt, Message
from rules import indonesian
from rules.channels import Sign
from rules.delivery_reports import Heard
from rules.desk import Channel
from rules.policy import Policy
from rules.programme import Programme
from rules.tasks import WAYS

Live = Mapping[int, Programme]
"""The live programmes by id."""


def begin(
    session: Session, live: Live, channel: Channel, why: str, *, by_delivery_report: bool = False, now: datetime
) -> bool:
    """Stop a channel; whether it was up until now. Safe to repeat."""
    at = rules.channels.probe_at(0, waits(own.policy for own in live.values()), now=now)
    pass_at = now + min((p.policy.delivery.down_for for p in live.values()), default=rules.channels.WAITS[0])
    if not channels.go_down(
        session, channel, why=why, by_delivery_report=by_delivery_report, probe_at=at, pass_at=pass_at, now=now
    ):
        return False
    for id, programme in _one_a_desk(live).items():
        at_desk = indonesian.moment(now, programme.desk.zone)
        text = f"{WAYS[channel]} terhenti sejak {at_desk}. Pesan menunggu dan dicoba kembali dengan sendirinya. {why}"
        subject = f"{channel}:{programme.desk.code}"
        tasks.open_(session, id, tasks.Why.CHANNEL_DOWN, subject, text[:500], now=now, channel=channel)
    return True


def end(session: Session, live: Live, channel: Channel, *, now: datetime) -> bool:
    """Use a channel again; whether it was down until now. Safe to repeat."""
    if not channels.come_up(session, channel, now=now):
        return False
    for programme in _one_a_desk(live).values():
        tasks.done(session, tasks.Why.CHANNEL_DOWN, f"{channel}:{programme.desk.code}", now=now)
    return True


class News(NamedTuple):
    """What a delivery report says about a channel."""

    channel: Channel
    sign: Sign
    code: str


def heard(session: Session, said: Heard, *, now: datetime) -> News | None:
    """What a stored delivery report says about its channel; None: nothing. Reads only."""
    channel = session.scalars(select(Message.channel).where(Message.id == said.message_id)).one()
    known = channels.known(session, channel)
    if not said.ours and not known.by_delivery_report:
        return None
    sign = rules.channels.heard(
        said.fate,
        ours=said.ours,
        tried_at=_tried_at(session, said.message_id) or now,
        down_since=known.down_since,
        up_since=known.up_since,
        by_delivery_report=known.by_delivery_report,
    )
    return None if sign is Sign.NOTHING else News(channel, sign, said.code)


def learn(session: Session, live: Live, news: News, *, now: datetime) -> None:
    """Stop or use a channel, as a delivery report says. Safe to repeat.

    Not in the transaction that stores the report: workers lock a channel first, then messages.
    """
    if news.sign is Sign.WORKS:
        end(session, live, news.channel, now=now)
    else:
        why = f"a message that was taken failed later ({news.code})"
        begin(session, live, news.channel, why, by_delivery_report=True, now=now)
        channels.taken(session, news.channel, None)


def _tried_at(session: Session, message_id: int) -> datetime | None:
    """When a message was last tried; None: its try has not been settled yet."""
    tries = select(func.max(Attempt.ended_at)).where(Attempt.message_id == message_id, Attempt.outcome != doubts.FOUND)
    return session.scalar(tries)


def waits(policies: Iterable[Policy]) -> Sequence[timedelta]:
    """The waits between probes, of the policy that probes soonest."""
    return min((policy.delivery.probe_after for policy in policies), default=rules.channels.WAITS)


def _one_a_desk(live: Live) -> dict[int, Programme]:
    """One live programme of each desk: its secretariat is told once, however many elections it works on."""
    by_desk = {programme.desk.code: (id, programme) for id, programme in live.items()}
    return dict(by_desk.values())
