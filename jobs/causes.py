"""Name an error for a log: its class, the database's code, and the place in our code; never what it was about."""

from pathlib import Path
from traceback import walk_tb

from sqlalchemy.exc import DBAPIError

HOME = Path(__file__).resolve().parent.parent


def named(error: BaseException) -> str:
    """An error as `OperationalError (AdminShutdown 57P01) at jobs/turn/tick.py:41`."""
    name = type(error).__name__
    if isinstance(error, DBAPIError) and error.orig is not None:
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or "no code"
        name += f" ({type(error.orig).__name__} {code})"
    place = _place(error)
    return f"{name} at {place}" if place else name


def _place(error: BaseException) -> str:
    """The innermost line of our code that the error passed."""
    lines = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [f"{file.relative_to(HOME)}:{line}" for file, line in lines if _is_ours(file)]
    return ours[-1] if ours else ""


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(HOME) and ".venv" not in file.parts
