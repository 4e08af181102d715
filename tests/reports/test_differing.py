"""What one version of a report says otherwise than the one before, wherever it says it."""

from dataclasses import replace

from reports.government import differing
from reports.government.approved import Approved, Narrative
from reports.government.differing import Differs
from reports.government.facts import Status
from rules.policy import Severity
from tests.reports.samples import problem, week

NOTHING = Approved()


def between(before, now, was=NOTHING, is_=NOTHING):
    return differing.between(before, now, was, is_)


def test_of_the_same_nothing_differs():
    own = week()

    assert len(between(own, own)) == 0


def test_a_later_cut_off_alone_is_no_other_text():
    own = week()
    later = replace(own, header=replace(own.header, cut_off=own.header.cut_off.replace(minute=59)))

    assert len(between(own, later)) == 0


def test_problems_that_are_new_gone_or_other_are_named_with_each_field():
    old, same = problem(code="P-0001", title="Perahu"), problem(code="P-0002", title="Genset")
    changed = replace(same, status=Status.RESOLVED, severity=Severity.LOW)
    before, now = (replace(week(), problems=found) for found in ((old, same), (changed, problem(code="P-0003"))))

    found = between(before, now).problems

    assert Differs("P-0001", "disebut", "tidak disebut lagi") in found
    assert {own.what for own in found} == {"P-0001", "P-0002, Tingkat", "P-0002, Status", "P-0003, baru"}
    assert "Perahu" not in str(found)


def test_every_figure_that_changed_is_named_in_words():
    own = week()
    district = own.districts[0]
    fewer = replace(own, districts=(replace(district, reports=district.reports[1:]), *own.districts[1:]))

    figures = between(own, fewer).figures

    assert any(one.what.startswith(f"Kecamatan {district.name}") or district.name in one.what for one in figures)
    assert any(one.what == "Laporan, wajib" for one in figures)
    assert not any("." in one.what for one in figures)


def test_what_people_wrote_differs_sentence_by_sentence():
    own = week()
    was = Approved((Narrative("conclusion", "Aman."), Narrative("condition", "Sungai surut.")))
    is_ = Approved((Narrative("conclusion", "Aman."), Narrative("condition", "Sungai pasang.")))

    (text,) = between(own, own, was, is_).texts

    assert (text.before, text.now) == ("Sungai surut.", "Sungai pasang.")
