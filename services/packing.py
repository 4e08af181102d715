"""Which versions of a desk's reports can be handed to the level above as a package, and the package of one."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.matters import documents
from models.matters.documents import SubmissionDocument
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from rules import sending
from rules.programme import Programme
from rules.sending import NotSent
from rules.submissions import LEFT
from services.government.withheld import names_restricted


class Packed(NamedTuple):
    """A package with the name that its file gets."""

    name: str
    content: bytes


def packed(session: Session, programme: Programme, submission: Submission, *, folder: Path, secret: bytes) -> Packed:
    """The package of a version that has left, with its documents but those that are restricted.

    Args:
        folder: where documents are.

    Raises:
        NotSent: it has not left, names a problem that was restricted since, or its documents are not there.
    """
    from services import packages  # cryptography: who never packs does not load it

    if submission.state not in LEFT:
        raise NotSent("Laporan ini belum dikirim, sehingga belum dapat dijadikan paket.")
    if names_restricted(session, submission):
        raise NotSent("Laporan ini menyebut permasalahan yang sekarang terbatas. Yang dijadikan paket adalah ralatnya.")
    own = session.get_one(Obligation, submission.obligation_id)
    made = [document for document, _ in documents.of(session, [submission.id])]
    shared = set(sending.for_copy([document.form for document in made]))
    along = []
    for document in made:
        if document.form in shared:
            content = _read(folder, document)
            along.append(packages.Made(f"{document.form}.{_suffix(document.file_name)}", document.form, content))
    package = packages.sealed(programme, own, submission, along, secret=secret)
    name = f"paket-{programme.desk.code}-{own.duty}-{own.slot}-v{submission.version}.zip"
    return Packed(name, package)


def _suffix(file_name: str | None) -> str:
    return (file_name or "").rpartition(".")[2]


def _read(folder: Path, document: SubmissionDocument) -> bytes:
    """The file, if it is what was made."""
    form = document.form.upper()
    if document.file_name is None:
        raise NotSent(f"Berkas {form} belum selesai dibuat. Coba lagi beberapa saat.")
    try:
        content = (folder / document.file_name).read_bytes()
    except OSError as error:
        raise NotSent(f"Berkas {form} tidak dapat dibaca di server: {error.strerror}.") from error
    if hashlib.sha256(content).hexdigest() != document.digest:
        raise NotSent(f"Berkas {form} di server bukan lagi yang dibuat. Mohon hubungi pengelola sistem.")
    return content
