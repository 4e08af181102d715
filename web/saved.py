"""A sheet that is made to be saved: its names, how often it may be asked for, and how it is sent."""

from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from reports.sheets import TYPE_CSV, TYPE_XLSX, csv_, xlsx
from web.books import Books
from web.door.who import Who
from web.guards.refusals import Help, Refusal

WRITERS = {"xlsx": (xlsx, TYPE_XLSX), "csv": (csv_, TYPE_CSV)}


def names(stem: str) -> list[str]:
    """The names under which a sheet can be asked for."""
    return [f"{stem}.{ending}" for ending in WRITERS]


def ending(request: Request, stem: str, *, back: str) -> str:
    """As what it is asked for. Raises: Refusal: there is no sheet of that name."""
    name = request.path_params["name"]
    if name not in names(stem):
        raise Refusal(Help.UNKNOWN, back=back)
    return str(name).rpartition(".")[2]


def count_one(books: Books, at: Who) -> None:
    """Count one sheet of this session: each costs as much as dozens of pages. Raises: Refusal: too many of late."""
    if wait := books.sheets.wait(str(at.session_id)):
        raise Refusal(Help.TOO_OFTEN, retry=wait)


def sheet(headings: Sequence[str], rows: Iterable[Sequence[str]], stem: str, ending: str) -> Response:
    """These rows, under that name."""
    write, media = WRITERS[ending]
    return saved(write(headings, list(rows)), media, f"{stem}.{ending}")


def saved(content: bytes, media: str, name: str) -> Response:
    """It, under that name."""
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
