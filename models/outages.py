"""Stops a channel for everybody and uses it again; of both each desk's secretariat hears once, by a task."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import channels, tasks
from models.messages import Attempt, Message
from rules import channels as rules
from rules import indonesian
from rules.channels import Sign
from rules.desk import Channel
from rules.programme import Programme
from rules.receipts import Heard
from rules.tasks import WAYS

Live = Mapping[int, Programme]
"""The live programmes by id."""


def begin(session: Session, live: Live, channel: Channel, why: str, *, by_receipt: bool = False, now: datetime) -> bool:
    """Stop a channel; whether it was up until now. Safe to repeat."""
    at = rules.probe_at(0, waits(live), now=now)
    pass_at = now + min((p.policy.delivery.down_for for p in live.values()), default=rules.WAITS[0])
    if not channels.go_down(session, channel, why=why, by_receipt=by_receipt, probe_at=at, pass_at=pass_at, now=now):
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
    """What a receipt says of a channel."""

    channel: Channel
    sign: Sign
    code: str


def heard(session: Session, receipt: Heard, *, now: datetime) -> News | None:
    """What a receipt that was kept says of its channel; None: nothing. Reads only."""
    channel = session.scalars(select(Message.channel).where(Message.id == receipt.message_id)).one()
    known = channels.known(session, channel)
    if not receipt.ours and not known.by_receipt:
        return None
    sign = rules.heard(
        receipt.fate,
        ours=receipt.ours,
        tried_at=_tried_at(session, receipt.message_id) or now,
        down_since=known.down_since,
        up_since=known.up_since,
        by_receipt=known.by_receipt,
    )
    return None if sign is Sign.NOTHING else News(channel, sign, receipt.code)


def learn(session: Session, live: Live, news: News, *, now: datetime) -> None:
    """Stop or use a channel by what a receipt says. Safe to repeat.

    Not in the transaction that keeps the receipt: workers lock a channel first and messages then.
    """
    if news.sign is Sign.WORKS:
        end(session, live, news.channel, now=now)
    else:
        why = f"a message that was taken failed later ({news.code})"
        begin(session, live, news.channel, why, by_receipt=True, now=now)
        channels.taken(session, news.channel, None)


def _tried_at(session: Session, message_id: int) -> datetime | None:
    """When a message was last tried; None: its try has not been settled yet."""
    tries = select(func.max(Attempt.ended_at)).where(Attempt.message_id == message_id, Attempt.outcome != "found")
    return session.scalar(tries)


def waits(live: Live) -> Sequence[timedelta]:
    """The waits between probes: of the live programme that is the most eager."""
    return min((p.policy.delivery.probe_after for p in live.values()), default=rules.WAITS)


def _one_a_desk(live: Live) -> dict[int, Programme]:
    """A live programme of each desk: its secretariat is told once, however many elections it works on."""
    by_desk = {programme.desk.code: (id, programme) for id, programme in live.items()}
    return dict(by_desk.values())
