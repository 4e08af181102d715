"""A province's desk by its file: its districts are regencies."""

from pathlib import Path

import pytest

from config import loader
from config.errors import ConfigError
from rules.levels import Level

CONFIG = Path(__file__).parents[2] / "config"
PROVINCE = CONFIG / "desks/contoh-kalimantan-selatan.yaml"


@pytest.fixture(scope="module")
def province():
    return loader.read(PROVINCE).value


def test_the_districts_of_a_province_are_its_regencies(province):
    assert province.level is Level.PROVINCE
    assert [d.code for d in province.districts] == [*(f"63.{n:02}" for n in range(1, 12)), "63.71", "63.72"]
    assert province.area_name("63.04") == "Kabupaten Barito Kuala"
    assert province.area_name("63") == "Provinsi Kalimantan Selatan"


def test_every_regency_owes_its_week_and_the_desk_its_own_to_the_minister(files):
    programme = loader.programme(files.election, loader.read(PROVINCE), loader.read(CONFIG / "policies/provinsi.yaml"))

    owed = [o for o in programme.obligations() if o.slot == "2024-W07"]

    assert [o.area for o in owed] == [*(d.code for d in programme.desk.districts), "63"]
    assert {(o.period_start, o.period_end) for o in owed} == {(owed[-1].period_start, owed[-1].period_end)}
    assert max(o.due_at for o in owed[:-1]) <= owed[-1].opens_at


def test_the_report_of_a_week_has_the_same_slot_above_and_below(files):
    above = loader.programme(files.election, loader.read(PROVINCE), loader.read(CONFIG / "policies/provinsi.yaml"))
    below = loader.programme(files.election, files.desk, files.policy)

    sent = {o.slot for o in below.obligations() if o.duty == "laporan-gubernur"}

    assert sent == {o.slot for o in above.obligations() if o.duty == "mingguan" and o.area == "63.04"}


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("level: province", "level: regency", "'63' is not the code of a regency"),
        ("level: province", "level: nation", "level:"),
        ('{code: "63.05",', '{code: "63.05.01",', "63.05.01 is no kabupaten/kota of 63"),
        ('{code: "63.05",', '{code: "62.05",', "62.05 is no kabupaten/kota of 63"),
        ('regency_code: "63"', 'regency_code: "00"', "is no kabupaten/kota of 00"),
    ],
)
def test_a_code_of_another_level_is_refused(was, becomes, told):
    text = PROVINCE.read_text(encoding="utf-8")
    assert was in text

    with pytest.raises(ConfigError) as refused:
        loader.parse(text.replace(was, becomes, 1), "desk.yaml")

    assert told in str(refused.value)


def test_only_a_duty_of_districts_takes_what_a_level_below_sent():
    text = (CONFIG / "policies/provinsi.yaml").read_text(encoding="utf-8")

    with pytest.raises(ConfigError, match="a duty per desk takes no report of a level below"):
        loader.parse(text.replace("    per: desk\n", "    per: desk\n    takes: laporan-gubernur\n"), "policy.yaml")
