"""Whether a whole number or address of anybody stands where it must not: asked after every kind of fault."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from redis import Redis
from sqlalchemy import JSON, String, select

from models import tables
from models.base import Sessions
from models.offices import Contact

ITS_PLACE = {"contact.address", "document.text", "upload.rows"}
"""Columns that are there to hold addresses: the contacts, and the documents and tables they were read from."""


def leaks(sessions: Sessions, *, logs: Iterable[Path | str] = (), broker_url: str = "") -> list[str]:
    """Where addresses were found: in which column, log or key of the broker. Logs are files, or texts."""
    found = {**_written(sessions), **_logged(logs), **(_in_broker(broker_url) if broker_url else {})}
    assert found, "there was nothing to look through"
    with sessions() as session:
        secrets = {form for address in session.scalars(select(Contact.address)) for form in _forms(address)}
    return [place for place, text in found.items() if any(secret in text.lower() for secret in secrets)]


def _forms(address: str) -> Iterator[str]:
    """As a provider may repeat it: a number also without its plus, or as it is dialled at home."""
    yield address.lower()
    if address.startswith("+"):
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


def _in_broker(url: str) -> dict[str, str]:
    """Every value of every key, the dead queue's too."""
    readers = {b"string": "get", b"list": "lrange 0 -1", b"hash": "hgetall", b"set": "smembers", b"zset": "zrange 0 -1"}
    with Redis.from_url(url) as broker:
        kinds = {key: broker.type(key) for key in broker.scan_iter()}
        asked = {key: readers[kind].split() for key, kind in kinds.items()}
        return {
            f"broker {key.decode()}": str(broker.execute_command(words[0], key, *words[1:]))
            for key, words in asked.items()
        }
