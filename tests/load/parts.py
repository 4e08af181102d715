"""What a worker's CPU for one mail goes to: the delivery of `./desk worker` on one thread, by part."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from jobs.delivery import attempts, deliver
from jobs.runtime import Runtime
from models import direct
from rules.desk import Channel

PARTS: dict[str, tuple[object, str]] = {
    "claim and settle": (deliver, "_settle_and_claim"),
    "its statements": (direct.Ready, "execute"),
    "words": (attempts.letters, "write"),
}
WHOLE, MAIL, REST = "whole", "mail server", "rest"


def measured(rt: Runtime, bells: Sequence[Sequence[int]]) -> dict[str, float]:
    """Deliver these messages; CPU seconds by part. The statements are a part of `claim and settle`."""
    spent = dict.fromkeys((*PARTS, MAIL), 0.0)
    with ExitStack() as stack:
        for name, (owner, method) in PARTS.items():
            stack.enter_context(patch.object(owner, method, _timed(spent, name, getattr(owner, method))))
        mail = rt.notifiers[Channel.EMAIL]
        stack.enter_context(patch.object(mail, "send", _timed(spent, MAIL, mail.send)))
        began = time.thread_time()
        for ids in bells:
            deliver.run(rt, Channel.EMAIL, ids)
        whole = time.thread_time() - began
    parts = spent["claim and settle"] + spent["words"] + spent[MAIL]
    return {WHOLE: whole, **spent, REST: whole - parts}


def _timed(spent: dict[str, float], name: str, do: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*args: Any, **kw: Any) -> Any:
        began = time.thread_time()
        try:
            return do(*args, **kw)
        finally:
            spent[name] += time.thread_time() - began

    return timed
