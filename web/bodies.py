"""What a form sends, read no further than a form needs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from rules.attachments import Limits
from web.photos import Upload
from web.refusals import Help, Refusal

LARGEST = 64 * 1024
FIELDS = 200
FORM = "application/x-www-form-urlencoded"
WITH_FILES = "multipart/form-data"
FILES = 60
"""So many are read, those that browsers send empty among them; what the policy says comes after."""


class Sent(NamedTuple):
    """The fields of a form, of one given twice the last, and the files that came along."""

    fields: Mapping[str, str]
    uploads: Sequence[Upload] = ()

    def close(self) -> None:
        """Let go of what was read; the files are gone."""
        for upload in self.uploads:
            upload.file.close()


def with_files(request: Request) -> bool:
    """Whether a form says that it may bring files."""
    return _kind(request) == WITH_FILES


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read(request: Request) -> dict[str, str]:
    """The fields of a form; of one given twice the last counts.

    Raises:
        Refusal: larger than 64 KiB, not a form, or more fields than any form has.
    """
    if _kind(request) != FORM:
        raise Refusal(Help.BAD_FORM)
    body = await bounded(request)
    try:
        text = body.decode("ascii", errors="replace")
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS, errors="replace")
        return {name: storable(value) for name, value in fields}
    except ValueError as error:
        raise Refusal(Help.BAD_FORM) from error


def storable(text: str) -> str:
    """Without NUL, which PostgreSQL does not take in any text."""
    return text.replace("\x00", "")


async def bounded(request: Request) -> bytes:
    """The whole body, no larger than a form is, whether or not its length was stated.

    Raises:
        Refusal: larger than 64 KiB, or cut off.
    """
    try:
        return b"".join([chunk async for chunk in _measured(request, LARGEST)])
    except ClientDisconnect as error:
        raise Refusal(Help.BAD_FORM) from error


async def read_all(request: Request, limits: Limits | None) -> Sent:
    """The same with the files that came along. `limits`: of these; None where there can be none. Raises: Refusal."""
    if limits is None:
        return Sent(await read(request))
    return await _with_files(request, LARGEST + limits.most * limits.size)


async def _with_files(request: Request, most: int) -> Sent:
    boundary = request.headers["content-type"].partition("boundary=")[2].partition(";")[0]
    headers = Headers({"content-type": f"{WITH_FILES}; boundary={boundary}"})
    stream = _measured(request, most)
    parser = MultiPartParser(headers, stream, max_files=FILES, max_fields=FIELDS, max_part_size=LARGEST)  # type: ignore[arg-type]
    try:
        form = await parser.parse()
    except (ClientDisconnect, MultiPartException) as error:
        raise Refusal(Help.BAD_FORM) from error
    except OSError as error:
        raise Refusal(Help.NO_ROOM) from error
    items = form.multi_items()
    uploads = [Upload(name, value.file) for name, value in items if isinstance(value, UploadFile) and value.size]
    return Sent({name: storable(value) for name, value in items if isinstance(value, str)}, uploads)


async def _measured(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body in pieces. Raises: Refusal: there is more of it than `most`, as it says itself or as it turns out."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated[:12]) > most:
        raise Refusal(Help.TOO_LARGE)
    read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > most:
            raise Refusal(Help.TOO_LARGE)
        yield chunk
