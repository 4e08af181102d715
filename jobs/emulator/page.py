"""The page of an emulator: every phone's screen, and the dials."""

from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from jobs.emulator.phones import Answer, Dial, Phones, Report
from rules.desk import Channel

_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)

ANSWERS = {
    Answer.TAKE: "diterima",
    Answer.REFUSE: "ditolak",
    Answer.LATER: "belum bisa sekarang",
    Answer.LOSE: "diterima, jawaban hilang",
}
REPORTS = {Report.NONE: "tidak ada", Report.DELIVERED: "sampai", Report.UNDELIVERED: "tidak sampai"}
LONGEST = 60
"""Seconds that an answer may be delayed."""


def screens(request: Request) -> Response:
    """Everything that was taken, by phone."""
    phones: Phones = request.app.state.phones
    facts = {"screens": phones.screens(), "dials": phones.dials, "answers": ANSWERS, "reports": REPORTS}
    return HTMLResponse(_PAGES.get_template("page.html.j2").render(**facts, clock=_clock))


async def turned(request: Request) -> Response:
    """Turn a dial, or wipe the screens. What makes no sense changes nothing."""
    phones: Phones = request.app.state.phones
    form = dict(parse_qsl((await request.body()).decode()))
    if "wipe" in form:
        phones.wipe()
    elif form.get("channel") in set(Channel):
        delay = form.get("delay", "0")
        phones.dials[Channel(form["channel"])] = Dial(
            answer=Answer(form["answer"]) if form.get("answer") in set(Answer) else Answer.TAKE,
            report=Report(form["report"]) if form.get("report") in set(Report) else Report.NONE,
            delay=min(float(delay), LONGEST) if delay.isdecimal() else 0,
        )
    return RedirectResponse("/", 303)


def _clock(at: datetime) -> str:
    return f"{at:%d/%m %H.%M.%S}"
