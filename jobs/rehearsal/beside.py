"""Rehearse what was ordered on a page, beside the turn of the clock: it takes minutes, and the chase must not wait.

The rehearsal is a process of its own, bound in time and memory, which gives way to everything else and dies with the
clock. It begins again if the clock dies; after `models.desk.orders.TRIES` tries it is given up.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any, NamedTuple

import structlog

from config import loader
from config import settings as environment
from config.errors import ConfigError
from jobs import causes
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime, uptime
from models.desk import orders, programmes
from models.desk.orders import TRIES, Order
from rules.orders import ALSO_OPEN, Span
from services import child
from services.child import Bounds, Ended, Why

log = structlog.get_logger()

BOUNDS = Bounds(1024, work=timedelta(minutes=10), patience=timedelta(minutes=45))
SAY_EVERY = timedelta(seconds=5)
"""How often it is written down how far a rehearsal is."""

BACK = "../../{order}"
"""From the folder of a rehearsal to the page of its order (`web.secretariat.rehearsed`)."""

REMEDIES = {
    Why.TOO_MUCH: "it needed more time or memory than a rehearsal on a page may use: rehearse the days around voting"
    " day, or ask the operator for ./desk rehearse",
    Why.NOT_NOW: "this machine has no time or room for it now: try again in a quiet hour",
    Why.BROKE: "it broke: ask the operator, who sees in the log of the clock what broke",
}
TOO_MUCH_AHEAD = (
    "it needed more time or memory than may be used beside a page: ask the operator for ./desk amend FILE --dry-run"
    " --ahead out.csv"
)

PACKED, SUMMARY = "pages.zip", "summary.json"
"""What the child leaves in its folder."""

MESSAGES = "pesan.json"
"""What the child packs where it lived the next days: each message, under the old files and the new."""


class Asked(NamedTuple):
    """What the child is to rehearse.

    `files`: election, desk and policy, each as text, its name, and whether it is in force. `out`: an empty folder.
    `beside`: the folder with forms and kinds of report. `back`: see `reports.rehearsal.facts`. `ahead`: where the next
    days of the books are lived.
    """

    files: Sequence[tuple[str, str, bool]]
    days: Span
    out: str
    beside: str
    back: str
    ahead: "Ahead | None" = None


class Ahead(NamedTuple):
    """The books whose next days are lived: of which desk, on which database, from when on (ISO 8601), with which
    beginning of links, and whether open cases take the changed ladders too. The child copies the books itself, so that
    the clock need not.
    """

    desk: str
    database: str
    now: str
    public_url: str
    also_open: bool


class Lost(Exception):
    """Another clock took the order meanwhile, or this one ends."""


class Rehearser:
    """Rehearses in a thread of its own, one at a time: the clock never waits for it."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._stop = Event()
        self._playing: Thread | None = None

    def look(self) -> None:
        """Begin, if a rehearsal waited when the clock last looked, and none is played just now."""
        if self._playing is not None and self._playing.is_alive():
            return
        waits = self._rt.lookout.last
        if waits is not None and waits.rehearsal is not None:
            self._playing = Thread(target=self._run, name="rehearsal", daemon=True)
            self._playing.start()

    def end(self, *, patience: timedelta) -> None:
        """Stop a rehearsal that is played, and leave it to the next clock."""
        self._stop.set()
        if self._playing is not None:
            self._playing.join(patience.total_seconds())

    def _run(self) -> None:
        try:
            run(self._rt, self._stop)
        except Exception as error:  # noqa: BLE001 - it is taken again, and its tries are counted
            log.error("rehearsal failed", error=causes.named(error))


def run(rt: Runtime, stop: Event) -> None:
    """Play what waits, the first first, until nothing does or `stop` is set. Harmless to repeat: nothing is sent."""
    while not stop.is_set():
        with rt.sessions.begin() as session:
            order = orders.take(session, rehearsal=True, now=rt.clock(session))
            if order is None:
                return
            session.flush()
            session.expunge(order)
        try:
            _settle(rt, order, *_done(rt, order, stop))
        except Lost:
            with rt.sessions.begin() as session:
                orders.put_back(session, order)


def _done(rt: Runtime, order: Order, stop: Event) -> tuple[dict[str, Any], str, str | None]:
    """What came of it, why it was refused, and the file with its pages. Raises: Lost; OSError: nothing can be kept."""
    assert rt.files is not None, "a clock has a folder for files"
    if order.tries > TRIES:
        return {}, "it was begun and not finished: the clock was started anew meanwhile. Order it once more", None
    try:
        with TemporaryDirectory(prefix="desk-geladi-") as folder:
            _play(rt, order, Path(folder), stop)
            summary = json.loads((Path(folder) / SUMMARY).read_text(encoding="utf-8"))
            result = summary if order.terms["days"] == Span.AHEAD else _result(summary)
            result |= {"changed": bool(order.files)}
            return result, "", rt.files.keep((Path(folder) / PACKED).read_bytes())
    except (Refusal, ConfigError) as error:
        return {}, str(error), None
    except Ended as ended:
        if stop.is_set():
            raise Lost from ended
        log.warning("rehearsal ended", order=order.id, why=ended.why, how=": ".join(ended.said.split(": ")[:2]))
        lives = ended.why is Why.TOO_MUCH and order.terms["days"] == Span.AHEAD
        return {}, TOO_MUCH_AHEAD if lives else REMEDIES.get(ended.why, ended.said), None


def _play(rt: Runtime, order: Order, folder: Path, stop: Event) -> None:
    """Play it in a child, and write down how far it is. Raises: Refusal, ConfigError, Ended, Lost."""
    beside = str(environment.home() / "config")
    back = BACK.format(order=order.id)
    days = Span(order.terms["days"])
    files, ahead = (_changed(order), _ahead(rt, order)) if days is Span.AHEAD else (_files(rt, order), None)
    asked = Asked(files, days, str(folder), beside, back, ahead)
    said = uptime() - SAY_EVERY.total_seconds()
    given = json.dumps(asked._asdict()).encode()
    for line in child.follow("jobs.rehearsal.child", given=given, bounds=BOUNDS, stop=stop):
        if uptime() - said < SAY_EVERY.total_seconds():
            continue
        said = uptime()
        with rt.sessions.begin() as session:
            if not orders.go_on(session, order, {"so_far": json.loads(line)}, now=rt.clock(session)):
                raise Lost


def _changed(order: Order) -> list[tuple[str, str, bool]]:
    return [(text, name, False) for name, text in order.files]


def _ahead(rt: Runtime, order: Order) -> Ahead:
    database = rt.sessions.kw["bind"].url.render_as_string(hide_password=False)
    with rt.sessions() as session:
        now = rt.clock(session).isoformat()
    return Ahead(order.desk, database, now, rt.public_url, bool(order.terms.get(ALSO_OPEN)))


def _files(rt: Runtime, order: Order) -> list[tuple[str, str, bool]]:
    """Election, desk and policy: those in force, or with the changed files that were sent in.

    Raises:
        Refusal: there is no such election any more.
        ConfigError: a changed file is wrong.
    """
    code = order.terms["programme"]
    with rt.sessions() as session:
        own = [one for one in programmes.live(session) if one.desk.code == order.desk]
    changed = [loader.parse(text, name) for name, text in order.files]
    new = any(document.kind == "election" for document in changed)
    base = next((one for one in own if one.code == code), own[0] if own and new else None)
    if base is None:
        raise Refusal(f"{code} is closed: there is nothing to rehearse")
    files = {"election": base.election, "desk": base.desk, "policy": base.policy}
    in_force = {kind: (file.text, file.name, True) for kind, file in files.items()}
    return list((in_force | {own.kind: (own.text, own.name, False) for own in changed}).values())


def _result(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of the order says of it; the rest stands on the pages."""
    return {
        "programme": summary["programme"],
        "from": summary["from"][:10],
        "to": summary["to"][:10],
        "channels": summary["messages_by_channel"],
        "counts": summary["counts"],
        "promises": [[one["text"], one["kept"], one["found"]] for one in summary["promises"]],
    }


def _settle(rt: Runtime, order: Order, result: dict[str, Any], refused: str, pages: str | None) -> None:
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        if orders.settle(session, order, result=result, refused=refused, pages=pages, now=now):
            orders.let_go(session, now=now)
    log.info("rehearsal", order=order.id, refused=bool(refused))
