"""What is taken has the form's shape, whatever way it came: what no page can show gets no receipt."""

import pytest

from rules import forms, shapes
from rules.filing import Content
from rules.forms import Figure, Form, Indicator
from rules.issues import Category
from rules.policy import Severity
from rules.shapes import Malformed

FORM = Form(
    "harian",
    "Laporan harian",
    (
        Indicator("logistik", "Logistik", "", (Figure("desa", "Desa"),), Category.LOGISTICS, Severity.LOW, photo=True),
        Indicator("isu", "Isu", "", (), None, Severity.LOW),
    ),
)
LOOKED = {"logistik": {"condition": "safe", "numbers": {"desa": 4}}, "isu": {"condition": "safe"}}


def of(**own):
    return {"indicators": {"logistik": {"condition": "safe"} | own}}


def troubled(**more):
    """A problem of logistics, with what is said of it."""
    return of(condition="troubled", problem=True, **more)


KNOWN = troubled(
    severity="high", village="63.04.02.2011", station="3", affected=40, observed_at="2024-02-13T23:10:00+00:00"
)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param({"indicators": {"a": 1}}, "'a' is not known", id="an indicator that no form has"),
        pytest.param({"indicators": {"logistik": 1}}, "indicators.logistik: an object", id="a number for an indicator"),
        pytest.param({"indicators": [1]}, "indicators: an object", id="a list of indicators"),
        pytest.param({"indicators": None}, "indicators: an object", id="null for indicators"),
        pytest.param({"indicators": {"logistik": {}}}, "condition", id="no condition"),
        pytest.param(of(condition="bagus"), "condition", id="a condition that is none"),
        pytest.param(of(condition=["safe"]), "condition", id="a list for a condition"),
        pytest.param(of(photos=5), "photos: a list", id="a number of photos"),
        pytest.param(of(photos=["abc"]), "did not come with it", id="a photo that did not come"),
        pytest.param(of(problem=1), "problem: true or false", id="a number for the wish to open a problem"),
        pytest.param(of(problem=True), "problem: only what is troubled", id="a problem where all is safe"),
        pytest.param(of(numbers={"desa": "4"}), "desa: a whole number", id="a number as text"),
        pytest.param(of(numbers={"desa": True}), "desa: a whole number", id="a yes for a number"),
        pytest.param(of(numbers={"desa": -1}), "desa: a whole number", id="less than nothing"),
        pytest.param(of(numbers={"desa": 1.5}), "desa: a whole number", id="half a village"),
        pytest.param(of(numbers={"desa": 10**9}), "desa: a whole number", id="more than there can be"),
        pytest.param(of(numbers=[4]), "numbers: an object", id="a list of numbers"),
        pytest.param(of(numbers={"suara": 4}), "'suara' is not known", id="a number that nobody asked for"),
        pytest.param(of(note={"a": 1}), "note: a text", id="a note that is an object"),
        pytest.param(of(note="x" * 501), "at most 500", id="a note too long"),
        pytest.param(of(isi="x"), "'isi' is not known", id="a field that nobody knows"),
        pytest.param({"indicators": {"isu": {"condition": "safe", "photos": []}}}, "photos", id="photos where none go"),
        pytest.param(of(village="x"), "only a problem has it", id="a village of no problem"),
        pytest.param(troubled(village="x"), "village: 'x' is none that is known", id="a village of elsewhere"),
        pytest.param(troubled(village=[1]), "village: ", id="a list of villages"),
        pytest.param(troubled(severity="fatal"), "severity: 'fatal'", id="graver than there is"),
        pytest.param(troubled(station="1" * 21), "at most 20", id="a polling station too long"),
        pytest.param(troubled(affected=-1), "affected: a whole number", id="fewer than nobody"),
        pytest.param(troubled(observed_at="2024-02-14"), "observed_at: a time with its offset", id="seen on a day"),
        pytest.param({"facts": 5}, "facts: a text", id="a heading that is a number"),
        pytest.param({"note": ["Aman."]}, "note: a text", id="a list for a text"),
        pytest.param({"note": "x" * 4001}, "at most 4000", id="a text too long"),
        pytest.param({"files": "abc"}, "files: a list", id="one file as a text"),
        pytest.param({"files": ["abc"]}, "did not come with it", id="a file that did not come"),
        pytest.param({"isi": "Aman."}, "'isi' is not known", id="a heading that nobody knows"),
        pytest.param({}, "says nothing", id="nothing at all"),
        pytest.param({"note": " \n "}, "says nothing", id="blanks"),
        pytest.param({"indicators": {}}, "says nothing", id="no indicator"),
        pytest.param({"indicators": {"isu": {"condition": "unseen"}}}, "says nothing", id="nothing looked at"),
    ],
)
def test_what_no_page_can_show_is_not_taken(body, where):
    with pytest.raises(Malformed, match=where):
        shapes.shaped(FORM, Content.FILLED, body)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        pytest.param({"note": "Aman."}, Content.FILLED, id="a text"),
        pytest.param({"note": "Aman.", "files": ["abc"]}, Content.FILLED, id="a text and a file"),
        pytest.param({"facts": "Aman."}, Content.FILLED, id="one of the four headings"),
        pytest.param({"indicators": LOOKED}, Content.FILLED, id="everything looked at"),
        pytest.param(KNOWN, Content.PARTIAL, id="a problem with all that is known of it"),
        pytest.param({"indicators": {"isu": {"condition": "safe"}}}, Content.PARTIAL, id="something not looked at"),
        pytest.param(of(condition="troubled", problem=True), Content.PARTIAL, id="the wish to open a problem"),
        pytest.param(of(photos=["abc"]), Content.PARTIAL, id="a photo that came"),
    ],
)
def test_what_has_the_forms_shape_is_taken_as_it_is(body, content):
    assert shapes.shaped(FORM, Content.FILLED, body, {"abc"}, ["63.04.02.2011"]) == (content, body)


def test_a_nil_report_says_nothing_more():
    assert shapes.shaped(FORM, Content.NIL, {}) == (Content.NIL, {})
    with pytest.raises(Malformed):
        shapes.shaped(FORM, Content.NIL, {"note": "Aman."})


def test_whatever_a_form_reads_has_its_shape():
    filled = forms.read(FORM, {"c.logistik": "safe", "n.desa": "4", "facts": "Aman."}, {"f.logistik": ["abc"]})

    assert shapes.shaped(FORM, filled.content, filled.body, {"abc"}) == (filled.content, filled.body)
