"""Find reports, letters and advice by number or by words, within the places that a reader may see."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session, defer

from models.matters import advice
from models.matters.advice import Advice, Given
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from models.matters.sendings import Sending
from models.matters.submissions import NarrativeEdit, Submission
from rules import proofs


class Found(NamedTuple):
    """A report of which something was found. `version` None: nothing came in, and its number was found."""

    matter: Matter
    obligation: Obligation
    version: Report | None


def reports(
    session: Session, programme_id: int, areas: Collection[str], words: Sequence[str], *, most: int
) -> list[Found]:
    """Reports of these areas that have every word in their number, a receipt's, or what they say; the newest first.

    Args:
        words: at least one.
    """
    query = (
        select(Matter, Obligation, Report)
        .join(Obligation, Obligation.id == Matter.id)
        .outerjoin(Report, Report.obligation_id == Matter.id)
        .where(Matter.programme_id == programme_id, Matter.kind == Kind.OBLIGATION, Matter.area.in_(areas))
        .where(*(_said(word) for word in words))
        .order_by(Obligation.due_at.desc(), Matter.id, Report.version.desc())
        .limit(most * VERSIONS)
    )
    newest: dict[int, Found] = {}
    for row in session.execute(query):
        newest.setdefault(row[0].id, Found(*row))
    return list(newest.values())[:most]


VERSIONS = 4
"""So many versions of one report are reckoned with, at most, when rows are cut."""


def _said(word: str) -> ColumnElement[bool]:
    """The number is this, or what was filed has the word."""
    named = func.lower(Matter.code) == word.lower()
    if word.upper().startswith("TT-") and word[3:].isascii() and word[3:].isdigit() and len(word) <= len("TT-") + 9:
        named |= Report.id == int(word[3:])
    return named | func.lower(cast(Report.body, String)).like(pattern(word), escape="/")


def given(session: Session, programmes: Collection[int], words: Sequence[str], *, most: int) -> list[Given]:
    """Advice that has every word in its number or text, the newest first. Who may read each is asked by the caller."""
    query = (
        select(Matter.programme_id, Matter.code)
        .join(advice.Charge, advice.Charge.id == Matter.id)
        .join(Advice, Advice.id == advice.Charge.advice_id)
        .where(Matter.programme_id.in_(programmes))
        .where(
            *(
                (func.lower(Matter.code) == w.lower()) | func.lower(Advice.text).like(pattern(w), escape="/")
                for w in words
            )
        )
        .order_by(Matter.id.desc())
        .limit(most)
    )
    found = (advice.by_code(session, programme, code) for programme, code in session.execute(query).all())
    return [one for one in found if one is not None]


def letters(
    session: Session, programmes: Collection[int], words: Sequence[str], *, most: int
) -> list[tuple[Submission, str, int]]:
    """Versions of reports to the Government that have every word in a number, the code on the letter, or what people
    wrote; each with the number of its report and its programme, the newest first.
    """
    query = (
        select(Submission, Matter.code, Matter.programme_id)
        .join(Matter, Matter.id == Submission.obligation_id)
        .options(defer(Submission.facts), defer(Submission.approved))
        .where(Matter.programme_id.in_(programmes), *(_lettered(word) for word in words))
        .order_by(Submission.id.desc())
        .limit(most)
    )
    return [(own, code, programme) for own, code, programme in session.execute(query)]


def _lettered(word: str) -> ColumnElement[bool]:
    has = pattern(word)
    sent = select(Sending.id).where(Sending.submission_id == Submission.id)
    sent = sent.where(func.lower(Sending.reference + " " + Sending.agenda).like(has, escape="/"))
    written = select(NarrativeEdit.id).where(NarrativeEdit.submission_id == Submission.id)
    written = written.where(func.lower(NarrativeEdit.after).like(has, escape="/"))
    named = func.lower(Matter.code) == word.lower()
    if begins := proofs.beginning(word):
        named |= Submission.facts_digest.startswith(begins)
    return named | sent.exists() | written.exists()


def pattern(word: str) -> str:
    """For LIKE with `escape="/"`: the word anywhere."""
    return f"%{word.lower().replace('/', '//').replace('%', '/%').replace('_', '/_')}%"
