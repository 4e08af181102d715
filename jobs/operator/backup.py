"""Back up a desk into one file, and put it back: database, photos, compiled reports, key. Encrypted if asked.

The file is a tar. Its `manifest.json` names every other file with its SHA-256: a copy is checked before it counts.
A database that is put back is a gap in the books (`services.restoring`): nothing is sent until somebody looked.
"""

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyrage
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import paths, version
from config.settings import Settings
from jobs.operator.refusals import Refusal
from jobs.turn import seen
from models import copies, migrations
from models.machine import clock
from models.migrations import Shape
from services import restoring

FORMAT = 1
MANIFEST, DATABASE, KEY = "manifest.json", "database", "secret_key"
FOLDERS = ("files", "laporan")
MADE = clock.BACKUP
"""The mark of the last backup that was checked."""


class Manifest(NamedTuple):
    """What a backup holds. `taken_at`: the books are of that moment. `files`: SHA-256 by name."""

    format: int
    version: str
    engine: str
    shape: str
    taken_at: datetime
    files: dict[str, str]


def make(settings: Settings, engine: Engine, into: Path, *, recipient: str = "") -> tuple[Path, Manifest]:
    """Back up into a new file of this folder, and check it; the file and what it holds. The desk may go on working.

    Args:
        recipient: an age public key (age1...): only who has its secret key can open the file; empty: anybody can.

    Raises:
        Refusal: the folder cannot be written, the key is none, or what was written is not whole.
    """
    to = _recipient(recipient)
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".desk-", dir=into) as place:
            stage = Path(place) / "desk"
            manifest = _gather(settings, engine, stage)
            _check(stage, manifest)
            name = f"desk-{manifest.taken_at:%Y%m%dT%H%M%SZ}.tar{'.age' if to else ''}"
            done = _pack(stage, Path(place) / name, to)
            done.replace(into / name)
    except OSError as error:
        raise Refusal(f"{into}: no backup: {error.strerror or error}") from error
    with Session(engine) as session, session.begin():
        clock.mark(session, MADE, manifest.taken_at, name)
    return into / name, manifest


def put_back(settings: Settings, engine: Engine, file: Path, *, identity: Path | None = None) -> Manifest:
    """Put a backup back where nothing is yet; what it held. Sending is on hold afterwards.

    Photos that are there already stay: each is named by what it holds. A report that is there and is another than the
    one of these books is kept beside it, under a name with its hash.

    Args:
        identity: the file with the age secret key, for an encrypted one.

    Raises:
        Refusal: there are books already, the file cannot be opened, is not whole, or is not of this kind of database.
    """
    if migrations.shape(engine) is not Shape.BARE:
        raise Refusal("the database holds something already: name an empty one in DESK_DATABASE_URL, or move it away")
    paths.own(settings.var)
    with TemporaryDirectory(prefix=".restore-", dir=settings.var) as place:
        stage = _unpack(file, Path(place), identity)
        manifest = _manifest(stage, file)
        _check(stage, manifest, named=str(file))
        if manifest.engine != engine.dialect.name:
            raise Refusal(
                f"{file} is of a {manifest.engine} database, and DESK_DATABASE_URL names {engine.dialect.name}"
            )
        if manifest.shape > migrations.head():
            raise Refusal(f"{file} was made by a newer version, {manifest.version}: take that one")
        _put_files_back(stage, settings.var)
        (settings.var / seen.UNFINISHED).touch(mode=0o600)
        copies.read(engine, stage / DATABASE, manifest.shape)
    with Session(engine) as session, session.begin():
        swept = clock.marked(session, clock.SWEEP)
        clock.mark(session, MADE, manifest.taken_at, file.name)  # it was made after the books were read
        began_at, known = swept[0] if swept else manifest.taken_at, seen.read(settings.var / seen.SEEN)
        restoring.opened(session, began_at, ordered=True, seen=known, now=clock.now(session))
    for name in (seen.SEEN, seen.UNFINISHED):
        (settings.var / name).unlink(missing_ok=True)
    return manifest


def _recipient(key: str) -> pyrage.x25519.Recipient | None:
    try:
        return pyrage.x25519.Recipient.from_str(key.strip()) if key.strip() else None
    except pyrage.RecipientError as error:
        raise Refusal(
            "the key to encrypt for is no age public key: it begins with age1 (age-keygen makes one)"
        ) from error


def _gather(settings: Settings, engine: Engine, stage: Path) -> Manifest:
    """All of it in a folder. The database comes first: every file that it names is there already, and stays."""
    with Session(engine) as session:
        taken_at = clock.now(session)
    shape = copies.write(engine, stage / DATABASE)
    for name in FOLDERS:
        if (settings.var / name).is_dir():
            skipped = shutil.ignore_patterns("*.part")
            shutil.copytree(settings.var / name, stage / name, ignore=skipped, copy_function=_copy)
    if settings.secret_key is None and (settings.var / KEY).is_file():
        shutil.copy(settings.var / KEY, stage / KEY)
    hashes = {str(own.relative_to(stage)): _hash(own) for own in sorted(stage.rglob("*")) if own.is_file()}
    manifest = Manifest(FORMAT, version.own(), engine.dialect.name, shape, taken_at, hashes)
    written = manifest._asdict() | {"taken_at": taken_at.isoformat()}
    (stage / MANIFEST).write_text(json.dumps(written, indent=1), encoding="utf-8")
    return manifest


def _copy(source: str, target: str) -> None:
    """A file that was tidied away meanwhile is no report's."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def _check(stage: Path, manifest: Manifest, named: str = "what was written") -> None:
    """Open it as whoever needs it will. Raises: Refusal."""
    wrong = [name for name, digest in manifest.files.items() if not _is(stage / name, digest)]
    if wrong:
        raise Refusal(f"{named} is not whole: {wrong[0]} is missing or was changed")
    if not copies.whole(stage / DATABASE):
        raise Refusal(f"{named} is not whole: its database cannot be opened")


def _is(file: Path, digest: str) -> bool:
    return file.is_file() and _hash(file) == digest


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _pack(stage: Path, file: Path, to: pyrage.x25519.Recipient | None) -> Path:
    plain = file.with_suffix("") if to else file
    with tarfile.open(plain, "w") as tar:
        tar.add(stage / MANIFEST, MANIFEST)
        for name in sorted(own.name for own in stage.iterdir() if own.name != MANIFEST):
            tar.add(stage / name, name)
    if to:
        with plain.open("rb") as read, file.open("wb") as write:
            pyrage.encrypt_io(read, write, [to])
    return file


def _unpack(file: Path, place: Path, identity: Path | None) -> Path:
    """The backup's files below a folder. Nothing is written elsewhere, whatever names the file holds."""
    stage = place / "desk"
    try:
        with _opened(file, place, identity) as plain, tarfile.open(plain) as tar:
            for member in tar:
                own = Path(member.name)
                if member.isdir():
                    continue
                if not member.isreg() or own.is_absolute() or ".." in own.parts:
                    raise Refusal(f"{file} is no backup of a desk: it holds {member.name!r}")
                (stage / own).parent.mkdir(parents=True, exist_ok=True)
                read = tar.extractfile(member)
                assert read is not None, "a regular file has content"
                with read, (stage / own).open("wb") as write:
                    shutil.copyfileobj(read, write)
    except OSError as error:
        raise Refusal(f"{file}: cannot be read: {error.strerror or error}") from error
    except tarfile.TarError as error:
        raise Refusal(f"{file} is no backup of a desk, or is not whole: {error}") from error
    return stage


@contextmanager
def _opened(file: Path, place: Path, identity: Path | None) -> Iterator[Path]:
    """The tar in a file, decrypted where it must be."""
    with file.open("rb") as sealed:
        if not sealed.read(21).startswith(b"age-encryption.org/v1"):
            yield file
            return
    if identity is None:
        raise Refusal(f"{file} is encrypted: name the file with its secret key with --identity")
    plain = place / "desk.tar"
    try:
        lines = identity.read_text(encoding="utf-8").splitlines()
        keys = [pyrage.x25519.Identity.from_str(line.strip()) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        with file.open("rb") as sealed, plain.open("wb") as write:
            pyrage.decrypt_io(sealed, write, keys)
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise Refusal(f"{file} cannot be opened with the key in {identity}") from error
    yield plain


def _manifest(stage: Path, file: Path) -> Manifest:
    try:
        own = json.loads((stage / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**(own | {"taken_at": datetime.fromisoformat(own["taken_at"])}))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{file} is no backup of a desk: its {MANIFEST} cannot be read") from error
    if manifest.format != FORMAT:
        raise Refusal(
            f"{file} has format {manifest.format}, this version knows {FORMAT}: take the version it was made by"
        )
    return manifest


def _put_files_back(stage: Path, var: Path) -> None:
    for own in (path for name in FOLDERS for path in (stage / name).rglob("*") if path.is_file()):
        there = var / own.relative_to(stage)
        if there.exists() and (digest := _hash(there)) != _hash(own):
            there.replace(there.with_name(f"{there.stem}-{digest[:16]}{there.suffix}"))
        if not there.exists():
            there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(own, there)
    if (stage / KEY).exists() and not (var / KEY).exists():
        shutil.move(stage / KEY, var / KEY)
        (var / KEY).chmod(0o600)
