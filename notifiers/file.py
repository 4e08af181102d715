"""The outbox folder: every message as a file to look at, nothing leaves the machine."""

import os
import threading
from pathlib import Path

from notifiers import mime
from notifiers.base import Letter
from notifiers.mask import mask
from rules.delivery import ChannelDown, Misaddressed
from rules.desk import Channel


class Outbox:
    """Writes `mail/NNNNNN.eml` and `sms/NNNNNN.txt` under `folder`; the number is the message's own.

    The same message again replaces its file by itself: harmless to repeat. A file is whole or not there.

    Args:
        sender: the From of the mails.
        durable: wait until the disk has it; a rehearsal has no need to.
    """

    repeatable = True

    def __init__(self, folder: Path, *, sender: str = "desk@localhost", durable: bool = False) -> None:
        self._folder = folder
        self._sender = sender
        self._durable = durable

    def send(self, letter: Letter) -> str:
        """Write one letter; the id is `file:` and its place in the folder.

        Raises:
            Misaddressed: the mail address is none.
            ChannelDown: the folder cannot be written to.
        """
        place, content = self._formed(letter)
        try:
            self._write(self._folder / place, content)
        except OSError as error:
            raise ChannelDown(f"outbox: {error.strerror}", code=str(error.errno)) from error
        return f"file:{place}"

    def close(self) -> None:
        """Nothing is kept open."""

    def _formed(self, letter: Letter) -> tuple[str, bytes]:
        number = f"{letter.message_id:06}"
        if letter.channel is not Channel.EMAIL:
            return f"{letter.channel}/{number}.txt", _slip(letter)
        if not mime.usable(letter.to):
            raise Misaddressed("not one plain mail address")
        return f"mail/{number}.eml", mime.compose(letter, self._sender)

    def _write(self, path: Path, content: bytes) -> None:
        # Two threads may write the same message; each has a draft of its own and the last rename stands.
        draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            descriptor = self._opened(draft)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                if self._durable:
                    file.flush()
                    os.fsync(descriptor)
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        if self._durable:
            _settle(path.parent)

    def _opened(self, draft: Path) -> int:
        """A new file for the desk's own user alone, in a folder that is his alone."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        try:
            return os.open(draft, flags, 0o600)
        except FileNotFoundError:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.parent.mkdir(mode=0o700, exist_ok=True)
            return os.open(draft, flags, 0o600)


def _slip(letter: Letter) -> bytes:
    """A short text with the number masked: the folder may be shown around."""
    return f"To: {mask(letter.to)}\nAt: {letter.at.isoformat()}\n\n{letter.text}\n".encode()


def _settle(folder: Path) -> None:
    """Make the rename itself last (fsync of a file says nothing about its name)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
