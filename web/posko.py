"""Who is on duty at the posko, in the words that every page and the call sheet have."""

from datetime import datetime

from sqlalchemy.orm import Session

from rules.desk import Desk
from services import posko
from web import pages


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
