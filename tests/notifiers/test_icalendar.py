"""A meeting in a calendar: right in every zone, whole whatever was typed, moved and cancelled under the same name."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest

from notifiers import icalendar, mime
from notifiers.icalendar import Meeting
from tests.notifiers.letters import letter

NOW = datetime(2024, 2, 1, 1, tzinfo=UTC)
STARTS = datetime(2024, 2, 6, 9, tzinfo=ZoneInfo("Asia/Makassar"))


def meeting(**changes):
    own = {
        "programme": "pemilu-2024/barito-kuala",
        "number": 12,
        "sequence": 0,
        "agenda": "Logistik",
        "place": "Aula",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=2),
        "giver": "Sekretaris Daerah",
        "contact": "mailto:sekretariat@desk.example",
    }
    return Meeting(**own | changes)


def read(text):
    """A careful reader of RFC 5545: unfold, then name, parameters and value of every line."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = {}
    for line in re.sub("\r\n[ \t]", "", text).splitlines():
        name, value = re.fullmatch(r'([A-Z-]+)(?:;[A-Z]+="[^"]*")*:(.*)', line).groups()
        found.setdefault(name, []).append(value)
    assert found["BEGIN"] == ["VCALENDAR", "VEVENT"]
    assert found["END"] == ["VEVENT", "VCALENDAR"]
    return {name: values[0] for name, values in found.items()}


def plain(value):
    """A TEXT value as it was before it was escaped."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def test_times_are_in_utc_so_that_every_zone_shows_them_right():
    for zone, starts in (("Asia/Jakarta", "T020000Z"), ("Asia/Makassar", "T010000Z"), ("Asia/Jayapura", "T000000Z")):
        at = STARTS.replace(tzinfo=ZoneInfo(zone))
        found = read(icalendar.calendar(meeting(starts_at=at, ends_at=at + timedelta(hours=1)), now=NOW).text)

        assert found["DTSTART"] == f"20240206{starts}"


@pytest.mark.parametrize(
    "typed",
    [
        "Gudang; kapal, dan \\ perahu",
        "Baris satu\nBaris dua\r\nBaris tiga",
        "BEGIN:VEVENT\r\nSUMMARY:palsu\r\nEND:VEVENT",
        "é" * 200,
        "🙂 " * 60,
        "a\x00b\x07c",
        "x" * 1000,
    ],
)
def test_whatever_was_typed_stays_one_value_and_is_read_as_it_was(typed):
    found = read(icalendar.calendar(meeting(agenda=typed, place=typed, giver=typed), now=NOW).text)

    said = re.sub(r"[\x00-\x09\x0b-\x1f]", "", typed.replace("\r\n", "\n"))
    assert plain(found["DESCRIPTION"]) == f"Agenda: {said}"
    assert plain(found["LOCATION"]) == said
    assert found["SUMMARY"] == "Rapat koordinasi (A-0012)"


def test_moved_and_cancelled_it_is_the_same_meeting_with_a_higher_number():
    first, moved = (read(icalendar.calendar(meeting(sequence=n), now=NOW).text) for n in (0, 1))
    gone = icalendar.calendar(meeting(sequence=2, cancelled=True), now=NOW)
    cancelled = read(gone.text)

    assert first["UID"] == moved["UID"] == cancelled["UID"]
    assert [one["SEQUENCE"] for one in (first, moved, cancelled)] == ["0", "1", "2"]
    assert (first["METHOD"], first["STATUS"]) == ("PUBLISH", "CONFIRMED")
    assert (gone.method, cancelled["METHOD"], cancelled["STATUS"]) == ("CANCEL", "CANCEL", "CANCELLED")


def test_an_agenda_that_stays_on_the_pages_is_not_in_the_file():
    found = read(icalendar.calendar(meeting(agenda=""), now=NOW).text)

    assert found["DESCRIPTION"] == "Agendanya ada pada halaman desk."


def test_a_mail_carries_words_and_the_meeting_as_a_file():
    own = icalendar.calendar(meeting(agenda="Kesiapan é; " * 20), now=NOW)
    mail = message_from_bytes(
        mime.compose(letter(html="<p>x</p>", calendars=(own, own)), "desk@desk.example"), policy=policy.default
    )

    words, *files = mail.iter_parts()
    assert words.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert [file.get_filename() for file in files] == ["undangan.ics"] * 2
    assert files[0].get_param("method") == "PUBLISH"
    assert (
        read(files[0].get_content().replace("\r\n", "\n").rstrip("\n").replace("\n", "\r\n") + "\r\n")["METHOD"]
        == "PUBLISH"
    )
