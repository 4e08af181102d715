"""Real mail servers for tests, from the machine's own packages: Dovecot for IMAP, Postfix for its pipe.

Each is an instance of its own: settings, queue and mails lie in a folder that goes, and nothing of the machine's own
mail is touched. Both die with the process that started them.
"""

import grp
import imaplib
import os
import pwd
import select
import shutil
import signal
import smtplib
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests import tools
from tests.engines import PATIENCE, EngineError, free_port, running
from tests.notifiers.wire import CERTIFICATE

USER, PASSWORD = "balas@desk.example", "rahasia"


@contextmanager
def _place(name: str) -> Iterator[Path]:
    """A folder that the servers' own users may enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"desk-{name}-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- Dovecot ----------------------------------------------------------------------------------------------------------

_DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
protocols = imap
ssl = required
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/certificate.pem
mail_location = maildir:{folder}/mail
first_valid_uid = 1
auth_failure_delay = 0
{users}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


_AS_ITSELF = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
"""
"""Whoever is not root runs all of it as himself."""


@dataclass(frozen=True)
class Dovecot:
    """A running server with one account, over TLS."""

    port: int

    def client(self) -> imaplib.IMAP4_SSL:
        """A client of its own, logged in."""
        client = imaplib.IMAP4_SSL(
            "localhost", self.port, ssl_context=ssl.create_default_context(cafile=CERTIFICATE), timeout=PATIENCE
        )
        client.login(USER, PASSWORD)
        return client

    def put(self, mail: bytes, *, at: datetime) -> None:
        """A mail comes in at the server at this time."""
        with self.client() as client:
            assert client.append("INBOX", "", f'"{at:%d-%b-%Y %H:%M:%S %z}"', mail)[0] == "OK"

    def make(self, folder: str) -> None:
        with self.client() as client:
            assert client.create(folder)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """What the server says of each mail of a folder."""
        with self.client() as client:
            if client.select(folder, readonly=True)[1] == [b"0"]:
                return []
            return [own for own in client.fetch("1:*", "(FLAGS)")[1] if isinstance(own, bytes)]


@contextmanager
def dovecot(*, port: int | None = None) -> Iterator[Dovecot]:
    """Run Dovecot 2.3 while the block lasts (2.4 has settings of another form)."""
    program = tools.path("dovecot") or "dovecot"
    with _place("dovecot") as folder:
        for name in ("run", "state", "mail"):
            (folder / name).mkdir()
        shutil.copy(CERTIFICATE, folder / "certificate.pem")
        uid, gid = os.geteuid(), os.getegid()
        users = _AS_ITSELF.format(user=pwd.getpwuid(uid).pw_name, group=grp.getgrgid(gid).gr_name) if uid else ""
        if uid == 0:
            uid = gid = 65534
            os.chown(folder / "mail", uid, gid)
        settings = folder / "dovecot.conf"
        port = port or free_port()
        text = _DOVECOT.format(folder=folder, port=port, uid=uid, gid=gid, users=users, password=PASSWORD)
        settings.write_text(text)
        server = Dovecot(port)
        with running(
            [program, "-F", "-c", settings],
            folder / "log",
            stop=signal.SIGTERM,
            ready=lambda: server.client().logout(),
            errors=(OSError, imaplib.IMAP4.error),
        ):
            yield server


def version_of_dovecot() -> str:
    """Such as `2.3`; empty: it is not here."""
    program = tools.path("dovecot")
    if program is None:
        return ""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return ".".join(told.split(".")[:2])


# --- Postfix ----------------------------------------------------------------------------------------------------------

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = /tmp
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mx.desk.example
mydestination =
alias_maps =
local_recipient_maps =
mynetworks = 127.0.0.0/8
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
showq unix n - n - - showq
"""
_TAKES = """#!/bin/sh
status=$(cat {folder}/status)
{{ echo "$@"; cat; printf "\\0"; }} > {folder}/pipe
exit $status
"""


@dataclass(frozen=True)
class Postfix:
    """A running server that pipes mails into a program of ours, which hands them to the test."""

    folder: Path
    port: int
    pipe: int

    def send(self, mail: bytes, *, sender: str, to: str) -> None:
        """A mail comes in by SMTP."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE) as client:
            assert client.sendmail(sender, [to], mail) == {}

    def answers(self, status: int) -> None:
        """What the program ends with, from now on."""
        (self.folder / "status").write_text(f"{status}\n")

    def piped(self, *, again: bool = False) -> tuple[str, bytes]:
        """What the program was given next: its arguments, and the mail. `again`: what was kept is to come now."""
        until, got = time.monotonic() + PATIENCE, b""
        while time.monotonic() < until:
            if again and not got:
                self._run("flush")
            if select.select([self.pipe], [], [], 0.2)[0]:
                got += os.read(self.pipe, 65536)
            if got.endswith(b"\0"):
                arguments, _, mail = got[:-1].partition(b"\n")
                return arguments.decode(), mail
        raise EngineError(f"nothing was piped\n{(self.folder / 'log').read_text(errors='replace')[-4000:]}")

    def _run(self, what: str) -> None:
        subprocess.run(["postfix", "-c", self.folder / "conf", what], check=True, capture_output=True)


@contextmanager
def postfix(main: str, master: str, transport: str) -> Iterator[Postfix]:
    """Run Postfix while the block lasts; only root can.

    Args:
        main, master: lines more for these two files; transport: the table of transports. In all three `{folder}` is
            where its files are, and `{folder}/take` the program.
    """
    with _place("postfix") as folder:
        for name in ("conf", "queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        port = free_port()
        for name, text in {
            "conf/main.cf": _MAIN + main,
            "conf/master.cf": _MASTER + master,
            "conf/transport": transport,
            "take": _TAKES,
            "status": "0\n",
        }.items():
            (folder / name).write_text(text.format(folder=folder, port=port))
        (folder / "take").chmod(0o755)
        os.mkfifo(folder / "pipe")
        (folder / "pipe").chmod(0o666)
        subprocess.run(["postfix", "-c", folder / "conf", "check"], check=True, capture_output=True)
        daemons = subprocess.run(
            ["postconf", "-c", folder / "conf", "-h", "daemon_directory"], check=True, capture_output=True, text=True
        )
        pipe = os.open(folder / "pipe", os.O_RDWR | os.O_NONBLOCK)
        try:
            with running(
                # not `start-fg`, whose shell would end alone and leave the server behind
                [f"{daemons.stdout.strip()}/master", "-c", folder / "conf", "-s"],
                folder / "log",
                stop=signal.SIGTERM,
                ready=lambda: smtplib.SMTP("127.0.0.1", port, timeout=1).quit(),
                errors=(OSError, smtplib.SMTPException),
            ):
                yield Postfix(folder, port, pipe)
        finally:
            os.close(pipe)
