"""What was done about the desk's own reports to the Government, done again. Their documents are not made."""

from collections.abc import Callable, Mapping

from jobs.shadow.at import Apart, At
from models.desk import deeds
from models.matters import issues, numbers, submissions
from rules.submissions import LEFT, Step
from services.government import approving, asking, sending
from services.government.approving import Own


def _own(at: At) -> Own:
    """Its last version on the copy."""
    matter = deeds.on_copy(at.session, at.key)
    last = submissions.last(at.session, matter.id) if matter else None
    own = approving.held(at.session, at.programme, last.id) if last else None
    if own is None:
        raise Apart(f"{at.change.subject} is not compiled there")
    return own


def _hand_in(at: At) -> None:
    approving.hand_in(at.session, at.programme, _own(at), hand=at.hand, now=at.now)


def _approve(at: At) -> None:
    own = _own(at)
    approving.approve(at.session, at.programme, own, hand=at.hand, edition=own.submission.edition, now=at.now)


def _send_back(at: At) -> None:
    approving.send_back(at.session, at.programme, _own(at), hand=at.hand, reason=at.change.text, now=at.now)


def leave(at: At) -> None:
    """A version left, by whatever way it was recorded."""
    own = _own(at)
    if own.submission.state not in LEFT:
        via = deeds.left_by(at.books, at.matter.id, at.now)
        sending.left(at.session, own.submission, via, at.hand, at.change.text, at.now)


def _ask(at: At) -> None:
    """A special report about a problem."""
    slot = at.matter.key.rpartition("/")[2]
    about = numbers.on(at.books, at.matter.programme_id, slot.partition("~")[0])
    if about is None:
        raise Apart(f"{slot} is not there")
    problem = issues.named(at.session, at.key_of(about))[0]
    made = asking.ask(at.session, at.programme, problem, text=at.change.text, hand=at.hand, now=at.now)
    at.keys[at.matter.id] = made.matter.key


DEEDS: Mapping[str, Callable[[At], None]] = {
    f"report {Step.HANDED_IN.replace('_', ' ')}": _hand_in,
    f"report {Step.AGREED}": _approve,
    f"report {Step.APPROVED}": _approve,
    f"report {Step.SENT_BACK.replace('_', ' ')}": _send_back,
    asking.ASKED: _ask,
}
