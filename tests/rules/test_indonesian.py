from datetime import UTC, date, datetime

import pytest

from rules import indonesian


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (999, "999"), (1090, "1.090"), (234988, "234.988"), (10**9, "1.000.000.000")]
)
def test_thousands_are_parted_by_dots(value, said):
    assert indonesian.number(value) == said


@pytest.mark.parametrize(("value", "said"), [(0, "nihil"), (1, "1"), (1090, "1.090")])
def test_no_findings_are_nihil(value, said):
    assert indonesian.count(value) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        pytest.param(853, 1000, "85,3%", id="comma before the decimal"),
        pytest.param(1, 8, "12,5%", id="exact"),
        pytest.param(3, 3, "100%", id="all"),
        pytest.param(0, 3, "0%", id="none"),
        pytest.param(9999, 10000, "99,9%", id="nearly all is never all"),
        pytest.param(1, 10000, "0,1%", id="hardly any is never none"),
        pytest.param(2, 4, "50,0%", id="a round share keeps its decimal"),
        pytest.param(1, 16, "6,3%", id="halves go up"),
        pytest.param(0, 0, "", id="of nothing there is no share"),
    ],
)
def test_shares(part, whole, said):
    assert indonesian.percent(part, whole) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2024, 2, 5), date(2024, 2, 11), "5 s.d. 11 Februari 2024"),
        (date(2024, 1, 29), date(2024, 2, 4), "29 Januari s.d. 4 Februari 2024"),
        (date(2023, 12, 25), date(2024, 1, 1), "25 Desember 2023 s.d. 1 Januari 2024"),
        (date(2024, 2, 14), date(2024, 2, 14), "14 Februari 2024"),
        (date(2023, 2, 5), date(2024, 2, 11), "5 Februari 2023 s.d. 11 Februari 2024"),
    ],
)
def test_periods_say_month_and_year_once(first, last, said):
    assert indonesian.period(first, last) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Jakarta", "12 Februari 2024 pukul 23.30 WIB"),
        ("Asia/Makassar", "13 Februari 2024 pukul 00.30 WITA"),
        ("Asia/Jayapura", "13 Februari 2024 pukul 01.30 WIT"),
        ("Asia/Kolkata", "12 Februari 2024 pukul 22.00 UTC+5.30"),
    ],
)
def test_instants_are_told_in_their_zone(zone, said):
    assert indonesian.moment(datetime(2024, 2, 12, 16, 30, tzinfo=UTC), zone) == said


def test_friday_is_jumat():
    assert indonesian.weekday(date(2024, 2, 16)) == "Jumat, 16 Februari 2024"


@pytest.mark.parametrize(("value", "said"), [(1, "1 (satu)"), (10, "10 (sepuluh)"), (11, "11")])
def test_annexes_are_counted_in_figures_and_words(value, said):
    assert indonesian.spelled(value) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param("+6281234567890", "0812-3456-7890", id="mobile"),
        pytest.param("+628123456789", "0812-3456-789", id="shorter mobile"),
        pytest.param("+625114799123", "(0511) 4799123", id="an area of three digits"),
        pytest.param("+62215551234", "(021) 5551234", id="Jakarta"),
        pytest.param("+621500046", "1500046", id="one number for the whole country"),
        pytest.param("+31612345678", "+31612345678", id="abroad"),
    ],
)
def test_a_telephone_number_is_written_as_it_is_dialled(number, said):
    assert indonesian.telephone(number) == said


@pytest.mark.parametrize(
    ("phone", "whatsapp", "said"),
    [
        ("+625114799123", None, "Sekretariat Desk, telepon (0511) 4799123"),
        (None, "+6281234567890", "Sekretariat Desk, WhatsApp 0812-3456-7890"),
        ("+6281234567890", "+6281234567890", "Sekretariat Desk, telepon/WhatsApp 0812-3456-7890"),
        (None, None, "Sekretariat Desk"),
    ],
)
def test_whom_to_ask_is_said_with_the_numbers_there_are(phone, whatsapp, said):
    assert indonesian.reached("Sekretariat Desk", phone, whatsapp) == said
