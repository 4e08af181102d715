"""What somebody wrote himself: without quotations, signatures and markup. And whether a person wrote at all."""

import re
from html.parser import HTMLParser

from rules.replies.spoken import Heard, Words

_SIGNATURE = re.compile(r"^(--|__+)\s*$")
_QUOTED = re.compile(r"^\s*>")
_LEFT_OUT = frozenset({"blockquote", "style", "script", "head", "title"})
_BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3"})
_ADDRESS = re.compile(r"^[+0-9 ().-]*$|@")
LONGEST = 20_000
"""Characters of a text that are read; all of it is kept."""


def words_of(heard: Heard, words: Words) -> str:
    """His own words. A mail of HTML alone is read as text."""
    text = heard.text[:LONGEST]
    if not text.strip() and heard.html:
        text = plain(heard.html[: LONGEST * 5])
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        low = line.strip().lower()
        if _SIGNATURE.match(line.strip()) or any(re.match(own, low) for own in words.quotes):
            break
        if not _QUOTED.match(line):
            kept.append(line)
    return "\n".join(kept).strip()


def plain(html: str) -> str:
    """The text of a page or mail in HTML, without what it quotes."""
    reader = _Plain()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError):
        pass
    return "".join(reader.said).strip()


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._within = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LEFT_OUT:
            self._within += 1
        elif tag in _BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _LEFT_OUT and self._within:
            self._within -= 1

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.said.append(data)


def automatic(heard: Heard, words: Words) -> str:
    """Why nobody is answered: a machine, a list or a delivery report wrote it; empty: a person did.

    RFC 3834, 2 and 3.1.8; RFC 2919 for lists. A sender that is a word, not a number, cannot be answered by text.
    """
    headers = {name.lower(): value.strip().lower() for name, value in heard.headers.items()}
    if headers.get("auto-submitted", "no").partition(";")[0].strip() != "no":
        return "automatic reply"
    if "x-autoreply" in headers or "x-autorespond" in headers or headers.get("x-auto-response-suppress") == "all":
        return "automatic reply"
    if "list-id" in headers or headers.get("precedence") in ("list", "bulk", "junk"):
        return "mailing list"
    if headers.get("return-path") == "<>" or headers.get("content-type", "").startswith("multipart/report"):
        return "delivery report"
    if any(re.match(own, heard.subject.strip().lower()) for own in words.subjects):
        return "automatic reply"
    return "" if _ADDRESS.search(heard.by) else "a sender without a number"
