"""Files that people send by WhatsApp: fetched from Twilio with our login, from nowhere else, with limits.

Twilio answers for a file with the address of a store that needs no login
(https://www.twilio.com/docs/messaging/api/media-resource). One such step is followed, without our login, and only to
hosts of Twilio: an address in a message could be anybody's.
"""

import re
import time
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import requests

from notifiers.line import HERE
from rules.delivery import Refused, Temporary

STORES = (".twilio.com", ".twiliocdn.com")
BUCKET_HOST = re.compile(r"s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com")
BUCKET = "/media.twiliocdn.com/"
"""Where the store is a bucket, its name is in the path. A name before the host would be anybody's bucket."""

TIMEOUT = timedelta(seconds=20)
WHOLE = timedelta(seconds=60)
"""One file takes so long at most, however often a few bytes of it come."""

_CHUNK = 65536


def fetch(url: str, most: int, *, base_url: str, login: tuple[str, str]) -> bytes:
    """See `notifiers.base.Fetches`."""
    if not _same(url, base_url):
        raise Refused("not an address of the provider")
    with requests.Session() as session:
        session.trust_env = urlsplit(base_url).hostname not in HERE
        try:
            status, location, data = _get(session, url, most, login)
            if 300 <= status < 400:
                elsewhere = urljoin(url, location)
                if not _store(elsewhere, base_url):
                    raise Refused("sent on to a host that is none of the provider's")
                status, _, data = _get(session, elsewhere, most, None)
        except requests.RequestException as error:
            raise Temporary(f"no answer: {type(error).__name__}") from None
    if status in (400, 403, 404, 410):
        raise Refused("it is not there", code=str(status))
    if status != 200:
        raise Temporary("no file came", code=str(status))
    return data


def _get(session: requests.Session, url: str, most: int, login: tuple[str, str] | None) -> tuple[int, str, bytes]:
    seconds = TIMEOUT.total_seconds()
    with session.get(url, auth=login, allow_redirects=False, stream=True, timeout=(5, seconds)) as answer:
        data, began = bytearray(), time.monotonic()
        if answer.status_code == 200:
            for chunk in answer.iter_content(_CHUNK):
                data += chunk
                if len(data) > most:
                    raise Refused("larger than what is kept")
                if time.monotonic() - began > WHOLE.total_seconds():
                    raise Temporary("it came too slowly")
        return answer.status_code, answer.headers.get("Location", ""), bytes(data)


def _same(url: str, base_url: str) -> bool:
    """Whether an address is of the provider's own host, with the same scheme and port."""
    try:
        own, base = urlsplit(url), urlsplit(base_url)
        return (own.scheme, own.hostname, own.port) == (base.scheme, base.hostname, base.port) and not own.username
    except ValueError:
        return False


def _store(url: str, base_url: str) -> bool:
    try:
        own = urlsplit(url)
        host = own.hostname or ""
    except ValueError:
        return False
    bucket = bool(BUCKET_HOST.fullmatch(host)) and own.path.startswith(BUCKET)
    return _same(url, base_url) or (own.scheme == "https" and (host.endswith(STORES) or bucket))
