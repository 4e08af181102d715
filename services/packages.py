"""A report of one desk as a signed file for the desk above: made, looked at, and taken.

It is a ZIP without compression, so that nothing in it is larger than the file. Its manifest names every part by its
hash, and is signed with Ed25519. The same report gives the same bytes; what was changed anywhere, if only in the
ZIP's own lists, is not what its parts make, and is refused.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import available_timezones

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.matters import arrivals, tasks
from models.matters.arrivals import Arrival, ArrivalDocument, Which
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from reports import codec
from reports.government import approved as approvals
from reports.government import facts as weekly
from rules import packages
from rules.arrivals import Other
from rules.forms import PLAIN, Form
from rules.packages import BadPackage, Enclosed, Flaw, Manifest
from rules.programme import Programme
from rules.tasks import Why
from services import levels
from services.levels import Above, Sent, Takers

MANIFEST, SIGNATURE, FACTS, APPROVED, FOLDER = "manifest.json", "signature", "facts.json", "approved.json", "documents/"
ASIDE = "package:"
"""How the subject of a task begins that is about a package which came by mail and does not count; its hash ends it."""
_FIRST, _LAST = 2000, 2100
"""Years that are taken for a day."""
_SIGNED = 128
"""Hexadecimal digits of a signature."""


class Made(NamedTuple):
    """A document as it was made for a version."""

    name: str
    form: str
    content: bytes


class Package(NamedTuple):
    """A package whose parts and signature agree. Whether its key is believed is another matter."""

    manifest: Manifest
    facts: str
    approved: str
    documents: Mapping[str, bytes]
    digest: str

    @property
    def said(self) -> weekly.Weekly:
        """The facts. Raises: BadPackage: a newer program wrote them or the approval, or nobody's did."""
        try:
            facts, approval = weekly.from_json(self.facts), approvals.from_json(self.approved)
            _check_printable(facts, approval)
        except (ValueError, RecursionError) as error:
            raise BadPackage(Flaw.NEWER) from error
        return facts


def public(secret: bytes) -> str:
    """The key by which packages of this installation are known, as 64 hexadecimal digits."""
    return _private(secret).public_key().public_bytes_raw().hex()


def sealed(
    programme: Programme, own: Obligation, submission: Submission, documents: Sequence[Made], *, secret: bytes
) -> bytes:
    """The package of a version with these documents. The same arguments give the same bytes."""
    approved = submission.approved or ""
    manifest = Manifest(
        election=programme.election.code,
        area=programme.desk.regency_code,
        desk=programme.desk.name,
        kind=programme.policy.duty(own.duty).form,
        slot=own.slot,
        version=submission.version,
        facts=_digest(submission.facts.encode()),
        approved=_digest(approved.encode()) if approved else "",
        documents=tuple(Enclosed(d.name, d.form, _digest(d.content), len(d.content)) for d in documents),
        key=public(secret),
    )
    text = manifest.to_json().encode()
    signature = _private(secret).sign(text).hex().encode()
    contents = {d.name: d.content for d in documents}
    return _zipped(_parts(text, signature, submission.facts.encode(), approved.encode(), contents))


def opened(data: bytes) -> Package:
    """A package that is whole and as it was signed. Raises: BadPackage."""
    if len(data) > packages.LARGEST:
        raise BadPackage(Flaw.TOO_LARGE)
    parts = _unzipped(data)
    text, signature, facts = parts.pop(MANIFEST), parts.pop(SIGNATURE), parts.pop(FACTS)
    approved = parts.pop(APPROVED, b"")
    if len(text) > packages.MANIFEST or max(len(facts), len(approved)) > packages.FACTS:
        raise BadPackage(Flaw.TOO_LARGE)
    manifest = Manifest.from_json(text)
    documents = {name.removeprefix(FOLDER): content for name, content in parts.items()}
    named = {own.name: (own.digest, own.size) for own in manifest.documents}
    whole = named == {name: (_digest(content), len(content)) for name, content in documents.items()}
    said = manifest.facts == _digest(facts) and manifest.approved == (_digest(approved) if approved else "")
    ordered = {own.name: documents[own.name] for own in manifest.documents} if whole else {}
    if not (whole and said and _signed(manifest, text, signature)):
        raise BadPackage(Flaw.CHANGED)
    if _zipped(_parts(text, signature, facts, approved, ordered)) != data:
        raise BadPackage(Flaw.CHANGED)
    return Package(manifest, _text(facts), _text(approved), ordered, _digest(data))


class Judged(NamedTuple):
    """Who takes a package, and why it is not believed yet; `doubt` None: it is."""

    to: Above
    doubt: Flaw | None


def judged(session: Session, programmes: Mapping[int, Programme], package: Package) -> Judged:
    """Whether a package is for one of these programmes, and what it says can be. Changes nothing.

    Raises:
        BadPackage: it is for none, it does not agree with itself, or this version came with other facts.
    """
    own = package.manifest
    takers = Takers(programmes)
    if not takers.any_of(own.election, own.area):
        raise BadPackage(Flaw.NOT_OURS)
    to = next(iter(takers.of(own.election, own.area, own.kind)), None)
    if to is None:
        raise BadPackage(Flaw.NOT_TAKEN)
    _check_facts(session, to, package)
    desk = to.programme.desk
    trusted = arrivals.trusted(session, desk.code).get(own.area)
    return Judged(to, packages.believed(own.key, written=desk.keys.get(own.area), trusted=trusted))


def taken(
    session: Session,
    to: Above,
    form: Form | None,
    package: Package,
    *,
    trust: bool,
    hand: Hand,
    now: datetime,
) -> Arrival:
    """Keep a package whose documents are on the disk already, and file it if none newer came. Safe to repeat.

    Args:
        trust: whoever takes it has compared its key, which counts from now on.

    Raises:
        BadPackage: as `judged`; or its key is not believed. A key in the desk's own file cannot be trusted away.
    """
    own = package.manifest
    doubt = judged(session, {to.id: to.programme}, package).doubt
    if doubt and (not trust or own.area in to.programme.desk.keys):
        raise BadPackage(doubt)
    if doubt:
        arrivals.trust(session, to.programme.desk.code, own.area, own.key, office_id=hand.office_id, at=now)
    documents = [ArrivalDocument(form=one.form, digest=one.digest, size=one.size) for one in own.documents]
    sent = Sent(
        area=own.area,
        kind=own.kind,
        slot=own.slot,
        version=own.version,
        facts=package.facts,
        approved=package.approved or None,
        key=own.key,
        package=package.digest,
    )
    tasks.done(session, Why.PACKAGE, f"{ASIDE}{to.id}:{package.digest}", now=now)
    return levels.taken(session, to, form or PLAIN, sent, documents=documents, hand=hand, now=now)


def _check_facts(session: Session, to: Above, package: Package) -> None:
    """What is outside says the same as the facts inside, and as what is owed here."""
    own, facts = package.manifest, package.said
    period = levels.period(session, to, own.area, own.slot)
    said = (facts.header.period_start, facts.header.period_end)
    if facts.header.version != own.version or (period is not None and said != period):
        raise BadPackage(Flaw.UNFITTING)
    try:
        which = Which(to.id, own.area, own.kind, own.slot)
        levels.came_before(session, which, own.version, own.facts)
    except Other as error:
        raise BadPackage(Flaw.OTHER) from error


def _check_printable(*said: object) -> None:
    """Every text can be written, and every time be told in its zone. Raises: ValueError."""
    zones = available_timezones()
    for name, value in (own for facts in said for own in codec.values(facts)):
        if isinstance(value, str):
            value.encode()
        if isinstance(value, date) and not _FIRST <= value.year <= _LAST:
            raise ValueError(f"{name}: {value.year} is no year of an election here")
        if name == "zone" and value not in zones:
            raise ValueError(f"{name}: there is no such zone")


def _private(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret).digest())


def _signed(manifest: Manifest, text: bytes, signature: bytes) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest.key))
        key.verify(bytes.fromhex(signature.decode("ascii")), text)
    except (InvalidSignature, ValueError):
        return False
    return len(signature) == _SIGNED


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadPackage(Flaw.NO_PACKAGE) from error


def _parts(
    text: bytes, signature: bytes, facts: bytes, approved: bytes, documents: Mapping[str, bytes]
) -> dict[str, bytes]:
    more = {APPROVED: approved} if approved else {}
    inside = {f"{FOLDER}{name}": content for name, content in documents.items()}
    return {MANIFEST: text, SIGNATURE: signature, FACTS: facts, **more, **inside}


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP that says nothing of when and where it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            file.writestr(entry, content)
    return out.getvalue()


def _unzipped(data: bytes) -> dict[str, bytes]:
    """The parts by name. Nothing is unpacked that is larger than the file. Raises: BadPackage."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
                raise BadPackage(Flaw.NO_PACKAGE)
            if len(entries) > packages.DOCUMENTS + 4 or sum(entry.file_size for entry in entries) > len(data):
                raise BadPackage(Flaw.TOO_LARGE)
            parts = {entry.filename: file.read(entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
        if isinstance(error, BadPackage):
            raise
        raise BadPackage(Flaw.CHANGED if zipfile.is_zipfile(io.BytesIO(data)) else Flaw.NO_PACKAGE) from error
    known = {MANIFEST, SIGNATURE, FACTS}
    if not known <= parts.keys() or not all(n in known or n == APPROVED or n.startswith(FOLDER) for n in parts):
        raise BadPackage(Flaw.NO_PACKAGE)
    return parts
