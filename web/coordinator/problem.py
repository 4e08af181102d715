"""One problem as a coordinator or its owner reads it: what was done, and what may be done now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

import rules.advice
import rules.risks
from models.desk import changes
from models.matters import advice, attachments, courses, overseeing, specials
from models.matters.issues import Issue
from models.matters.matters import Matter
from models.matters.overseeing import Problem
from models.matters.specials import Special
from models.offices.offices import Office
from rules import access, life
from rules.access import May
from rules.advice import Sort
from rules.filing import Standing
from rules.indonesian import moment
from rules.issues import SEVERITIES
from rules.life import Stage
from rules.risks import Key, Risk
from services import outcomes, risks
from services.government import asking
from web import incidents, words
from web.advice.looked import line, reads
from web.coordinator import looked as looking
from web.coordinator import overseen, phoned
from web.coordinator.looked import Looked
from web.door.who import Who
from web.government import appeals

_OPEN = frozenset(
    {May.ACKNOWLEDGE, May.POSTPONE, May.SET_DUE, May.GRADE, May.ADVISE, May.HAND_ON, May.MERGE, May.RESOLVE}
)
ABLE = {
    Stage.OPEN: _OPEN,
    Stage.TAKEN_ON: _OPEN,
    Stage.POSTPONED: _OPEN,
    Stage.RESOLVED: frozenset({May.CONFIRM, May.REOPEN}),
    Stage.CONFIRMED: frozenset({May.REOPEN}),
    Stage.MERGED: frozenset({May.MERGE}),
}
"""What may be done about a problem, where it stands."""


def facts(session: Session, at: Who, looked: Looked) -> dict[str, Any]:
    """What its page shows."""
    matter, issue = looked.matter, session.get_one(Issue, looked.matter.id)
    stage = life.stage(issue, matter.acknowledged_until, now=at.now)
    owner, subject = (session.get(Office, id) if id else None for id in (matter.owner_id, matter.subject_id))
    never = {office.code for office in (owner, subject) if office}
    desk, steps = looked.programme.desk, _steps(session, looked)
    others = [desk.office(code) for code in access.handed_to(desk) if code not in never]
    withdrawn = matter.id in overseeing.withdrawn(session, [matter.id])
    shown = overseen.problem(looked.programme, Problem(matter, issue), at.now, (), withdrawn=withdrawn)
    able = ABLE[stage] | {May.RESTRICT, *_reportable(session, looked)}
    if outcomes.resolver(session, matter) == at.office_id:
        able -= {May.CONFIRM}
    return looking.facts(at, looked, dict.fromkeys(able, True)) | {
        "title": f"{shown['what']}, {shown['area']}",
        "problem": shown
        | {
            "owner": owner.title if owner else "",
            "where": incidents.circumstances(desk, matter.area, issue),
            "risks": [words.risk(desk, risk) for risk in _risks(session, looked, issue)],
        },
        "readings": _readings(session, at, looked),
        "stands": overseen.stands(issue, matter, stage, looked.zone, at.now),
        "merged": stage is Stage.MERGED,
        "into": _linked(session, at, looked, [session.get_one(Matter, issue.merged_into)] if issue.merged_into else []),
        "twins": _linked(session, at, looked, courses.merged(session, matter.id)),
        "offices": [(own.code, own.title) for own in others],
        "severities": [(own.value, name) for own, name in SEVERITIES.items() if own is not issue.severity],
        "steps": steps,
        "seen": len(steps),
        "advised": [line(at, one) | {"linked": reads(at, one)} for one in advice.about(session, matter.id)],
        "specials": _specials(session, looked),
        "appeals": appeals.about(session, looked.programme, matter.id),
        "asks_above": not stage.over and appeals.offered(at, looked.programme),
        **phoned.offered(session, at, looked, able),
        "advises": not stage.over and Sort.ADVICE in rules.advice.sorts(desk, at.code),
    }


def _reportable(session: Session, looked: Looked) -> set[May]:
    """Whether a special report about it can be asked for now."""
    owed = any(own.owed.standing is Standing.OWED for own in _told(session, looked))
    return set() if looked.restricted or owed or asking.duty(looked.programme) is None else {May.REPORT}


def _told(session: Session, looked: Looked) -> list[Special]:
    duty = asking.duty(looked.programme)
    return specials.about(session, looked.programme_id, duty.code, looked.matter.code) if duty else []


def _specials(session: Session, looked: Looked) -> list[tuple[str, str]]:
    """Numbers of the special reports about it, and when each is due."""
    zone = looked.programme.desk.zone
    return [(own.matter.code, moment(own.owed.due_at, zone)) for own in _told(session, looked)]


def _risks(session: Session, looked: Looked, issue: Issue) -> list[Risk]:
    """What is known of its place."""
    district = Key(issue.village, issue.station, "").district
    return rules.risks.of(risks.known(session, looked.programme_id, [district]), issue.village, issue.station)


def _linked(session: Session, at: Who, looked: Looked, others: Sequence[Matter]) -> list[tuple[str, bool]]:
    """Numbers of other problems, and whether the reader may open each."""
    return [(own.code, looked.other(session, own).may(at, May.READ)) for own in others]


def _steps(session: Session, looked: Looked) -> list[dict[str, Any]]:
    """What was done about it, with the files that came along."""
    steps = overseeing.steps(session, looked.matter.id)
    files = attachments.enclosed(session, [event.id for event, _ in steps])
    return [overseen.step(event, title, looked.zone, files.get(event.id, ())) for event, title in steps]


def _readings(session: Session, at: Who, looked: Looked) -> list[str]:
    """Who read a restricted problem, for those who answer for that."""
    if not (looked.restricted and access.above_all(looked.programme.desk, at.code)):
        return []
    return overseen.readings(changes.readings(session, looked.matter.id), looked.zone)
