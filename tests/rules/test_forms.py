"""What a filled form becomes: conditions, numbers, doubts that are asked about, flaws that stop it."""

import pytest

from rules import forms
from rules.filing import Content
from rules.forms import Condition, Doubt, Figure, Form, Indicator, Sum
from rules.issues import Category
from rules.policy import Severity
from rules.typed import Fault

TURNOUT = (Figure("hadir-l", "Laki-laki"), Figure("hadir-p", "Perempuan"), Figure("hadir", "Seluruhnya", 1000))
FORM = Form(
    "contoh",
    "Laporan contoh",
    (
        Indicator("logistik", "Logistik", "", (), Category.LOGISTICS, Severity.MEDIUM),
        Indicator("partisipasi", "Partisipasi", "", TURNOUT, None, Severity.MEDIUM),
    ),
    (Sum(("hadir-l", "hadir-p"), "hadir"),),
    "d" * 64,
)


def test_all_looked_at_is_filled():
    filled = forms.read(FORM, {"c.logistik": "safe", "c.partisipasi": "safe", "n.hadir": "1.000"})

    assert (filled.content, filled.flaws, filled.doubts) == (Content.FILLED, {}, {})
    assert filled.body["indicators"]["partisipasi"] == {"condition": "safe", "numbers": {"hadir": 1000}}


def test_what_was_not_looked_at_is_said_and_makes_it_partial():
    filled = forms.read(FORM, {"c.logistik": "safe"})

    assert filled.content is Content.PARTIAL
    assert filled.body["indicators"]["partisipasi"] == {"condition": Condition.UNSEEN}


def test_an_empty_form_is_no_report():
    assert forms.read(FORM, {}).flaws == {"form": Fault.EMPTY}
    assert forms.read(FORM, {"facts": "  \n "}).flaws == {"form": Fault.EMPTY}


@pytest.mark.parametrize("answer", [{"facts": "Air naik."}, {"n.hadir": "5"}, {"k.logistik": "Menunggu kapal."}])
def test_anything_said_is_a_report(answer):
    assert forms.read(FORM, answer).flaws == {}


def test_the_headings_alone_are_a_form():
    assert forms.read(forms.PLAIN, {"facts": "Aman."}).content is Content.FILLED
    assert forms.read(forms.PLAIN, {}).flaws == {"form": Fault.EMPTY}


@pytest.mark.parametrize(
    ("answers", "doubts"),
    [
        pytest.param({"c.logistik": "troubled"}, {"k.logistik": Doubt.UNEXPLAINED}, id="trouble without a word"),
        pytest.param({"c.logistik": "attention", "k.logistik": "hujan"}, {}, id="explained"),
        pytest.param({"n.hadir": "1001"}, {"n.hadir": Doubt.ABOVE_MOST}, id="more than there can be"),
        pytest.param({"n.hadir-l": "4", "n.hadir-p": "5", "n.hadir": "10"}, {"n.hadir": Doubt.NO_SUM}, id="no sum"),
        pytest.param({"n.hadir-l": "4", "n.hadir-p": "6", "n.hadir": "10"}, {}, id="a sum"),
        pytest.param({"n.hadir-l": "4", "n.hadir": "10"}, {}, id="a part is missing: no sum to check"),
    ],
)
def test_what_looks_wrong_is_asked_about_and_not_refused(answers, doubts):
    filled = forms.read(FORM, answers)

    assert filled.doubts == doubts
    assert filled.flaws == {}


def test_flaws_are_told_by_field():
    filled = forms.read(FORM, {"c.logistik": "bagus", "n.hadir": "1,245", "k.logistik": "x" * 501})

    assert filled.flaws == {"c.logistik": Fault.NO_CHOICE, "n.hadir": Fault.COMMA, "k.logistik": Fault.TOO_LONG}


def test_a_problem_is_opened_only_where_asked_and_where_its_kind_is_known():
    answers = {"c.logistik": "troubled", "k.logistik": "Tertukar.", "p.logistik": "1"}
    also = {"c.partisipasi": "troubled", "k.partisipasi": "Sepi.", "p.partisipasi": "1"}

    filled = forms.read(FORM, answers | also)

    assert [(t.indicator.code, t.note) for t in filled.troubles] == [("logistik", "Tertukar.")]
    assert forms.read(FORM, answers | {"c.logistik": "safe"}).troubles == ()


def test_names_the_form_does_not_know_are_left_aside():
    assert forms.read(FORM, {"c.logistik": "safe", "c.suara": "100", "n.suara": "-1"}).flaws == {}
