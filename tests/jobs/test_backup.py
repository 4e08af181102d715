"""A desk in one file and back: whole or refused, and afterwards nobody is told twice without it being seen."""

import json
import os
import tarfile
from dataclasses import replace

import pyrage
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session, sessionmaker

from config import settings as environment
from jobs.operator import backup, holding
from jobs.operator.refusals import Refusal
from jobs.turn import seen
from models import copies, migrations
from models.base import connect
from models.machine import clock, gaps
from tests.jobs.test_commands import FILES
from tests.stories.desk import Desk

H3 = "H-3"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("DESK_")]:
        monkeypatch.delenv(name)
    own = replace(environment.read(), var=tmp_path / "var", secret_key=None)
    for folder in ("files/ab", "laporan"):
        (own.var / folder).mkdir(parents=True)
    (own.var / "files/ab/abcd").write_bytes(b"foto")
    (own.var / "laporan/weekly.pdf").write_bytes(b"%PDF")
    (own.var / "secret_key").write_text("kunci-yang-panjang-sekali")
    return own


@pytest.fixture
def working(sessions, settings):
    """A desk of one report on the morning of its day."""
    desk = Desk(sessions)
    desk.owes_only(desk.key("harian", "Tamban", H3), desk.key("harian", "Mekarsari", H3))
    desk.rt.seen = settings.var / "seen.json"
    desk.clock.reads(f"{H3} 12:00")
    return desk


def engine_of(desk):
    return desk.rt.sessions.kw["bind"]


@pytest.fixture
def empty(sessions, tmp_path):
    """Another database of the same kind, with nothing in it."""
    engine = sessions.kw["bind"]
    if engine.dialect.name == "sqlite":
        yield connect(f"sqlite:///{tmp_path / 'other.db'}")
        return
    url = engine.url.set(database=f"{engine.url.database}_again")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'create database "{url.database}"'))
    other = connect(url.render_as_string(hide_password=False))
    yield other
    other.dispose()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'drop database "{url.database}"'))


def rows(engine):
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: connection.execute(text(f'select count(*) from "{name}"')).scalar() for name in names}


def test_every_row_and_file_comes_back(working, settings, empty, tmp_path):
    working.files(working.key("harian", "Tamban", H3))
    before = rows(engine_of(working))
    file, manifest = backup.make(settings, engine_of(working), tmp_path / "copies")
    elsewhere = replace(settings, var=tmp_path / "elsewhere")

    backup.put_back(elsewhere, empty, file)

    after = rows(empty)
    extra = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert extra.pop("gap") == 1
    assert extra.pop("floor") > 0
    assert set(extra) <= {"mark"}
    assert (elsewhere.var / "files/ab/abcd").read_bytes() == b"foto"
    assert (elsewhere.var / "laporan/weekly.pdf").read_bytes() == b"%PDF"
    assert (elsewhere.var / "secret_key").read_text() == "kunci-yang-panjang-sekali"
    assert {"files/ab/abcd", "laporan/weekly.pdf", "secret_key"} <= set(manifest.files)


def test_the_books_that_were_put_back_know_their_backup(working, settings, empty, tmp_path):
    file, manifest = backup.make(settings, engine_of(working), tmp_path / "copies")

    backup.put_back(replace(settings, var=tmp_path / "elsewhere"), empty, file)

    with Session(empty) as session:
        assert clock.marked(session, clock.BACKUP) == (manifest.taken_at, file.name)


def test_a_report_made_anew_since_then_does_not_stand_in_for_the_one_that_the_books_name(
    working, settings, empty, tmp_path
):
    file, _ = backup.make(settings, engine_of(working), tmp_path / "copies")
    (settings.var / "laporan/weekly.pdf").write_bytes(b"%PDF of later words")

    backup.put_back(settings, empty, file)

    assert (settings.var / "laporan/weekly.pdf").read_bytes() == b"%PDF"
    kept = sorted((settings.var / "laporan").glob("weekly-*.pdf"))
    assert [own.read_bytes() for own in kept] == [b"%PDF of later words"]


def test_books_whose_files_could_not_be_put_back_are_not_there_to_be_started(
    working, settings, empty, tmp_path, monkeypatch
):
    file, _ = backup.make(settings, engine_of(working), tmp_path / "copies")
    monkeypatch.setattr("shutil.move", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))

    with pytest.raises(KeyboardInterrupt):
        backup.put_back(replace(settings, var=tmp_path / "elsewhere"), empty, file)

    assert migrations.shape(empty) is migrations.Shape.BARE


def test_nobody_is_told_twice_unseen_and_no_receipt_means_two_things(working, settings, empty, tmp_path):
    file, _ = backup.make(settings, engine_of(working), tmp_path / "copies")
    working.clock.reads(f"{H3} 14:00")
    working.files(working.key("harian", "Tamban", H3))
    working.clock.reads(f"{H3} 17:30")
    receipts = {report.number for report in working.reports(working.key("harian", "Tamban", H3))}
    told = [(sent.letter.to, sent.letter.say) for sent in working.wire.accepted]

    backup.put_back(replace(settings, var=tmp_path / "elsewhere"), empty, file)
    again = working.again_on(sessionmaker(empty, expire_on_commit=False))
    again.clock.reads(f"{H3} 18:30")
    assert again.wire.accepted == []
    holding.off(again.rt)
    again.clock.reads("H-2 12:00")
    again.files(again.key("harian", "Tamban", H3))

    late = [sent for sent in again.wire.accepted if (sent.letter.to, sent.letter.say) in told]
    marked = {message.id for message in again.messages() if message.repeated_at is not None}
    assert [
        sent.text for sent in late if sent.letter.message_id not in marked and sent.at < again.moment(f"{H3} 22:00")
    ] == []
    first = next(sent for sent in again.wire.accepted if "Tamban" in sent.text or sent.letter.say == "lost")
    assert first.letter.say == "lost"
    assert receipts.isdisjoint(report.number for report in again.reports(again.key("harian", "Tamban", H3)))
    again.every_promise_is_kept()


def test_an_old_file_that_was_simply_put_back_is_noticed(sessions, tmp_path):
    if sessions.kw["bind"].dialect.name != "sqlite":
        pytest.skip("a database that is a file")
    desk = Desk(sessions)
    desk.owes_only(desk.key("harian", "Tamban", H3))
    desk.rt.seen = tmp_path / "seen.json"
    desk.clock.reads(f"{H3} 12:00")
    engine = engine_of(desk)
    copies.write(engine, tmp_path / "copy")
    desk.clock.reads(f"{H3} 17:00")
    seen.keep(desk.rt)
    copies.read(engine, tmp_path / "copy", "")

    seen.look(desk.rt)

    with desk.rt.sessions.begin() as session:
        (gap,) = gaps.unasked(session)
        assert clock.marked(session, clock.HOLD)
    assert gap.began_at <= desk.moment(f"{H3} 12:01")


def test_books_are_never_written_over(working, settings, tmp_path):
    file, _ = backup.make(settings, engine_of(working), tmp_path / "copies")

    with pytest.raises(Refusal, match="holds something already"):
        backup.put_back(settings, engine_of(working), file)


@pytest.mark.parametrize("where", ["database", "files/ab/abcd", "manifest.json"])
def test_a_backup_changed_by_one_byte_is_refused(working, settings, empty, tmp_path, where):
    file, _ = backup.make(settings, engine_of(working), tmp_path / "copies")
    content = bytearray(file.read_bytes())
    with tarfile.open(file) as tar:
        member = next(own for own in tar if own.isreg() and own.name.startswith(where))
    content[member.offset_data + member.size // 2] ^= 1
    file.write_bytes(content)

    with pytest.raises(Refusal):
        backup.put_back(replace(settings, var=tmp_path / "elsewhere"), empty, file)
    assert migrations.shape(empty) is migrations.Shape.BARE


@pytest.mark.parametrize("name", ["../../etc/passwd", "/tmp/x", "files/../../x"])
def test_a_file_that_would_write_elsewhere_is_refused(settings, tmp_path, name):
    crafted = tmp_path / "bad.tar"
    with tarfile.open(crafted, "w") as tar:
        tar.addfile(tarfile.TarInfo(name))

    with pytest.raises(Refusal, match="no backup of a desk"):
        backup.put_back(settings, connect(f"sqlite:///{tmp_path / 'x.db'}"), crafted)


@pytest.mark.parametrize("content", [b"", b"hello", b"age-encryption.org/v1\nrubbish"])
def test_what_is_no_backup_is_refused(settings, tmp_path, content):
    bad = tmp_path / "bad.tar"
    bad.write_bytes(content)
    identity = tmp_path / "key"
    identity.write_text(str(pyrage.x25519.Identity.generate()))

    with pytest.raises(Refusal):
        backup.put_back(settings, connect(f"sqlite:///{tmp_path / 'x.db'}"), bad, identity=identity)


def test_an_encrypted_backup_opens_with_its_own_key_alone(working, settings, empty, tmp_path):
    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, identity in (("own", own), ("other", other)):
        (tmp_path / name).write_text(f"# created\n{identity}\n")
    file, _ = backup.make(settings, engine_of(working), tmp_path / "copies", recipient=str(own.to_public()))
    elsewhere = replace(settings, var=tmp_path / "elsewhere")

    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    for identity in (None, tmp_path / "other"):
        with pytest.raises(Refusal):
            backup.put_back(elsewhere, empty, file, identity=identity)
    backup.put_back(elsewhere, empty, file, identity=tmp_path / "own")
    assert rows(empty)["obligation"] > 0


def test_a_key_that_is_none_is_refused_before_anything_is_written(working, settings, tmp_path):
    with pytest.raises(Refusal, match="age1"):
        backup.make(settings, engine_of(working), tmp_path / "copies", recipient="age1nonsense")
    assert not (tmp_path / "copies").exists()


def test_the_commands_back_up_restore_and_tell_of_the_gap(desk, tmp_path):
    first, second = (f"sqlite:///{tmp_path / name}" for name in ("one.db", "two.db"))
    assert desk("load", *FILES, DESK_DATABASE_URL=first).returncode == 0
    done = desk("backup", str(tmp_path / "copies"), "--json", DESK_DATABASE_URL=first)
    assert done.returncode == 0, done.stderr
    file = json.loads(done.stdout)["file"]

    back = desk("restore", file, DESK_DATABASE_URL=second)
    gap = desk("gap", "--json", DESK_DATABASE_URL=second)
    (tmp_path / "mail.log").write_text("")
    asked = desk("gap", "--mail-log", str(tmp_path / "mail.log"), DESK_DATABASE_URL=second)
    astray = desk("gap", "--mail-log", str(tmp_path / "none.log"), DESK_DATABASE_URL=second)
    again = desk("restore", file, DESK_DATABASE_URL=second)

    assert (back.returncode, back.stderr) == (0, "")
    assert "sending is on hold" in back.stdout
    assert len(json.loads(gap.stdout)) == 1
    assert "no line of a Postfix" in asked.stdout
    assert "sms, asked" in asked.stdout
    assert (astray.returncode, "none.log: cannot be read" in astray.stderr) == (1, True)
    assert again.returncode == 1
    assert "holds something already" in again.stderr


def test_a_restore_that_was_killed_before_its_end_is_a_gap_all_the_same(
    working, settings, empty, tmp_path, monkeypatch
):
    file, _ = backup.make(settings, engine_of(working), tmp_path / "copies")
    elsewhere = replace(settings, var=tmp_path / "elsewhere")

    def killed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(backup.restoring, "opened", killed)
    with pytest.raises(KeyboardInterrupt):
        backup.put_back(elsewhere, empty, file)
    monkeypatch.undo()
    again = working.again_on(sessionmaker(empty, expire_on_commit=False))
    again.rt.seen = elsewhere.var / "seen.json"

    seen.look(again.rt)

    with again.rt.sessions.begin() as session:
        assert len(gaps.unasked(session)) == 1
        assert clock.marked(session, clock.HOLD)
    assert not (elsewhere.var / "restoring").exists()
