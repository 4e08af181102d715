"""Look at what a demo or rehearsal wrote, from outside: only its files, none of our code.

`python .ci/examine_demo.py FOLDER [--zone Asia/Makassar] [--policy FILE] [--desk FILE]` prints what it counted and
every fault found, and ends with status 1 if there is one.
"""

import argparse
import email
import email.policy
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

Row = dict[str, Any]

KEYS = {
    "obligations": "key duty stage area team period_start period_end opens_at due_at standing content timeliness "
    "received_at",
    "messages": "id at channel to recipient template subject text segments notices",
    "notices": "key matter ladder rung round recipient channel planned_at release_at state reason",
}
INSTANTS = {
    "obligations": ("opens_at", "due_at", "received_at"),
    "messages": ("at",),
    "notices": ("planned_at", "release_at"),
}
STANDINGS = {"owed", "received", "waived", "cancelled"}
NIGHT_FROM, NIGHT_UNTIL = time(20), time(7)
FRIDAY, PRAYER_FROM, PRAYER_UNTIL = 4, time(11, 30), time(13, 30)
WHOLE_NUMBER = re.compile(r"\+?\d{8,}")
WHOLE_ADDRESS = re.compile(r"[\w.+-]{4,}@[\w-]+(\.[\w-]+)+")
SHOWN_AT_MOST = 5


class Faults:
    """Collects what is wrong, grouped, so that one mistake made a thousand times is one line with examples."""

    def __init__(self) -> None:
        self._seen: dict[str, list[str]] = {}

    def add(self, what: str, where: object = "") -> None:
        self._seen.setdefault(what, []).append(str(where))

    def lines(self) -> list[str]:
        return [f"{what}: {_some(where)}" if any(where) else what for what, where in self._seen.items()]


def _some(where: list[str]) -> str:
    rest = len(where) - SHOWN_AT_MOST
    return "; ".join(where[:SHOWN_AT_MOST]) + (f"; and {rest} more" if rest > 0 else "")


def rows(folder: Path, name: str, faults: Faults) -> list[Row]:
    """The lines of NAME.jsonl that are objects with every key they should have."""
    path = folder / f"{name}.jsonl"
    if not path.is_file():
        faults.add("file missing", path.name)
        return []
    good = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        place = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            faults.add("not JSON", f"{place} ({error})")
            continue
        lacking = set(KEYS[name].split()) - set(row) if isinstance(row, dict) else {"(not an object)"}
        if lacking:
            faults.add("key missing", f"{place}: {', '.join(sorted(lacking))}")
            continue
        for key in INSTANTS[name]:
            if row[key] is not None and _instant(row[key]) is None:
                faults.add("not an ISO 8601 time with an offset", f"{place}: {key} {row[key]!r}")
        good.append(row)
    if not good:
        faults.add("no usable line", path.name)
    return good


def _instant(value: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def examine_obligations(obligations: list[Row], until: datetime | None, faults: Faults) -> None:
    """Every one that was due has an outcome, and no key comes twice."""
    for key, times in Counter(row["key"] for row in obligations).items():
        if times > 1:
            faults.add("obligation key used twice", key)
    for row in obligations:
        due_at = _instant(row["due_at"])
        if row["standing"] not in STANDINGS:
            faults.add("unknown standing", f"{row['key']}: {row['standing']!r}")
        elif row["standing"] == "received" and not (row["received_at"] and row["content"] and row["timeliness"]):
            faults.add("received without time, content or timeliness", row["key"])
        elif row["standing"] == "owed" and due_at and (until is None or due_at <= until) and not row["timeliness"]:
            faults.add("due and without an outcome", row["key"])
        if row.get("outcome", "unsaid") in {None, "", "broken"}:
            faults.add("due and without an outcome", row["key"])


def examine_messages(
    messages: list[Row], notices: dict[str, Row], loud: set[str], zone: ZoneInfo, faults: Faults
) -> None:
    """Nobody is woken, no text is split, no address leaks, and each one rests on decisions that are on record."""
    for row in messages:
        name = f"message {row['id']}"
        ladders = set()
        if not row["notices"]:
            faults.add("message without a notice", name)
        for key in row["notices"] or ():
            if key in notices:
                ladders.add(str(notices[key]["ladder"]))
            else:
                faults.add("message names a notice that is not there", f"{name}: {key}")
        at = _instant(row["at"])
        quiet = at is not None and row.get("state", "sent") == "sent" and _quiet(at.astimezone(zone))
        if quiet and not ladders & loud:
            faults.add("sent in quiet hours", f"{name} at {row['at']} by {', '.join(sorted(ladders)) or 'no ladder'}")
        if row["channel"] == "sms" and row["segments"] != 1:
            faults.add("SMS not of one segment", f"{name}: {row['segments']}")
        if WHOLE_NUMBER.search(str(row["to"])) or WHOLE_ADDRESS.fullmatch(str(row["to"])):
            faults.add("address not masked", f"{name}: to {len(str(row['to']))} characters")
        if not str(row["text"]).strip():
            faults.add("message without a text", name)


def examine_told(notices: list[Row], obligations: list[Row], people: Row, zone: ZoneInfo, faults: Faults) -> None:
    """No Camat is told of his neighbour's report; a missing form texts neither secretary nor chair by night.

    `people`: the desk's file.
    """
    area_of = {row["key"]: row["area"] for row in obligations}
    own: dict[str, set[str]] = {}
    for team in people.get("teams", ()):
        for district, office in team["reporters"].items():
            own.setdefault(office, set()).add(district)
    for row in notices:
        if (area := area_of.get(row["matter"])) is None:
            continue
        below = row.get("audience") in {"reporter", "team"} and area in {d for theirs in own.values() for d in theirs}
        if below and own.get(row["recipient"], set()) - {area}:
            faults.add("told of a neighbour's report", row["key"])
        at = _instant(row["release_at"])
        spared = row["recipient"] in {people.get("secretary"), people.get("chair")} and row["channel"] == "sms"
        if spared and row["state"] == "sent" and at is not None and _quiet(at.astimezone(zone)):
            faults.add("woken by a missing form", row["key"])


def _quiet(local: datetime) -> bool:
    """From 20.00 to 07.00, and on Friday from 11.30 to 13.30; the ends are awake."""
    now = local.time()
    return now >= NIGHT_FROM or now < NIGHT_UNTIL or (local.weekday() == FRIDAY and PRAYER_FROM <= now < PRAYER_UNTIL)


def examine_mails(folder: Path, faults: Faults) -> int:
    """Each parses, has a plain subject, and is readable as text and as HTML."""
    paths = sorted((folder / "mail").glob("*.eml"))
    if not paths:
        faults.add("no mail", "mail/*.eml")
    for path in paths:
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
        if mail.defects or any(part.defects for part in mail.walk()):
            faults.add("mail with defects", path.name)
        if not (mail["Subject"] and mail["From"] and mail["To"] and mail["Date"] and mail["Message-ID"]):
            faults.add("mail lacks Subject, From, To, Date or Message-ID", path.name)
        if plain is None or not plain.get_content().strip():
            faults.add("mail without a text part", path.name)
        if html is None or "<" not in html.get_content():
            faults.add("mail without an HTML part", path.name)
    return len(paths)


def examine_texts(folder: Path, faults: Faults) -> int:
    paths = sorted((folder / "sms").glob("*.txt"))
    if not paths:
        faults.add("no SMS", "sms/*.txt")
    for path in paths:
        if not path.read_text("utf-8").strip():
            faults.add("empty SMS", path.name)
    return len(paths)


def examine_documents(folder: Path, faults: Faults) -> int:
    """PDFs are PDFs, and drafts or approved as their names say; DOCX and XLSX are at least archives."""
    paths = sorted((folder / "laporan").glob("*.pdf"))
    if not paths:
        faults.add("no report", "laporan/*.pdf")
    reader = shutil.which("pdftotext")
    for path in paths:
        if not path.read_bytes().startswith(b"%PDF"):
            faults.add("not a PDF", path.name)
        elif reader:
            shown = subprocess.run([reader, path, "-"], capture_output=True, check=False)
            if shown.returncode:
                faults.add("pdftotext cannot read it", path.name)
            elif ("DRAF" in (text := shown.stdout.decode("utf-8", "replace"))) != ("-draf-" in path.name):
                faults.add("report marked otherwise than its name says", path.name)
            elif "DRAF" not in text and "isetujui" not in text:
                faults.add("report neither a draft nor approved", path.name)
    for path in sorted((*(folder / "laporan").glob("*.docx"), *(folder / "laporan").glob("*.xlsx"))):
        if not path.read_bytes().startswith(b"PK"):
            faults.add("not a DOCX or XLSX", path.name)
    return len(paths)


def examine_summary(folder: Path, faults: Faults) -> Row:
    """It parses and counts no broken promise, under any key that says `broken`."""
    try:
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        faults.add("summary.json", error)
        return {}
    if not isinstance(summary, dict):
        faults.add("summary.json is not an object")
        return {}
    broken = {key: value for key, value in _flat(summary) if "broken" in key}
    if not broken:
        faults.add("summary.json says nothing of broken promises")
    for key, value in broken.items():
        if value:
            faults.add("broken promises", f"{key} = {value}")
    return summary


def _flat(value: object, path: str = "") -> Iterable[tuple[str, object]]:
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}".lstrip("."))


def examine_counts(summary: Row, counted: dict[str, int], faults: Faults) -> None:
    """The summary's own figures, where it has them, are what the lines and files say."""
    stated = summary.get("counts")
    for what, number in counted.items():
        said = stated.get(what, number) if isinstance(stated, dict) else number
        if said != number:
            faults.add("summary.json counts otherwise", f"{what}: {said} said, {number} there")


def examine_recap(summary: Row, obligations: list[Row], faults: Faults) -> None:
    """The desk's own recap, where it has one, is what the lines say: by area, counted here once more."""
    counted: dict[str, Counter[str]] = {}
    for row in obligations:
        tally = counted.setdefault(row["area"], Counter())
        late = row["timeliness"] in {"late", "missing"}
        if row["standing"] == "waived" or row["timeliness"]:
            tally[row["timeliness"] or "waived"] += 1
            tally["due"] += bool(row["timeliness"])
        if late != bool(row.get("cause")):
            faults.add("late without a cause, or a cause without being late", row["key"])
        if late:
            tally[str(row.get("cause"))] += 1
    for area, said in (summary.get("recap") or {}).items():
        found = counted.pop(area, Counter())
        for figure, number in said.items():
            if found[figure] != number:
                faults.add("the recap counts otherwise", f"{area} {figure}: {number} said, {found[figure]} there")
    if summary.get("recap"):
        for area in (area for area, tally in counted.items() if tally):
            faults.add("the recap leaves an area out", area)


SEEN = {
    "reports that are not nil": "select count(*) from report where content = 'filled' and body like '%condition%'",
    "a problem that was {}": "select count(*) from issue_event where step = '{}'",
    "a restricted problem about an office": "select count(*) from issue i join matter m on m.id = i.id "
    "where i.restricted and m.subject_id is not null",
    "a place at risk": "select count(*) from place_risk",
    "a silence": "select count(*) from silence",
}
STEPS = [
    "acknowledged",
    "handed_on",
    "postponed",
    "followed_up",
    "resolved",
    "confirmed",
    "reopened",
    "merged",
    "withdrawn",
]
WORDS = ["given", "confirmed", "done", "closed", "attended", "missed"]


def examine_life(database: sqlite3.Connection, folder: Path, faults: Faults) -> None:
    """All that a desk lives through is there, and nothing of a restricted problem stands in any file."""
    wanted = {what: query for what, query in SEEN.items() if "{}" not in what}
    wanted |= {f"a problem that was {step}": SEEN["a problem that was {}"].format(step) for step in STEPS}
    about = (
        "select count(*) from change c join matter m on m.id = c.matter_id where m.kind = 'advice' and c.what = '{}'"
    )
    wanted |= {f"an advice that was {word}": about.format(word) for word in WORDS}
    for what, query in wanted.items():
        if not database.execute(query).fetchone()[0]:
            faults.add("not to be seen", what)
    hidden = [title for (title,) in database.execute("select title from issue where restricted")]
    for path in sorted(folder.rglob("*")):
        text = path.read_bytes() if path.suffix in {".jsonl", ".json", ".html", ".txt", ".eml"} else b""
        if any(title.encode() in text for title in hidden):
            faults.add("a restricted problem stands in it", path.name)


def examine_beside(database: sqlite3.Connection, faults: Faults) -> None:
    """What villages sent is in their Camat's report, a new reporter files from his day on, an empty day was told."""
    sums: dict[int, Counter[str]] = {}
    for report, fields in database.execute("select report_id, fields from aide_asked where sent_at is not null"):
        own = sums.setdefault(report, Counter())
        own.update({name[2:]: int(text) for name, text in json.loads(fields).items() if name.startswith("n.")})
    for report, own in sums.items():
        query = "select body from report where obligation_id = ? order by version desc limit 1"
        body = json.loads((database.execute(query, (report,)).fetchone() or ["{}"])[0])
        filed = {k: v for part in (body.get("indicators") or {}).values() for k, v in part.get("numbers", {}).items()}
        if any(filed.get(name) != count for name, count in own.items()):
            faults.add("figures of villages are not in the report", report)
    if not sums:
        faults.add("not to be seen", "figures of villages")
    changed = "select place, office, since from rearrangement where what = 'reports' and ended = 'done'"
    for place, office, since in (reporters := database.execute(changed).fetchall()):
        query = (
            "select f.code = ?, r.received_at < ? from report r join matter m on m.id = r.obligation_id "
            "join office f on f.id = r.office_id where m.area = ?"
        )
        filed_by = Counter(database.execute(query, (office, since, place)))
        if not filed_by[0, 1] or filed_by[1, 1]:
            faults.add("reports before a change are not those of whoever reported then", place)
        if not filed_by[1, 0] or filed_by[0, 0]:
            faults.add("reports after a change are not the new reporter's", place)
    if not reporters:
        faults.add("not to be seen", "another reporter")
    told = (
        "select count(*) from task t join notice n on n.matter_id = t.matter_id "
        "where t.why = 'empty_shift' and n.state = 'dispatched' and t.done_at is not null"
    )
    noted = "select count(*) from duty_shift where note <> '' and noted_at >= ends_at"
    for what, query in (("a day without anybody at the posko that was told", told), ("a note of the posko", noted)):
        if not database.execute(query).fetchone()[0]:
            faults.add("not to be seen", what)


def examine_looks(database: sqlite3.Connection, looks: list[Row], forms: Path, faults: Faults) -> None:
    """What stood on the board is what the rows say, each figure counted here once more."""
    figures = {
        figure["name"]: figure["code"]
        for path in forms.glob("*.yaml")
        for own in yaml.safe_load(path.read_text("utf-8"))["indicators"]
        for figure in own.get("numbers", ())
        if figure.get("of")
    }
    for look in looks:
        at = datetime.fromisoformat(look["at"])
        said = {name: look[name] for name in ("open", "grave", "today")}
        said |= look["reached"]
        found: Row = {"today": dict(_stands(database, at)), **_open(database, at)}
        found |= {name: own for name, code in figures.items() if (own := _counts(database, at, code))}
        for what in sorted(said.keys() | found.keys()):
            if said.get(what) != found.get(what):
                faults.add(
                    "the board said otherwise", f"{look['at']} {what}: {said.get(what)}, {found.get(what)} there"
                )


def _stored(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _open(database: sqlite3.Connection, at: datetime) -> Row:
    """By its last step that opened or ended it, whether each problem was open."""
    states: dict[int, tuple[str, str]] = {}
    query = (
        "select e.issue_id, e.step, i.severity from issue_event e join issue i on i.id = e.issue_id where e.at <= ? "
        "and not i.restricted and e.step in ('opened', 'reopened', 'resolved', 'merged') order by e.at, e.id"
    )
    for issue, step, severity in database.execute(query, (_stored(at),)):
        states[issue] = step, severity
    left = [severity for step, severity in states.values() if step in {"opened", "reopened"}]
    return {"open": len(left), "grave": left.count("high")}


def _stands(database: sqlite3.Connection, at: datetime) -> Counter[str]:
    """How the reports of districts stood that were due on that day."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        "select o.due_at, min(r.received_at) from obligation o join matter m on m.id = o.id left join report r "
        "on r.obligation_id = o.id and r.received_at <= ? where o.due_at >= ? and o.due_at < ? and m.area like '%.%.%' "
        "and o.standing <> 'cancelled' group by o.id"
    )
    rows_of_day = database.execute(query, (_stored(at), _stored(day), _stored(day + timedelta(days=1))))
    return Counter(
        ("on_time" if came <= due else "late") if came else "missing" if due < _stored(at) else "ahead"
        for due, came in rows_of_day
    )


def _counts(database: sqlite3.Connection, at: datetime, figure: str) -> dict[str, int]:
    """By district, the newest number of its newest reports."""
    query = (
        "select m.area, o.id, o.due_at, r.received_at, r.body from report r "
        "join obligation o on o.id = r.obligation_id join matter m on m.id = o.id "
        "where r.received_at <= ? order by r.version"
    )
    newest = {row[1]: row for row in database.execute(query, (_stored(at),))}
    counts: dict[str, int] = {}
    for area, _, _, _, body in sorted(newest.values(), key=lambda row: min(row[2], row[3])):
        for own in (json.loads(body).get("indicators") or {}).values():
            if figure in own.get("numbers", {}):
                counts[area] = own["numbers"][figure]
    return counts


def examine_page(folder: Path, faults: Faults) -> None:
    page = folder / "index.html"
    if not page.is_file() or page.stat().st_size <= 10_000:
        faults.add("index.html missing or not larger than 10 kB")
    elif "<html" not in page.read_text("utf-8")[:2000].lower():
        faults.add("index.html is not a page")


def examine_database(folder: Path, faults: Faults) -> None:
    """Whoever takes the file elsewhere must have all of it."""
    for rest in folder.glob("*.db-*"):
        faults.add("the database is more than one file", rest.name)


def may_speak_at_night(policy: Path) -> set[str]:
    """Names of the ladders that a policy file lets pass quiet hours."""
    ladders = yaml.safe_load(policy.read_text("utf-8"))["ladders"]
    return {str(name) for name, ladder in ladders.items() if ladder.get("urgent")}


def examine(
    folder: Path, *, zone: ZoneInfo, loud: set[str], people: Row, forms: Path = Path("config/forms")
) -> tuple[str, list[str]]:
    """What was counted, in one line, and every fault.

    Args:
        loud: the ladders that may speak in quiet hours.
        people: the desk's file.
        forms: the folder of the forms.
    """
    faults = Faults()
    summary = examine_summary(folder, faults)
    obligations = rows(folder, "obligations", faults)
    messages = rows(folder, "messages", faults)
    notices = rows(folder, "notices", faults)
    for key, times in Counter(row["key"] for row in notices).items():
        if times > 1:
            faults.add("notice key used twice", key)
    examine_page(folder, faults)
    examine_database(folder, faults)
    until = _instant(summary.get("until") or summary.get("to"))
    examine_obligations(obligations, until, faults)
    examine_messages(messages, {row["key"]: row for row in notices}, loud, zone, faults)
    examine_told(notices, obligations, people, zone, faults)
    lines = {"obligations": len(obligations), "messages": len(messages), "notices": len(notices)}
    examine_counts(summary, lines, faults)
    if "recap" in summary:
        examine_recap(summary, obligations, faults)
    if (folder / "looks.jsonl").is_file():
        looks = [json.loads(line) for line in (folder / "looks.jsonl").read_text("utf-8").splitlines()]
        with closing(sqlite3.connect(f"file:{folder / 'rehearsal.db'}?mode=ro", uri=True)) as database:
            examine_life(database, folder, faults)
            examine_beside(database, faults)
            examine_looks(database, looks, forms, faults)
    mails, texts, reports = (look(folder, faults) for look in (examine_mails, examine_texts, examine_documents))
    if mails != (sent := sum(row["channel"] == "email" and row.get("state", "sent") == "sent" for row in messages)):
        faults.add("mails and messages differ", f"{mails} files, {sent} messages by e-mail")
    counted = (
        f"{len(obligations)} obligations, {len(notices)} notices, {len(messages)} messages, "
        f"{mails} mails, {texts} SMS, {reports} reports"
    )
    return counted, faults.lines()


def main() -> int:
    parser = argparse.ArgumentParser(description="Examine what a demo wrote.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("Asia/Makassar"))
    parser.add_argument("--policy", type=Path, default=Path("config/policies/default.yaml"))
    parser.add_argument("--desk", type=Path, default=Path("config/desks/barito-kuala.yaml"))
    arguments = parser.parse_args()
    loud = may_speak_at_night(arguments.policy)
    people = yaml.safe_load(arguments.desk.read_text("utf-8"))
    counted, faults = examine(arguments.folder, zone=arguments.zone, loud=loud, people=people)
    print(f"demo: {counted}")
    for fault in faults:
        print(f"demo: FAULT {fault}")
    print(f"demo: {len(faults)} fault(s)")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
