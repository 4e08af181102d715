"""A desk's file with other teams and coordination: these two parts are written anew, all else stays word for word."""

import json
import re
from collections.abc import Iterable, Iterator

from rules.desk import Desk

_KEY = re.compile(r"^[A-Za-z_]\w*:")


def written(text: str, desk: Desk) -> str:
    """The text of a desk's file, with the teams and the coordination of `desk`. Comments within the two are lost."""
    return _put(_put(text, "teams", _teams(desk)), "coordination", _coordination(desk))


def _put(text: str, key: str, lines: Iterable[str]) -> str:
    """The text with another value under one of its keys, from the line of the key to the next key or its comment."""
    old = text.splitlines()
    first = next(n for n, line in enumerate(old) if line.startswith(f"{key}:"))
    end = next((n for n in range(first + 1, len(old)) if _KEY.match(old[n])), len(old))
    while end > first + 1 and (not old[end - 1].strip() or old[end - 1].startswith("#")):
        end -= 1
    return "\n".join([*old[:first], f"{key}:", *lines, *old[end:]]) + "\n"


def _teams(desk: Desk) -> Iterator[str]:
    for team in desk.teams:
        yield f"  - code: {_quoted(team.code)}"
        yield f"    name: {_quoted(team.name)}"
        yield f"    members: [{', '.join(map(_quoted, team.members))}]"
        yield f"    reporters: {{{', '.join(f'{_quoted(d)}: {_quoted(o)}' for d, o in team.reporters.items())}}}"
        if team.illustrative:
            yield "    illustrative: true"


def _coordination(desk: Desk) -> Iterator[str]:
    for office in dict.fromkeys(desk.coordinators.values()):
        own = (district for district, by in desk.coordinators.items() if by == office)
        yield f"  {_quoted(office)}: [{', '.join(map(_quoted, own))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
