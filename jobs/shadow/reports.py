"""What was done about reports, done again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from jobs.shadow.at import Apart, At
from models.desk import changes, deeds
from models.matters import questions, tasks
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from rules.filing import Incoming
from services import decisions, filing, telling


def _owed(at: At) -> tuple[Matter, Obligation]:
    return telling.locked(at.session, at.key)


def _until(at: At) -> datetime:
    assert at.change.until is not None
    return at.change.until


def _file(at: At) -> None:
    report, owed = deeds.report(at.books, at.change.text), _owed(at)
    if report is None:
        raise Apart(f"{at.change.text} is not there")
    later = report.received_at != report.recorded_at
    incoming = Incoming(
        report.content,
        report.body,
        report.via,
        at.code(report.office_id),
        at=report.received_at if later else None,
        observed_at=report.observed_at,
        reason=report.reason,
        seen=report.version - 1,
        files=deeds.files(at.books, report),
    )
    form = at.rt.form(at.programme.policy.duty(owed[1].duty, owed[0].key).form)
    filing.file(at.session, at.programme, owed, form, incoming, hand=at.hand, now=at.now)


def _take_back(at: At) -> None:
    filing.take_back(at.session, at.programme, _owed(at), by=at.code(at.change.office_id), hand=at.hand, now=at.now)


def _promise(at: At) -> None:
    made = deeds.promise(at.books, at.matter.id)
    office = at.code(made.office_id if made else at.change.office_id)
    note = made.note if made else ""
    filing.promise(at.session, at.programme, _owed(at), by=office, until=_until(at), note=note, now=at.now)
    _noted(at)


def _acknowledge(at: At) -> None:
    decisions.acknowledge(at.session, _owed(at), hand=at.hand, until=_until(at), note=at.change.text, now=at.now)


def _extend(at: At) -> None:
    decisions.extend(
        at.session, at.programme, _owed(at), hand=at.hand, until=_until(at), reason=at.change.text, now=at.now
    )


def _waive(at: At) -> None:
    decisions.waive(at.session, at.programme, _owed(at), hand=at.hand, reason=at.change.text, now=at.now)


def _revoke(at: At) -> None:
    decisions.revoke(
        at.session, at.programme, _owed(at), hand=at.hand, until=at.change.until, reason=at.change.text, now=at.now
    )


def _give_back(at: At) -> None:
    decisions.give_back(
        at.session, at.programme, _owed(at), hand=at.hand, asked=at.change.text, until=_until(at), now=at.now
    )


def _accept(at: At) -> None:
    decisions.accept(at.session, _owed(at), hand=at.hand, now=at.now)


def _not_mine(at: At) -> None:
    """Its task names the report by its number and the office: both are the same on the copy."""
    office, subject = at.office(at.change.office_id), f"{at.matter.programme_id}/{at.matter.code}"
    subject = f"{subject}/{office.code}"
    text = tasks.said(at.books, tasks.Why.NOT_MY_TASK, subject)
    tasks.open_(at.session, at.programme_id, tasks.Why.NOT_MY_TASK, subject, text, now=at.now, office_id=office.id)
    _noted(at)


def _noted(at: At) -> None:
    """The record itself is what counts."""
    own, (matter, _) = at.change, _owed(at)
    place = (own.what, matter.code, at.programme_id, matter.id)
    changes.record(at.session, at.hand, *place, until=own.until, text=own.text, now=at.now)


DEEDS: Mapping[str, Callable[[At], None]] = {
    filing.FILED: _file,
    filing.RECORDED: _file,
    filing.WITHDRAWN: _take_back,
    "promised": _promise,
    "acknowledged": _acknowledge,
    "extended": _extend,
    "paused": _extend,
    "waived": _waive,
    "revoked": _revoke,
    "returned": _give_back,
    "accepted": _accept,
    "not_mine": _not_mine,
    questions.SURE: _noted,
}
