"""What a row of the inventory of places at risk says, and which places a problem touches."""

from datetime import date

import pytest

from config import loader
from rules import risks
from rules.risks import Does, Key, Refused, Risk, Why
from rules.typed import Fault
from tests.stories.desk import DESK

TODAY = date(2024, 2, 12)
ROW = {"desa": "Koanda", "kerawanan": "Blank spot", "sumber": "Bawaslu", "tanggal": "12 Februari 2024"}
KOANDA = "63.04.02.2011"


@pytest.fixture(scope="module")
def desk():
    return loader.read(DESK).value


def said(desk, **cells):
    return risks.read(ROW | cells, desk, today=TODAY)


def risk(station="", kind="blank-spot", note="", source="Bawaslu", village=KOANDA):
    return Risk(Key(village, station, kind), note, source, TODAY)


def test_a_row_names_a_place_why_by_whom_and_of_which_day(desk):
    assert said(desk) == (risk(),)


@pytest.mark.parametrize("name", ["Koanda", "desa  koanda", KOANDA])
def test_a_village_is_known_by_its_name_or_its_code(desk, name):
    assert said(desk, desa=name) == (risk(),)


@pytest.mark.parametrize("tps", ["3", "003", "TPS 3", "tps 03"])
def test_one_polling_station_has_one_number_however_it_is_written(desk, tps):
    assert said(desk, tps=tps) == (risk("3"),)


def test_a_place_may_have_several_reasons(desk):
    assert said(desk, kerawanan="blank spot; Rawan banjir, blank spot") == (risk(), risk(kind="banjir"))


@pytest.mark.parametrize(
    ("cells", "why", "column", "fault"),
    [
        pytest.param({"desa": "Antah"}, Why.NO_VILLAGE, risks.VILLAGE, None, id="a village that there is not"),
        pytest.param({"desa": ""}, Why.MISTYPED, risks.VILLAGE, Fault.MISSING, id="no village"),
        pytest.param({"kecamatan": "Antah"}, Why.NO_DISTRICT, risks.DISTRICT, None, id="a district that there is not"),
        pytest.param({"kecamatan": "Mekarsari"}, Why.NO_VILLAGE, risks.VILLAGE, None, id="a village of another one"),
        pytest.param({"tps": "1-4"}, Why.NO_STATION, risks.STATION, None, id="several polling stations"),
        pytest.param({"kerawanan": "angker"}, Why.NO_KIND, risks.KIND, None, id="a kind that the desk does not know"),
        pytest.param({"kerawanan": ""}, Why.NO_KIND, risks.KIND, None, id="no kind"),
        pytest.param({"sumber": ""}, Why.MISTYPED, risks.SOURCE, Fault.MISSING, id="no source"),
        pytest.param({"tanggal": ""}, Why.MISTYPED, risks.KNOWN_ON, Fault.MISSING, id="no day"),
        pytest.param({"tanggal": "12/02/24"}, Why.MISTYPED, risks.KNOWN_ON, Fault.NO_DAY, id="a day of two meanings"),
        pytest.param({"tanggal": "2024-02-13"}, Why.MISTYPED, risks.KNOWN_ON, Fault.AHEAD, id="tomorrow"),
        pytest.param({"keterangan": "x" * 301}, Why.MISTYPED, risks.NOTE, Fault.TOO_LONG, id="a long note"),
    ],
)
def test_a_row_that_cannot_be_taken_says_where_and_why(desk, cells, why, column, fault):
    with pytest.raises(Refused) as refused:
        said(desk, **cells)

    assert (refused.value.why, refused.value.column, refused.value.fault) == (why, column, fault)


def test_a_row_says_what_it_does_to_what_is_known(desk):
    rows = [(2, ROW), (3, ROW | {"tps": "3"}), (4, ROW | {"kerawanan": "banjir"}), (5, ROW | {"desa": "?"})]
    known = {risk().key: risk(), risk("3").key: risk("3", source="KPU")}

    lines = risks.propose(rows, desk, known, today=TODAY)

    assert [line.does for line in lines] == [Does.SAME, Does.CHANGES, Does.ADDS, Does.REFUSED]


def test_two_rows_that_say_different_things_of_one_place_are_refused(desk):
    rows = [(2, ROW), (3, ROW), (4, ROW | {"sumber": "KPU"})]

    lines = risks.propose(rows, desk, {}, today=TODAY)

    assert [line.does for line in lines] == [Does.ADDS, Does.ADDS, Does.REFUSED]
    assert lines[2].refused.why is Why.TWICE


@pytest.mark.parametrize(
    ("village", "station", "found"),
    [
        pytest.param(KOANDA, "TPS 003", ["", "3"], id="its own station and its village"),
        pytest.param(KOANDA, "4", [""], id="another station of the village"),
        pytest.param(KOANDA, "", [""], id="only the village is said: a risk of one station is not one of all"),
        pytest.param("63.04.13.2001", "3", [], id="another village"),
        pytest.param("", "", [], id="no place was said"),
    ],
)
def test_a_problem_touches_the_risks_of_the_place_that_it_names(village, station, found):
    own = [risk(), risk("3"), risk("7", "banjir")]

    assert [one.key.station for one in risks.of(own, village, station)] == found


def test_a_place_with_three_reasons_is_one_place():
    own = [risk("3"), risk("3", "banjir"), risk("3", "jauh"), risk()]

    assert risks.places(own) == 2
    assert risks.by_kind(own) == {"blank-spot": 2, "banjir": 1, "jauh": 1}


def test_only_districts_with_places_at_risk_are_asked_whether_they_were_heard_of(desk):
    own = [risk(), risk(village="63.04.13.2001")]

    assert risks.unheard(desk, own, {"63.04.02"}) == ["63.04.13"]
