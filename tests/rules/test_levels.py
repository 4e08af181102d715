"""What each level calls the areas below it, and which codes lie there."""

import pytest

from rules import levels
from rules.levels import Level


@pytest.mark.parametrize(
    ("level", "name", "told", "short", "heading"),
    [
        (Level.REGENCY, "Tamban", "Kecamatan Tamban", "Kec. Tamban", "Kecamatan"),
        (Level.PROVINCE, "Kabupaten Tapin", "Kabupaten Tapin", "Kab. Tapin", "Kabupaten/Kota"),
        (Level.PROVINCE, "Kota Banjarbaru", "Kota Banjarbaru", "Kota Banjarbaru", "Kabupaten/Kota"),
        (Level.CENTRE, "Kalimantan Selatan", "Provinsi Kalimantan Selatan", "Prov. Kalimantan Selatan", "Provinsi"),
    ],
)
def test_an_area_is_called_what_its_level_calls_it(level, name, told, short, heading):
    assert levels.named(level, name) == told
    assert levels.bare(level, told) == name
    assert levels.short(told) == short
    assert levels.heading(level) == heading


@pytest.mark.parametrize(
    ("level", "area", "own", "inside"),
    [
        (Level.REGENCY, "63.04.02", "63.04", True),
        (Level.REGENCY, "63.05.02", "63.04", False),
        (Level.REGENCY, "63.04", "63.04", False),
        (Level.PROVINCE, "63.04", "63", True),
        (Level.PROVINCE, "63.04.02", "63", False),
        (Level.PROVINCE, "64.04", "63", False),
        (Level.CENTRE, "63", "00", True),
        (Level.CENTRE, "63.04", "00", False),
    ],
)
def test_a_desk_holds_the_areas_right_below_it(level, area, own, inside):
    assert levels.inside(level, area, own) is inside
