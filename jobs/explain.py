"""Why was this told, and why not: read from the books, never worked out again."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from jobs.filing import office_of
from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import amendments, changes, explaining, issues, matters, receipts, reports
from models.changes import Change
from models.explaining import Told
from models.matters import Matter
from models.messages import Message
from models.notices import Notice
from models.obligations import Obligation
from models.receipts import Receipt
from rules import filing, people
from rules.dispatch import NoticeState
from rules.policy import Policy
from rules.programme import Programme

AMENDED = frozenset(amendments.DONE.values())


class Step(NamedTuple):
    """One line of an explanation, at a moment (aware, in the zone it concerns)."""

    at: datetime
    what: str
    why: str


class Explanation(NamedTuple):
    """A title, what is so now, what happened in order, and what comes next."""

    title: str
    state: list[str]
    steps: list[Step]
    ahead: str


def matter(rt: Runtime, key: str) -> Explanation:
    """All that was decided about a report, a problem or a task. Raises: Refusal: there is none of that name."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        found = matters.by_key(session, key)
        if found is None:
            raise Refusal(f"{key!r}: nothing of that name: give a key, R-0805, P-0012 or S-0003")
        programme = rt.programme(session, found.programme_id)
        zone = ZoneInfo(programme.desk.zone_of(found.area))
        owed = session.get(Obligation, found.id)
        steps = [step for told in explaining.about(session, found.id) for step in _steps(session, told, zone)]
        changed = changes.about(session, found.id)
        steps += _filed(session, found, zone) if owed else _done(session, found, changed, zone)
        steps += [_changed(change, zone) for change in changed]
        state = _owed(owed, now, zone) if owed else [f"opened {_at(found.since, zone)}"]
        return Explanation(
            f"{found.code} {found.key}, {programme.desk.area_name(found.area)}",
            state,
            sorted(steps, key=lambda step: step.at),
            _ahead(found, programme.policy, zone),
        )


def _owed(owed: Obligation, now: datetime, zone: ZoneInfo) -> list[str]:
    judged = filing.timeliness(
        owed.standing, owed.due_at, owed.received_at, extended_until=owed.extended_until, now=now
    )
    stand = ", ".join(str(word) for word in (owed.standing, owed.content, judged) if word)
    asked = [f"returned until {_at(owed.returned_until, zone)}: {owed.asked}"] if owed.returned_until else []
    return [
        f"{_due(owed, zone)}; rule: {owed.rule}",
        f"period {owed.period_start} to {owed.period_end}; stage {owed.stage}",
        f"standing: {stand}" + (f" ({owed.reason})" if owed.reason else ""),
        *asked,
    ]


def _due(owed: Obligation, zone: ZoneInfo) -> str:
    extended = f", extended until {_at(owed.extended_until, zone)}" if owed.extended_until else ""
    return f"due {_at(owed.due_at, zone)}{extended}"


def _steps(session: Session, told: Told, zone: ZoneInfo) -> list[Step]:
    """What was decided about one office, and what became of it."""
    notice, office, _, message = told
    twice = "; it may have arrived twice" if message is not None and message.possibly_doubled else ""
    decided = f"{notice.say} to {office.title} by {notice.channel} ({notice.ladder} rung {notice.rung + 1}){twice}"
    steps = [Step(notice.planned_at.astimezone(zone), decided, _reason(told, zone))]
    if message is not None and notice.state == NoticeState.DISPATCHED:
        steps += [
            Step(
                a.ended_at.astimezone(zone),
                f"message {message.id}, try {a.number}: {a.outcome}",
                "" if a.why == a.outcome else a.why,
            )
            for a in explaining.attempts(session, message.id)
        ]
        steps += [_said(receipt, message, zone) for receipt in receipts.of(session, message.id)]
    return steps


def _said(receipt: Receipt, message: Message, zone: ZoneInfo) -> Step:
    """What a provider said; of an earlier try it says so."""
    about = "" if receipt.provider_id in ("", message.provider_id) else " (an earlier try)"
    what = f"message {message.id}, the provider says{about}: {receipt.fate}"
    return Step(receipt.received_at.astimezone(zone), what, receipt.code)


def _reason(told: Told, zone: ZoneInfo) -> str:
    notice = told.notice
    if notice.state == NoticeState.PLANNED:
        return f"held until {_at(notice.release_at, zone)}: {notice.held or 'next turn'}"
    if notice.state == NoticeState.MERGED:
        return f"merged: a severer word about it is in message {notice.message_id}"
    if notice.state == NoticeState.DISPATCHED and notice.release_at > notice.planned_at:
        return f"released {_at(notice.release_at, zone)}"
    return f"{notice.state}: {notice.reason}" if notice.reason else ""


def _filed(session: Session, found: Matter, zone: ZoneInfo) -> list[Step]:
    return [
        Step(
            report.recorded_at.astimezone(zone),
            f"report {report.number} version {report.version}, {report.content}, by {report.title} via {report.via}",
            f"received {_at(report.received_at, zone)}" + (f"; {report.reason}" if report.reason else ""),
        )
        for report in reports.of(session, found.id)
    ]


def _changed(change: Change, zone: ZoneInfo) -> Step:
    """Who decided what, by which way."""
    way = str(change.way) + (f" {change.through}" if change.through is not None else "")
    until = [f"until {_at(change.until, zone)}"] if change.until else []
    text = [f"by amendment: {change.text}" if change.what in AMENDED else change.text] if change.text else []
    return Step(change.at.astimezone(zone), f"{change.what} by {change.title} via {way}", "; ".join(until + text))


def _done(session: Session, found: Matter, changed: Sequence[Change], zone: ZoneInfo) -> list[Step]:
    """The steps of a problem of which nothing was recorded by whom."""
    told = {(change.at, change.what) for change in changed}
    return [
        Step(
            event.at.astimezone(zone),
            str(event.step),
            f"until {_at(event.until, zone)}" if event.until else "",
        )
        for event in issues.events(session, found.id)
        if (event.at, event.step) not in told
    ]


def _ahead(found: Matter, policy: Policy, zone: ZoneInfo) -> str:
    if found.closed_at is not None:
        return f"over since {_at(found.closed_at, zone)}: {found.closed_why}"
    if found.next_at is None:
        return "the last rung was told; waits for somebody to end it"
    pause = max((t for t in (found.promised_until, found.acknowledged_until) if t), default=None)
    if pause is not None and pause >= found.next_at:
        return f"paused until {_at(pause, zone)}"
    ladder = policy.ladder(found.ladder)
    if found.reached + 1 >= len(ladder.rungs):
        return f"the last rung was told; over at {_at(found.next_at, zone)}"
    rung = ladder.rungs[found.reached + 1]
    return f"next look {_at(found.next_at, zone)}: {rung.say} to {rung.tell}"


def why_not(rt: Runtime, office: str, day: date) -> Explanation:
    """What an office was told on a local day and why nothing more. Raises: Refusal: no such office."""
    with rt.sessions.begin() as session:
        for id, programme in rt.live(session).items():
            if any(o.code == office for o in programme.desk.offices):
                return _why_not(session, rt, id, programme, office, day)
    raise Refusal(f"{office!r}: no such office: see its file in config/desks")


class _Day(NamedTuple):
    """A day where an office is, and how much of it is over."""

    start: datetime
    end: datetime
    now: datetime
    zone: ZoneInfo


def _why_not(
    session: Session, rt: Runtime, programme_id: int, programme: Programme, code: str, day: date
) -> Explanation:
    row = office_of(session, programme, code)
    zone = ZoneInfo(row.zone)
    start = datetime.combine(day, time(0), zone)
    local = _Day(start, start + timedelta(days=1), rt.clock(session), zone)
    told = explaining.to_office(session, row.id, start=local.start, end=local.end)
    steps = [step._replace(what=f"{t.matter.code}: {step.what}") for t in told for step in _steps(session, t, zone)]
    areas = [d.code for d in programme.desk.districts if code in people.owing(programme.desk, d.code)[1]]
    state = []
    for matter, owed in explaining.due_on(session, areas, start=local.start, end=local.end):
        words = [t.notice for t in explaining.about(session, matter.id) if t.office.id == row.id]
        said = any(t.matter.id == matter.id for t in told)
        why = _BELOW if said else _silent(matter, words, programme, local)
        stood = _stood(owed, local) or f"{_due(owed, zone)}; {why}"
        state.append(f"{matter.code} {programme.desk.area_name(matter.area)}: {stood}")
    title = f"{row.title} on {day:%Y-%m-%d} ({programme.code})"
    ahead = "" if told else "nothing was to be told"
    return Explanation(title, state or ["owed nothing on that day"], sorted(steps, key=lambda s: s.at), ahead)


_BELOW = "what was decided is below"


def _stood(owed: Obligation, day: _Day) -> str:
    """Why nobody was chased for it at the end of a day; empty: it was owed."""
    if owed.received_at is not None and owed.received_at < day.end:
        return f"received {_at(owed.received_at, day.zone)}"
    if owed.standing in (filing.Standing.WAIVED, filing.Standing.CANCELLED):
        return f"{owed.standing}: {owed.reason}".removesuffix(": ")
    return ""


def _silent(found: Matter, words: Sequence[Notice], programme: Programme, day: _Day) -> str:
    """Why an office heard nothing that day of a report that was owed: what came before, and what comes after."""
    before = next((n for n in reversed(words) if n.planned_at < day.start), None)
    after = next((n for n in words if n.planned_at >= day.end), None)
    silence = "nothing so far" if day.now < day.end else "nothing was to be told that day"
    last = f"last before: {_word(before, day.zone)}" if before else "nothing before"
    ahead = _ahead(found, programme.policy, day.zone)
    return f"{silence}; {last}; " + (f"next after: {_word(after, day.zone)}" if after else ahead)


def _word(notice: Notice, zone: ZoneInfo) -> str:
    return f"{notice.say} by {notice.channel}, {_at(notice.planned_at, zone)} ({notice.state})"


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H.%M %Z}"
