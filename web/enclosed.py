"""Hand out a file that came with a report, to somebody of whom the caller knows that he may have it."""

from starlette.responses import FileResponse

from models.attachments import Attachment
from models.files import Files
from rules.attachments import ENDINGS, MEDIA

HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


def enclosed(files: Files, name: str, attachment: Attachment) -> FileResponse:
    """The file as an attachment of the type that we gave it, under a name that we gave it; never shown in a page.

    Args:
        name: of what it came with: the report's number and which version of it, such as R-0805-1.
    """
    named = f"{name}-{attachment.number}.{ENDINGS[attachment.kind]}"
    path = files.path(attachment.digest)
    return FileResponse(path, media_type=MEDIA[attachment.kind], filename=named, headers=HEADERS)
