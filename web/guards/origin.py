"""Whether a form was sent from our own page. The secret token in the address is the first lock; this is the second."""

from urllib.parse import urlsplit

from starlette.requests import Request

from web.guards.refusals import Help, Refusal


def check(request: Request, own: str) -> None:
    """Let a change through only with evidence: `Sec-Fetch-Site`, without it `Origin`, without that `Referer`.

    Args:
        own: scheme, host and port of our pages, from our settings. Anybody can write anything into `Host`.

    Raises:
        Refusal: it came from elsewhere, or nothing says where it came from.
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
