"""What was given to offices and done about it, done again."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from jobs.shadow.at import At
from models.desk import deeds
from models.matters import advice, issues
from models.matters.advice import Advice, Charge, Given, Wording
from rules.advice import Answer, Sort
from services import advice as giving


def _given(at: At) -> Given:
    return advice.locked(at.session, at.key)


def _of(at: At) -> Advice:
    return at.books.get_one(Advice, at.books.get_one(Charge, at.matter.id).advice_id)


def _give(at: At) -> None:
    """To all at once, with the first of them."""
    if at.matter.id in at.keys:
        return
    own, due_at = _of(at), at.change.until
    assert due_at is not None
    lasts = own.ends_at - own.starts_at if own.ends_at and own.starts_at else timedelta(0)
    to = deeds.charges(at.books, own.id)
    wording = Wording(
        own.sort,
        own.text,
        due_at,
        area=own.area,
        issue_id=_issue_id(at, own.issue_id),
        place=own.place,
        ends_at=due_at + lasts if own.sort is Sort.MEETING else None,
        meeting_id=_meeting_id(at, own.meeting_id),
    )
    made = giving.give(
        at.session,
        at.programme_id,
        at.programme,
        wording,
        to=[office.code for _, office in to],
        by=at.code(own.giver_id),
        hand=at.hand,
        now=at.now,
    )
    at.keys.update({there.id: here.key for (there, _), here in zip(to, made, strict=True)})


def _issue_id(at: At, id: int | None) -> int | None:
    """The id on the copy of the problem that it is about. Raises: NotTaken."""
    return issues.named(at.session, at.key_of(id))[0].id if id is not None else None


def _meeting_id(at: At, id: int | None) -> int | None:
    """The id on the copy of the meeting at which it was decided."""
    if id is None:
        return None
    first, _ = deeds.charges(at.books, id)[0]
    return advice.locked(at.session, at.key_of(first.id)).advice.id


def _answer(at: At, said: Answer) -> None:
    giving.answer(at.session, at.programme, _given(at), said, deputy=at.change.text, hand=at.hand, now=at.now)


def _done(at: At) -> None:
    giving.done(at.session, at.programme, _given(at), text=at.change.text, hand=at.hand, now=at.now)


def _close(at: At) -> None:
    giving.close(at.session, _given(at), text=at.change.text, hand=at.hand, now=at.now)


def _send_back(at: At) -> None:
    assert at.change.until is not None
    giving.send_back(
        at.session,
        at.programme,
        _given(at),
        asked=at.change.text,
        due_at=at.change.until,
        hand=at.hand,
        now=at.now,
    )


def _withdraw(at: At) -> None:
    giving.withdraw(at.session, at.programme, _given(at), reason=at.change.text, hand=at.hand, now=at.now)


def _move(at: At) -> None:
    """All who were invited, with the first of them; the others find it moved."""
    own, starts_at = _of(at), at.change.until
    assert starts_at is not None
    lasts = own.ends_at - own.starts_at if own.ends_at and own.starts_at else timedelta(0)
    meeting = [advice.locked(at.session, at.key_of(matter.id)) for matter, _ in deeds.charges(at.books, own.id)]
    giving.move(
        at.session,
        at.programme,
        meeting,
        starts_at=starts_at,
        ends_at=starts_at + lasts,
        place=at.change.text,
        hand=at.hand,
        now=at.now,
    )


def _attend(at: At, *, attended: bool) -> None:
    giving.record_attendance(at.session, _given(at), attended=attended, hand=at.hand, now=at.now)


DEEDS: Mapping[str, Callable[[At], None]] = {
    "given": _give,
    "confirmed": partial(_answer, said=Answer.RECEIVED),
    **{said: partial(_answer, said=said) for said in (Answer.ATTENDS, Answer.DEPUTY, Answer.ABSENT)},
    "done": _done,
    "closed": _close,
    "sent back": _send_back,
    "withdrawn": _withdraw,
    "rescheduled": _move,
    "attended": partial(_attend, attended=True),
    "missed": partial(_attend, attended=False),
}
