"""Pages: facts in, HTML out, with a policy that lets nothing else in: scripts of ours, no image, no other site."""

import hashlib
import re
from base64 import b64encode
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

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("team", "copy")
"""Those of the team's pages and of the text for a group; no page has more than one."""


def page(name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from its template; a fact that a template wants and nobody gave is an error."""
    html = environment().get_template(f"{name}.html.j2").render(**facts)
    return HTMLResponse(html, status_code=status, headers={"Content-Security-Policy": policy()})


async def send_script(name: str, _: Request) -> Response:
    """One of `SCRIPTS`."""
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(script(name), media_type="text/javascript", headers=kept)


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
    found.globals["scripts"] = {
        name: {"path": script_path(name), "integrity": f"sha256-{_digest(script(name))}"} for name in SCRIPTS
    }
    found.filters |= {"moment": moment, "number": indonesian.number}
    return found


@cache
def style() -> str:
    """The style sheet, with as few signs as it takes."""
    lines = (TEMPLATES / "page.css").read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines)


_BETWEEN = re.compile(r"""("[^"]*"|`[^`]*`|/[a-z|]+/)|\s*([=+\-*<>!&|?:;,{}()\[\]])\s*""")
"""Texts, and the one pattern, of a script; or a sign that needs no blanks around it."""


@cache
def script(name: str) -> str:
    """A script without comments and blanks that say nothing to a browser."""
    lines = (TEMPLATES / f"{name}.js").read_text(encoding="utf-8").splitlines()
    told = "\n".join(line.strip() for line in lines if not line.strip().startswith("//"))
    return _BETWEEN.sub(lambda found: found[1] or found[2], told).strip()


@cache
def script_path(name: str) -> str:
    """Where a script is: another one has another address, so that it may be kept for ever."""
    return f"/{hashlib.sha256(script(name).encode()).hexdigest()[:16]}.js"


@cache
def policy() -> str:
    """What a page may load: the style sheet inside it and our scripts. What it may do: send forms to us."""
    scripts = " ".join(f"'sha256-{_digest(script(name))}'" for name in SCRIPTS)
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(style())}'; script-src {scripts}; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


def moment(at: datetime, zone: str) -> str:
    """`Senin, 5 Februari 2024 pukul 15.00 WITA`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{indonesian.weekday(local)} pukul {local:%H.%M} {indonesian.ZONES.get(zone, local.tzname())}"


def short_moment(at: datetime, zone: str) -> str:
    """`Rabu 7/2, 17.00 WITA`: for a list of choices on a narrow screen."""
    local = at.astimezone(ZoneInfo(zone))
    day = indonesian.DAYS[local.weekday()]
    return f"{day} {local.day}/{local.month}, {local:%H.%M} {indonesian.ZONES.get(zone, local.tzname())}"
