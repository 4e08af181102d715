"""A new desk from a table of its offices: which does what, for which districts, in which team. Knows no file."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple

Wrong = Callable[[str, str], None]
"""How a reader of one cell says what is wrong, and the remedy."""

Line = tuple[int, Mapping[str, str]]
"""A row of the table: its number, and its cells by heading."""

LONGEST_IN_TEXTS = 20
ALL = "semua"


class Post(StrEnum):
    """What an office does at the desk, as the table says it."""

    REPORTER = "pelapor"
    MEMBER = "anggota"
    COORDINATOR = "koordinator"
    SECRETARY = "sekretaris"
    CHAIR = "ketua"
    SECRETARIAT = "sekretariat"


ONE_EACH = (Post.SECRETARY, Post.CHAIR, Post.SECRETARIAT)
PLACED = (Post.REPORTER, Post.COORDINATOR)
IN_TEAM = (Post.REPORTER, Post.MEMBER)


@dataclass(frozen=True, slots=True)
class Seat:
    """One office of a new desk, from one row. `districts` by code: where it reports, or which it coordinates."""

    row: int
    code: str
    title: str
    posts: tuple[Post, ...]
    districts: tuple[str, ...] = ()
    team: str = ""
    sms_name: str = ""
    phone: str = ""
    email: str = ""


class Fault(NamedTuple):
    """What is wrong with a table. `row` 0: with the whole of it."""

    row: int
    what: str
    remedy: str


def seats(
    rows: Iterable[tuple[int, Mapping[str, str]]], districts: Mapping[str, str]
) -> tuple[list[Seat], list[Fault]]:
    """The offices that rows name, and all that is wrong with them.

    Args:
        districts: the regency's, by code.
    """
    taken: set[str] = set()
    made: list[Seat] = []
    faults: list[Fault] = []
    for number, cells in rows:
        seat = _seat(number, cells, districts, taken, faults)
        taken.add(seat.code)
        made.append(seat)
    return made, faults or list(_gaps(made, districts))


def blank(districts: Mapping[str, str]) -> list[Seat]:
    """The offices that every desk needs, without contacts, for a table to fill in."""
    reporters = [_blank(f"Camat {name}", Post.REPORTER, (code,), "I") for code, name in districts.items()]
    return [
        *reporters,
        _blank("Kepala Dinas Komunikasi dan Informatika", Post.MEMBER, (), "I", "Kadis Kominfo"),
        _blank("Asisten Pemerintahan dan Kesejahteraan Rakyat", Post.COORDINATOR, tuple(districts), "", "Asisten I"),
        _blank("Kepala Badan Kesatuan Bangsa dan Politik", Post.SECRETARY, (), "", "Kaban Kesbangpol"),
        _blank("Sekretaris Daerah", Post.CHAIR, (), "", "Sekda"),
        _blank("Sekretariat Tim DESK Pemilu", Post.SECRETARIAT, (), "", "Sekretariat Desk"),
    ]


def brief(text: str, longest: int = LONGEST_IN_TEXTS) -> str:
    """A name as texts carry it: words between the first and the last shrink to a letter until it fits."""
    words = text.split()
    for place in range(len(words) - 2, 0, -1):
        if len(" ".join(words)) <= longest:
            break
        words[place] = f"{words[place][0]}."
    return " ".join(words)[:longest].strip()


def code(title: str, taken: Iterable[str] = ()) -> str:
    """The code of an office, from its title: camat-tapin-selatan."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:44].strip("-") or "kantor"
    known = set(taken)
    return next(own for n in range(1, len(known) + 2) if (own := base if n == 1 else f"{base}-{n}") not in known)


def _blank(title: str, post: Post, districts: tuple[str, ...], team: str, sms_name: str = "") -> Seat:
    return Seat(0, code(title), title, (post,), districts, team, sms_name or brief(title))


def _seat(
    row: int, cells: Mapping[str, str], districts: Mapping[str, str], taken: set[str], faults: list[Fault]
) -> Seat:
    def wrong(what: str, remedy: str) -> None:
        faults.append(Fault(row, what, remedy))

    title = " ".join(cells.get("jabatan", "").split())
    if not title:
        wrong("the office (jabatan) is blank", "Write its title as letters write it")
    posts = tuple(_posts(cells.get("tugas", ""), wrong))
    placed = tuple(_places(cells.get("kecamatan", ""), districts, wrong))
    if placed and not set(posts) & set(PLACED):
        wrong("districts are named, and the office neither reports nor coordinates", "Clear the cell, or look at tugas")
    if not placed and set(posts) & set(PLACED):
        wrong("no district (kecamatan) is named", f"Name those it {_does(posts)}, separated by ; or write {ALL}")
    team = cells.get("tim", "").strip() or ("I" if set(posts) & set(IN_TEAM) else "")
    if team and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,46}[A-Za-z0-9])?", team):
        wrong("the team (tim) is no short code", "Write such as I, II or A")
    named = " ".join(cells.get("nama sms", "").split()) or brief(title)
    phone, email = cells.get("hp", "").strip(), cells.get("surel", "").strip()
    return Seat(row, code(title, taken), title, posts, placed, team, named, phone, email)


def _does(posts: tuple[Post, ...]) -> str:
    return "reports for" if Post.REPORTER in posts else "coordinates"


def _posts(text: str, wrong: Wrong) -> Iterator[Post]:
    words = [word.strip().lower() for word in re.split("[;,]", text) if word.strip()]
    known = [str(post) for post in Post]
    if not words:
        wrong("what it does (tugas) is blank", f"Write one of {', '.join(known)}; two are separated by ;")
    for word in dict.fromkeys(words):
        if word in known:
            yield Post(word)
        else:
            near = get_close_matches(word, known, 1)
            wrong(
                f"'{word[:30]}' is no task", f"Did you mean {near[0]}?" if near else f"Write one of {', '.join(known)}"
            )


def _places(text: str, districts: Mapping[str, str], wrong: Wrong) -> Iterator[str]:
    if text.strip().lower() == ALL:
        yield from districts
        return
    by_name = {name.casefold(): code for code, name in districts.items()}
    for word in filter(None, (" ".join(part.split()) for part in re.split("[;,\n]", text))):
        if found := word if word in districts else by_name.get(word.casefold().removeprefix("kecamatan ")):
            yield found
        else:
            near = get_close_matches(word, list(districts.values()), 1, 0.6)
            remedy = f"Did you mean {near[0]}?" if near else "Write the name or the code of one"
            wrong(f"'{word[:30]}' is no district of this regency", remedy)


def _gaps(made: list[Seat], districts: Mapping[str, str]) -> Iterator[Fault]:
    """Every district has one reporter and one coordinator, and three posts are held by one office each."""
    for post in PLACED:
        first: dict[str, Seat] = {}
        for district, own in ((district, seat) for seat in made if post in seat.posts for district in seat.districts):
            if first.setdefault(district, own) is not own:
                what = f"{districts[district]} has a {post} already, in row {first[district].row}"
                yield Fault(own.row, what, "Name it in one of the two rows")
        if missing := [name for code, name in districts.items() if code not in first]:
            yield Fault(0, f"nobody is {post} of {', '.join(missing)}", f"Add a row, or the names to a {post}'s row")
    for post in ONE_EACH:
        rows = [seat.row for seat in made if post in seat.posts]
        if len(rows) > 1:
            yield Fault(rows[1], f"there is a second {post} (the first is in row {rows[0]})", "Keep one")
        if not rows:
            yield Fault(0, f"nobody is {post}", f"Write {post} under tugas of one office")
