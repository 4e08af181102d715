"""Files by the hash of their content: what nobody needs goes, and what comes again meanwhile stays."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from models.desk.files import Files

NOW = datetime(2024, 2, 14, 12, tzinfo=UTC)
LONG_AGO, WEEK_AGO = NOW - timedelta(days=30), NOW - timedelta(days=7)


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def kept(files, data, at):
    digest = files.keep(data)
    os.utime(files.path(digest), (at.timestamp(), at.timestamp()))
    return digest


def test_only_what_was_kept_in_between_is_of_age(files):
    kept(files, b"before", LONG_AGO)
    old = kept(files, b"old", WEEK_AGO)
    kept(files, b"young", NOW)

    assert files.aged(since=LONG_AGO, until=WEEK_AGO) == [old]


def test_a_file_that_comes_again_is_young_again(files):
    digest = kept(files, b"x", WEEK_AGO)

    files.keep(b"x")

    assert files.aged(since=LONG_AGO, until=WEEK_AGO) == []
    assert not files.remove(digest, until=WEEK_AGO)
    assert files.path(digest).read_bytes() == b"x"


def test_a_file_that_nobody_needs_is_gone(files):
    digest = kept(files, b"x", WEEK_AGO)

    assert files.remove(digest, until=WEEK_AGO)
    assert list(files.path(digest).parent.iterdir()) == []


def test_a_file_whose_remover_died_halfway_is_there_again(files):
    digest = kept(files, b"x", NOW)
    files.path(digest).rename(files.path(digest).with_name(f".{digest}"))

    files.aged(since=LONG_AGO, until=WEEK_AGO)

    assert files.path(digest).read_bytes() == b"x"


def test_a_draft_that_was_never_finished_goes(files, tmp_path):
    (tmp_path / "ab").mkdir()
    draft = tmp_path / "ab" / ".0123456789abcdef.0123456789abcdef"
    draft.write_bytes(b"x")
    os.utime(draft, (WEEK_AGO.timestamp(), WEEK_AGO.timestamp()))

    files.aged(since=LONG_AGO, until=WEEK_AGO)

    assert not draft.exists()
