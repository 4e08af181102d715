"""Whether a whole number or address of anybody stands where it must not: asked after every test of a fault.

Every table, every log, the broker, and what /metrics and /healthz say. Whoever starts a process or uses a broker says
so (`tests.faults.places`), and a house asks when it is left (`tests.faults.conftest.built`).
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from redis import Redis
from sqlalchemy import JSON, String, select
from starlette.testclient import TestClient

from models import tables
from models.base import Sessions
from models.desk.files import Files
from models.machine import clock
from models.offices.offices import Contact
from tests.faults.places import places
from web.app import application
from web.books import Books

ITS_PLACE = {"contact.address", "document.text", "upload.rows"}
"""Columns that are there to hold addresses: the contacts, and the documents and tables they were read from."""


def leaks(sessions: Sessions, *, logs: Iterable[Path | str] = (), broker_url: str = "") -> list[str]:
    """Where addresses were found: in which column, log, page or key of a broker. Logs are files, or texts.

    Besides those given: the `places` of the running test.
    """
    places.searched = True
    found = _written(sessions) | _logged([*logs, *places.logs, "\n".join(places.said)]) | _served(sessions)
    for url in {*places.brokers, broker_url} - {""}:
        found |= _in_broker(url)
    with sessions() as session:
        secrets = {form for address in session.scalars(select(Contact.address)) for form in _forms(address)}
    mails, numbers = {s for s in secrets if "@" in s}, {s for s in secrets if "@" not in s}
    return [place for place, text in found.items() if _tells(text.lower(), mails, numbers)]


def _tells(text: str, mails: set[str], numbers: set[str]) -> bool:
    """Only words with an @ and long runs of digits are looked into: thousands of addresses, megabytes of text."""
    words = " ".join(set(re.findall(r"\S{0,100}@\S{0,100}", text.replace("%40", "@"))))
    runs = " ".join(set(re.findall(r"\d{8,}", text)))
    return any(mail in words for mail in mails) or any(number in runs for number in numbers)


def _forms(address: str) -> Iterator[str]:
    """As a provider may repeat it: a number without its plus, or as it is dialled at home."""
    if not address.startswith("+"):
        yield address.lower()
        return
    yield address.removeprefix("+")
    yield address.replace("+62", "0", 1)


def _written(sessions: Sessions) -> dict[str, str]:
    """Every text and every JSON of every table, by column."""
    found = {}
    with sessions() as session:
        for table in tables.Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, String | JSON) and str(column) not in ITS_PLACE:
                    values = session.execute(select(column).where(column.is_not(None))).scalars()
                    found[str(column)] = "\n".join(map(str, values))
    return found


def _logged(logs: Iterable[Path | str]) -> dict[str, str]:
    texts = [log.read_text(errors="replace") if isinstance(log, Path) else log for log in logs]
    return {f"log {n}": text for n, text in enumerate(texts)}


def _served(sessions: Sessions) -> dict[str, str]:
    """What anybody may read who can reach the pages."""
    books = Books(sessions, clock.now, "https://desk.example", {}, Files(Path("nowhere")))
    with TestClient(application(books), "https://desk.example") as client:
        pages = {path: client.get(path) for path in ("/metrics", "/healthz")}
    assert pages["/metrics"].status_code == 200
    return {path: page.text for path, page in pages.items()}


def _in_broker(url: str) -> dict[str, str]:
    """Every value of every key, the dead queue's too."""
    readers = {b"string": "get", b"list": "lrange 0 -1", b"hash": "hgetall", b"set": "smembers", b"zset": "zrange 0 -1"}
    with Redis.from_url(url) as broker:
        kinds = {key: broker.type(key) for key in broker.scan_iter()}
        asked = {key: readers[kind].split() for key, kind in kinds.items()}
        return {
            f"broker {key.decode()}": f"{key.decode()} {broker.execute_command(words[0], key, *words[1:])}"
            for key, words in asked.items()
        }
