"""After voting day a report of the demo to the Government is corrected in the open, approved, and recorded as sent."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from jobs.operator import acting
from jobs.rehearsal.rehearse import Rehearsal
from jobs.runtime import Runtime
from jobs.turn import compile, tick
from models.matters import documents, submissions
from models.matters.submissions import Submission
from rules.calendar import VOTING_DAY, Anchor
from rules.programme import Programme
from rules.sending import Recorded
from rules.submissions import State
from services.government import approving, correcting, later, sending

REASON = "Laporan yang masuk sesudah batas data dan perkembangan permasalahan belum termuat."
FORM = "pdf"


AFTER = timedelta(days=3, hours=9)
"""From the beginning of voting day until the desk sees that its last report lacks something."""


def due(programme: Programme) -> datetime | None:
    """When a report is corrected; None: the calendar has no voting day."""
    day = Anchor(VOTING_DAY).on(programme.election)
    zone = ZoneInfo(programme.desk.zone)
    return datetime.combine(day, time(0), zone) + AFTER if day else None


def play(rehearsal: Rehearsal) -> None:
    """Correct the newest report that left and about which something came later; nothing if there is none."""
    rt = rehearsal.rt
    with rt.sessions.begin() as session:
        ((id, programme),) = rt.live(session).items()
        left = [own for own in submissions.all_of(session) if own.state is State.SENT]
        wrong = next((own.id for own in reversed(left) if later.since(session, programme, id, own)), None)
        new = _corrected(session, rt, programme, wrong).id if wrong is not None else None
    if new is None:
        return
    for step in (_hand_in, _approve, _approve, _make, _record):
        step(rt, programme, new)
        tick.run(rt, documents=False)


def _corrected(session: Session, rt: Runtime, programme: Programme, wrong: int) -> Submission:
    own, hand = approving.held(session, programme, wrong), acting.hand(session, programme, programme.desk.secretariat)
    assert own is not None
    now, url = rt.clock(session), rt.public_url
    return correcting.correct(session, programme, rt.forms(), own, reason=REASON, hand=hand, public_url=url, now=now)


def _hand_in(rt: Runtime, programme: Programme, id: int) -> None:
    with rt.sessions.begin() as session:
        own, hand = approving.held(session, programme, id), acting.hand(session, programme, programme.desk.secretariat)
        assert own is not None
        approving.hand_in(session, programme, own, hand=hand, now=rt.clock(session))


def _approve(rt: Runtime, programme: Programme, id: int) -> None:
    """Whose turn it is; nothing once everybody has."""
    with rt.sessions.begin() as session:
        own = approving.held(session, programme, id)
        if own is not None and own.turn is not None:
            hand, read = acting.hand(session, programme, own.turn), own.submission.edition
            approving.approve(session, programme, own, hand=hand, edition=read, now=rt.clock(session))


def _make(rt: Runtime, _: Programme, id: int) -> None:
    with rt.sessions.begin() as session:
        wanted = [own for own in documents.of(session, [id]) if own.document.form == FORM]
    for own in wanted:
        compile.make(rt, own)


def _record(rt: Runtime, programme: Programme, id: int) -> None:
    with rt.sessions.begin() as session:
        own, hand = approving.held(session, programme, id), acting.hand(session, programme, programme.desk.secretariat)
        assert own is not None
        now = rt.clock(session)
        on = now.astimezone(ZoneInfo(programme.desk.zone)).date()
        recorded = Recorded("200.2.1/34/DESK", on, "", hand.title)
        sending.record(session, programme, own.submission, FORM, recorded, None, hand=hand, now=now)
