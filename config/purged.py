"""A desk's file without the numbers and addresses of its offices, once nobody is to be reached by them any more."""

import re

from config import loader
from config.errors import ConfigError

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = r"""(?:phone|secretariat_phone|secretariat_whatsapp):\s*(?:"[^"]*"|'[^']*'|[+\d][\d ()-]*)"""
_IN_LINE = re.compile(rf",\s*{_NUMBER}|{_NUMBER}\s*,\s*")
_OWN_LINE = re.compile(rf"^[ \t]*{_NUMBER}[ \t]*(?:#.*)?\n", re.MULTILINE)


def purged(text: str, name: str) -> str | None:
    """The same file without numbers, and with an address that leads nowhere for each; None: that makes no desk's file.

    The file stays one that can be read, because what was filed is explained by it.
    """
    known: dict[str, str] = {}

    def nowhere(found: re.Match[str]) -> str:
        return known.setdefault(found[0].lower(), f"dihapus-{len(known) + 1}@desk.invalid")

    without = _MAIL.sub(nowhere, _OWN_LINE.sub("", _IN_LINE.sub("", text)))
    try:
        loader.parse(without, name, loaded=True)
    except ConfigError:
        return None
    return without
