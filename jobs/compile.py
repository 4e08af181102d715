"""Compile the desk's own report to the Government at its cut-off: freeze the facts, then make the document.

The facts are stored first; a document that fails is made again from them, and says the same.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import compiling, submissions, tasks
from models.compiling import Owed, Troubled
from models.issues import Step
from models.obligations import Obligation
from models.submissions import Submission
from reports import facts as weekly
from reports.child import compile_document
from reports.errors import DocumentError
from rules.indonesian import local_date
from rules.programme import Programme

log = structlog.get_logger()


def run(rt: Runtime, *, now: datetime) -> int:
    """Freeze the facts of every own report whose cut-off has come; how many. Each once, however often asked."""
    with rt.sessions.begin() as session:
        owed = [(id, own) for id, own in compiling.uncompiled(session, now=now) if id not in rt.unread(session)]
        return sum(_freeze(session, rt, programme_id, own, now) for programme_id, own in owed)


def _freeze(session: Session, rt: Runtime, programme_id: int, own: Obligation, now: datetime) -> bool:
    """Freeze one. What cannot be gathered is set aside and shown: the chase of all others must not wait for it."""
    if rt.closed(session, programme_id):
        submissions.set_aside(session, own)
        return False
    try:
        facts = gather(session, programme_id, rt.programme(session, programme_id), own)
    except (LookupError, ValueError) as defect:
        log.error("not compiled", obligation=own.id, error=type(defect).__name__)
        text = f"{own.duty} {own.slot} cannot be compiled: {type(defect).__name__} {defect}"
        tasks.open_(session, programme_id, tasks.Why.SET_ASIDE, f"compile:{own.id}", text[:500], now=now)
        submissions.set_aside(session, own)
        return False
    submissions.freeze(session, own, weekly.to_json(facts), weekly.digest(facts), now=now)
    return True


def make_documents(rt: Runtime, *, limit: int = 1) -> int:
    """Make documents that are wanting, the oldest first; how many were tried. After three tries one is only shown."""
    with rt.sessions.begin() as session:
        wanting = submissions.without_document(session, limit=limit)
    for submission in wanting:
        make(rt, submission)
    return len(wanting)


class Verdict(NamedTuple):
    """Whether a file is a compiled report of this desk, unchanged, and how that is known."""

    holds: bool
    words: str


def verify(rt: Runtime, path: Path) -> Verdict:
    """Hold a file against the books: the hash of the document, and of the facts it was made from.

    Raises:
        Refusal: the file cannot be read.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Refusal(f"{path}: cannot be read: {error.strerror}") from error
    with rt.sessions.begin() as session:
        found = submissions.by_digest(session, digest)
    if found is None:
        return Verdict(False, f"{path.name}: no compiled report has the hash {digest[:16]}...")
    facts = weekly.digest(weekly.from_json(found.facts))
    if facts != found.facts_digest:
        return Verdict(False, f"{path.name}: the document holds, but the facts in the books were changed")
    return Verdict(True, f"{path.name}: holds; compiled as of {found.cut_off_at.isoformat()}, facts {facts[:16]}...")


def make(rt: Runtime, submission: Submission) -> None:
    """Typeset one submission from its frozen facts and keep the file. A failure is counted, not raised."""
    try:
        document = compile_document("weekly", submission.facts)
    except DocumentError as error:
        log.error("no document", submission=submission.id, why=str(error).splitlines()[0][:200])
        with rt.sessions.begin() as session:
            submissions.failed(session, submission.id)
        return
    name = f"{submission.name}.pdf"
    _write(rt.documents / name, document)
    with rt.sessions.begin() as session:
        submissions.made(session, submission.id, name, hashlib.sha256(document).hexdigest())


def _write(path: Path, content: bytes) -> None:
    """A reader sees the whole document or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(path)


def gather(session: Session, programme_id: int, programme: Programme, own: Obligation) -> weekly.Weekly:
    """The facts of one own report as they stood at its cut-off."""
    after = compiling.cut_off_before(session, programme_id, own)
    owed = compiling.owed(session, programme_id, after=after, cut_off=own.opens_at)
    troubled = compiling.problems(session, programme_id, after=after, cut_off=own.opens_at)
    return weekly.Weekly(
        header=_header(programme, own),
        legal_bases=_legal_bases(programme),
        stages=tuple(_stages(programme, own)),
        polling=_polling(programme),
        districts=tuple(_districts(programme, owed)),
        problems=tuple(_problem(programme, t) for t in troubled),
        recommendations=tuple(_recommendations(troubled)),
    )


def _header(programme: Programme, own: Obligation) -> weekly.Header:
    desk, election = programme.desk, programme.election
    addressee = desk.addressees[election.code]
    return weekly.Header(
        desk=desk.name,
        regency=desk.regency,
        province=desk.province,
        seat=desk.seat,
        signatory=desk.signatory,
        to=addressee.to,
        attention=addressee.attention,
        place=addressee.place,
        copies=addressee.copies,
        election=election.name,
        subject=f"Laporan Pelaksanaan {election.name} di {desk.regency}",
        period_start=own.period_start,
        period_end=own.period_end,
        cut_off=own.opens_at,
        zone=own.zone,
        policy_digest=programme.policy.digest,
        calendar_digest=programme.digest,
    )


def _legal_bases(programme: Programme) -> tuple[str, ...]:
    """The regulations the stages rest on, each once, in the order of the calendar."""
    bases = (v.legal_basis for s in programme.election.stages if s.active and (v := s.version()))
    return tuple(dict.fromkeys(bases))


def _stages(programme: Programme, own: Obligation) -> Iterable[weekly.Stage]:
    """Stages that ran in the period, and those that begin in the two weeks after it."""
    for stage in programme.election.stages:
        version = stage.version(local_date(own.opens_at, own.zone))
        if not (stage.active and version and version.start):
            continue
        ahead = own.period_end + timedelta(days=14)
        if version.start <= ahead and (version.end is None or version.end >= own.period_start):
            yield weekly.Stage(stage.code, stage.name, version.start, version.end, version.legal_basis)


def _polling(programme: Programme) -> weekly.Polling | None:
    known = programme.desk.polling.get(programme.election.code)
    return weekly.Polling(known.stations, known.voters, known.source) if known else None


def _districts(programme: Programme, owed: list[Owed]) -> Iterable[weekly.District]:
    """Every district in order of code, also one that owed nothing. A team's own reports count for its first."""
    by_area = {area: list(rows) for area, rows in groupby(owed, key=lambda o: o.area)}
    for district in sorted(programme.desk.districts, key=lambda d: d.code):
        team = programme.desk.team_of(district.code)
        rows = by_area.get(district.code, [])
        if team.districts[0] == district.code:
            rows = rows + by_area.get(team.code, [])
        reports = tuple(_report(programme, row) for row in sorted(rows, key=lambda o: o.due_at))
        yield weekly.District(district.code, district.name, team.name, district.zone, reports)


def _report(programme: Programme, owed: Owed) -> weekly.Report:
    return weekly.Report(
        key=owed.key,
        code=owed.code,
        duty=programme.policy.duty(owed.duty).name,
        due_at=owed.due_at,
        standing=owed.standing,
        content=owed.content,
        late=owed.received_at is not None and owed.received_at > owed.judged_by,
        received_at=owed.received_at,
        reason=owed.reason,
    )


def _problem(programme: Programme, troubled: Troubled) -> weekly.Problem:
    matter, issue, steps = troubled
    zone = programme.desk.zone_of(matter.area)
    done = [step for step, _ in steps if step.step in (Step.ACKNOWLEDGED, Step.FOLLOWED_UP)]
    resolved = any(step.step == Step.RESOLVED for step, _ in steps)
    acknowledged = any(step.step == Step.ACKNOWLEDGED for step, _ in steps)
    status = weekly.Status.RESOLVED if resolved else weekly.Status.ACKNOWLEDGED if acknowledged else weekly.Status.OPEN
    return weekly.Problem(
        code=matter.code,
        district=matter.area,
        opened_on=local_date(issue.opened_at, zone),
        category=issue.category,
        severity=issue.severity,
        title=issue.title,
        follow_ups=tuple(
            weekly.FollowUp(local_date(s.at, zone), s.text or "Diterima untuk ditindaklanjuti") for s in done
        ),
        office=programme.desk.office(programme.desk.coordinators[matter.area]).title,
        status=status,
        outcome=issue.outcome if resolved else "",
    )


def _recommendations(troubled: list[Troubled]) -> Iterable[weekly.Recommendation]:
    for matter, _, steps in troubled:
        for step, _ in steps:
            if step.step == Step.RECOMMENDED:
                yield weekly.Recommendation(step.text, problem=matter.code)
