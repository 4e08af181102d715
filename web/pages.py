"""Pages: facts in, HTML out, with a policy that lets nothing else in. No script, no image, no other site."""

import hashlib
from base64 import b64encode
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from rules import indonesian

TEMPLATES = Path(__file__).parent / "templates"


def page(name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from its template; a fact that a template wants and nobody gave is an error."""
    html = environment().get_template(f"{name}.html.j2").render(**facts)
    return HTMLResponse(html, status_code=status, headers={"Content-Security-Policy": policy()})


@cache
def environment() -> Environment:
    """The templates. Everything is escaped: which names are HTML is not left to be guessed from an ending."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals["style"] = Markup(style())  # noqa: S704 - our own file
    found.filters |= {"moment": moment, "number": indonesian.number}
    return found


@cache
def style() -> str:
    """The style sheet, with as few signs as it takes."""
    lines = (TEMPLATES / "page.css").read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines)


@cache
def policy() -> str:
    """What a page may load: the one style sheet inside it. What it may do: send forms to us."""
    digest = b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def moment(at: datetime, zone: str) -> str:
    """`Senin, 5 Februari 2024 pukul 15.00 WITA`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{indonesian.weekday(local)} pukul {local:%H.%M} {indonesian.ZONES.get(zone, local.tzname())}"


def short_moment(at: datetime, zone: str) -> str:
    """`Rabu 7/2, 17.00 WITA`: for a list of choices on a narrow screen."""
    local = at.astimezone(ZoneInfo(zone))
    day = indonesian.DAYS[local.weekday()]
    return f"{day} {local.day}/{local.month}, {local:%H.%M} {indonesian.ZONES.get(zone, local.tzname())}"
