"""Files that came with messages: kept as uploads are, photos written anew; of what is not kept the reason stays."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from models.desk.files import Files
from rules.attachments import Kind, Limits, office
from rules.typed import Fault, Mistyped
from services import photos

WAITS, KEPT, REFUSED = "waits", "kept", "refused"


def kept(files: Files | None, own: Mapping[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    """What is known of a file once it was looked at. Whatever is of no kind that we know is named, not kept."""
    told = {name: value for name, value in own.items() if name not in ("url", "state")} | {"size": len(data)}
    if files is None:
        return told | {"state": REFUSED, "why": "no folder for files"}
    try:
        kind, plain = _taken(data, limits)
    except Mistyped as error:
        return told | {"state": REFUSED, "why": error.fault.value}
    return told | {"state": KEPT, "digest": files.keep(plain), "kind": kind.value, "size": len(plain)}


def _taken(data: bytes, limits: Limits) -> tuple[Kind, bytes]:
    """A file as it is kept. Raises: Mistyped."""
    kind = for_a_person(data)
    if kind is None:
        return photos.taken(data, limits)
    if len(data) > limits.size:
        raise Mistyped(Fault.FILE_TOO_LARGE)
    return kind, data


def for_a_person(data: bytes) -> Kind | None:
    """What a file is, by its content, that is kept as it came: a voice note, a letter of Word, a sheet."""
    if data.startswith(b"OggS"):
        return Kind.VOICE
    if not data.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:  # only its list is read; nothing is unpacked
            return office(part.filename for part in archive.infolist())
    except Exception:  # noqa: BLE001 - a broken archive breaks its reader in many ways; it is none of ours then
        return None
