"""Whether a form was sent from our own page. The token in the address is a secret; this is the second lock."""

from urllib.parse import urlsplit

from starlette.requests import Request

from web.refusals import Help, Refusal


def check(request: Request, own: str) -> None:
    """Take a change only with evidence, the best there is: what the browser says, then `Origin`, then `Referer`.

    Args:
        own: scheme, host and port of our pages by our settings. The `Host` header is whatever somebody writes.

    Raises:
        Refusal: it came from elsewhere, or nothing says whence.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        kept = site == "same-origin"
    elif (origin := request.headers.get("origin")) is not None:
        kept = origin == own
    else:
        kept = _origin(request.headers.get("referer", "")) == own
    if not kept:
        raise Refusal(Help.FOREIGN)


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
