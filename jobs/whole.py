"""End a process when one of its threads dies: without clock or worker it must not look alive."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, ExceptHookArgs

import structlog
import typer

log = structlog.get_logger()


@contextmanager
def ends_with_its_threads() -> Iterator[None]:
    """In here an error that ends a thread ends the process, as SIGTERM does, but with status 1.

    The service manager then starts it anew.
    """
    broken = Event()

    def ended(thread: ExceptHookArgs) -> None:
        log.critical("thread ended", thread=thread.thread and thread.thread.name, error=thread.exc_type.__name__)
        broken.set()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.excepthook = ended
    yield
    if broken.is_set():
        raise typer.Exit(1)
