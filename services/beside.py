"""What came with an answer stands beside the report or problem it is about, for a person to read.

Files that a provider keeps come later than the words. So what they belong to is written down when the words are read,
and whoever has the files then lays them there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from models.matters import attachments
from models.matters.attachments import Answer
from models.matters.matters import Kind as Of
from models.matters.matters import Matter
from models.matters.numbers import on
from models.messages.inbound import Inbound
from models.offices.offices import Office
from rules.attachments import Attached, Kind
from rules.programme import Programme
from rules.replies.spoken import Does, Sender
from rules.replies.wording import Result

BESIDE = "beside"
"""Under what an answer keeps the ids of the matters that its files belong to."""

FILES_ALONE = "files_alone"
"""Under what it keeps whether a person must look at it for its files, and for nothing else."""


def for_files(row: Inbound) -> bool:
    """Whether a message waits for no more than that somebody looks at its files, which stand where they belong."""
    return bool(row.said.get(FILES_ALONE) and row.said.get(BESIDE)) and not row.note


def belongs(
    session: Session, row: Inbound, results: Sequence[Result], programmes: Mapping[int, Programme]
) -> list[int]:
    """What the files of an answer are about: its report, the problem it opened or tells of, the advice it answers.

    Nothing, if it is not sure who wrote it himself: a person decides that.
    """
    if row.sender is not Sender.KNOWN or row.forwarded or not row.files:
        return []
    codes = {own.code for own in results if own.does in (Does.ATTACH, Does.NOTE_PROBLEM) and own.code}
    codes |= {own.told for own in results if own.does is Does.OPEN_PROBLEM and not own.refused}
    found = (on(session, id, code) for code in sorted(codes) for id in programmes)
    return [id for id in found if id is not None]


def lay(session: Session, row: Inbound) -> None:
    """Lay what is kept of an answer's files where they belong. Harmless to repeat."""
    for matter_id in row.said.get(BESIDE, []):
        add(session, row, matter_id)


def add(session: Session, row: Inbound, matter_id: int) -> None:
    """Lay the files of an answer beside one matter; those of an advice show that it was done."""
    files = [_attached(own) for own in row.files if own.get("digest")]
    matter = session.get_one(Matter, matter_id)
    office = session.get(Office, row.office_id) if row.office_id else None
    if not files or office is None:
        return
    if matter.kind is Of.ADVICE:
        attachments.prove(session, matter_id, files)
    else:
        attachments.lay_beside(session, matter_id, Answer(row.id, row.channel, office.title, row.received_at), files)


def _attached(own: Mapping[str, Any]) -> Attached:
    return Attached("", "", str(own["digest"]), Kind(own["kind"]), int(own["size"]))
