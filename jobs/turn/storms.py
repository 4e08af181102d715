"""The guard against storms. It does what every guard does: put sending on hold, and say so where a person looks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.machine import clock
from models.matters import tasks
from models.messages import counting
from models.messages.messages import Outgoing
from models.offices import aides
from rules import indonesian, storms
from rules.programme import Programme


def breaks(session: Session, rt: Runtime, outgoing: Sequence[Outgoing], now: datetime) -> bool:
    """Whether these messages are more than the policy thinks possible. Then sending is on hold, and none is made.

    Messages from before the last release do not count: a person has looked at them.
    """
    by_programme: dict[int, Counter[int]] = defaultdict(Counter)
    for message in outgoing:
        by_programme[message.programme_id][message.office_id] += 1
    return any(_breaks(session, rt, id, new, now) for id, new in by_programme.items())


def _breaks(session: Session, rt: Runtime, programme_id: int, new: Counter[int], now: datetime) -> bool:
    programme = rt.programme(session, programme_id)
    desk, storm = programme.desk, programme.policy.storm
    if storm is None:
        return False
    since = now - storm.within
    why = storms.cause(storm, len(desk.offices), counting.made(session, programme_id, desk.code, since=since), new)
    if why:  # nearly never: only then is it asked what makes it none
        looked = clock.marked(session, clock.RELEASED)
        made = counting.made(session, programme_id, desk.code, since=max(since, looked[0]) if looked else since)
        told = len(desk.offices) + aides.count(session, desk.code)  # a Camat who asks his villages is no storm
        why = storms.cause(storm, told, made, new)
    if why:
        hold(session, {programme_id: programme}, why, "jumlahnya tidak wajar", now=now)
    return bool(why)


def hold(session: Session, live: Mapping[int, Programme], why: str, because: str, *, now: datetime) -> None:
    """Put sending on hold without an operator. A task on the secretariat's page tells each desk.

    Args:
        because: the reason in Indonesian, as it goes on after "karena".
    """
    clock.hold(session, now, why, ordered=False)
    for id, programme in live.items():
        since = indonesian.moment(now, programme.desk.zone)
        text = f"Pengiriman ditahan sejak {since}, karena {because}. {why}"
        tasks.open_(session, id, tasks.Why.STORM, programme.desk.code, text[:500], now=now)
