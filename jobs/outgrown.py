"""End a process when another version changes the tables under it: what it would write then was meant for other ones."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

import structlog
import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from models import migrations

log = structlog.get_logger()

EVERY = 10.0
"""Seconds between two looks."""


@contextmanager
def ends_when_outgrown(engine: Engine) -> Iterator[None]:
    """In here tables of another shape end the process, as SIGTERM does, but with status 78: it stays down."""
    done, outgrown, ours = Event(), Event(), migrations.head()

    def look() -> None:
        while not done.wait(EVERY):
            try:
                mark = migrations.mark(engine)
            except SQLAlchemyError:
                continue  # it is away, and whoever works with it says so
            if mark != ours:
                log.critical("database outgrew this version", has=mark, knows=ours)
                outgrown.set()
                os.kill(os.getpid(), signal.SIGTERM)
                return

    def ended(sign: int, _: FrameType | None) -> None:
        if outgrown.is_set():
            raise typer.Exit(78)
        signal.signal(sign, signal.SIG_DFL)
        signal.raise_signal(sign)

    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:  # the server of pages sends itself what it was sent
        signal.signal(signal.SIGTERM, ended)
    Thread(target=look, daemon=True, name="shape").start()
    try:
        yield
    finally:
        done.set()
    if outgrown.is_set():
        raise typer.Exit(78)
