"""Documents made in a process of their own: typst keeps some 130 MB, and a worker that waits must stay small."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from reports.errors import DocumentError

ROOT = Path(__file__).parent.parent
PATIENCE = timedelta(seconds=60)
REFUSED = 65
"""Exit status of the child when it says on standard error why there is no document (EX_DATAERR, sysexits.h)."""


def compile_document(kind: str, facts_json: str, *, patience: timedelta = PATIENCE) -> bytes:
    """The document of frozen facts (`facts.to_json`), made by `python -m reports KIND`. Safe to repeat.

    Args:
        kind: `weekly`.
        facts_json: as stored; its hash is what the document's footer shows.
        patience: after this the child is killed.

    Raises:
        DocumentError: no document; with typst's message, or how the child ended.
    """
    try:
        # Nothing of a user is on the command line: facts go in by standard input.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "reports", kind],
            input=facts_json.encode(),
            capture_output=True,
            cwd=ROOT,
            timeout=patience.total_seconds(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(f"{kind}: not done within {patience.total_seconds():g} s") from error
    if done.returncode:
        raise DocumentError(f"{kind}: {_why(done)}")
    return done.stdout


def _why(done: subprocess.CompletedProcess[bytes]) -> str:
    said = done.stderr.decode(errors="replace").strip().splitlines()
    if done.returncode == REFUSED and said:
        return "\n".join(said)
    return f"the child ended with status {done.returncode}" + (f": {said[-1]}" if said else "")
