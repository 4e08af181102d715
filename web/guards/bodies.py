"""Read what a form sends, and no more than a form may send."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from rules.attachments import Limits
from web.guards import origin
from web.guards.refusals import Help, Refusal
from web.team.photos import Upload

LARGEST = 64 * 1024
FIELDS = 200
FORM = "application/x-www-form-urlencoded"
WITH_FILES = "multipart/form-data"
FILES = 60
"""So many files are read, including the empty ones that browsers send. The policy's own limit is applied later."""

T = TypeVar("T")
_LOOKING = ThreadPoolExecutor(4, "files")


class Sent(NamedTuple):
    """The fields of a form and the files that came along. Of a field given twice the last counts."""

    fields: Mapping[str, str]
    uploads: Sequence[Upload] = ()

    def close(self) -> None:
        """Close the files, which removes them."""
        for upload in self.uploads:
            upload.file.close()


async def work_on(sent: Sent, work: Callable[..., T], *arguments: object) -> T:
    """What `work` returns. Files may take long: they have threads of their own, so that no page waits for them."""
    if not sent.uploads:
        return await run_in_threadpool(work, *arguments)
    return await asyncio.get_running_loop().run_in_executor(_LOOKING, partial(work, *arguments))


async def taken(
    request: Request, limits_of: Callable[[Request], Limits], work: Callable[[Request, Sent, Limits | None], Response]
) -> Response:
    """The answer of `work` to a form from our own page that may bring photos.

    Args:
        limits_of: what files may come along; asked before a byte of them is read.

    Raises:
        Refusal: as these two; or the form is not from our own page.
    """
    origin.check(request, request.app.state.books.origin)
    limits = await run_in_threadpool(limits_of, request) if with_files(request) else None
    sent = await read_all(request, limits)
    try:
        return await work_on(sent, work, request, sent, limits)
    finally:
        sent.close()


async def one_file(
    request: Request, limits: Limits, work: Callable[[Request, Mapping[str, str], bytes], Response]
) -> Response:
    """The answer of `work` to a form from our own page that brings one file; without one the content is empty.

    Raises:
        Refusal: as `work`; or the form is not from our own page, or not one that brings files.
    """
    origin.check(request, request.app.state.books.origin)
    if not with_files(request):
        raise Refusal(Help.BAD_FORM)
    sent = await read_all(request, limits)
    try:
        content = sent.uploads[0].file.read() if sent.uploads else b""
        return await work_on(sent, work, request, sent.fields, content)
    finally:
        sent.close()


def with_files(request: Request) -> bool:
    """Whether a form says that it may bring files."""
    return _kind(request) == WITH_FILES


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read(request: Request) -> dict[str, str]:
    """The fields of a form. Of a field given twice the last counts.

    Raises:
        Refusal: larger than 64 KiB, not a form, or more fields than any form has.
    """
    if _kind(request) != FORM:
        raise Refusal(Help.BAD_FORM)
    body = await bounded(request)
    try:
        text = body.decode("ascii", errors="replace")
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS, errors="replace")
        request.state.fields = {name: without_nul(value) for name, value in fields}
        return dict(request.state.fields)
    except ValueError as error:
        raise Refusal(Help.BAD_FORM) from error


def without_nul(text: str) -> str:
    """The text without NUL, which PostgreSQL cannot store."""
    return text.replace("\x00", "")


async def bounded(request: Request) -> bytes:
    """The whole body, if it is no larger than a form may be. Its stated length is not trusted.

    Raises:
        Refusal: larger than 64 KiB, or cut off.
    """
    try:
        return b"".join([chunk async for chunk in _measured(request, LARGEST)])
    except ClientDisconnect as error:
        raise Refusal(Help.BAD_FORM) from error


async def read_all(request: Request, limits: Limits | None) -> Sent:
    """The fields, and the files that came along within `limits`; None: no files can come. Raises: Refusal."""
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
    request.state.fields = {name: without_nul(value) for name, value in items if isinstance(value, str)}
    return Sent(dict(request.state.fields), uploads)


async def _measured(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body in pieces. Raises: Refusal: it is larger than `most`, as stated or as counted."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated[:12]) > most:
        raise Refusal(Help.TOO_LARGE)
    read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > most:
            raise Refusal(Help.TOO_LARGE)
        yield chunk
