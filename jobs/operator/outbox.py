"""What an operator may do about messages: look at them, ask for one more try, take one back before it goes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.messages import outbox
from models.messages.outbox import Filter, Listed
from notifiers.mask import mask
from rules.delivery import State
from rules.desk import Channel
from rules.retried import Became

MOST = 1000
"""So many messages are looked at by one command."""


class Answer(NamedTuple):
    """What became of a request about one message. If it is not `done`, `words` say why it was refused."""

    message: int
    done: bool
    became: Became
    words: str


def listing(rt: Runtime, which: Filter, *, limit: int) -> list[dict[str, object]]:
    """Messages with masked addresses, for people and programs."""
    with rt.sessions() as session:
        return [_shown(message) for message in outbox.listed(session, which, limit=limit)]


def _shown(message: Listed) -> dict[str, object]:
    facts = message._asdict() | {"to": mask(message.address), "possibly_doubled": message.possibly_doubled}
    return {name: _plain(value) for name, value in facts.items() if name not in ("address", "doubts", "repeated_at")}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def retry(rt: Runtime, which: Filter, *, twice: bool, dry_run: bool = False) -> list[Answer]:
    """Ask for one more try of messages that failed; `twice`: also of those in doubt, which may then arrive twice.

    What is no longer owed is refused here, and checked again at the last moment. Safe to repeat.

    Args:
        dry_run: do all of it, and undo it.
    """
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        listed = outbox.listed(session, which, limit=MOST)
        owed = outbox.still_owed(session, [message.id for message in listed], now=now)
        answers = []
        for message in listed:
            became = _retried(message, owed=message.id in owed, twice=twice)
            if became is Became.AGAIN and not outbox.again(
                session, message.id, message.state, by="asked by the operator", now=now
            ):
                became = Became.PASSED
            answers.append(_answer(message, became, became in (Became.AGAIN, Became.WAITS), now))
        if dry_run:
            session.rollback()
    return sorted([*answers, *_strangers(which, listed)])


def _retried(message: Listed, *, owed: bool, twice: bool) -> Became:
    """What becomes of a message that is to be tried once more."""
    if message.state is State.FAILED or (message.state is State.IN_DOUBT and message.due_at is None and twice):
        return Became.AGAIN if owed else Became.NOT_OWED
    if message.state is State.IN_DOUBT:
        return Became.SOON if message.due_at is not None else Became.IN_DOUBT
    return _STANDS[message.state]


_STANDS = {
    State.PENDING: Became.WAITS,
    State.SENDING: Became.SENDING,
    State.SENT: Became.SENT,
    State.CANCELLED: Became.CANCELLED,
}
_WORDS = {
    Became.AGAIN: "will be tried once more",
    Became.WAITS: "waits for its next try already",
    Became.SENDING: "is being sent now",
    Became.SENT: "was handed over",
    Became.FAILED: "has failed: nothing more is tried",
    Became.IN_DOUBT: "may have arrived: nobody can call it back, and a retry needs --yes-it-may-arrive-twice",
    Became.NOT_OWED: "nothing of it is owed any more",
    Became.PASSED: "it changed just now: look at it again",
    Became.TAKEN_BACK: "cancelled",
    Became.POSSIBLY_OUT: "cancelled, but an earlier try may have arrived",
}
"""In an operator's words; what pages say is in `rules.retried`."""


def _answer(message: Listed, became: Became, done: bool, now: datetime) -> Answer:
    if became is Became.CANCELLED:
        return Answer(message.id, done, became, f"was cancelled already ({message.why})")
    if became is Became.SOON and message.due_at is not None:
        minutes = max(1, round((message.due_at - now).total_seconds() / 60))
        return Answer(message.id, done, became, f"is in doubt, and is ruled on in {minutes} min")
    return Answer(message.id, done, became, _WORDS[became])


def cancel(rt: Runtime, ids: Sequence[int], *, reason: str, by: str = "the operator") -> list[Answer]:
    """Take back messages that wait, and record why. Safe to repeat. Raises: Refusal: no reason."""
    if not reason.strip():
        raise Refusal("taking a message back needs a reason: add --reason")
    which, why = Filter(ids=ids), f"cancelled by {by}: {reason.strip()}"
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        listed = outbox.listed(session, which, limit=MOST)
        answers = []
        for message in listed:
            taken = outbox.take_back(session, message.id, why=why, now=now)
            became = _taken_back(message) if taken else _STAYS.get(message.state, Became.SENDING)
            answers.append(_answer(message, became, taken or became is Became.CANCELLED, now))
    return sorted([*answers, *_strangers(which, listed)])


def _taken_back(message: Listed) -> Became:
    return Became.POSSIBLY_OUT if message.doubts else Became.TAKEN_BACK


_STAYS = {
    State.CANCELLED: Became.CANCELLED,
    State.SENT: Became.SENT,
    State.FAILED: Became.FAILED,
    State.IN_DOUBT: Became.IN_DOUBT,
}


def _strangers(which: Filter, listed: Sequence[Listed]) -> list[Answer]:
    known = {message.id for message in listed}
    unknown = [id for id in which.ids or () if id not in known]
    return [Answer(id, done=False, became=Became.UNKNOWN, words="there is no such message") for id in unknown]


def failed_on(channel: Channel, *, twice: bool) -> list[Filter]:
    """Which messages a retry of a whole channel means: all that failed, and with `twice` all in doubt."""
    states = (State.FAILED, State.IN_DOUBT) if twice else (State.FAILED,)
    return [Filter(channel=channel, state=state) for state in states]
