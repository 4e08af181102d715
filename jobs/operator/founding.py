"""Found a desk: read its table of offices, make its two files, write them where nothing stands yet."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from config import founding, loader, settings
from config.documents import Document
from config.errors import ConfigError, Finding
from config.founding import Place
from jobs.operator.refusals import Refusal
from reports import sheets as tables
from rules import founding as rule
from rules.founding import Seat
from services import sheets
from services.sheets import BadSheet

HEADINGS = ("jabatan", "tugas", "kecamatan", "tim", "nama sms", "hp", "surel")
WANTED = HEADINGS[:2]
CALLED = {
    **dict.fromkeys(("kantor", "nama jabatan", "pejabat", "office"), "jabatan"),
    **dict.fromkeys(("peran", "role", "fungsi"), "tugas"),
    **dict.fromkeys(("wilayah", "nama kecamatan", "district"), "kecamatan"),
    **dict.fromkeys(("team", "nama tim"), "tim"),
    **dict.fromkeys(("sms", "nama singkat", "singkatan"), "nama sms"),
    **dict.fromkeys(("telepon", "telp", "no hp", "nomor hp", "handphone", "ponsel", "phone"), "hp"),
    **dict.fromkeys(("email", "e-mail", "mail", "alamat email"), "surel"),
}
"""Other names that people give to columns, and our heading for each."""
_EXAMPLE = ("+62 812 3456 7890", "camat@contoh.example")


def sheet(districts: Mapping[str, str]) -> bytes:
    """The table to fill in: the offices every desk needs, the first with an example of a contact."""
    rows = [_row(seat, districts) for seat in rule.blank(districts)]
    rows[0] = [*rows[0][:5], *_EXAMPLE]
    return tables.xlsx(HEADINGS, rows)


def _row(seat: Seat, districts: Mapping[str, str]) -> list[str]:
    every = len(seat.districts) == len(districts)
    places = rule.ALL if every and len(districts) > 1 else "; ".join(districts[code] for code in seat.districts)
    return [seat.title, "; ".join(seat.posts), places, seat.team, seat.sms_name, "", ""]


def read(file: Path, districts: Mapping[str, str]) -> list[Seat]:
    """The offices of a filled table. Raises: Refusal, ConfigError: with all that is wrong, by row."""
    try:
        rows = sheets.read(file.read_bytes(), WANTED)
        sheets.refuse_unknown(rows, HEADINGS, CALLED)
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {error.strerror}") from None
    except BadSheet as error:
        raise Refusal(f"{file.name}: {error}") from None
    seats, faults = rule.seats([(row.number, row.cells) for row in rows], districts)
    if any({seat.phone, seat.email} & set(_EXAMPLE) for seat in seats):
        raise Refusal(f"{file.name}: the example of a contact still stands there: write the office's own")
    if faults:
        raise ConfigError([Finding(file.name, f.row, "", f.what, f.remedy) for f in faults])
    return seats


def desk(place: Place, seats: Sequence[Seat], file: Path, *, day: str, source: str) -> Document:
    """The desk's file as it would be written. Raises: ConfigError: an office cannot be told; by row of the table."""
    try:
        return loader.parse(founding.desk(place, seats, day=day), str(file))
    except ConfigError as error:
        raise ConfigError([_placed(found, seats, source) for found in error.findings]) from None


def _placed(found: Finding, seats: Sequence[Seat], source: str) -> Finding:
    """A finding in the text that we wrote, as one in the row that was filled in."""
    number = re.match(r"offices\[(\d+)\]\.?(\w*)", found.path)
    if not number:
        return found
    column = {"title": "jabatan", "phone": "hp", "email": "surel", "sms_name": "nama sms"}.get(number[2], "")
    seat = seats[int(number[1])]
    what = f"{column}: {found.message}" if column else found.message
    return Finding(source, seat.row, "", what, found.remedy)


def plain(name: str, value: str) -> str:
    """A value that a file of settings can hold. Raises: Refusal: with blanks or quotes; without the value."""
    if re.search(r"[\s\"'\\`$]", value):
        raise Refusal(f"{name} holds a blank, a quote, a $ or a backslash: write such characters of a password as %20")
    return value


def written(files: Mapping[Path, str]) -> None:
    """Write new files, for their owner alone. Raises: Refusal: one stands there already; then none is written."""
    if there := [str(file) for file in files if os.path.lexists(file)]:
        raise Refusal(f"{' and '.join(there)} stands there already, and nothing is overwritten: name another file")
    made: list[Path] = []
    try:
        for file, text in files.items():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            made.append(file)
            with os.fdopen(new, "w", encoding="utf-8") as out:
                out.write(text)
    except OSError as error:
        for file in made:
            file.unlink(missing_ok=True)
        raise Refusal(f"{error.filename or 'a file'} cannot be written: {error.strerror}") from None


def environment(values: Mapping[str, str]) -> str:
    """The file of settings. Raises: ConfigError: a setting is wrong; Refusal."""
    text = founding.environment({name: plain(name, value) for name, value in values.items()})
    trial = {name: value for name, value in values.items() if name != "DESK_DESK"}  # it is not written yet
    settings.tried(trial)
    return text
