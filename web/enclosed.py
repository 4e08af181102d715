"""Hand out a file that came with a report or a step. The caller has checked that the reader may have it."""

from starlette.responses import FileResponse

from models.desk.files import Files
from models.matters.attachments import Attachment, Enclosure, Evidence, ReplyFile
from models.matters.trips import TripPhoto
from rules.attachments import ENDINGS, MEDIA
from web.guards import content_policy

HEADERS = {content_policy.HEADER: content_policy.FILE, "X-Content-Type-Options": "nosniff"}


def enclosed(
    files: Files, name: str, attachment: Attachment | Enclosure | Evidence | ReplyFile | TripPhoto
) -> FileResponse:
    """The file, to be saved: with our own type and our own name for it, and never shown in a page.

    Args:
        name: the number of the report or problem, and the version or step it came with, such as R-0805-1.
    """
    named = f"{name}-{attachment.number}.{ENDINGS[attachment.kind]}"
    path = files.path(attachment.digest)
    return FileResponse(path, media_type=MEDIA[attachment.kind], filename=named, headers=HEADERS)
