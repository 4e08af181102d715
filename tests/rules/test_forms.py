"""What a filled form becomes: conditions, numbers, doubts that are asked about, flaws that stop it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rules import forms, troubles
from rules.filing import Content
from rules.forms import Condition, Doubt, Figure, Form, Indicator, Sum
from rules.incidents import Details, Place
from rules.issues import Category, Circumstances
from rules.policy import Severity
from rules.troubles import Said
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

    assert [own.code for own in troubles.wished(FORM, filled.body)] == ["logistik"]
    assert troubles.said(filled.body, "logistik") == Said(Condition.TROUBLED, "Tertukar.", problem=True)


@pytest.mark.parametrize("condition", ["safe", "unseen", ""])
def test_a_tick_beside_what_is_not_troubled_is_asked_about_and_never_left_aside(condition):
    flaws = forms.read(FORM, {"c.logistik": condition, "p.logistik": "1"}).flaws

    assert flaws["c.logistik"] is Fault.NO_TROUBLE


def test_what_needs_attention_may_be_a_problem_too():
    filled = forms.read(FORM, {"c.logistik": "attention", "k.logistik": "Hujan.", "p.logistik": "1"})

    assert (filled.flaws, [own.code for own in troubles.wished(FORM, filled.body)]) == ({}, ["logistik"])


@pytest.mark.parametrize("body", [{}, {"indicators": 1}, {"indicators": {"logistik": 5}}, {"indicators": {"a": {}}}])
def test_what_has_another_shape_says_nothing_of_problems(body):
    assert troubles.wished(FORM, body) == []
    assert troubles.said(body, "logistik") == Said()


NOW = datetime(2024, 2, 14, 0, 0, tzinfo=UTC)
TAMBAN = Place({"63.04.02.2011": "Desa Koanda", "63.04.02.2001": "Desa Purwosari II"}, "Asia/Makassar", NOW)
TICKED = {"c.logistik": "troubled", "k.logistik": "Basah.", "p.logistik": "1"}


@pytest.mark.parametrize("village", ["63.04.02.2011", "Desa Koanda", " desa  KOANDA ", "koanda"])
def test_a_tick_may_say_how_grave_it_is_where_exactly_how_many_and_when(village):
    details = {"s.logistik": "high", "v.logistik": village, "t.logistik": "TPS  3", "a.logistik": "1.200"}

    filled = forms.read(FORM, TICKED | details | {"o.logistik": "2024-02-14 07.10"}, place=TAMBAN)

    assert filled.flaws == {}
    assert troubles.said(filled.body, "logistik").details == (
        Severity.HIGH,
        Circumstances("63.04.02.2011", "TPS 3", 1200, datetime(2024, 2, 13, 23, 10, tzinfo=UTC)),
    )


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("s.logistik", "fatal", Fault.NO_CHOICE),
        ("v.logistik", "Karya Baru", Fault.NO_VILLAGE),
        ("t.logistik", "1" * 21, Fault.TOO_LONG),
        ("a.logistik", "1,5", Fault.COMMA),
        ("o.logistik", "2024-02-14 08.01", Fault.AHEAD),
        ("o.logistik", "14/02/24", Fault.NO_DAY),
    ],
)
def test_what_cannot_be_said_of_a_problem_is_told_at_its_field(field, text, fault):
    assert forms.read(FORM, TICKED | {field: text}, place=TAMBAN).flaws == {field: fault}


def test_what_is_said_of_a_problem_without_the_tick_is_asked_about_and_never_left_aside():
    answers = {"c.logistik": "troubled", "k.logistik": "Basah.", "v.logistik": "Koanda"}

    assert forms.read(FORM, answers, place=TAMBAN).flaws == {"p.logistik": Fault.NOT_TICKED}


@pytest.mark.parametrize(
    ("chosen", "least", "severity"),
    [
        (None, Severity.LOW, Severity.MEDIUM),
        (Severity.LOW, Severity.LOW, Severity.LOW),
        (Severity.LOW, Severity.MEDIUM, Severity.MEDIUM),
        (Severity.MEDIUM, Severity.HIGH, Severity.HIGH),
        (Severity.HIGH, Severity.LOW, Severity.HIGH),
        (None, Severity.HIGH, Severity.HIGH),
    ],
)
def test_the_reporter_chooses_how_grave_it_is_and_the_form_may_raise_that_but_never_lower_it(chosen, least, severity):
    own = replace(FORM.indicators[0], severity=least)

    assert troubles.severity(own, Said(details=Details(chosen, Circumstances()))) is severity


def test_a_number_may_be_given_whatever_the_condition_is():
    assert forms.read(FORM, {"n.hadir": "1.000"}).body["indicators"]["partisipasi"]["numbers"] == {"hadir": 1000}


def test_more_polling_stations_than_there_are_is_asked_about():
    form = Form("buka", "Buka", (Indicator("tps", "TPS", "", (OPENED,), None, Severity.LOW),))
    place = TAMBAN._replace(counts={"stations": 198})

    assert forms.read(form, {"n.tps-buka": "199"}, place=place).doubts == {"n.tps-buka": Doubt.ABOVE_MOST}
    assert forms.read(form, {"n.tps-buka": "198"}, place=place).doubts == {}


OPENED = Figure("tps-buka", "TPS sudah dibuka", 2000, of="stations")


def test_names_the_form_does_not_know_are_left_aside():
    assert forms.read(FORM, {"c.logistik": "safe", "c.suara": "100", "n.suara": "-1"}).flaws == {}
