"""The lines of a rehearsal read once and tied together: what was owed, decided and said, each with its place."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from reports.rehearsal.facts import Area, Line, Office, RehearsalFacts, Scenario, Stage
from reports.rehearsal.lines import Message, Notice, Row, State
from reports.rehearsal.words import OUTAGES, clean, link, word
from rules import quiet
from rules.quiet import Window

_Item = TypeVar("_Item")


class Ledger:
    """All of it. Lists keep the order of time; areas come by code, offices as the facts list them."""

    def __init__(self, facts: RehearsalFacts) -> None:
        self.facts = facts = _clean(facts)
        self._zones: dict[str, ZoneInfo] = {}
        self._slugs: dict[str, set[str]] = defaultdict(set)
        self.areas = {a.code: a for a in self._areas()}
        self.offices = {o.code: o for o in self._offices()}
        self.duties = {d.code: d for d in facts.duties}
        self.area_pages = {code: self._page("rows", code) for code in self.areas}
        self.office_pages = {code: self._page("offices", code) for code in self.offices}
        self.stage_pages = {code: self._page("stages", code) for code in self._stage_codes()}
        self.rows = sorted(map(self._row, facts.obligations), key=lambda row: (row.due_at, row.area))
        self.messages = sorted(map(self._message, facts.messages), key=lambda message: message.at)
        self.notices = self._decisions()

    def zone(self, name: str) -> ZoneInfo:
        name = name or self.facts.zone
        if name not in self._zones:
            self._zones[name] = ZoneInfo(name)
        return self._zones[name]

    def local(self, iso: str, zone: str) -> datetime:
        return datetime.fromisoformat(iso).astimezone(self.zone(zone))

    @cached_property
    def by_matter(self) -> dict[str, list[Notice]]:
        """Decisions by what they were about, in order of time; keys as the notices write them."""
        return grouped(self.notices, attrgetter("matter"))

    @cached_property
    def by_area(self) -> dict[str, list[Row]]:
        return grouped(self.rows, attrgetter("area"))

    @cached_property
    def gone(self) -> list[Message]:
        """Messages that their offices have, or may have."""
        return [message for message in self.messages if message.gone]

    @cached_property
    def by_office(self) -> dict[str, list[Message]]:
        return grouped(self.gone, attrgetter("office"))

    @cached_property
    def by_stage(self) -> dict[str, list[Row]]:
        return grouped(self.rows, attrgetter("stage"))

    @cached_property
    def row(self) -> dict[str, Row]:
        """A row by its key, or by its number in texts."""
        return {name: row for row in self.rows for name in (row.code, row.key) if name}

    @cached_property
    def stages(self) -> dict[str, Stage]:
        return {s.code: replace(s, name=clean(s.name), legal_basis=clean(s.legal_basis)) for s in self.facts.stages}

    def title(self, office: str) -> str:
        return self.offices[office].title if office in self.offices else office

    def area_name(self, code: str) -> str:
        return self.areas[code].name if code in self.areas else code

    def duty_name(self, code: str) -> str:
        return clean(self.duties[code].name) if code in self.duties else code

    def _areas(self) -> list[Area]:
        known = {area.code for area in self.facts.areas}
        others = sorted({clean(line["area"]) for line in self.facts.obligations} - known)
        ordered = sorted(self.facts.areas, key=lambda area: (-area.code.count("."), area.code))
        return [*(Area(a.code, clean(a.name), clean(a.team)) for a in ordered), *(Area(code, code) for code in others)]

    def _offices(self) -> list[Office]:
        known = {office.code for office in self.facts.offices}
        told = {clean(line.get("recipient")) for line in (*self.facts.messages, *self.facts.notices)}
        listed = [Office(office.code, clean(office.title), office.zone) for office in self.facts.offices]
        return listed + [Office(code, code) for code in sorted(told - known - {""})]

    def _stage_codes(self) -> list[str]:
        return list(dict.fromkeys(clean(line["stage"]) for line in self.facts.obligations))

    def _page(self, folder: str, name: str) -> str:
        return f"{folder}/{self._slug(folder, name)}.html"

    def _slug(self, space: str, name: str) -> str:
        """A name that every file system and every link reads alike. Each is given once in its space."""
        base = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:60] or "x"
        slug, tries = base, 1
        while slug in self._slugs[space]:
            tries += 1
            slug = f"{base}-{tries}"
        self._slugs[space].add(slug)
        return slug

    def _row(self, line: Line) -> Row:
        area, duty, zone = clean(line["area"]), clean(line["duty"]), line.get("zone") or ""
        slot = clean(line.get("slot") or line["key"].rsplit("/", 1)[-1])
        page = self.area_pages[area]
        received = line.get("received_at")
        return Row(
            key=clean(line["key"]),
            code=clean(line.get("code")),
            duty=duty,
            stage=clean(line["stage"]),
            area=area,
            team=clean(line.get("team")),
            slot=slot,
            period=(date.fromisoformat(line["period_start"]), date.fromisoformat(line["period_end"])),
            due_at=self.local(line["due_at"], zone),
            received_at=self.local(received, zone) if received else None,
            state=_state(line),
            nil=line.get("content") == "nil",
            partial=line.get("content") == "partial",
            rule=clean(line.get("rule")),
            outcome=clean(line.get("outcome")),
            place=f"{page}#o-{self._slug(page, f'{duty}-{slot}')}",
            cause=clean(line.get("cause")),
        )

    def _message(self, line: Line) -> Message:
        office, number = clean(line["recipient"]), clean(line["id"])
        at = self.local(line["at"], self.offices[office].zone)
        page = self.office_pages[office]
        return Message(
            id=number,
            at=at,
            channel=clean(line["channel"]),
            to=clean(line.get("to")),
            office=office,
            say=clean(line.get("template")).split("/")[0],
            subject=clean(line.get("subject")),
            text=clean(line.get("text")),
            segments=int(line.get("segments") or 0),
            cost=int(line.get("cost") or 0),
            state=clean(line.get("state")),
            file=link(line["file"]) if line.get("file") else "",
            place=f"{page}#m-{self._slug(page, number)}",
            quiet=quiet.within(at, self._quiet(at)),
            twice=bool(line.get("possibly_doubled")),
        )

    def _quiet(self, at: datetime) -> tuple[Window, ...]:
        return next((own for since, own in reversed(self.facts.quiet_since) if since <= at), self.facts.quiet)

    def _decisions(self) -> list[Notice]:
        """Notices in order of time, each in its message, and those of a row on the row."""
        said_in = {key: m for line, m in self._lines_with_messages() for key in line.get("notices") or ()}
        made = [self._notice(line, said_in.get(line["key"])) for line in self.facts.notices]
        made.sort(key=lambda notice: notice.at)
        for notice in made:
            self._tie(notice, self.row.get(notice.matter))
        return made

    def _tie(self, notice: Notice, row: Row | None) -> None:
        if row:
            row.notices.append(notice)
        if message := notice.message:
            message.notices.append(notice)
            if row and row not in message.rows:
                message.rows.append(row)

    def _lines_with_messages(self) -> Iterable[tuple[Line, Message]]:
        by_id = {message.id: message for message in self.messages}
        return ((line, by_id[clean(line["id"])]) for line in self.facts.messages)

    def _notice(self, line: Line, message: Message | None) -> Notice:
        office = clean(line.get("recipient"))
        urgent = line.get("urgent")
        return Notice(
            key=clean(line["key"]),
            matter=clean(line["matter"]),
            office=office,
            channel=clean(line.get("channel")),
            say=clean(line.get("say")) or (message.say if message else ""),
            audience=clean(line.get("audience")),
            urgent=line.get("ladder") in self.facts.urgent_ladders if urgent is None else bool(urgent),
            planned_at=self.local(line["planned_at"], self.offices[office].zone if office in self.offices else ""),
            state=clean(line["state"]),
            reason=clean(line.get("reason")),
            message=message,
        )


def grouped(items: Iterable[_Item], by: Callable[[_Item], str]) -> dict[str, list[_Item]]:
    groups: dict[str, list[_Item]] = {}
    for item in items:
        groups.setdefault(by(item), []).append(item)
    return groups


def _clean(facts: RehearsalFacts) -> RehearsalFacts:
    return replace(
        facts,
        programme=clean(facts.programme),
        desk=clean(facts.desk),
        election=clean(facts.election),
        brand=clean(facts.brand),
        scenario=Scenario(clean(facts.scenario.name), clean(facts.scenario.about)),
        outages=tuple(replace(outage, what=word(OUTAGES, clean(outage.what))) for outage in facts.outages),
    )


def _state(line: Line) -> State:
    if line["standing"] in ("waived", "cancelled"):
        return State.EXCUSED
    return State(line["timeliness"]) if line.get("timeliness") else State.AHEAD
