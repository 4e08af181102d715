"""What a row of a table reports, or why it is refused."""

import pytest

from rules import forms, uploads
from rules.filing import Content, Via
from rules.typed import Fault
from rules.uploads import Does, Place, Proposed, Refused, Why

PLACE = Place(
    area="Kecamatan Tamban",
    zone="Asia/Makassar",
    nil=True,
    form=forms.PLAIN,
    offices={"camat tamban": "camat-tamban"},
    ways={"telepon": Via.PHONE},
    usual=Via.EMAIL,
)


@pytest.mark.parametrize(
    ("cells", "content"),
    [
        pytest.param({}, None, id="a row left blank is nothing"),
        pytest.param({"nihil": "tidak"}, None, id="no is not a report"),
        pytest.param({"nihil": "Ya"}, Content.NIL, id="nil"),
        pytest.param({"teks": "Aman."}, Content.FILLED, id="as it was told"),
        pytest.param({"fakta [facts]": "Tiba."}, Content.FILLED, id="by the form"),
    ],
)
def test_what_a_row_reports(cells, content):
    found = uploads.reported(cells, PLACE)

    assert (found and found.content) == content


@pytest.mark.parametrize(
    ("cells", "why", "fault"),
    [
        ({"kecamatan": "Kecamatan Mekarsari", "nihil": "ya"}, Why.OTHER_AREA, None),
        ({"nihil": "ya", "teks": "Ada."}, Why.SEVERAL, None),
        ({"nihil": "mungkin"}, Why.MISTYPED, Fault.NO_CHOICE),
        ({"nihil": "ya", "diterima": "14/02/24 10.00"}, Why.MISTYPED, Fault.NO_DAY),
        ({"nihil": "ya", "diterima": "2024-02-14"}, Why.MISTYPED, Fault.NO_TIME),
        ({"nihil": "ya", "melalui": "tautan"}, Why.NO_WAY, None),
        ({"nihil": "ya", "dari kantor": "Sekda"}, Why.NO_OFFICE, None),
    ],
)
def test_a_row_that_may_mean_something_else_is_refused(cells, why, fault):
    with pytest.raises(Refused) as refused:
        uploads.reported(cells, PLACE)

    assert (refused.value.why, refused.value.fault) == (why, fault)


def test_whatever_a_row_does_otherwise_is_another_summary():
    line = Proposed(2, "R-0001", Does.FILES, 1, "a")
    others = [
        Proposed(2, "R-0001", Does.CORRECTS, 2, "a"),
        Proposed(2, "R-0001", Does.FILES, 1, "b"),
        Proposed(3, "R-0001", Does.FILES, 1, "a"),
    ]

    assert len({uploads.summary([own]) for own in (line, *others)}) == 4
