"""Ways by which people's answers come in over HTTP: one file each under `notifiers`, as for sending.

Each call carries our seal, in a header or in its address, so a file reads only what its own provider hands on.
"""

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl

from notifiers import numbers
from notifiers.seals import holds, seal
from rules.desk import Channel

FIELDS = 200
"""No call has this many parameters."""

HEADER = "x-desk-seal"
_FORM = "application/x-www-form-urlencoded"


class Written(NamedTuple):
    """What somebody wrote. `key`: its provider's own id. `by`: the address, or a word where a machine writes;
    `answered`: the id of the text that he answered, as its provider calls it.
    """

    key: str
    channel: Channel
    by: str
    text: str
    forwarded: bool = False
    files: Sequence[Mapping[str, str]] = ()
    answered: str = ""

    @property
    def is_number(self) -> bool:
        """Whether a person could have written: a word is a machine's."""
        return numbers.usable(self.by)


class Handed(NamedTuple):
    """What a provider handed on. Of a parameter given twice the last counts; headers go by small letters."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form; empty: it is none. Raises: ValueError: too many."""
        if not self.headers.get("content-type", "").startswith(_FORM):
            return {}
        return dict(parse_qsl(self.body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=FIELDS))

    @property
    def text(self) -> str:
        """The body as text, in the charset that it names."""
        charset = self.headers.get("content-type", "").partition("charset=")[2].strip(' "') or "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except (LookupError, ValueError):
            return self.body.decode("latin-1")


class TakesIn(Protocol):
    """What a file holds by which answers come in. `SEALED_BY`: the header in which its provider repeats our seal."""

    TAKES: Set[Channel]

    @staticmethod
    def written(handed: Handed) -> Written | None:
        """What somebody wrote; None: nobody did, and nothing is to be kept. Whatever it raises is answered with 400."""
        ...


def proved(key: bytes, name: str, way: TakesIn, handed: Handed) -> bool:
    """Whether a call carries our seal for this way in."""
    header = str(getattr(way, "SEALED_BY", HEADER)).lower()
    shown = handed.headers.get(header) or handed.headers.get(HEADER) or handed.query.get("seal", "")
    return holds(key, _purpose(name), shown)


def word(key: bytes, name: str) -> str:
    """The seal of a way in."""
    return seal(key, _purpose(name))


def address(public_url: str, name: str) -> str:
    """Where a provider hands on what people write."""
    return f"{public_url}/callbacks/{name}/inbound"


def _purpose(name: str) -> str:
    return f"{name}:inbound"
