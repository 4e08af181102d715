from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports import rehearsal_words as words
from reports.rehearsal_facts import Quiet
from reports.rehearsal_ledger import within

AT = datetime(2024, 2, 5, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(words.span(date(2024, 2, 5), date(2024, 2, 11)), "5 s.d. 11 Februari 2024", id="inside a month"),
        pytest.param(words.span(date(2024, 1, 29), date(2024, 2, 4)), "29 Januari s.d. 4 Februari 2024", id="a year"),
        pytest.param(words.span(date(2023, 12, 5), date(2024, 1, 1)), "5 Desember 2023 s.d. 1 Januari 2024", id="two"),
        pytest.param(words.span(None, None), "belum ditetapkan", id="an open stage"),
        pytest.param(words.brief_span(date(2023, 8, 1), date(2023, 10, 2)), "1 Agu – 2 Okt 2023", id="brief"),
        pytest.param(words.clock(AT.astimezone(ZoneInfo("Asia/Makassar"))), "15.00 WITA", id="Barito Kuala"),
        pytest.param(words.clock(AT.astimezone(ZoneInfo("Asia/Jayapura"))), "16.00 WIT", id="Papua"),
        pytest.param(words.clock(AT.astimezone(ZoneInfo("Asia/Jakarta"))), "14.00 WIB", id="Jakarta"),
        pytest.param(words.length(timedelta(days=1, hours=2, minutes=3)), "1 hari 2 jam", id="the two largest units"),
        pytest.param(words.length(timedelta(seconds=20)), "kurang dari 1 menit", id="hardly anything"),
        pytest.param(words.number(1234567), "1.234.567", id="a number"),
        pytest.param(words.reason("no longer owed: received"), "sudah tidak ditunggu", id="a reason we know"),
        pytest.param(words.link("/laporan/a b.pdf"), "laporan/a%20b.pdf", id="a link stays in the folder"),
    ],
)  # fmt: skip
def test_it_is_written_as_in_indonesia(said, expected):
    assert said == expected


FRIDAY, SATURDAY = date(2024, 2, 9), date(2024, 2, 10)


@pytest.mark.parametrize(
    ("day", "at", "window", "expected"),
    [
        pytest.param(FRIDAY, time(20), Quiet(time(20), time(7)), True, id="from the start on"),
        pytest.param(FRIDAY, time(7), Quiet(time(20), time(7)), False, id="at the end no more"),
        pytest.param(FRIDAY, time(6, 59), Quiet(time(20), time(7)), True, id="past midnight"),
        pytest.param(FRIDAY, time(12), Quiet(time(11, 30), time(13, 30), frozenset({4})), True, id="on its weekday"),
        pytest.param(SATURDAY, time(12), Quiet(time(11, 30), time(13, 30), frozenset({4})), False, id="not on another"),
        pytest.param(SATURDAY, time(6), Quiet(time(20), time(7), frozenset({4})), True, id="past its midnight"),
        pytest.param(FRIDAY, time(6), Quiet(time(20), time(7), frozenset({4})), False, id="and not to its morning"),
    ],
)  # fmt: skip
def test_when_an_office_is_left_in_peace(day, at, window, expected):
    assert within(datetime.combine(day, at, UTC), window) is expected
