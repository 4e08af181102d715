"""Who is on duty at the posko, in the words that every page and the call sheet have."""

from datetime import datetime

from sqlalchemy.orm import Session

import rules.posko
from models.desk import shifts
from rules.desk import Desk
from rules.posko import Shift
from services import posko
from web import pages
from web.door.who import Who


def on_duty(session: Session, at: Who, *, unless_empty: bool = False) -> bool:
    """Whether an office reads the notes of the posko: it is on duty about now, keeps the books, or decides.

    `unless_empty`: and only if anybody is on duty about now.
    """
    around = shifts.ahead(session, at.desk.code, now=at.now - rules.posko.NOTED)
    spans = [Shift(str(row.office_id), row.starts_at, row.ends_at, row.place) for row in around]
    if unless_empty and not spans:
        return False
    return at.keeps_books or at.decides or rules.posko.reads(str(at.office_id), spans, now=at.now)


def said(session: Session, desk: Desk, *, now: datetime) -> list[str]:
    """A sentence for each office on duty now, and one for who comes next; none where the roster ends."""
    roster = posko.standing(session, desk.code, now=now)
    lines = [
        f"Piket posko sekarang: {own.office}, {own.place}, sampai {pages.short_moment(own.ends_at, desk.zone)}."
        for own in roster.now
    ]
    if roster.next is None:
        return lines
    lines = lines or ["Saat ini tidak ada piket posko yang tercatat."]
    own, since = roster.next, pages.short_moment(roster.next.starts_at, desk.zone)
    return [*lines, f"Piket berikutnya: {own.office}, {own.place}, mulai {since}."]
