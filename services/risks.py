"""The inventory of places at risk: take in the rows of a table, all or none; end one; say what it means today."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import risks as kept
from models.matters.overseeing import Problem
from rules import risks
from rules.desk import Desk
from rules.dispatch import day_start
from rules.indonesian import local_date
from rules.risks import Does, Line, Risk


def look(
    session: Session, programme_id: int, desk: Desk, rows: Iterable[tuple[int, Mapping[str, str]]], *, now: datetime
) -> list[Line]:
    """What rows would do now. Changes nothing."""
    known = {row.risk.key: row.risk for row in kept.current(session, programme_id, _all(desk))}
    return risks.propose(rows, desk, known, today=_today(desk, now))


def take(
    session: Session,
    programme_id: int,
    desk: Desk,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    shown: str | None = None,
    hand: Hand,
    now: datetime,
) -> list[Line] | None:
    """Take in what rows say, unless one of them is refused. The same rows again change nothing.

    Args:
        shown: the digest of what somebody was shown; None: whatever they do.

    Returns:
        What each row did; None: nothing was taken, for a row is refused or would do something else than was shown.
    """
    kept.lock(session, programme_id)
    lines = look(session, programme_id, desk, rows, now=now)
    refused = any(line.does is Does.REFUSED for line in lines)
    if refused or shown not in (None, risks.summary(lines)):
        return None
    held = {row.risk.key: row for row in kept.current(session, programme_id, _all(desk))}
    said = {risk.key: risk for line in lines for risk in line.risks}
    new = {key: risk for key, risk in said.items() if key not in held or held[key].risk != risk}
    if new:
        kept.end(session, [held[key].id for key in new if key in held], now=now)
        kept.add(session, programme_id, new.values(), office_id=hand.office_id, now=now)
        replaced = sum(key in held for key in new)
        text = f"{len(new) - replaced} added, {replaced} replaced"
        changes.record(session, hand, "risks noted", desk.code, programme_id, text=text, now=now)
    return lines


def end(session: Session, programme_id: int, desk: Desk, id: int, *, hand: Hand, now: datetime) -> bool:
    """End one risk that is wrong or over; False: there is none that holds."""
    kept.lock(session, programme_id)
    row = next((own for own in kept.current(session, programme_id, _all(desk)) if own.id == id), None)
    if row is None:
        return False
    kept.end(session, [id], now=now)
    text = f"{row.kind} {row.station}".strip()
    changes.record(session, hand, "risk ended", row.village, programme_id, text=text, now=now)
    return True


def known(session: Session, programme_id: int, areas: Collection[str]) -> list[Risk]:
    """What is known of these districts."""
    return [row.risk for row in kept.current(session, programme_id, areas)]


def risky(problems: Iterable[Problem], own: Collection[Risk]) -> dict[int, list[Risk]]:
    """By its id, what is known of the place of each problem that lies in one at risk."""
    found = {matter.id: risks.of(own, issue.village, issue.station) for matter, issue in problems}
    return {id: of for id, of in found.items() if of}


def unheard(session: Session, programme_id: int, desk: Desk, own: Iterable[Risk], *, now: datetime) -> list[str]:
    """The districts with a place at risk of which no report came since midnight."""
    held = list(own)
    areas = {risk.key.district for risk in held}
    if not areas:
        return []
    return risks.unheard(
        desk, held, kept.heard(session, programme_id, areas, since=day_start(now, desk.zone))
    )  # fmt: skip


def _all(desk: Desk) -> list[str]:
    return [own.code for own in desk.districts]


def _today(desk: Desk, now: datetime) -> date:
    return local_date(now, desk.zone)
