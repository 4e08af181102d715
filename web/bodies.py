"""What a form sends, read no further than a form needs."""

from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from web.refusals import Help, Refusal

LARGEST = 64 * 1024
FIELDS = 200
FORM = "application/x-www-form-urlencoded"


async def read(request: Request) -> dict[str, str]:
    """The fields of a form; of one given twice the last counts.

    Raises:
        Refusal: larger than 64 KiB, not a form, or more fields than any form has.
    """
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated[:12]) > LARGEST:
        raise Refusal(Help.TOO_LARGE)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refusal(Help.BAD_FORM)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise Refusal(Help.TOO_LARGE)
    except ClientDisconnect as error:
        raise Refusal(Help.BAD_FORM) from error
    try:
        text = body.decode("ascii", errors="replace")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS, errors="replace"))
    except ValueError as error:
        raise Refusal(Help.BAD_FORM) from error
