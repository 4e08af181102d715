"""What is so of texts in a country: carriers, senders, words and links."""

import pytest

from rules.country import Country, Texts

TEXTS = Texts(11, frozenset({"INFO"}), ("pemilu",), (".go.id",), answered=False)
OWN = Country("X", texts=TEXTS)


def test_the_longest_prefix_names_the_carrier():
    country = Country("X", {"+6281": "one", "+62811": "two"}, {})

    assert country.carrier("+6281234567") == "one"
    assert country.carrier("+6281134567") == "two"
    assert country.carrier("+15550100") == ""
    assert country.carrier("") == ""


@pytest.mark.parametrize(
    ("sender", "brand", "expected"),
    [
        pytest.param("DeskBatola", "DeskBatola", [], id="the brand itself"),
        pytest.param("Desk Batola", "Tim Desk Batola", [], id="within the brand"),
        pytest.param("+6281234567", "Desk", [], id="a number is no name"),
        pytest.param("Batola", "Desk", ["is not in it"], id="another name than the brand"),
        pytest.param("Info", "Info Desk", ["too general"], id="a general name"),
        pytest.param("DESK-BATOLA", "DESK-BATOLA", ["plain letters"], id="other characters"),
        pytest.param("Desk Barito Kuala", "Desk Barito Kuala", ["up to 11"], id="too long"),
    ],
)
def test_a_sender_is_a_plain_name_that_stands_in_the_brand(sender, brand, expected):
    found = list(OWN.of_sender(sender, brand, answered=False))

    assert len(found) == len(expected)
    assert all(words in fault for words, fault in zip(expected, found, strict=True))


def test_nobody_can_answer_a_name():
    assert list(OWN.of_sender("Desk", "Desk", answered=True))
    assert not list(OWN.of_sender("+6281234567", "Desk", answered=True))


def test_a_filtered_word_is_found_whole_in_any_case():
    assert OWN.filtered("Desk: PEMILU 2024, pemilukada") == ["pemilu"]
    assert OWN.filtered("pemilukada") == []


def test_links_end_as_people_know_them():
    assert not list(OWN.of_link("desk.batola.go.id"))
    assert list(OWN.of_link("desk.batola.example"))
    assert not list(OWN.of_link(""))
