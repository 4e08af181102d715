"""Files that came with messages: kept as uploads are, photos written anew; of what is not kept the reason stays."""

from collections.abc import Mapping
from typing import Any

from models.desk.files import Files
from rules.attachments import Limits
from rules.typed import Mistyped
from services import photos

WAITS, KEPT, REFUSED = "waits", "kept", "refused"


def kept(files: Files | None, own: Mapping[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    """What is known of a file once it was looked at. A voice note, a sheet or a letter of Word is named, not kept."""
    told = {name: value for name, value in own.items() if name not in ("url", "state")} | {"size": len(data)}
    if files is None:
        return told | {"state": REFUSED, "why": "no folder for files"}
    try:
        kind, plain = photos.taken(data, limits)
    except Mistyped as error:
        return told | {"state": REFUSED, "why": error.fault.value}
    return told | {"state": KEPT, "digest": files.keep(plain), "kind": kind.value}
