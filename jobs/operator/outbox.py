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

AGAIN = "will be tried once more"
"""What is answered of a message that leaves again."""

MOST = 1000
"""So many messages are looked at by one command."""


class Answer(NamedTuple):
    """What became of a request about one message. If it is not `done`, `words` say why it was refused."""

    message: int
    done: bool
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
            words = _no_retry(message, owed=message.id in owed, twice=twice, now=now)
            if not words and not outbox.again(session, message.id, message.state, by="asked by the operator", now=now):
                words = "it changed just now: look at it again"
            waits = message.state is State.PENDING
            answers.append(Answer(message.id, waits or not words, words or AGAIN))
        if dry_run:
            session.rollback()
    return sorted([*answers, *_strangers(which, listed)])


def _no_retry(message: Listed, *, owed: bool, twice: bool, now: datetime) -> str:
    """Why a message is not tried once more; empty: it is."""
    if message.state is State.PENDING:
        return "waits for its next try already"
    if message.state is State.SENDING:
        return "is being sent now"
    if message.state in (State.SENT, State.CANCELLED):
        return "was handed over" if message.state is State.SENT else f"was cancelled: {message.why}"
    if message.state is State.IN_DOUBT and message.due_at is not None:
        minutes = max(1, round((message.due_at - now).total_seconds() / 60))
        return f"is in doubt, and is ruled on in {minutes} min"
    if message.state is State.IN_DOUBT and not twice:
        return "may have arrived: add --yes-it-may-arrive-twice"
    return "" if owed else "nothing of it is owed any more"


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
            done = outbox.take_back(session, message.id, why=why, now=now)
            already = message.state is State.CANCELLED
            answers.append(
                Answer(message.id, done or already, _cancelled(message) if done else _no_cancel(message.state))
            )
    return sorted([*answers, *_strangers(which, listed)])


def _cancelled(message: Listed) -> str:
    return "cancelled, but an earlier try may have arrived" if message.doubts else "cancelled"


def _no_cancel(state: State) -> str:
    over = {State.CANCELLED: "was cancelled already", State.SENT: "was handed over: nobody can call it back"}
    over |= {
        State.FAILED: "has failed: nothing more is tried",
        State.IN_DOUBT: "may have arrived: nobody can call it back",
    }
    return over.get(state, "is being sent now")


def _strangers(which: Filter, listed: Sequence[Listed]) -> list[Answer]:
    known = {message.id for message in listed}
    return [Answer(id, done=False, words="there is no such message") for id in which.ids or () if id not in known]


def failed_on(channel: Channel, *, twice: bool) -> list[Filter]:
    """Which messages a retry of a whole channel means: all that failed, and with `twice` all in doubt."""
    states = (State.FAILED, State.IN_DOUBT) if twice else (State.FAILED,)
    return [Filter(channel=channel, state=state) for state in states]
