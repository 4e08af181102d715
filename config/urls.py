"""URLs of servers, taken apart and checked. Errors never quote the URL: it may hold a password."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network
from itertools import chain
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from config import paths
from config.errors import Unusable, shown

_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


class Tls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The server that takes our mail. No user: no login."""

    host: str
    port: int
    user: str
    password: SecretStr
    tls: Tls


_SMTP = "Write smtp://user:password@host:587?tls=starttls, smtps://user:password@host:465, or file:"
_PORTS = {Tls.NONE: 25, Tls.STARTTLS: 587, Tls.IMPLICIT: 465}


def smtp(text: str) -> SmtpServer | None:
    """A mail server; None for `file:`, the outbox folder."""
    if text.strip() in ("", "file:"):
        return None
    url = _split(text, _SMTP)
    if url.scheme not in ("smtp", "smtps"):
        raise Unusable("begins with neither smtp://, smtps:// nor file:", _SMTP)
    if url.path not in ("", "/") or url.fragment:
        raise Unusable("has something after the host", f"{_SMTP}; in a password write / as %2F, # as %23, @ as %40")
    tls = _tls(url)
    user, password = unquote(url.username or ""), unquote(url.password or "")
    if password and tls is Tls.NONE:
        raise Unusable("would send the password in clear: tls is none", "Use tls=starttls or smtps://, or no password")
    if bool(user) != bool(password):
        raise Unusable("has a user without a password, or a password without a user", _SMTP)
    if not _plain(user + password):
        raise Unusable("has a user or password with characters that no login takes", "Use plain letters and digits")
    return SmtpServer(_host(url, _SMTP), url.port or _PORTS[tls], user, SecretStr(password), tls)


def _tls(url: SplitResult) -> Tls:
    query = parse_qs(url.query, keep_blank_values=True)
    if set(query) - {"tls"}:
        raise Unusable("has a parameter other than tls", _SMTP)
    if len(query.get("tls", ())) > 1:
        raise Unusable("says twice what tls is", _SMTP)
    word = query.get("tls", ["implicit" if url.scheme == "smtps" else "starttls"])[0]
    if word not in list(Tls):
        raise Unusable("tls is not one of none, starttls, implicit", _SMTP)
    if url.scheme == "smtps" and word != Tls.IMPLICIT:
        raise Unusable(
            f"smtps:// and tls={word} contradict each other", "Write smtp:// with tls=starttls, or smtps:// alone"
        )
    return Tls(word)


@dataclass(frozen=True, slots=True)
class ImapFolder:
    """The folder of a mailbox that we look into. `move_to`: where what was taken in goes; empty: it stays there."""

    host: str
    port: int
    user: str
    password: SecretStr
    tls: Tls
    folder: str
    move_to: str


_IMAP = "Write imaps://user:password@host/INBOX, or imap://user:password@host/INBOX for STARTTLS"


def imap(text: str) -> ImapFolder | None:
    """A folder of a mailbox; None where nothing is set."""
    if not text.strip():
        return None
    url = _split(text, _IMAP)
    if url.scheme not in ("imap", "imaps"):
        raise Unusable("begins with neither imaps:// nor imap://", _IMAP)
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    if set(options) - {"move", "tls"} or url.fragment:
        raise Unusable("has a parameter other than move and tls", f"{_IMAP}; in a password write / as %2F, # as %23")
    host = _host(url, _IMAP)
    usual = Tls.IMPLICIT if url.scheme == "imaps" else Tls.STARTTLS
    tls = Tls.NONE if options.get("tls") == "none" and url.scheme == "imap" else usual
    if options.get("tls", tls) != tls:
        raise Unusable("tls is not one that goes with it", "Leave it out; imap:// with tls=none is for this machine")
    if tls is Tls.NONE and host not in HERE:
        raise Unusable("would send the password in clear", "Use imaps://; tls=none is for this machine only")
    user, password = unquote(url.username or ""), unquote(url.password or "")
    folder, move_to = unquote(url.path.strip("/")) or "INBOX", options.get("move", "")
    if not (user and password):
        raise Unusable("names no user or no password", _IMAP)
    if not _plain(user + password + folder + move_to):
        raise Unusable("has characters that no login and no folder takes", "Use plain letters and digits")
    if folder == move_to:
        raise Unusable("moves mails into the folder that they are in", "Name another folder after move=")
    return ImapFolder(host, url.port or _IMAP_PORTS[tls], user, SecretStr(password), tls, folder, move_to)


_IMAP_PORTS = {Tls.NONE: 143, Tls.STARTTLS: 143, Tls.IMPLICIT: 993}


class Way(StrEnum):
    """How texts go out if they have no server of their own."""

    FILE = "file:"
    TWILIO = "twilio:"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that takes messages over HTTP; `name`: its file under `notifiers`.

    No user: no account. `options`: the part after the question mark, which that file reads.
    """

    name: str
    url: str
    user: str
    password: SecretStr
    options: tuple[tuple[str, str], ...] = field(repr=False)


_PROVIDER = "Write gateway:https://user:password@host/path, or another provider's name"
_TEXTS = f"{_PROVIDER}; twilio: to send by Twilio; file: for the outbox folder"
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that a secret may go to without TLS."""


def texts(text: str) -> Way | Provider:
    """How text or WhatsApp messages go out."""
    with suppress(ValueError):
        return Way(text.strip().removesuffix("//") or Way.FILE)
    name, colon, rest = text.strip().partition(":")
    if not colon or not re.fullmatch("[a-z][a-z0-9_]{0,30}", name):
        raise Unusable("is neither twilio: nor file: nor a provider's name with a colon", _TEXTS)
    return _provider(name, rest)


def _provider(name: str, text: str) -> Provider:
    url = _split(text, _TEXTS)
    if url.scheme not in ("http", "https"):
        raise Unusable(f"{name}: is followed by neither https:// nor http://", _TEXTS)
    if url.fragment:
        raise Unusable("has a #", f"{_PROVIDER}; in a password write # as %23, / as %2F, @ as %40")
    host = _host(url, _PROVIDER)
    user, password = unquote(url.username or ""), unquote(url.password or "")
    if bool(user) != bool(password):
        raise Unusable("has a user without a password, or a password without a user", _PROVIDER)
    if password and url.scheme == "http" and host not in HERE:
        raise Unusable("would send the password in clear", "Use https://; http:// is for this machine only")
    options = tuple(dict(parse_qsl(url.query, keep_blank_values=True)).items())
    if not all(map(_plain, (user, password, *chain(*options)))):
        raise Unusable("has characters that a provider cannot take", "Use plain letters and digits")
    place = f"[{host}]" if ":" in host else host
    port = f":{url.port}" if url.port else ""
    return Provider(name, f"{url.scheme}://{place}{port}{url.path or '/'}", user, SecretStr(password), options)


def api(text: str) -> str:
    """An address that gets secrets, without a slash at the end."""
    address = web(text)
    if not address.startswith("https://") and urlsplit(address).hostname not in HERE:
        raise Unusable("would send the token in clear", "Use https://; http:// is for this machine only")
    return address


def outside(text: str) -> bool:
    """Whether an address belongs to another machine."""
    return urlsplit(text.strip()).hostname not in HERE


def broker(text: str) -> str:
    """A broker's address. Its client would ignore unknown parameters, or fail at the first message."""
    remedy = "Write memory:// for a single process, or redis://host:6379/0"
    if text == "memory://":
        return text
    url = _split(text, remedy)
    if url.scheme not in ("redis", "rediss", "unix"):
        raise Unusable("begins with neither memory:// nor redis://", remedy)
    if unknown := sorted(parse_qs(url.query, keep_blank_values=True).keys() - _BROKER):
        raise Unusable(f"has a parameter other than {', '.join(sorted(_BROKER))}: {unknown[0][:20]!r}", remedy)
    if url.scheme == "unix":
        if not url.path:
            raise Unusable("names no socket", "Write unix:///run/valkey.sock")
        return text
    if not re.fullmatch(r"(?:/[0-9]{0,5})?", url.path):
        raise Unusable("does not end in a database's number", remedy)
    _host(url, remedy)
    return text


_BROKER = frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})


def web(text: str) -> str:
    """An address of pages as browsers write it, without a slash at the end."""
    address = ping(text)
    if urlsplit(address).query:
        raise Unusable("has something after the path", _WEB)
    return address.rstrip("/")


_WEB = "Write https://host, without anything after it but a path"


def ping(text: str) -> str:
    """An address to call, which may have a query."""
    url = _split(text.strip(), _WEB)
    if url.scheme not in ("http", "https"):
        raise Unusable("begins with neither http:// nor https://", _WEB)
    if url.username or url.password:
        raise Unusable("holds a user or a password", _WEB)
    if url.fragment:
        raise Unusable("has something after the path", _WEB)
    return url._replace(netloc=_as_browsers(url)).geturl()


def _as_browsers(url: SplitResult) -> str:
    """Host and port as browsers write them in an `Origin` (WHATWG URL, 3.5, 4.4), since the two are compared."""
    host = _host(url, _WEB)
    if "%" in host:
        raise Unusable("names an impossible host", _WEB)
    if ":" in host or host.rpartition(".")[2].isdigit():
        try:
            address = ip_address(host)
        except ValueError as error:
            raise Unusable("names an impossible host", _WEB) from error
        host = f"[{address}]" if address.version == 6 else str(address)
    else:
        host = host.encode("idna").decode().lower()
    usual = {"http": 80, "https": 443}[url.scheme]
    return f"{host}:{url.port}" if url.port and url.port != usual else host


def database(text: str, home: Path) -> str:
    """A URL for SQLAlchemy. Relative SQLite files start from `home`, and their folder must be writable."""
    remedy = "Write sqlite:///var/desk.db or postgresql://user:password@host/name"
    scheme, mark, rest = text.strip().partition("://")
    if not mark:
        raise Unusable("is not a URL", remedy)
    if not text.strip().isprintable():
        raise Unusable("holds a line break or an invalid character", remedy)
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        url = _split(text.strip(), remedy)
        if url.hostname and not all(map(_named, url.hostname.split(","))):
            raise Unusable("names an impossible host", remedy)
        if not all(
            re.fullmatch(r"none|\d{1,4}", v, re.ASCII) for v in parse_qs(url.query).get("prepare_threshold", ())
        ):
            raise Unusable("has an unusable prepare_threshold", "Write prepare_threshold=none behind a pooler")
        return f"postgresql+psycopg://{rest}"
    if scheme not in ("sqlite", "sqlite+pysqlite"):
        raise Unusable("begins with neither sqlite:/// nor postgresql://", remedy)
    name = rest.removeprefix("/")
    if not rest.startswith("/") or not name or name.startswith(":memory:"):
        raise Unusable("names no file; a database in memory is lost with its process", remedy)
    if "?" in name:
        raise Unusable("has parameters, and SQLite takes none here", remedy)
    file = paths.kept(home / name)
    if len(file.name) > 200:
        raise Unusable("names no file: the name is too long", remedy)
    if not file.parent.exists() and file.parent != home / "var":
        raise Unusable("names a folder that is not there", "Make it, or name another file")
    return f"sqlite:///{file}"


def proxies(text: str) -> tuple[str, ...]:
    """Addresses and networks, separated by commas or blanks. "Everybody" is refused: then any caller could say who
    he is.
    """
    parts = tuple(text.replace(",", " ").split())
    for part in parts:
        try:
            everybody = ip_network(part).prefixlen == 0
        except ValueError:
            raise Unusable(
                f"{shown(part)} is not an address", "Write addresses or networks: 10.0.0.5, 10.1.0.0/24"
            ) from None
        if everybody:
            raise Unusable(f"{shown(part)} is everybody", "Name the proxies alone: whoever calls could say who he is")
    return parts


def _split(text: str, remedy: str) -> SplitResult:
    if any(sign.isspace() or not sign.isprintable() for sign in text):
        raise Unusable("holds a blank or a line break", remedy)
    try:
        url = urlsplit(text)
        if url.port == 0:
            raise ValueError("no port")
    except ValueError as error:
        raise Unusable("is not a URL: its host or port cannot be read", remedy) from error
    return url


def _host(url: SplitResult, remedy: str) -> str:
    if not url.hostname:
        raise Unusable("names no host", remedy)
    if not _named(url.hostname):
        raise Unusable("names an impossible host", remedy)
    return url.hostname


def _named(host: str) -> bool:
    """Whether a resolver can look it up: RFC 1035, 2.3.4, with underscores; addresses in brackets have colons."""
    if ":" in host:
        return True
    try:
        labels = host.encode("idna").decode().removesuffix(".").split(".")
    except UnicodeError:
        return False
    return sum(map(len, labels)) < 250 and all(map(_LABEL.fullmatch, labels))


def _plain(text: str) -> bool:
    """Whether it fits a header or a login: visible ASCII."""
    return text.isascii() and text.isprintable()
