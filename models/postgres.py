"""A connection to PostgreSQL that no dead host, cut cable or failover can hold for long."""

from typing import Any

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine import ExceptionContext

LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""These let us notice that the server is gone: libpq's names, in seconds and milliseconds."""

LIMITS = {"idle_in_transaction_session_timeout": "30s", "lock_timeout": "10s", "tcp_user_timeout": "20s"}
"""These let the server notice that we are gone, so that nobody waits for ever for what a dead process holds.

A statement sets them, not the start of a connection, which pgbouncer would refuse. What an operator has set for the
role, the database or the server stays.
"""

_SET = f"""
    SELECT set_config(name, value, false)
    FROM (VALUES {", ".join(f"('{name}', '{value}')" for name, value in LIMITS.items())}) AS ours (name, value)
    WHERE current_setting(name) = '0'
"""  # noqa: S608 - both are written above

LOST = frozenset({"25006"})
"""The server answers, but this connection is useless: it only reads, as after a failover."""

HELD = "55P03"
"""A lock could not be had within `lock_timeout`."""


PREPARED = "prepare_threshold"
"""The driver prepares a statement on its connection after this many uses. `none` in the address: never, because a
pooler gives every transaction another connection (docs/configuration.md)."""


def line(url: URL) -> dict[str, Any]:
    """What a connection is opened with, except for what its address says itself."""
    said = str(url.query.get(PREPARED, ""))
    prepared = {PREPARED: int(said) if said.isdigit() else None} if said else {}
    return {name: value for name, value in LINE.items() if name not in url.query} | prepared


def guard(engine: Engine) -> None:
    """Set limits on each new connection, and let go of all that are lost."""

    @event.listens_for(engine, "connect")
    def _limit(connection: Any, _: object) -> None:
        connection.autocommit = True
        connection.execute(_SET)
        connection.autocommit = False

    @event.listens_for(engine, "handle_error")
    def _judge(context: ExceptionContext) -> None:
        if lost(context.original_exception):
            context.is_disconnect = True


def lost(error: BaseException) -> bool:
    """Whether an error says that its connection is useless now: read-only, or the server stops or starts."""
    state = getattr(error, "sqlstate", None) or ""
    return state in LOST or state.startswith("57P0")


def held(error: BaseException) -> bool:
    """Whether an error says that somebody else held a lock for too long."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) == HELD
