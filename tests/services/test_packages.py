"""A report as a signed file: whole and believed, or refused with the reason."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import loader
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from reports.government import facts as weekly
from rules import packages as rules
from rules.packages import BadPackage, Flaw
from services import packages
from services.packages import Made
from tests.reports.samples import district, owed, problem, week

CONFIG = Path(__file__).parents[2] / "config"
SECRET = b"a secret of this installation"
PDF = b"%PDF-1.7 letter"
LETTER = (Made("laporan.pdf", "pdf", PDF),)
FACTS = week(district(2, owed("R-0001")), problems=(problem(),))


@pytest.fixture(scope="module")
def programme():
    names = ("elections/pemilu-2024", "desks/contoh-tapin", "policies/default")
    return loader.programme(*(loader.read(CONFIG / f"{name}.yaml") for name in names))


@pytest.fixture(scope="module")
def package(programme):
    return made(programme)


def made(programme, secret=SECRET, documents=LETTER):
    facts = weekly.to_json(FACTS)
    own = Obligation(id=1, duty="laporan-gubernur", slot="2024-W07")
    version = Submission(id=1, version=1, facts=facts, approved=None, frozen_at=datetime(2024, 2, 13, tzinfo=UTC))
    return packages.sealed(programme, own, version, documents, secret=secret)


def flaw(data):
    with pytest.raises(BadPackage) as refused:
        packages.opened(data)
    return refused.value.flaw


def test_a_package_is_what_was_put_into_it(package):
    opened = packages.opened(package)

    own = opened.manifest
    assert (own.election, own.area, own.kind, own.slot) == ("pemilu-2024", "63.05", "laporan-gubernur", "2024-W07")
    assert own.key == packages.public(SECRET)
    assert opened.said == FACTS
    assert opened.documents == {"laporan.pdf": PDF}


def test_the_same_report_gives_the_same_bytes(programme, package):
    assert made(programme) == package


def test_every_changed_byte_is_refused(package):
    for place in range(len(package)):
        changed = bytearray(package)
        changed[place] ^= 1
        with pytest.raises(BadPackage):
            packages.opened(bytes(changed))


@given(st.data())
def test_what_was_cut_or_lengthened_is_refused(package, data):
    cut = data.draw(st.integers(0, len(package) - 1))

    assert flaw(package[:cut]) in (Flaw.NO_PACKAGE, Flaw.CHANGED)
    assert flaw(package + package[:cut] + b"x") in (Flaw.NO_PACKAGE, Flaw.CHANGED, Flaw.TOO_LARGE)


@given(st.binary(max_size=200))
def test_anything_else_is_no_package(content):
    assert flaw(content) is Flaw.NO_PACKAGE


def packed(parts, how=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def parts(package):
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_unpacked_and_packed_again_it_is_no_package(package):
    assert flaw(packed(parts(package), zipfile.ZIP_DEFLATED)) is Flaw.NO_PACKAGE
    assert flaw(packed(parts(package))) is Flaw.CHANGED


def test_a_small_file_that_would_unpack_to_a_large_one_is_not_unpacked(package):
    bomb = packed(parts(package) | {"documents/laporan.pdf": b"\0" * 200_000_000}, zipfile.ZIP_DEFLATED)

    assert len(bomb) < 1_000_000
    assert flaw(bomb) is Flaw.NO_PACKAGE


def test_a_larger_file_than_a_package_may_be_is_not_looked_at():
    assert flaw(b"PK" + b"\0" * rules.LARGEST) is Flaw.TOO_LARGE


def test_a_name_that_leads_out_of_the_folder_is_no_name_of_a_document(package):
    for name in ("documents/../../laporan.pdf", "/etc/passwd", "documents/", "lain.txt"):
        assert flaw(packed({**parts(package), name: PDF})) in (Flaw.NO_PACKAGE, Flaw.CHANGED)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"version": "1"},
        {"version": True},
        {"slot": ""},
        {"slot": "x" * 21},
        {"facts": "z" * 64},
        {"key": "00"},
        {"desk": None},
        {"documents": [{"name": "../x", "form": "pdf", "digest": "0" * 64, "size": 1}]},
        {"documents": [{"name": "x"}]},
        {"documents": 3},
        {"more": 1},
    ],
    ids=str,
)
def test_a_manifest_says_nothing_that_it_may_not(package, change):
    own = json.loads(parts(package)["manifest.json"]) | change

    with pytest.raises(BadPackage):
        rules.Manifest.from_json(json.dumps(own, sort_keys=True, separators=(",", ":")).encode())


def test_one_of_a_later_format_says_so(package):
    own = json.loads(parts(package)["manifest.json"]) | {"format": "desk-paket/2"}

    with pytest.raises(BadPackage) as refused:
        rules.Manifest.from_json(json.dumps(own).encode())

    assert refused.value.flaw is Flaw.NEWER


def test_signed_by_somebody_else_it_is_his_package(programme, package):
    """Whoever signs anew shows his own key, which is not believed."""
    theirs = packages.opened(made(programme, b"another secret")).manifest

    assert theirs == replace(packages.opened(package).manifest, key=packages.public(b"another secret"))


@pytest.mark.parametrize(
    ("written", "trusted", "doubt"),
    [
        (None, None, Flaw.NEW_KEY),
        (None, "a", None),
        (None, "b", Flaw.OTHER_KEY),
        ("a", None, None),
        ("a", "b", None),
        ("b", "a", Flaw.OTHER_KEY),
    ],
)
def test_a_key_is_believed_that_the_file_names_or_somebody_compared(written, trusted, doubt):
    assert rules.believed("a", written=written, trusted=trusted) is doubt


def test_a_key_is_short_enough_to_be_read_out():
    told = rules.spoken(packages.public(SECRET))

    assert len(told.split()) == 8
    assert told != rules.spoken(packages.public(b"another secret"))


def _zone(facts):
    facts["header"]["zone"] = "Asia/../etc"


def _late(facts):
    facts["header"]["cut_off"] = "9999-12-31T23:59:59+00:00"


def _broken(facts):
    facts["header"]["subject"] = "Laporan \ud800"


@pytest.mark.parametrize("spoil", [_zone, _late, _broken])
def test_signed_facts_that_no_page_could_print_are_refused_before_anything_counts(programme, spoil):
    facts = json.loads(weekly.to_json(FACTS))
    spoil(facts)

    with pytest.raises(BadPackage) as refused:
        _ = packages.opened(signed(programme, json.dumps(facts))).said

    assert refused.value.flaw is Flaw.NEWER


@pytest.mark.parametrize("approval", ["x", "[]", "[" * 100_000, '{"narratives":5}'])
def test_a_signed_approval_that_is_none_is_refused_before_anything_counts(programme, approval):
    with pytest.raises(BadPackage) as refused:
        _ = packages.opened(signed(programme, weekly.to_json(FACTS), approval)).said

    assert refused.value.flaw is Flaw.NEWER


def signed(programme, facts, approval=None):
    own = Obligation(id=1, duty="laporan-gubernur", slot="2024-W07")
    return packages.sealed(programme, own, Submission(version=1, facts=facts, approved=approval), LETTER, secret=SECRET)
