"""Record what came in and what was done: reports, problems, the report to the Government."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs import compile as compiling
from jobs import filing, problems
from jobs.assemble import opened
from jobs.refusals import Refusal
from models.issues import Step
from rules.filing import Content, Via
from rules.issues import Category
from rules.policy import Severity

app = typer.Typer()
report = typer.Typer(help="Reports that teams owe.", no_args_is_help=True)
issue = typer.Typer(help="Problems (permasalahan).", no_args_is_help=True)
app.add_typer(report, name="report")
app.add_typer(issue, name="issue")

Key = Annotated[str, typer.Argument(help="A report's key or number (R-0805); a problem's (P-0012).")]
By = Annotated[str, typer.Option(help="Code of the office it comes from.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
LARGEST = 1_000_000


def moment(text: str) -> datetime:
    """An ISO 8601 time with its offset; without one it would be a guess."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time: write 2024-02-05T14:20+08:00") from error
    if at.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no offset: write {text}+08:00")
    return at


@report.command("file")
def file_(
    key: Key,
    by: By,
    channel: Annotated[Via, typer.Option(help="How it reached the desk.")],
    nil: Annotated[bool, typer.Option("--nil", help="Nothing to report.")] = False,
    file: Annotated[Path | None, typer.Option(help="What was reported: JSON, or plain text.")] = None,
    at: Annotated[datetime | None, typer.Option(parser=moment, help="When it was received, if not now.")] = None,
    reason: Annotated[str, typer.Option(help="Needed when it was received on an earlier day.")] = "",
    as_json: Json = False,
) -> None:
    """Record a report, on behalf of an office; prints the receipt number once it is kept."""
    if nil == (file is not None):
        raise typer.BadParameter("give either --nil or --file")
    body = _body(file) if file else {}
    content = Content.NIL if nil else Content.FILLED
    with opened() as rt:
        receipt = filing.file(rt, key, content=content, body=body, via=channel, by=by, at=at, reason=reason)
    if as_json:
        print(json.dumps(receipt._asdict(), default=str))
    else:
        again = " (the same report again)" if receipt.again else ""
        print(f"{receipt.number}, version {receipt.version}, received {receipt.received_at.isoformat()}{again}")


def _body(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST:
        raise Refusal(f"{path}: {len(raw)} bytes, at most {LARGEST} are taken")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8") from error
    if path.suffix != ".json":
        return {"note": text}
    try:
        body = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refusal(f"{path}:{error.lineno}: not JSON: {error.msg}") from error
    if not isinstance(body, dict):
        raise Refusal(f"{path}: an object is expected, not {type(body).__name__}")
    return body


@report.command()
def waive(key: Key, by: By, reason: Annotated[str, typer.Option(help="Why it is not needed.")]) -> None:
    """End the chase of a report that is not needed."""
    with opened() as rt:
        filing.waive(rt, key, reason=reason, by=by)
    print(f"{key} is waived")


@report.command()
def extend(
    key: Key,
    by: By,
    until: Annotated[datetime, typer.Option(parser=moment, help="Until when it is waited for.")],
    reason: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Wait for a report until then. Before its due time it is on time until then; after it only the chase rests."""
    with opened() as rt:
        in_time = filing.extend(rt, key, until=until, reason=reason, by=by)
    print(f"{key} is {'on time' if in_time else 'not chased, though late,'} until {until.isoformat()}")


@report.command("return")
def return_(
    key: Key,
    by: By,
    until: Annotated[datetime, typer.Option(parser=moment, help="By when.")],
    ask: Annotated[str, typer.Option(help="What is to be improved.")],
) -> None:
    """Return a report to be improved: whoever files it is told, and is chased again from that time on."""
    with opened() as rt:
        filing.give_back(rt, key, asked=ask, until=until, by=by)
    print(f"{key} is returned until {until.isoformat()}")


@report.command()
def accept(key: Key, by: By) -> None:
    """Take a returned report as it is."""
    with opened() as rt:
        filing.accept(rt, key, by=by)
    print(f"{key} is accepted")


@report.command("acknowledge")
def take_on(
    key: Key, by: By, until: Annotated[datetime, typer.Option(parser=moment, help="Until when it is in hand.")]
) -> None:
    """Take a late report on; nobody hears of it until then."""
    with opened() as rt:
        filing.acknowledge(rt, key, by=by, until=until)
    print(f"{key} is acknowledged until {until.isoformat()}")


@issue.command("open")
def open_(
    programme: Annotated[str, typer.Argument(help="election/desk, as in pemilu-2024/barito-kuala.")],
    by: By,
    district: Annotated[str, typer.Option(help="Code of the district.")],
    category: Annotated[Category, typer.Option(help="After Bawaslu's seven variables.")],
    severity: Annotated[Severity, typer.Option(help="How grave.")],
    title: Annotated[str, typer.Option(help="In a few words.")],
    detail: Annotated[str, typer.Option(help="More, for those who work on it.")] = "",
) -> None:
    """Record a problem; prints its number."""
    with opened() as rt:
        print(
            problems.open_(
                rt, programme, area=district, category=category, severity=severity, title=title, detail=detail, by=by
            )
        )


@issue.command("list")
def list_(as_json: Json = False) -> None:
    """Problems that are not resolved."""
    with opened() as rt:
        found = problems.unresolved(rt)
    for line in found:
        print(
            json.dumps(line, default=str, ensure_ascii=False) if as_json else "  ".join(str(v) for v in line.values())
        )


@issue.command()
def acknowledge(
    key: Key, by: By, until: Annotated[datetime, typer.Option(parser=moment, help="Until when it is in hand.")]
) -> None:
    """Take a problem on; its ladder waits until then."""
    with opened() as rt:
        problems.acknowledge(rt, key, by=by, until=until)
    print(f"{key} is acknowledged until {until.isoformat()}")


@issue.command()
def recommend(key: Key, by: By, text: Annotated[str, typer.Option(help="The advice.")]) -> None:
    """Note an advice (saran penyelesaian)."""
    with opened() as rt:
        problems.advise(rt, key, Step.RECOMMENDED, by=by, text=text)
    print(f"{key}: noted")


@issue.command("follow-up")
def follow_up(key: Key, by: By, text: Annotated[str, typer.Option(help="What was done.")]) -> None:
    """Note what was done (tindak lanjut)."""
    with opened() as rt:
        problems.advise(rt, key, Step.FOLLOWED_UP, by=by, text=text)
    print(f"{key}: noted")


@issue.command()
def resolve(key: Key, by: By, outcome: Annotated[str, typer.Option(help="How it ended.")]) -> None:
    """End a problem."""
    with opened() as rt:
        problems.resolve(rt, key, by=by, outcome=outcome)
    print(f"{key} is resolved")


@app.command("compile")
def compile_() -> None:
    """Compile now what is due: freeze facts at their cut-off and make the documents that are wanting."""
    with opened() as rt:
        with rt.sessions.begin() as session:
            now = rt.clock(session)
        frozen = compiling.run(rt, now=now)
        made = compiling.make_documents(rt, limit=1000)
        print(f"{frozen} frozen, {made} documents tried; see {rt.documents}")


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="A compiled report.")]) -> None:
    """Whether a file is what was compiled: its hash and its facts' hash. Exit status 1 if not."""
    with opened() as rt:
        verdict = compiling.verify(rt, file)
    print(verdict.words)
    raise typer.Exit(0 if verdict.holds else 1)
