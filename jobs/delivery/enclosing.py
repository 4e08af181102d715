"""Read the documents that go with a mail, at the moment it is sent: each is what the books say, byte for byte."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from models.matters.documents import SubmissionDocument
from models.messages.letters import Line
from notifiers.base import Attached
from rules import sending
from rules.delivery import Unwritable

MEDIA = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".txt": "text/plain",
}


def documents(folder: Path, lines: Iterable[Line]) -> tuple[Attached, ...]:
    """What these lines carry, each document once.

    Raises:
        Unwritable: one is gone, or not what it was when it was sent off, or they are too much for one mail.
    """
    carried = {own.id: own for line in lines if line.submission for own in line.submission.documents}
    attached = tuple(_read(folder, own) for own in carried.values())
    try:
        sending.check_size({own.name: len(own.content) for own in attached})
    except sending.NotSent as error:
        raise Unwritable("the documents are too large for one mail") from error
    return attached


def _read(folder: Path, own: SubmissionDocument) -> Attached:
    name = own.file_name or ""
    try:
        content = (folder / name).read_bytes() if name else b""
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != own.digest:
        raise Unwritable(f"document {own.id} is gone or was changed")
    return Attached(Path(name).name, MEDIA.get(Path(name).suffix, "application/octet-stream"), content)
