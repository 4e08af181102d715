"""The page a rehearsal leaves behind: what was owed, what was said, to whom, and whether the promises held.

Plain HTML that works without a script, from any disk, on any screen and on paper. Facts in, pages out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment

from reports import templates
from reports.rehearsal import amended, beside, boards, charts, costs, hours, stories, watched, words
from reports.rehearsal.facts import Area, Document, Duty, Office, Outage, RehearsalFacts, Scenario, Stage
from reports.rehearsal.ledger import Ledger, grouped
from reports.rehearsal.lines import Message, Row, State
from reports.rehearsal.promises import brought, promises
from reports.rehearsal.words import clean
from rules.fairness import Cause
from rules.indonesian import DAYS, percent
from rules.quiet import Window

__all__ = [
    "Area", "Document", "Duty", "Office", "Outage", "RehearsalFacts", "Scenario", "Stage", "page",
]  # fmt: skip

TEMPLATES = Path(__file__).parent / "templates"
SAMPLE = 6


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one duty in one district."""

    anchor: str
    name: str
    rows: list[tuple[Row, list[stories.Occasion]]]
    tally: boards.Tally


@dataclass(frozen=True, slots=True)
class OfficeLine:
    title: str
    page: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A report to the Government with all its files, `(PDF, path)`."""

    title: str
    period: str
    figures: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]


def page(facts: RehearsalFacts) -> dict[str, str]:
    """The pages by their path in the folder, `index.html` first. The same facts give the same text.

    Links stay inside the folder; `documents` and `file` of messages are linked as given.

    Raises:
        KeyError: a line lacks a field that it must have.
        ValueError: a time that is not ISO 8601, a word that is none of `timeliness`.
    """
    ledger = Ledger(facts)
    climbs = stories.climbs(ledger)
    shared = _shared(ledger)
    return {
        "index.html": _render("index", shared | _index(ledger, climbs)),
        **dict(_rows(ledger, shared)),
        **dict(_stages(ledger, shared)),
        **dict(_offices(ledger, shared)),
        **({"escalations.html": _render("escalations", shared | {"climbs": climbs})} if climbs else {}),
    }


@cache
def _environment() -> Environment:
    environment = templates.environment(TEMPLATES)
    environment.filters.update(words.FILTERS)
    environment.globals["heard"] = stories.occasions
    environment.globals.update(
        span=words.span,
        brief_span=words.brief_span,
        percent=percent,
        quiet_words=_quiet_words,
        state_words=boards.STATES,
    )
    return environment


def _render(name: str, values: Mapping[str, Any]) -> str:
    return _environment().get_template(f"{name}.html.j2").render(values)


def _shared(ledger: Ledger) -> dict[str, Any]:
    used = {row.state for row in ledger.rows}
    always = {State.ON_TIME, State.LATE, State.MISSING}
    return {
        "facts": ledger.facts,
        "ledger": ledger,
        "root": "",
        "brand": _brand(ledger),
        "used_states": [state for state in State if state in used | always],
    }


def _index(ledger: Ledger, climbs: list[stories.Climb]) -> dict[str, Any]:
    chart = charts.bars(ledger)
    of_districts = [row for row in ledger.rows if row.of_district]
    of_others = [row for row in ledger.rows if not row.of_district]
    slots, slot_board = boards.voting_week(ledger)
    by_stage, whole = costs.costs(ledger, chart.channels)
    channels = Counter(message.channel for message in ledger.gone)
    return {
        "zone_name": charts.zone_name(ledger),
        "whole": boards.tally(ledger.rows),
        "causes": _causes(ledger),
        "channel_counts": [(channel, channels[channel]) for channel in chart.channels],
        "notice_counts": _ordered(Counter(words.ended(notice.state, notice.reason) for notice in ledger.notices)),
        "promises": promises(ledger, climbs),
        "brought": brought(ledger),
        "calendar": charts.calendar(ledger),
        "stage_pages": ledger.stage_pages,
        "duty_board": boards.by_duty(ledger, of_districts),
        "other_board": boards.by_duty(ledger, of_others),
        "slots": slots,
        "slot_board": slot_board,
        "chart": chart,
        "weekdays": hours.weekdays(ledger),
        "voting_hours": hours.voting_hours(ledger),
        "office_lines": _office_lines(ledger, chart.channels),
        "sample": _sample(ledger),
        "letter": _letter(ledger),
        "costs": by_stage,
        "cost": whole,
        "price": costs.price(ledger),
        "problems": stories.problems(ledger),
        "looks": watched.looks(ledger),
        "beside": beside.beside(ledger),
        "amended": amended.amended(ledger),
        "documents": _papers(ledger.facts.documents),
        "climbs": climbs,
        "proved": sum(climb.proved for climb in climbs),
        "shortest": min((climb.waited for climb in climbs if climb.waited is not None), default=None),
    }


def _rows(ledger: Ledger, shared: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    order = boards.duties(ledger)
    for code, rows in ledger.by_area.items():
        own = grouped(rows, lambda row: row.duty)
        groups = [
            _group(boards.duty_anchor(order, duty), ledger.duty_name(duty), own[duty]) for duty in order if duty in own
        ]
        values = {"area": ledger.areas[code], "tally": boards.tally(rows), "groups": groups, "root": "../"}
        yield ledger.area_pages[code], _render("rows", {**shared, **values})


def _group(anchor: str, name: str, rows: list[Row]) -> Group:
    return Group(anchor, name, [(row, stories.occasions(row.notices)) for row in rows], boards.tally(rows))


def _stages(ledger: Ledger, shared: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for code, path in ledger.stage_pages.items():
        stage = ledger.stages.get(code)
        areas, lines = boards.of_stage(ledger, code)
        values = {
            "stage": stage,
            "name": stage.name if stage else code or "Di luar tahapan",
            "areas": areas,
            "lines": lines,
            "tally": boards.tally(ledger.by_stage[code]),
            "root": "../",
        }
        yield path, _render("stage", {**shared, **values})


def _offices(ledger: Ledger, shared: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for code, messages in ledger.by_office.items():
        values = {
            "title": ledger.title(code),
            "texts": [message for message in messages if message.channel != "email"],
            "letters_in": [message for message in messages if message.channel == "email"],
            "root": "../",
        }
        yield ledger.office_pages[code], _render("office", {**shared, **values})


def _office_lines(ledger: Ledger, channels: tuple[str, ...]) -> list[OfficeLine]:
    counts = Counter((message.office, message.channel) for message in ledger.gone)
    return [
        OfficeLine(
            office.title,
            ledger.office_pages[code] if code in ledger.by_office else "",
            tuple(counts[code, channel] for channel in channels),
        )
        for code, office in ledger.offices.items()
    ]


def _sample(ledger: Ledger) -> list[Message]:
    """The most varied stretch of texts on one phone, that of the first office with enough of them."""
    phones = ([m for m in ledger.by_office.get(code, []) if m.channel == "sms"] for code in ledger.offices)
    texts = next((texts for texts in phones if len(texts) >= 3), [])
    starts = range(max(len(texts) - SAMPLE + 1, 1))
    best = max(starts, key=lambda n: len({m.say for m in texts[n : n + SAMPLE]}))
    return texts[best : best + SAMPLE]


def _letter(ledger: Ledger) -> Message | None:
    """An e-mail to show beside the phone: the first of the gravest wording."""
    mails = [m for m in ledger.gone if m.channel == "email" and m.text]
    return max(mails, key=lambda m: list(words.SAYS).index(m.say) if m.say in words.SAYS else -1, default=None)


def _papers(documents: Iterable[Document]) -> list[Paper]:
    papers = grouped(documents, lambda document: str(PurePosixPath(document.path).with_suffix("")))
    return [
        Paper(
            clean(same[0].title),
            words.span(same[0].period_start, same[0].period_end) if same[0].period_start else "",
            tuple((clean(label), clean(value)) for label, value in same[0].figures),
            tuple((PurePosixPath(d.path).suffix[1:].upper() or "Berkas", words.link(d.path)) for d in same),
        )
        for same in papers.values()
    ]


def _brand(ledger: Ledger) -> str:
    first = next((message.text for message in ledger.messages if message.channel == "sms"), "")
    before, colon, _ = first.partition(":")
    return ledger.facts.brand or (before if colon and len(before) <= 20 else ledger.facts.desk)


def _causes(ledger: Ledger) -> list[tuple[str, int]]:
    """Why reports are late or missing, in the order in which the rule asks; nothing where nobody said."""
    counts = Counter(row.cause for row in ledger.rows)
    return [(cause, counts[cause]) for cause in Cause if counts[cause]]


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    known = [state for state in words.STATES if counts[state]]
    return [(state, counts[state]) for state in (*known, *sorted(counts.keys() - set(known)))]


def _quiet_words(window: Window) -> str:
    days = ", ".join(DAYS[day] for day in sorted(window.weekdays))
    return f"{days + ' ' if days else ''}{window.start:%H.%M}-{window.end:%H.%M}"
