"""Pages: facts in, HTML out. A page uses our own style and scripts; it loads no image and nothing from another site."""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from rules import indonesian
from web.guards import content_policy

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("team", "copy")
"""One for the team's pages, one for the text for a group. No page has more than one."""
STYLES = ("board", "recap")


def page(name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from its template. It is an error if a fact that the template uses is missing."""
    html = environment().get_template(f"{name}.html.j2").render(**facts)
    return HTMLResponse(html, status_code=status, headers={content_policy.HEADER: _policy()})


async def send_script(name: str, _: Request) -> Response:
    """One of `SCRIPTS`."""
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(script(name), media_type="text/javascript", headers=kept)


@cache
def environment() -> Environment:
    """The templates. Every fact is escaped; a file's name does not decide that."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.globals["style"] = Markup(style())  # noqa: S704 - our own file
    templates.globals |= {f"{name}_style": Markup(style(name)) for name in STYLES}  # noqa: S704 - our own files
    templates.globals["scripts"] = {
        name: {"path": script_path(name), "integrity": content_policy.digest(script(name))} for name in SCRIPTS
    }
    templates.filters |= {"moment": moment, "number": indonesian.number}
    return templates


@cache
def style(name: str = "page") -> str:
    """A style sheet in one line. "page" stands inside every page, and weak phones read it each time; `STYLES` have what
    only a few pages need.
    """
    return "".join((TEMPLATES / f"{name}.css").read_text(encoding="utf-8").splitlines())


@cache
def script(name: str) -> str:
    """One of `SCRIPTS`, as it is written; it is sent compressed."""
    return (TEMPLATES / f"{name}.js").read_text(encoding="utf-8")


@cache
def script_path(name: str) -> str:
    """The address of a script. It changes with the script, so browsers may keep what is there for ever."""
    return f"/{hashlib.sha256(script(name).encode()).hexdigest()[:16]}.js"


@cache
def _policy() -> str:
    return content_policy.page([style(), *map(style, STYLES)], map(script, SCRIPTS))


def moment(at: datetime, zone: str) -> str:
    """`Senin, 5 Februari 2024 pukul 15.00 WITA`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{indonesian.weekday(local)} pukul {local:%H.%M} {indonesian.ZONES.get(zone, local.tzname())}"


def short_moment(at: datetime, zone: str) -> str:
    """`Rabu 7/2, 17.00 WITA`: for a list of choices on a narrow screen."""
    local = at.astimezone(ZoneInfo(zone))
    day = indonesian.DAYS[local.weekday()]
    return f"{day} {local.day}/{local.month}, {local:%H.%M} {indonesian.ZONES.get(zone, local.tzname())}"
