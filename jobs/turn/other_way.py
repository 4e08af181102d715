"""Tell an office by another channel if it gave no sign, or was not reached, by the first (`rules.other_way`)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.machine import clock, nonsense
from models.matters import rollcalls, tasks
from models.matters.matters import Kind, Matter
from models.messages import channels, messages, notices, other_ways, releasing, spending, untold
from models.messages.notices import About, New, To
from models.messages.other_ways import Told
from rules import costs, ladder, other_way, people, quiet
from rules.delivery import State
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.ladder import Rung
from rules.other_way import Turn
from services import truths

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def run(rt: Runtime, *, now: datetime) -> int:
    """Look at all notices whose time has come; how many offices are told by another channel. Harmless to repeat.

    It works alone, as dispatch does, so nobody makes a message from what is withdrawn here.
    """
    told = 0
    while True:
        with rt.sessions.begin() as session:
            clock.alone(session, clock.DISPATCH)
            if clock.marked(session, clock.HOLD):
                return told
            for channel in channels.pass_over(session, now=now):
                other_ways.pass_over(session, channel, now=now)
            looked_for = partial(other_ways.due, session, now=now, aside=rt.unread(session))
            due = nonsense.cured(session, looked_for, now=now)
            if due:
                told += _Sweep(session, rt, due, now).run()
        if len(due) < notices.BATCH:
            return told


class _Sweep:
    """One batch, and what is known about it, read once."""

    def __init__(self, session: Session, rt: Runtime, due: Sequence[Told], now: datetime) -> None:
        self.session, self.rt, self.due, self.now = session, rt, due, now
        self.lost = other_ways.lost(session, due)
        self.doubted = self._doubted()
        self.signs = other_ways.signs(session, [told.office_id for told in due])
        self.used = other_ways.used(session, due)
        self.known = channels.every(session)
        self.undone: set[int] = set()
        self.to_probe = {channel for channel, known in self.known.items() if known.probe_at and known.probe_at <= now}

    def run(self) -> int:
        return sum(self._look(told) for told in self.due if not self._in_vain(told))

    def _in_vain(self, told: Told) -> bool:
        """Whether the office's zone is unknown. Then no other way can be timed, and its neighbours go on."""
        if quiet.readable(told.zone):
            return False
        other_ways.look_again(self.session, told.notice_id, None)
        untold.in_vain(self.session, told.notice_id, now=self.now)
        return True

    def _look(self, told: Told) -> bool:
        """Whether it is told by another channel now."""
        rung = self._rung(told)
        turn, again_at = other_way.decide(self._facts(told, rung), rung.other_way_after if rung else None, now=self.now)
        if turn in (Turn.TELL, Turn.WITHDRAW) and rung and (channel := self._next(told, rung)):
            if turn is Turn.TELL or self._withdrawn(told, channel):
                notices.add(self.session, [self._notice(told, rung, channel)])
                other_ways.look_again(self.session, told.notice_id, None)
                return True
            again_at = self.now + other_way.LOOK_AGAIN
        other_ways.look_again(self.session, told.notice_id, again_at)
        if again_at is None and (told.state is State.FAILED or told.notice_state is NoticeState.NOBODY):
            untold.in_vain(self.session, told.notice_id, now=self.now)
        return False

    def _doubted(self) -> set[int]:
        """Texts that are called lost by a carrier that often errs: a human sign is waited for, as for any other."""
        texts = [t for t in self.due if t.message_id in self.lost and t.channel is Channel.SMS]
        live = self.rt.live(self.session)
        countries = {
            t.message_id: live[t.programme_id].country for t in texts if t.message_id and t.programme_id in live
        }
        if not countries:
            return set()
        own = next(iter(countries.values()))
        errs = {
            carrier for carrier, one in truths.look(self.session, own, now=self.now).items() if carrier and one.errs
        }
        return {id for id in countries if errs and own.carrier(spending.address(self.session, id)) in errs}

    def _facts(self, told: Told, rung: Rung | None) -> other_way.Told:
        paused = ladder.paused(self.now, told.promised_until, told.acknowledged_until)
        return other_way.Told(
            current=told.current and not paused and not self.rt.closed(self.session, told.programme_id),
            state=told.state,
            doubts=told.doubts or 0,
            settled_at=told.settled_at,
            lost=self._is_lost(told, rung) or told.notice_state is NoticeState.NOBODY,
            sign=told.created_at is not None and told.created_at <= self.signs.get(told.office_id, LONG_AGO),
            passed_over=self.known[told.channel].passed_over,
            free_at=told.release_at,
        )

    def _is_lost(self, told: Told, rung: Rung | None) -> bool:
        """Whether its end is believed. Where no sign is waited for, it always is."""
        waits = rung is not None and rung.other_way_after is not None
        return told.message_id in self.lost and not (waits and told.message_id in self.doubted)

    def _rung(self, told: Told) -> Rung | None:
        """The rung that told it; None if the policy has changed since, or the programme is closed."""
        if self.rt.closed(self.session, told.programme_id):
            return None
        try:
            programme = self.rt.programme(self.session, told.programme_id)
            return programme.ladder(told.ladder, told.policy).rungs[told.rung]
        except LookupError:
            return None

    def _next(self, told: Told, rung: Rung) -> Channel | None:
        if told.kind is Kind.ROLL_CALL and rollcalls.way(self.session, told.matter_id):
            return None  # only by this way can somebody answer for it
        shunned = tasks.way_not_to_use(self.session, told.matter_id) if told.kind is Kind.TASK else None
        down = {channel for channel, known in self.known.items() if known.down_since is not None or channel is shunned}
        used = self.used[told.matter_id, told.round, told.rung, told.office_id]
        reaching = other_ways.reaching(self.session, told.office_id)
        return other_way.next_channel(rung.by, reaching, used, down)

    def _withdrawn(self, told: Told, channel: Channel) -> bool:
        """Whether the first way is certainly over; a message that a worker holds is not.

        One is left where a probe is due: without any the channel would never be found to work again. If it is down
        still, that one is withdrawn a minute later.
        """
        if told.channel in self.to_probe:
            self.to_probe.remove(told.channel)
            return False
        if told.message_id is not None:
            undone = messages.take_back(self.session, [told.contact_id or 0], now=self.now)
            releasing.put_back(self.session, undone, now=self.now)
            self.undone.update(undone)
            if told.message_id not in self.undone:
                return False
        other_ways.withdraw(self.session, told.notice_id, f"{told.channel} is down: told by {channel}")
        return True

    def _notice(self, told: Told, rung: Rung, channel: Channel) -> New:
        programme = self.rt.programme(self.session, told.programme_id)
        climbed = programme.ladder(told.ladder, told.policy)
        matter = self.session.get_one(Matter, told.matter_id)
        repeats = climbed.repeats(matter.since, now=self.now)
        urgent = people.presses(programme.desk, climbed, told.rung, told.office, channel, repeats=repeats)
        about = About(told.matter_id, told.ladder, told.round, other_ways.OCCASION, told.rung)
        to = To(told.office_id, told.zone, channel, told.audience)
        why, under = self._why(told), told.policy
        decide = partial(notices.new, urgent=urgent, reason=why, under=under, not_before=matter.told_at)
        new = decide(programme, about, to, told.say, now=self.now)
        again_at = new.release_at + rung.other_way_after if rung.other_way_after else None
        return new._replace(other_way_at=again_at)

    def _why(self, told: Told) -> str:
        if told.notice_state is NoticeState.NOBODY and told.reason == costs.TOO_DEAR:
            return f"{told.channel} is {costs.TOO_DEAR}"
        if told.state is State.FAILED or told.notice_state is NoticeState.NOBODY:
            return f"{told.channel} did not reach"
        if told.message_id in self.lost and told.message_id not in self.doubted:
            return f"{told.channel} did not reach"
        return f"{told.channel} is down" if told.settled_at is None else f"no sign by {told.channel}"
