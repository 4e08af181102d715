"""The short of a report to the Government, for the mail that asks for its approval."""

from sqlalchemy.orm import Session

from models.matters import numbers, submissions
from models.matters.obligations import Obligation
from reports.government import facts, glance
from rules.summary import Section
from services.government import asking


def section(session: Session, key: str) -> Section | None:
    """The last version of a report in ten lines, and why it was asked for; None: it was not compiled."""
    matter = numbers.matter(session, key)
    last = submissions.last(session, matter.id) if matter else None
    if matter is None or last is None:
        return None
    frozen, owed = facts.from_json(last.facts), session.get_one(Obligation, matter.id)
    asked = asking.why(session, matter, owed)
    if asked is None:  # nobody's word, or confided by now: only counts
        return Section(f"Angka dalam laporan {matter.code}", glance.lines(frozen))
    why = f"Diminta {asked.title}: {asked.text}"
    return Section(f"Ringkasan laporan {matter.code}", (why, *glance.first(frozen)))
