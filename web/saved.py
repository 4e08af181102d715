"""A sheet that is made to be saved: how often it may be asked for, and how it is sent."""

from starlette.responses import Response

from web.books import Books
from web.door.who import Who
from web.guards.refusals import Help, Refusal


def count_one(books: Books, at: Who) -> None:
    """Count one sheet of this session: each costs as much as dozens of pages. Raises: Refusal: too many of late."""
    if wait := books.sheets.wait(str(at.session_id)):
        raise Refusal(Help.TOO_OFTEN, retry=wait)


def saved(content: bytes, media: str, name: str) -> Response:
    """It, under that name."""
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
