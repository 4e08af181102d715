from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports.rehearsal import words

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
