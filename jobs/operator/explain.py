"""Why something was told, and why not. It is read from the books, never worked out again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

import rules.recap
from jobs.operator.acting import office_of
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import changes
from models.desk.changes import Change
from models.machine import departures, gaps
from models.matters import advice, aiding, attachments, explaining, issues, numbers, reports
from models.matters.aiding import AskedBelow
from models.matters.attachments import ReplyFile
from models.matters.explaining import Told
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages import delivery_reports, inbound
from models.messages.delivery_reports import DeliveryReport
from models.messages.inbound import Inbound
from models.messages.messages import Message
from models.messages.notices import Notice
from models.offices.offices import Office
from rules import filing, ladder, people
from rules.dispatch import NoticeState
from rules.issues import RESTRICTED
from rules.programme import MARK, Programme
from rules.recap import Owed
from services import amendments, recap

AMENDED = frozenset(amendments.DONE.values())
KEPT_BACK = "written to the outbox folder, sent to nobody"


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
    """All that was decided about a report, a problem, a task or an advice. Raises: Refusal: nothing has that name."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        matter = numbers.matter(session, key)
        if matter is None:
            nothing = "nothing of that name: give a key, R-0805, P-0012, A-0003 or S-0003"
            raise Refusal(numbers.unnamed(session, key, nothing))
        if issues.restricted(session, matter.id):
            raise Refusal(f"{matter.code} is restricted: an office that may read it uses ./desk issue show")
        programme = rt.past(session, matter.programme_id)
        zone = ZoneInfo(programme.desk.zone_of(matter.area))
        owed = session.get(Obligation, matter.id)
        steps = [step for told in explaining.about(session, matter.id) for step in _steps(session, told, zone)]
        changed = changes.about(session, matter.id)
        steps += _filed(session, matter, zone) if owed else _done(session, matter, changed, zone)
        steps += [_changed(change, zone) for change in changed]
        steps += [_beside(own, zone) for own in attachments.beside(session, matter.id)]
        steps += [_written(own, zone) for own in inbound.about(session, matter.programme_id, matter.code)]
        steps += [_asked_below(own, zone) for own in aiding.told(session, matter.id)]
        counted = recap.one(session, programme, matter, owed.due_at, now=now) if owed else None
        state = (
            _owed(owed, counted, now, zone) if owed else _given(session, matter, zone) or _open(session, matter, zone)
        )
        return Explanation(
            f"{matter.code} {matter.key}, {programme.desk.area_name(matter.area)}",
            [*state, _policy(matter, programme)],
            sorted(steps, key=lambda step: step.at),
            _ahead(matter, programme, zone, now),
        )


def _open(session: Session, matter: Matter, zone: ZoneInfo) -> list[str]:
    """Since when, and of a problem who has it and whom it is about."""
    parties = {"owner": matter.owner_id, "about": matter.subject_id}
    named = [f"{word}: {session.get_one(Office, id).title}" for word, id in parties.items() if id is not None]
    return [f"opened {_at(matter.since, zone)}", *named]


def _given(session: Session, matter: Matter, zone: ZoneInfo) -> list[str]:
    """What an advice is, how far it is, and who gave it to whom; empty: it is none."""
    given = advice.one(session, matter.id)
    if given is None:
        return []
    about = f", about {given.about or given.advice.area}" if given.about or given.advice.area else ""
    answer = f", {given.charge.answer}" if given.charge.answer else ""
    return [
        f"{given.advice.sort} of {given.giver.title} to {given.owner.title}{about}",
        f"due {_at(given.charge.due_at, zone)}; {given.stage}{answer}",
    ]


def _owed(owed: Obligation, counted: Owed | None, now: datetime, zone: ZoneInfo) -> list[str]:
    judged = filing.timeliness(
        owed.standing, owed.due_at, owed.received_at, extended_until=owed.extended_until, now=now
    )
    stand = ", ".join(str(word) for word in (owed.standing, owed.content, judged) if word)
    asked = [f"returned until {_at(owed.returned_until, zone)}: {owed.asked}"] if owed.returned_until else []
    return [
        f"{_due(owed, zone)}; rule: {owed.rule}",
        f"period {owed.period_start} to {owed.period_end}" + (f"; stage {owed.stage}" if owed.stage else ""),
        f"standing: {stand}" + (f" ({owed.reason})" if owed.reason else ""),
        *(
            [f"late because: {counted.cause.replace('_', ' ')}"]
            if counted and rules.recap.late(counted, now=now)
            else []
        ),
        *asked,
    ]


def _due(owed: Obligation, zone: ZoneInfo) -> str:
    extended = f", extended until {_at(owed.extended_until, zone)}" if owed.extended_until else ""
    return f"due {_at(owed.due_at, zone)}{extended}"


def _steps(session: Session, told: Told, zone: ZoneInfo) -> list[Step]:
    """What was decided about one office, and what became of it."""
    notice, office, matter, message = told
    twice = "; it may have arrived twice" if message is not None and message.possibly_doubled else ""
    ladder_of_it = RESTRICTED if issues.restricted(session, matter.id) else notice.ladder
    decided = f"{notice.say} to {office.title} by {notice.channel} ({ladder_of_it} rung {notice.rung + 1}){twice}"
    steps = [Step(notice.planned_at.astimezone(zone), decided, _reason(told, zone))]
    if message is not None and notice.state == NoticeState.DISPATCHED:
        steps += [
            Step(
                a.ended_at.astimezone(zone),
                f"message {message.id}, try {a.number}: {KEPT_BACK if a.kept_back else a.outcome}",
                "" if a.why == a.outcome else a.why,
            )
            for a in explaining.attempts(session, message.id)
        ]
        steps += [_said(report, message, zone) for report in delivery_reports.of(session, message.id)]
    return steps


def _said(report: DeliveryReport, message: Message, zone: ZoneInfo) -> Step:
    """What a provider said later, and whether it was about an earlier try."""
    about = "" if report.provider_id in ("", message.provider_id) else " (an earlier try)"
    what = f"message {message.id}, the provider says{about}: {report.fate}"
    return Step(report.received_at.astimezone(zone), what, report.code)


def _reason(told: Told, zone: ZoneInfo) -> str:
    notice = told.notice
    if notice.state == NoticeState.PLANNED:
        return f"held until {_at(notice.release_at, zone)}: {notice.held or 'next turn'}"
    if notice.state == NoticeState.MERGED:
        return f"merged: a severer word about it is in message {notice.message_id}"
    if notice.state == NoticeState.DISPATCHED and notice.release_at > notice.planned_at:
        return f"released {_at(notice.release_at, zone)}"
    return f"{notice.state}: {notice.reason}" if notice.reason else ""


def _filed(session: Session, matter: Matter, zone: ZoneInfo) -> list[Step]:
    return [
        Step(
            report.recorded_at.astimezone(zone),
            f"report {report.number} version {report.version}, {report.content}, by {report.title} via {report.via}",
            f"received {_at(report.received_at, zone)}" + (f"; {report.reason}" if report.reason else ""),
        )
        for report in reports.of(session, matter.id)
    ]


def _changed(change: Change, zone: ZoneInfo) -> Step:
    """Who decided what, and by which way."""
    way = str(change.way) + (f" {change.through}" if change.through is not None else "")
    until = [f"until {_at(change.until, zone)}"] if change.until else []
    text = [f"by amendment: {change.text}" if change.what in AMENDED else change.text] if change.text else []
    return Step(change.at.astimezone(zone), f"{change.what} by {change.title} via {way}", "; ".join(until + text))


def _written(own: Inbound, zone: ZoneInfo) -> Step:
    """What somebody wrote about it, as it was understood; his words stay on the secretariat's page."""
    did = ", ".join(f"{does} {code}".strip() for does, code, _ in own.results) or "nothing"
    answered = f"; answered by message {own.answer_id}" if own.answer_id else ""
    by = f"by the words: {', '.join(own.went_by)}" if own.went_by else ""
    what = f"message {own.id} by {own.channel}, read as {own.intent} ({own.sure} %): {did}{answered}"
    return Step(own.received_at.astimezone(zone), what, by)


def _asked_below(own: AskedBelow, zone: ZoneInfo) -> Step:
    """That an aide was asked, and sent something; what it is stays his district's."""
    sent = f"; sent {len(own.asked.fields)} fields {_at(own.asked.sent_at, zone)}" if own.asked.sent_at else ""
    times = f"asked {own.asked.times} times; see {own.code}"
    at = own.asked.asked_at
    assert at is not None  # only who was asked is told of
    return Step(at.astimezone(zone), f"{own.title} was asked by the district's reporter{sent}", times)


def _beside(own: ReplyFile, zone: ZoneInfo) -> Step:
    what = f"file {own.number} ({own.kind}, {own.size} bytes) kept beside it"
    return Step(own.received_at.astimezone(zone), what, f"came with message {own.inbound_id} by {own.channel}")


def _done(session: Session, matter: Matter, changed: Sequence[Change], zone: ZoneInfo) -> list[Step]:
    """The steps of a problem for which no change says who took them."""
    told = {(change.at, change.what) for change in changed}
    return [
        Step(
            event.at.astimezone(zone),
            str(event.step),
            f"until {_at(event.until, zone)}" if event.until else "",
        )
        for event in issues.events(session, matter.id)
        if (event.at, event.step) not in told
    ]


def _policy(matter: Matter, programme: Programme) -> str:
    """By which policy's ladder it climbs: the first characters of its digest, as in every notice."""
    speaks = programme.speaks(matter.policy)
    named = f"policy: {speaks.code} {speaks.digest[:MARK]}"
    if speaks is not programme.policy:
        return f"{named}, under which it began; another is in force"
    lost = f"; {matter.policy[:MARK]}, under which it began, cannot be read" if matter.policy else ""
    return f"{named}, in force{lost}"


def _ahead(matter: Matter, programme: Programme, zone: ZoneInfo, now: datetime) -> str:
    if matter.closed_at is not None:
        return f"over since {_at(matter.closed_at, zone)}: {matter.closed_why}"
    if matter.next_at is None:
        return "the last rung was told; waits for somebody to end it"
    pause = ladder.paused(now, matter.promised_until, matter.acknowledged_until)
    if pause is not None and pause >= matter.next_at:
        return f"paused until {_at(pause, zone)}"
    climbed = programme.ladder(matter.ladder, matter.policy)
    if matter.reached + 1 >= len(climbed.rungs):
        return f"the last rung was told; over at {_at(matter.next_at, zone)}"
    rung = climbed.rungs[matter.reached + 1]
    began = programme.speaks(matter.policy) is not programme.policy
    earlier = f", by the policy it began under ({matter.policy[:MARK]})" if began else ""
    return f"next look {_at(matter.next_at, zone)}: {rung.say} to {rung.tell}{earlier}"


def why_not(rt: Runtime, office: str, day: date) -> Explanation:
    """What an office was told on a local day, and why nothing more, in all elections of its desk.

    Args:
        office: its code, or `DESK/code` where several desks have one.

    Raises:
        Refusal: no such office, or several.
    """
    desk, _, code = office.rpartition("/")
    with rt.sessions.begin() as session:
        theirs = {
            id: programme
            for id, programme in rt.live(session).items()
            if desk in ("", programme.desk.code) and any(o.code == code for o in programme.desk.offices)
        }
        if not theirs:
            raise Refusal(f"{office!r}: no such office: see its file in config/desks")
        if len(desks := {programme.desk.code for programme in theirs.values()}) > 1:
            raise Refusal(f"{office!r}: {' and '.join(sorted(desks))} have one: write the desk's code before it")
        return _why_not(session, rt, theirs, code, day)


class _Day(NamedTuple):
    """A day in the zone of an office, and the time now, by which some of the day may be over."""

    start: datetime
    end: datetime
    now: datetime
    zone: ZoneInfo


def _why_not(session: Session, rt: Runtime, theirs: Mapping[int, Programme], code: str, day: date) -> Explanation:
    first = next(iter(theirs.values()))
    row = office_of(session, first, code)
    zone = ZoneInfo(row.zone)
    start = datetime.combine(day, time(0), zone)
    local = _Day(start, start + timedelta(days=1), rt.clock(session), zone)
    told = explaining.to_office(session, row.id, start=local.start, end=local.end)
    steps = [step._replace(what=f"{t.matter.code}: {step.what}") for t in told for step in _steps(session, t, zone)]
    asked = {id: [d.code for d in p.desk.districts if code in people.asked(p.desk, d.code)] for id, p in theirs.items()}
    areas = sorted({area for own in asked.values() for area in own})
    state = []
    for matter, owed in explaining.due_on(session, areas, start=local.start, end=local.end):
        if matter.area not in asked.get(matter.programme_id, ()):
            continue
        programme = theirs[matter.programme_id]
        words = [t.notice for t in explaining.about(session, matter.id) if t.office.id == row.id]
        said = any(t.matter.id == matter.id for t in told)
        why = _BELOW if said else _silent(matter, words, programme, local)
        stood = _stood(owed, local) or f"{_due(owed, zone)}; {why}"
        state.append(f"{matter.code} {programme.desk.area_name(matter.area)}: {stood}")
    state += [
        f"nothing is known from {_at(gap.began_at, zone)} to {_at(gap.ended_at, zone)}: see ./desk gap"
        for gap in gaps.between(session, after=local.start, until=local.end)
    ]
    steps += [
        Step(left_at.astimezone(zone), f"left by {channel}, says its provider; its row was lost", "")
        for left_at, channel in departures.to_office(session, row.id, start=local.start, end=local.end)
    ]
    title = f"{row.title} on {day:%Y-%m-%d} ({', '.join(p.code for p in theirs.values())})"
    ahead = "" if steps else "nothing was to be told"
    return Explanation(title, state or ["owed nothing on that day"], sorted(steps, key=lambda s: s.at), ahead)


_BELOW = "what was decided is below"


def _stood(owed: Obligation, day: _Day) -> str:
    """Why nobody was chased for it at the end of a day; empty if it was owed."""
    if owed.received_at is not None and owed.received_at < day.end:
        return f"received {_at(owed.received_at, day.zone)}"
    if owed.standing in (filing.Standing.WAIVED, filing.Standing.CANCELLED):
        return f"{owed.standing}: {owed.reason}".removesuffix(": ")
    return ""


def _silent(matter: Matter, words: Sequence[Notice], programme: Programme, day: _Day) -> str:
    """Why an office heard nothing that day about a report it owed: what came before, and what comes after."""
    before = next((n for n in reversed(words) if n.planned_at < day.start), None)
    after = next((n for n in words if n.planned_at >= day.end), None)
    silence = "nothing so far" if day.now < day.end else "nothing was to be told that day"
    last = f"last before: {_word(before, day.zone)}" if before else "nothing before"
    ahead = _ahead(matter, programme, day.zone, day.now)
    return f"{silence}; {last}; " + (f"next after: {_word(after, day.zone)}" if after else ahead)


def _word(notice: Notice, zone: ZoneInfo) -> str:
    return f"{notice.say} by {notice.channel}, {_at(notice.planned_at, zone)} ({notice.state})"


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H.%M %Z}"
