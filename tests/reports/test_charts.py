import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from hypothesis import given, settings

from reports.government import charts, figures
from reports.government.facts import Content, Status
from rules.issues import Category
from tests.reports import samples
from tests.reports.samples import district, owed, problem, received, waived, week

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_bar_of_a_district_has_its_numbers_and_total():
    place = district(
        2,
        received("R-1"),
        received("R-2"),
        received("R-3", Content.NIL),
        received("R-4", late=True),
        *(owed(f"R-1{n}") for n in range(3)),
        waived("R-9", "banjir"),
    )

    assert texts(charts.received(week(place)).svg)[5:] == ["Tamban", "2", "1", "1", "3", "1", "8"]


def test_districts_stand_in_the_order_of_their_codes():
    shown = texts(charts.received(week()).svg)

    assert [name for name in shown if name in samples.NAMES] == list(samples.NAMES)


def test_bars_are_told_apart_without_colour():
    svg = charts.received(week(district(1, received("R-1"), received("R-2", late=True), owed("R-3")))).svg

    assert "url(#hatched)" in svg
    assert "stroke-dasharray" in svg


def test_all_seven_categories_are_there_and_the_empty_ones_say_nihil():
    told = (problem(), problem("P-2", status=Status.RESOLVED), problem("P-3", category=Category.SECURITY))

    shown = texts(charts.treatment(week(problems=told)).svg)

    assert shown.count("nihil") == 5
    assert shown[shown.index("Logistik") :][:4] == ["Logistik", "1", "1", "2"]


def test_names_cannot_leave_their_place_in_the_drawing():
    evil = "</text><image href='x'/>"

    svg = charts.received(week(replace(district(1, owed("R-1")), name=evil))).svg

    assert not list(ET.fromstring(svg).iter(f"{SVG}image"))
    assert evil[:20] in "".join(texts(svg))


def test_who_cannot_see_a_chart_is_told_every_figure_in_it():
    place = district(2, received("R-1"), received("R-2", Content.NIL), received("R-4", late=True), owed("R-5"))

    said = charts.received(week(place, district(3))).alt

    assert "Tamban: 4 (diterima, berisi 1; diterima, nihil 1; diterima setelah batas waktu 1; belum" in said
    assert "Anjir Pasar: tidak ada." in said


@given(samples.weeks())
@settings(deadline=None)
def test_the_totals_at_the_bars_are_what_was_owed(some):
    shown = texts(charts.received(some).svg)
    told = figures.printed(some)

    for place in some.districts:
        after = shown[shown.index(place.name) :]
        owed_there = told[f"district.{place.code}.owed"]
        end = next((n for n, text in enumerate(after[1:], 1) if not re.fullmatch(r"[\d.]+|nihil", text)), len(after))
        assert after[end - 1] == (str(owed_there) if owed_there else "nihil")
