"""Everything that may happen to messages, in any order: workers, a clock, a provider, and deaths at every point.

`Delivering` is the protocol as it is: what is decided comes from `rules.delivery`; what is remembered is `Rows` here,
and the real tables where the same machine runs on them. The provider's own count is the oracle.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rules import delivery, delivery_reports
from rules.delivery import MOVES, ChannelDown, Refused, State, Temporary, Unknown, Unwritable, Verdict, judge
from rules.desk import Channel
from rules.policy import Delivery
from tests.faults.points import Point

BEGIN = datetime(2024, 2, 13, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICY = Delivery((MINUTE, 5 * MINUTE, 30 * MINUTE), 2 * MINUTE, 10 * MINUTE, 2 * MINUTE, {})
"""As the policy that comes with the project."""
GROUP = 2
ENDS = {
    "accepted": None,
    "refused": Refused("no such number"),
    "temporary": Temporary("busy"),
    "lost": Unknown("the answer was lost"),
    "lost, and not taken": Unknown("the answer was lost"),
    "down": ChannelDown("wrong password"),
    "unwritable": Unwritable("no such zone"),
}
TAKEN = ("accepted", "lost")
IN_A_TRY = Point.OFFERED, Point.ACCEPTED
ASKED = Channel.SMS
"""Its provider can be asked, and tells by itself; that of e-mail cannot and does not."""


class Row(NamedTuple):
    """A message as the books have it. `repeated`: marked as one that may have arrived twice."""

    id: int
    channel: Channel
    state: State
    due_at: datetime | None
    tries: int
    doubts: int
    fence: int
    repeated: bool = False


class Held(NamedTuple):
    """A claim as its worker has it."""

    id: int
    fence: int
    tries: int


class Ended(NamedTuple):
    """A try as its worker knows it; `provider_id` where the provider said it."""

    held: Held
    verdict: Verdict
    provider_id: str | None


@dataclass
class Provider:
    """What it took, by message; `silent`: it takes no questions."""

    taken: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    silent: bool = False

    def take(self, id: int) -> str:
        self.taken[id].append(f"{id}.{len(self.taken[id])}")
        return self.taken[id][-1]

    def asked(self, id: int) -> str | None:
        """The last it took of a message. Raises: Temporary when it is silent."""
        if self.silent:
            raise Temporary("no answer")
        return self.taken[id][-1] if self.taken[id] else None


class Books(Protocol):
    """What is remembered. Each call is one transaction, but for `rule_on_lost`, which asks in between."""

    def begin(self, channels: Iterable[Channel], now: datetime) -> None: ...
    def rows(self) -> list[Row]: ...
    def claim(self, ids: Iterable[int], now: datetime) -> list[Held]: ...
    def settle(self, ended: Sequence[Ended], now: datetime) -> None: ...
    def hear(self, id: int, provider_id: str, now: datetime) -> None: ...
    def rule_on_lost(self, now: datetime) -> None: ...


class Rows:
    """The books as they are meant: every change is guarded by the state, a settlement by the fence too."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.kept: dict[int, Row] = {}
        self.heard: dict[int, set[str]] = defaultdict(set)
        self.known: set[str] = set()

    def begin(self, channels: Iterable[Channel], now: datetime) -> None:
        self.kept = {id: Row(id, channel, State.PENDING, now, 0, 0, 0) for id, channel in enumerate(channels, 1)}

    def rows(self) -> list[Row]:
        return list(self.kept.values())

    def claim(self, ids: Iterable[int], now: datetime) -> list[Held]:
        free = [self.kept[id] for id in ids]
        free = [r for r in free if r.state is State.PENDING and r.due_at and r.due_at <= now]
        for r in free:
            lease_ends = now + POLICY.lease
            self._put(r, state=State.SENDING, due_at=lease_ends, tries=r.tries + 1, fence=r.fence + 1)
        return [Held(r.id, r.fence + 1, r.tries + 1) for r in free]

    def settle(self, ended: Sequence[Ended], now: datetime) -> None:
        for held, verdict, provider_id in ended:
            r = self.kept[held.id]
            if r.state is State.SENDING and r.fence == held.fence:
                doubts = r.doubts + int(verdict.state is State.IN_DOUBT)
                tries = r.tries - 1 + verdict.tries_spent
                self._put(r, state=verdict.state, due_at=verdict.due_at, tries=tries, doubts=doubts)
                self.known |= {provider_id} if provider_id else set()

    def hear(self, id: int, provider_id: str, now: datetime) -> None:
        r = self.kept[id]
        self.heard[id].add(provider_id)
        if delivery_reports.settles(r.state, doubts=r.doubts, known=provider_id in self.known):
            self._accept(r, provider_id, now)

    def rule_on_lost(self, now: datetime) -> None:
        for r in self.rows():
            if r.state not in (State.SENDING, State.IN_DOUBT) or not r.due_at or r.due_at > now:
                continue
            if r.state is State.IN_DOUBT and (told := self.heard[r.id] - self.known):
                self._accept(r, min(told), now)
                continue
            verdict = self._asked(r, now) if r.state is State.IN_DOUBT and r.channel is ASKED else self._lost(r, now)
            if verdict.state is State.SENT:
                self.known.add(self.provider.taken[r.id][-1])
            self._rule(r, verdict)

    def _lost(self, r: Row, now: datetime) -> Verdict:
        return delivery.judge_lost(r.state, channel=r.channel, doubts=r.doubts, delivery=POLICY, now=now)

    def _asked(self, r: Row, now: datetime) -> Verdict:
        try:
            found = self.provider.asked(r.id)
        except Temporary as error:
            return delivery.judge_silence(error, ended_at=now, delivery=POLICY, now=now)
        return delivery.judge_answer(fits=int(found is not None), repeated=r.repeated, now=now)

    def _rule(self, r: Row, verdict: Verdict) -> None:
        doubts = r.doubts + int(r.state is State.SENDING)
        repeated = r.repeated or verdict.state is State.PENDING
        changes = {"state": verdict.state, "due_at": verdict.due_at, "doubts": doubts, "repeated": repeated}
        self._put(r, fence=r.fence + 1, **changes)

    def _accept(self, r: Row, provider_id: str, now: datetime) -> None:
        self.known.add(provider_id)
        repeated = r.repeated and not (r.state is State.PENDING and r.doubts <= 1)
        self._put(r, state=State.SENT, due_at=None, fence=r.fence + 1, repeated=repeated)

    def _put(self, row: Row, **changes: Any) -> None:
        self.kept[row.id] = row._replace(**changes)


@dataclass
class Worker:
    """`held` it claimed; `ended` is what it knows of them and has not written down."""

    held: list[Held]
    ended: list[Ended] = field(default_factory=list)
    at: Point = Point.CLAIMED


class Delivering(RuleBasedStateMachine):
    """Some messages, any number of workers that may die or wake up late, a clock, a provider that does as it likes."""

    deaths: set[Point] = set()
    """Where workers died so far, in all runs of the class."""

    def __init__(self) -> None:
        super().__init__()
        self.provider = Provider()
        self.books: Books = self.made()
        self.now = BEGIN
        self.workers: list[Worker] = []
        self.before: dict[int, Row] = {}

    def made(self) -> Books:
        return Rows(self.provider)

    @initialize(channels=st.lists(st.sampled_from([Channel.EMAIL, Channel.SMS]), min_size=1, max_size=3))
    def messages_are_written(self, channels: list[Channel]) -> None:
        self.books.begin(channels, self.now)
        self.before = {row.id: row for row in self.books.rows()}

    # -- what may happen -----------------------------------------------------------------------------------------------

    @rule(data=st.data())
    def a_worker_claims(self, data: st.DataObject) -> None:
        """Whatever it was rung for: bells come late, twice, or for what is long over."""
        ids = data.draw(st.lists(st.sampled_from(sorted(self.before)), min_size=1, max_size=GROUP, unique=True))
        if held := self.books.claim(ids, self.now):
            self.workers.append(Worker(held))

    @precondition(lambda self: any(w.held for w in self.workers))
    @rule(
        data=st.data(), end=st.sampled_from(sorted(ENDS)), dies=st.sampled_from([None, Point.OFFERED, Point.ACCEPTED])
    )
    def a_worker_hands_over(self, data: st.DataObject, end: str, dies: Point | None) -> None:
        worker = data.draw(st.sampled_from([w for w in self.workers if w.held]))
        if dies is Point.OFFERED:
            self._dies(worker, dies)
            return
        held = worker.held.pop(0)
        provider_id = self.provider.take(held.id) if end in TAKEN else None
        if dies is Point.ACCEPTED:
            self._dies(worker, dies)
            return
        verdict = judge(ENDS[end], tries=held.tries, delivery=POLICY, now=self.now)
        worker.ended.append(Ended(held, verdict, provider_id if end == "accepted" else None))
        worker.at = Point.ANSWERED

    @precondition(lambda self: any(not w.held for w in self.workers))
    @rule(data=st.data())
    def a_worker_settles(self, data: st.DataObject) -> None:
        """Whether it dies then makes no difference to anybody."""
        worker = data.draw(st.sampled_from([w for w in self.workers if not w.held]))
        self._settles(worker)
        self._dies(worker, Point.SETTLED)

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def a_worker_dies(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self.workers))
        self._dies(worker, worker.at)

    @rule(by=st.sampled_from([timedelta(seconds=30), 2 * MINUTE, 10 * MINUTE]))
    def time_passes(self, by: timedelta) -> None:
        """Workers do not notice: one that is frozen is as one that waits."""
        self.now += by

    @precondition(lambda self: any(self.provider.taken[row.id] for row in self.books.rows() if row.channel is ASKED))
    @rule(data=st.data())
    def the_provider_tells(self, data: st.DataObject) -> None:
        """Early, late, twice, in any order: of anything it ever took."""
        ids = [row.id for row in self.books.rows() if row.channel is ASKED]
        taken = [(id, one) for id in ids for one in self.provider.taken[id]]
        self.books.hear(*data.draw(st.sampled_from(taken)), self.now)

    @rule(waits=st.booleans(), silent=st.booleans())
    def the_clock_rules_on_what_was_lost(self, waits: bool, silent: bool) -> None:
        """At once, which may be too early, or when something is found to be lost."""
        self.provider.silent = silent
        quiet = [row.due_at for row in self.books.rows() if row.due_at and row.state is not State.PENDING]
        if waits and quiet:
            self.now = max(self.now, *quiet)
        self.books.rule_on_lost(self.now)

    @precondition(lambda self: any(not w.held for w in self.workers))
    @rule(data=st.data())
    def a_frozen_worker_wakes_up_when_another_has_its_messages(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from([w for w in self.workers if not w.held]))
        for _ in (State.SENDING, State.IN_DOUBT):
            self.the_clock_rules_on_what_was_lost(waits=True, silent=False)
            self.changes_are_allowed()
        if held := self.books.claim([ended.held.id for ended in worker.ended], self.now):
            self.workers.append(Worker(held))
        self.changes_are_allowed()
        self._settles(worker)
        self._dies(worker, Point.SETTLED)

    def _settles(self, worker: Worker) -> None:
        before = {row.id: row for row in self.books.rows()}
        self.books.settle(worker.ended, self.now)
        late = [held.id for held, _, _ in worker.ended if before[held.id].fence != held.fence]
        after = {row.id: row for row in self.books.rows()}
        assert all(after[id] == before[id] for id in late), "what was settled too late changed something"

    def _dies(self, worker: Worker, at: Point) -> None:
        type(self).deaths.add(at)
        self.workers.remove(worker)

    # -- what must hold ------------------------------------------------------------------------------------------------

    @invariant()
    def changes_are_allowed(self) -> None:
        for row in self.books.rows():
            was = self.before[row.id]
            assert row.state is was.state or row.state in MOVES[was.state], f"{was.state} became {row.state}"
            assert row.fence >= was.fence
            assert (row.due_at is None) == self._over(row), "what is not over is looked at again"
            self.before[row.id] = row

    @invariant()
    def nothing_is_sent_twice_outside_doubt(self) -> None:
        for row in self.books.rows():
            times = len(self.provider.taken[row.id])
            assert times <= 2, "sent three times"
            assert times <= 1 or (row.doubts and row.repeated), "sent twice outside doubt"

    def teardown(self) -> None:
        """All workers die where they are, and from now on everything works: then everything ends, and is known."""
        self.workers.clear()
        self.provider.silent = False
        for _ in range(20):
            waiting = [row.due_at for row in self.books.rows() if row.due_at]
            if not waiting:
                break
            self.now = max(self.now, min(waiting))
            self.books.rule_on_lost(self.now)
            self.changes_are_allowed()
            claimed = self.books.claim(sorted(self.before), self.now)
            self.changes_are_allowed()
            self.books.settle([self._done(held) for held in claimed], self.now)
            self.changes_are_allowed()
            self.nothing_is_sent_twice_outside_doubt()
        for row in self.books.rows():
            assert self._over(row), "never ends"
            assert row.state is not State.SENT or self.provider.taken[row.id], "marked as sent and lost"

    def _done(self, held: Held) -> Ended:
        verdict = judge(None, tries=held.tries, delivery=POLICY, now=self.now)
        return Ended(held, verdict, self.provider.take(held.id))

    @staticmethod
    def _over(row: Row) -> bool:
        ended = row.state in (State.SENT, State.FAILED, State.CANCELLED)
        return ended or (row.state is State.IN_DOUBT and row.due_at is None)


class SendThenMark(Delivering):
    """The simplest there is: send what waits, then write that it was sent. A death in between sends it again."""

    class Books(Rows):
        def claim(self, ids: Iterable[int], now: datetime) -> list[Held]:
            rows = [self.kept[id] for id in ids]
            return [Held(r.id, r.fence, r.tries + 1) for r in rows if r.state is State.PENDING and r.due_at <= now]

        def settle(self, ended: Sequence[Ended], now: datetime) -> None:
            for held, verdict, _ in ended:
                self._put(self.kept[held.id], state=verdict.state, due_at=verdict.due_at, tries=held.tries)

    def made(self) -> Books:
        return self.Books(self.provider)

    def changes_are_allowed(self) -> None:
        """This protocol knows no SENDING."""


class MarkThenSend(Delivering):
    """The other simple one: write that it was sent, then send. A death in between loses it, and the books say sent."""

    class Books(Rows):
        def claim(self, ids: Iterable[int], now: datetime) -> list[Held]:
            held = super().claim(ids, now)
            for claim in held:
                self._put(self.kept[claim.id], state=State.SENT, due_at=None)
            return held

    def made(self) -> Books:
        return self.Books(self.provider)

    def changes_are_allowed(self) -> None:
        """This protocol knows no SENDING."""


class WithoutFence(Delivering):
    """A worker that wakes up late settles the try of another, as long as that one is at it."""

    class Books(Rows):
        def settle(self, ended: Sequence[Ended], now: datetime) -> None:
            super().settle([e._replace(held=self._as_if_newest(e.held)) for e in ended], now)

        def _as_if_newest(self, held: Held) -> Held:
            return held._replace(fence=self.kept[held.id].fence)

    def made(self) -> Books:
        return self.Books(self.provider)


class ClaimedTwice(Delivering):
    """A claim that does not ask who has it: two workers send the same."""

    class Books(Rows):
        def claim(self, ids: Iterable[int], now: datetime) -> list[Held]:
            for id in ids:
                if self.kept[id].state is State.SENDING:
                    self._put(self.kept[id], state=State.PENDING, due_at=now)
            return super().claim(ids, now)

    def made(self) -> Books:
        return self.Books(self.provider)


class DoubtForgotten(Delivering):
    """What a silent worker had in its hands waits again as if nothing had happened: it comes twice and nobody knows."""

    class Books(Rows):
        def _rule(self, r: Row, verdict: Verdict) -> None:
            self._put(r, state=State.PENDING, due_at=self.kept[r.id].due_at, fence=r.fence + 1)

    def made(self) -> Books:
        return self.Books(self.provider)

    def changes_are_allowed(self) -> None:
        """Only what comes of it is looked at."""
