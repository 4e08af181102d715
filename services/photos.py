"""Decodes photos and writes them anew in a child process: an image takes hundreds of megabytes, and the child gives
them back.

One at a time, and never for long: a sender who would wait too long is told to send again.
"""

from datetime import timedelta
from threading import Lock

from rules.attachments import Kind, Limits
from rules.typed import Fault, Mistyped
from services import child
from services.child import Bounds, Ended, Why

BOUNDS = Bounds(megabytes=1024, work=timedelta(seconds=10), patience=timedelta(seconds=30))
_ONE_AT_A_TIME = Lock()
_FAULTS = {Why.BROKE: Fault.NO_PHOTO, Why.TOO_MUCH: Fault.TOO_MANY_PIXELS, Why.NOT_NOW: Fault.NOT_KEPT}


def taken(data: bytes, limits: Limits) -> tuple[Kind, bytes]:
    """A file as it is kept: a PDF as it came, a photo written anew.

    Raises:
        Mistyped: too large, too many pixels, or neither a photo nor a PDF.
    """
    if len(data) > limits.size:
        raise Mistyped(Fault.FILE_TOO_LARGE)
    return (Kind.PDF, data) if data.startswith(b"%PDF-") else (Kind.JPEG, plain(data, limits))


def plain(data: bytes, limits: Limits, *, bounds: Bounds = BOUNDS) -> bytes:
    """A photo as a small upright JPEG, with nothing beside the image but what the policy keeps (`services.decoding`).

    Raises:
        Mistyped: it has too many pixels, or is none; or (NOT_KEPT) this machine cannot look at it now.
    """
    if not _ONE_AT_A_TIME.acquire(timeout=bounds.patience.total_seconds()):
        raise Mistyped(Fault.NOT_KEPT)
    try:
        return child.run("services.decoding", str(limits.pixels), limits.position, given=data, bounds=bounds)
    except Ended as error:
        raise Mistyped(Fault(error.said) if error.why is Why.REFUSED else _FAULTS[error.why]) from error
    finally:
        _ONE_AT_A_TIME.release()
