"""Look at many things at once, each with a time-out: one that hangs or breaks stops no other."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from threading import Thread
from typing import NamedTuple


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Found(NamedTuple):
    """What one look found. `do` is empty where all is well."""

    state: State
    means: str
    do: str = ""


class Seen(NamedTuple):
    """One look and what it found."""

    what: str
    state: State
    means: str
    do: str


Look = Callable[[], Found]


def look_at(looks: Mapping[str, Look], *, patience: timedelta) -> list[Seen]:
    """What these looks find, in their order. One that breaks, or takes longer than `patience`, has failed."""
    found: dict[str, Found] = {}

    def run(what: str, look: Look) -> None:
        try:
            found[what] = look()
        except Exception as error:  # noqa: BLE001 - its own words may hold a secret
            means = f"could not be looked at: {type(error).__name__}"
            found[what] = Found(State.FAIL, means, "send this line to whoever maintains the program")

    threads = [Thread(target=run, args=item, daemon=True) for item in looks.items()]
    for thread in threads:
        thread.start()
    until = time.monotonic() + patience.total_seconds()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    silent = Found(
        State.FAIL, f"no answer within {patience.total_seconds():g} s", "look whether it hangs, or a firewall"
    )
    seen = dict(found)
    return [Seen(what, *seen.get(what, silent)) for what in looks]


def worst(lines: Sequence[Seen]) -> State:
    """The worst of all."""
    return max((line.state for line in lines), key=list(State).index, default=State.OK)
