"""The Content-Security-Policy of every answer: what it may load and do. What is not named is forbidden."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable

HEADER = "Content-Security-Policy"
NO_PAGE = "default-src 'none'; frame-ancestors 'none'"
"""For an answer that is no page: it loads nothing."""
FILE = "default-src 'none'; sandbox"
"""For a file that came with a report: a browser that opens it runs nothing in it."""

WRITTEN = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For a page that was written by a rehearsal: its bars and charts have styles of their own. It runs, loads and sends
nothing.
"""


def page(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """For a page: it may use these style sheets and our scripts, and send forms to us.

    A hash alone lets a script file in only in newer browsers (Firefox 116, Safari 15.6). Older ones go by 'self'.
    """
    sheets, hashes = (" ".join(f"'{digest(text)}'" for text in texts) for texts in (styles, scripts))
    return (
        f"default-src 'none'; style-src {sheets}; script-src 'self' {hashes}; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def digest(text: str) -> str:
    """How a policy, and the `integrity` of a script, name a text."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
