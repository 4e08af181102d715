"""A list of holders: taken in whole or not at all, shown masked, erased when it is over."""

import json
import sys

import pytest
from sqlalchemy import select

from jobs.__main__ import main
from jobs.operator import people, subjects
from models.base import Sessions
from models.offices.offices import Contact
from notifiers.mask import mask
from reports import sheets as written
from rules import handovers
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel
from services import hearing, holders, tables
from services.sheets import BadSheet
from tests.stories.desk import DESK, ELECTION, POLICY, Desk

HEADINGS = ["Kantor", "Nama", "Jenis", "Sejak", "HP", "Surel"]
NEW = "+6282000000090"


@pytest.fixture
def desk(sessions: Sessions) -> Desk:
    return Desk(sessions)


def take(desk, *rows, dry=False):
    found = tables.rows(written.csv_(HEADINGS, rows), handovers.WANTED)
    return people.take(desk.rt, "tiga-kecamatan", found, dry=dry)


def listed(desk, office="camat-tamban"):
    return next(p for p in people.listed(desk.rt, "tiga-kecamatan") if p.office == office)


def test_a_list_says_who_holds_an_office_and_how_he_is_reached(desk):
    lines = take(desk, ["camat-tamban", "Ibu Baru, S.Sos.", "Plt.", "2024-01-29", "0820 0000 0090", ""])

    assert [line.refused for line in lines] == [False]
    assert listed(desk).holder == "Plt. Ibu Baru, S.Sos."
    assert desk.address("Camat Tamban", Channel.SMS) == NEW
    assert desk.address("Camat Tamban", Channel.EMAIL) == "tamban@desk.example"


def test_the_same_list_again_changes_nothing(desk):
    row = ["camat-tamban", "Ibu Baru", "", "", NEW, "-"]
    take(desk, row)

    (again,) = take(desk, row)

    assert again.does == "unchanged"
    assert listed(desk).contacts == ("sms +62820****90",)


def test_a_number_alone_can_be_replaced(desk):
    take(desk, ["camat-tamban", "Ibu Baru", "", "", "", ""])

    (line,) = take(desk, ["camat-tamban", "", "", "", NEW, ""])

    assert line.does == "new sms"
    assert listed(desk).holder == "Ibu Baru"


def test_the_same_number_again_revives_one_that_was_given_up_and_ends_its_task(desk):
    refused(desk)
    number = desk.address("Camat Tamban", Channel.SMS)

    (line,) = take(desk, ["camat-tamban", "", "", "", number, ""])

    assert line.does == "new sms"
    assert f"sms {mask(number)}" in listed(desk).contacts
    assert desk.tasks() == []


def test_who_comes_gets_no_address_that_was_given_up_unless_it_is_written_again(desk):
    refused(desk)

    take(desk, ["camat-tamban", "Ibu Baru", "", "", "", ""])

    assert listed(desk).holder == "Ibu Baru"
    assert listed(desk).contacts == ("email t***@desk.example",)


def test_all_that_was_given_up_is_revived_at_once_or_one_channel_alone(desk):
    refused(desk)
    desk.loses("Camat Mekarsari")

    assert people.revive(desk.rt, "tiga-kecamatan", Channel.EMAIL) == ["camat-mekarsari: email"]
    assert people.revive(desk.rt, "tiga-kecamatan", None) == ["camat-mekarsari: sms", "camat-tamban: sms"]
    assert people.revive(desk.rt, "tiga-kecamatan", None) == []
    assert desk.tasks() == []


def test_a_late_word_about_an_earlier_text_does_not_give_up_a_number_that_was_revived(desk):
    message = refused(desk)
    desk.clock.reads("H-1 17:00")
    people.revive(desk.rt, "tiga-kecamatan", None)

    with desk.rt.sessions.begin() as session:
        hearing.keep(session, Heard(message_id=message.id, fate=Fate.UNDELIVERED, dead=True), now=desk.clock.at)

    assert "(dead)" not in "".join(listed(desk).contacts)


def refused(desk):
    """The number of Camat Tamban was refused when a text went to it; which text."""
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.refuses(Channel.SMS, "Camat Tamban")
    desk.clock.reads("H-1 15:05")
    assert any("(dead)" in contact for contact in listed(desk).contacts)
    return next(message for message in desk.messages() if message.channel is Channel.SMS)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("62812 3456 7890", "+6281234567890", id="B065"),
        pytest.param("+62 0812 3456 7890", "+6281234567890", id="B066"),
        pytest.param("081234567890;ext=5", None, id="B069"),
        pytest.param("+628123456789\u200b", "+628123456789", id="B070"),
        pytest.param("021-5551234", None, id="B072"),
        pytest.param("110", None, id="B075"),
        pytest.param("+62", None, id="B077"),
        pytest.param("+62812345678901234", None, id="B079"),
        pytest.param("whatsapp:+6281234567890", None, id="B080"),
        pytest.param("8.12346E+11", None, id="B082"),
        pytest.param("'081234567890", "+6281234567890", id="B083"),
        pytest.param("08123456789O", None, id="a letter"),
        pytest.param("0812 3456 7890 / 0852 1234 5678", None, id="two numbers in one cell"),
    ],
)
def test_a_number_is_what_was_written_or_its_row_is_refused(desk, typed, kept):
    """The numbers of bad_inputs."""
    (line,) = take(desk, ["camat-tamban", "", "", "", typed, ""])

    assert line.row == 2
    assert line.refused is (kept is None)
    assert desk.address("Camat Tamban", Channel.SMS) == (kept or "+6282000000002")


def test_one_bad_row_and_nothing_is_taken_in(desk):
    lines = take(
        desk,
        ["camat-mekarsari", "Bapak Satu", "", "", NEW, ""],
        ["camat-tamban", "Ibu Dua", "", "05/02/24", "", ""],
        ["camat-tamban", "Ibu Tiga", "", "", "", ""],
        ["camat-entah", "Ibu Empat", "", "", "", ""],
    )

    assert [(line.row, line.refused) for line in lines] == [(2, False), (3, True), (4, True), (5, True)]
    assert listed(desk, "camat-mekarsari").holder == ""
    assert desk.address("Camat Mekarsari", Channel.SMS) == "+6282000000013"


def test_a_dry_run_says_the_same_and_does_nothing(desk):
    row = ["camat-tamban", "Ibu Baru", "", "", NEW, ""]

    dry = take(desk, row, dry=True)

    assert listed(desk).holder == ""
    assert dry == take(desk, row)


def test_what_is_over_is_erased_and_the_report_stays_as_it_was_filed(desk):
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    take(desk, ["camat-tamban", "Haji Lama", "", "2024-01-29", NEW, ""])
    desk.clock.reads("H-7 12:00")
    desk.files(key)
    take(desk, ["camat-tamban", "Ibu Baru", "", "", "+6282000000091", ""])

    erased = subjects.erase_past(desk.rt, "tiga-kecamatan", "camat-tamban")

    with desk.rt.sessions.begin() as session:
        left = set(session.scalars(select(Contact.address)))
    assert erased == (2, 1, 0)
    assert not left & {NEW, "+6282000000002"}
    assert listed(desk).holder == "Ibu Baru"
    assert desk.reports(key)[0].holder == "Haji Lama"
    assert subjects.erase_past(desk.rt, "tiga-kecamatan", "camat-tamban") == (0, 0, 0)


def test_the_command_masks_and_refuses_with_its_row(tmp_path, monkeypatch, capsys):
    def run(*words):
        monkeypatch.setattr(sys, "argv", ["desk", *words])
        try:
            return main(), *capsys.readouterr()
        except SystemExit as exit:
            return int(exit.code or 0), *capsys.readouterr()

    monkeypatch.setenv("DESK_DATABASE_URL", f"sqlite:///{tmp_path / 'desk.db'}")
    run("load", str(ELECTION), str(DESK), str(POLICY))
    good, bad = tmp_path / "baik.xlsx", tmp_path / "buruk.csv"
    good.write_bytes(written.xlsx(HEADINGS, [["camat-tamban", "Ibu Baru", "", "", "08200000 0090", ""]]))
    bad.write_bytes(written.csv_(HEADINGS, [["camat-tamban", "", "", "", "0820 0000 009O", ""]]))

    taken, refused = run("people", "import", str(good)), run("people", "import", str(bad))
    status, out, _ = run("people", "list", "--json")

    assert taken[0] == 0
    assert refused[0] == 1
    assert "row 2: camat-tamban: refused" in refused[1]
    assert "0000 009O" not in "".join(map(str, refused))
    (tamban,) = [line for line in map(json.loads, out.splitlines()) if line["office"] == "camat-tamban"]
    assert status == 0
    assert tamban["contacts"] == ["email t***@desk.example", "sms +62820****90"]


@pytest.mark.parametrize(("heading", "meant"), [("email", "surel"), ("E-Mail", "surel"), ("Telepon", "hp")])
def test_a_column_of_another_name_is_refused_for_else_the_old_address_would_stay(heading, meant):
    content = written.csv_(["Kantor", "Nama", heading], [["camat-tamban", "Ibu Baru", "baru@desk.example"]])

    with pytest.raises(BadSheet, match=rf"row 1: {heading.lower()} .*: did you mean {meant}\?"):
        holders.read(content)


def test_the_desks_file_is_printed_as_it_is_in_force(desk):
    assert people.file(desk.rt, "tiga-kecamatan") == DESK.read_text(encoding="utf-8")
