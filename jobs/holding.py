"""The hold switch: stops all sending, for a disaster or a wrong text. What falls due meanwhile waits in the books."""

from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import clock


def on(rt: Runtime, reason: str) -> None:
    """Hold. Raises: Refusal: no reason."""
    if not reason.strip():
        raise Refusal("holding needs a reason: add --reason")
    with rt.sessions.begin() as session:
        clock.mark(session, clock.HOLD, rt.clock(session), reason[:200])


def off(rt: Runtime) -> None:
    """Release; safe to repeat."""
    with rt.sessions.begin() as session:
        clock.mark(session, clock.HOLD, None)
        clock.mark(session, clock.RELEASED, rt.clock(session))
