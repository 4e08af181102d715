"""Guidance: two sentences on a team by rule, the same for all."""

import pytest

from rules.guidance import Guided, sentences


@pytest.mark.parametrize(
    ("own", "said"),
    [
        pytest.param(
            Guided(due=12, on_time=9, late=2, missing=1),
            "Dari 12 laporan Tim VIII yang jatuh tempo pada tahapan ini, 9 diterima tepat waktu, 2 terlambat, dan 1 "
            "belum masuk. Tercatat 0 laporan terisi sebagian, dan 0 dikembalikan untuk diperbaiki.",
            id="nothing but receipts",
        ),
        pytest.param(
            Guided(due=3, on_time=1, late=2, ours=1, partial=1, returned=1, promised=2, kept=1, advised=2, answered=2),
            "Dari 3 laporan Tim VIII yang jatuh tempo pada tahapan ini, 1 diterima tepat waktu, 2 terlambat, dan "
            "0 belum masuk, 1 di antaranya karena sebab pada Tim DESK. Tercatat 1 laporan terisi sebagian, 1 "
            "dikembalikan untuk diperbaiki, 1 dari 2 janji waktu ditepati, dan 2 dari 2 saran dan arahan dijawab.",
            id="with all that can be said",
        ),
        pytest.param(
            Guided(advised=1),
            "Tidak ada laporan Tim VIII yang jatuh tempo pada tahapan ini. Tercatat 0 laporan terisi sebagian, 0 "
            "dikembalikan untuk diperbaiki, dan 0 dari 1 saran dan arahan dijawab.",
            id="nothing was owed",
        ),
    ],
)
def test_two_sentences_say_what_the_facts_say(own, said):
    assert sentences("Tim VIII", own) == said


def test_districts_of_a_team_are_added_up():
    assert Guided(due=2, on_time=1, kept=1).plus(Guided(due=3, late=1)) == Guided(due=5, on_time=1, late=1, kept=1)
