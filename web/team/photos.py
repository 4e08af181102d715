"""Look at attached files by their content. Photos are made small and plain, PDFs stay as they are; others are refused.

A photo is decoded and written anew (`services.photos`): what is kept is an image, without anything hidden in it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from rules.attachments import Kind, Limits
from rules.typed import Fault, Mistyped
from services import photos


class Upload(NamedTuple):
    """A file as it was sent, in the field it was added to."""

    place: str
    file: BinaryIO


class Plain(NamedTuple):
    """A file as it is to be kept. `sent` is the digest of what came."""

    place: str
    sent: str
    kind: Kind
    data: bytes


class Looked(NamedTuple):
    """The files of a form, and by field what is wrong with one of them."""

    files: Sequence[Plain]
    flaws: Mapping[str, Fault]

    def digests(self) -> dict[str, list[str]]:
        """By field, the digests of what was sent."""
        by_field: dict[str, list[str]] = defaultdict(list)
        for file in self.files:
            by_field[file.place].append(file.sent)
        return dict(by_field)


def look(uploads: Iterable[Upload], limits: Limits) -> Looked:
    """Look at every file, and once at the same file in the same field. Files above the limit are refused."""
    files: dict[tuple[str, str], Plain] = {}
    flaws: dict[str, Fault] = {}
    for number, upload in enumerate(uploads, 1):
        try:
            if number > limits.most:
                raise Mistyped(Fault.TOO_MANY_FILES)
            file = plain(upload, limits)
            files[file.place, file.sent] = file
        except Mistyped as error:
            flaws[upload.place] = error.fault
    return Looked(list(files.values()), flaws)


def plain(upload: Upload, limits: Limits) -> Plain:
    """A file as it is to be kept.

    Raises:
        Mistyped: too large, too many pixels, or neither a photo nor a PDF.
    """
    data = upload.file.read(limits.size + 1)
    kind, kept = photos.taken(data, limits)
    return Plain(upload.place, hashlib.sha256(data).hexdigest(), kind, kept)
