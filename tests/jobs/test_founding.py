"""A desk made by questions and a table: whoever founds one writes no YAML, and nothing that stood is overwritten."""

import csv
import io
import stat

import pytest
from openpyxl import Workbook, load_workbook

from config import areas, loader
from config.errors import Unusable
from jobs.operator.founding import HEADINGS
from tests.stories.desk import ROOT

TAPIN = (
    *("--regency", "63.05", "--seat", "Rantau", "--province-seat", "Banjarbaru", "--yes", "--no-rehearsal"),
    *("--election", str(ROOT / "config/elections/pemilu-2024.yaml")),
    *("--policy", str(ROOT / "config/policies/default.yaml")),
)


def offices(**changed):
    """A filled table for Kabupaten Tapin; `changed` rows by their number in the file."""
    districts = areas.within("63.05")
    rows = [
        [f"Camat {d.name}", "pelapor", d.name, "I", "", f"+62 820 0000 {n:04}", ""] for n, d in enumerate(districts, 1)
    ]
    rows += [
        ["Kepala Dinas Kominfo", "anggota", "", "I", "Kadis Kominfo", "", "kominfo@tapin.example"],
        ["Asisten Pemerintahan", "koordinator", "semua", "", "", "+62 820 0000 0101", ""],
        ["Kepala Badan Kesbangpol", "sekretaris", "", "", "Kaban Kesbangpol", "", "kesbangpol@tapin.example"],
        ["Sekretaris Daerah", "ketua", "", "", "", "", "sekda@tapin.example"],
        ["Sekretariat Tim DESK Pemilu", "sekretariat", "", "", "Sekretariat Desk", "", "desk@tapin.example"],
    ]
    for number, row in changed.items():
        rows[int(number.removeprefix("row")) - 2] = row
    return rows


def table(tmp_path, rows):
    book = Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "kantor.xlsx")
    return str(tmp_path / "kantor.xlsx")


@pytest.fixture
def init(desk, tmp_path):
    """`./desk init` for Kabupaten Tapin with this table of offices."""

    def run(rows, *words):
        files = ("--desk", str(tmp_path / "new/desk.yaml"), "--settings", str(tmp_path / "new/desk.env"))
        return desk("init", *TAPIN, *files, "--from", table(tmp_path, rows), *words)

    return run


def test_a_table_of_offices_becomes_a_desk_that_owes_reports(init, tmp_path):
    done = init(offices())

    made = loader.read(tmp_path / "new/desk.yaml").value
    assert done.returncode == 0, done.stderr
    assert (made.code, made.regency, made.province, made.zone) == (
        "tapin",
        "Kabupaten Tapin",
        "Kalimantan Selatan",
        "Asia/Makassar",
    )
    assert [d.code for d in made.districts] == [f"63.05.{n:02}" for n in range(1, 13)]
    assert set(made.coordinators.values()) == {"asisten-pemerintahan"}
    assert made.teams[0].reporters["63.05.05"] == "camat-candi-laras-selatan"
    assert "reports owed, 12 districts, 17 offices" in done.stdout


def test_the_settings_are_for_their_owner_alone_and_let_nothing_out(init, tmp_path):
    init(offices(), "--mail", "smtp://desk:geheim@mail.example:587?tls=starttls", "--sender", "desk@tapin.example")

    file = tmp_path / "new/desk.env"
    lines = file.read_text().splitlines()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "DESK_SMTP_URL=smtp://desk:geheim@mail.example:587?tls=starttls" in lines
    assert "DESK_TRIAL_ALLOW=" in lines
    assert f"DESK_DESK={tmp_path / 'new/desk.yaml'}" in lines


def test_its_programme_loads_with_these_settings(init, desk, tmp_path):
    init(offices())
    lines = (tmp_path / "new/desk.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    settings["DESK_DATABASE_URL"] = f"sqlite:///{tmp_path / 'desk.db'}"

    done = desk("load", settings["DESK_ELECTION"], settings["DESK_DESK"], settings["DESK_POLICY"], **settings)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("pemilu-2024/tapin: ")


def test_nothing_that_stands_is_overwritten(init, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new/desk.env").write_text("DESK_SECRET_KEY=ours\n")

    done = init(offices())

    assert done.returncode == 1
    assert "stands there already, and nothing is overwritten" in done.stderr
    assert (tmp_path / "new/desk.env").read_text() == "DESK_SECRET_KEY=ours\n"
    assert not (tmp_path / "new/desk.yaml").exists()


def test_the_empty_table_names_every_office_and_is_refused_while_its_example_stands(desk, tmp_path):
    wrote = desk("init", "--regency", "Kabupaten Tapin", "--province", "Kalimantan Selatan", "--sheet", "kantor.xlsx")
    again = desk("init", "--regency", "63.05", "--sheet", "kantor.xlsx")
    refused = desk("init", *TAPIN, "--from", "kantor.xlsx")

    rows = list(load_workbook(tmp_path / "kantor.xlsx").active.iter_rows(values_only=True))
    assert (wrote.returncode, rows[0], rows[1][:3]) == (0, HEADINGS, ("Camat Binuang", "pelapor", "Binuang"))
    assert len(rows) == 18
    assert (again.returncode, "nothing is overwritten" in again.stderr) == (1, True)
    assert (refused.returncode, "the example of a contact still stands" in refused.stderr) == (1, True)


BINUANG = ["Camat Binuang", "pelapor", "Binuang", "I", "", "+62 820 0000 0001", ""]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param([*BINUANG[:5], "+62 820 0000 0002", ""], ":3: hp: ", id="two offices with one number"),
        pytest.param([*BINUANG[:5], "0812-3456-789O", ""], ":2: hp: ", id="a letter in a number"),
        pytest.param([*BINUANG[:5], "", ""], "has neither email nor phone", id="nobody can be told"),
        pytest.param(["Camat Binuang", "pelapor", "Binuwang", *BINUANG[3:]], "Did you mean Binuang?", id="a slip"),
        pytest.param(["Camat Binuang", "plapor", "Binuang", *BINUANG[3:]], "Did you mean pelapor?", id="a wrong task"),
        pytest.param(["Camat Binuang", "pelapor", "Piani", *BINUANG[3:]], "has a pelapor already", id="two report"),
        pytest.param(
            ["Camat Binuang", "anggota", "", *BINUANG[3:]], "nobody is pelapor of Binuang", id="nobody reports"
        ),
        pytest.param(["Camat" + " x" * 5000, *BINUANG[1:]], "at most", id="a cell of 10,000 characters"),
        pytest.param(["=1+1", *BINUANG[1:]], "is a formula", id="a formula"),
        pytest.param(["", *BINUANG[1:]], "the office (jabatan) is blank", id="no title"),
        pytest.param([*BINUANG[:3], "tim: I", *BINUANG[4:]], "no short code", id="a team that is no code"),
    ],
)
def test_a_row_that_cannot_be_is_told_with_its_place_and_nothing_is_written(init, tmp_path, row, said):
    done = init(offices(row2=row))

    assert done.returncode in (1, 78)
    assert "kantor.xlsx" in done.stderr
    assert said in done.stderr
    assert "0000 00" not in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "title", ['Camat "Binuang"', "Camat: Binuang #1", "Camat 'B' {x: [y]}", "- Camat & Binuang", "Camat \\ Binuang"]
)
def test_what_means_something_in_yaml_is_only_a_title(init, tmp_path, title):
    done = init(offices(row2=[title, *BINUANG[1:4], "Camat Binuang", *BINUANG[5:]]))

    assert done.returncode == 0, done.stderr
    assert loader.read(tmp_path / "new/desk.yaml").value.offices[0].title == title


@pytest.mark.parametrize(
    "mail",
    ["smtp://desk:a b@mail.example", 'smtp://desk:"x@mail.example', "smtp://u:p@mail.example\nDESK_SECRET_KEY=x"],
)
def test_a_value_that_a_file_of_settings_cannot_hold_is_refused_and_not_repeated(init, tmp_path, mail):
    done = init(offices(), "--mail", mail, "--sender", "desk@tapin.example")

    assert done.returncode == 1
    assert "DESK_SMTP_URL holds a blank, a quote" in done.stderr
    assert "mail.example" not in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_wrong_setting_is_refused_before_anything_is_written(init, tmp_path):
    done = init(offices(), "--public-url", "desk.example")

    assert (done.returncode, "DESK_PUBLIC_URL" in done.stderr) == (78, True)
    assert not (tmp_path / "new").exists()


def test_whoever_answers_questions_needs_no_table(desk, tmp_path, monkeypatch):
    answers = [
        *("Kalimantan Selatan", "Tapin", "", "Rantau", "Banjarbaru", "", "", "", "", ""),
        *("not a number", "+62 820 0000 0001"),
        *(f"+62 820 0000 {n:04}" for n in range(2, 13)),
        *(f"kantor{n}@tapin.example" for n in range(5)),
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    files = ("--desk", str(tmp_path / "desk.yaml"), "--settings", str(tmp_path / "desk.env"))

    done = desk("init", *files, *TAPIN[-4:], "--no-rehearsal")

    assert done.returncode == 0, done.stderr
    assert "holds a letter" in done.stderr
    made = loader.read(tmp_path / "desk.yaml").value
    assert (made.brand, made.signatory, len(made.offices)) == ("Desk Tapin", "BUPATI TAPIN", 17)


def test_nobody_to_answer_is_told_which_option_is_missing(desk):
    done = desk("init", "--regency", "63.05", "--yes")

    assert (done.returncode, done.stdout) == (1, "")
    assert "--seat is needed" in done.stderr


def test_it_ends_with_a_rehearsal_that_can_be_looked_at(desk, tmp_path):
    words = [word for word in TAPIN if word != "--no-rehearsal"]
    files = ("--desk", str(tmp_path / "desk.yaml"), "--settings", str(tmp_path / "desk.env"))

    done = desk("init", *words, *files, "--from", table(tmp_path, offices()), "--rehearsal", str(tmp_path / "gladi"))

    assert done.returncode == 0, done.stderr
    assert "nothing was sent" in done.stdout
    assert (tmp_path / "gladi/index.html").is_file()


def test_the_districts_of_barito_kuala_are_those_of_the_decree():
    with (ROOT / "tests/config/facts/districts_63.04.csv").open(encoding="utf-8") as file:
        facts = [(line["code"], line["name"]) for line in csv.DictReader(file)]

    assert [tuple(area) for area in areas.within("63.04")] == facts


def test_every_regency_of_the_table_lies_in_a_province_with_a_zone():
    provinces = areas.within("")
    regencies = [own for province in provinces for own in areas.within(province.code)]

    assert (len(provinces), len(regencies)) == (38, 514)
    assert all(areas.within(own.code) for own in regencies)
    assert {areas.zone(own.code) for own in provinces} == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}


def test_a_name_that_two_regencies_share_must_be_told_apart():
    with pytest.raises(Unusable, match="name of several"):
        areas.find("Bandung", "32")

    assert areas.find("Kota Bandung", "32").code == "32.73"
