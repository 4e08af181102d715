"""What every address of the interface does alike: let a token in, answer in JSON, say no in JSON (RFC 9457)."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from rules.programme import Programme
from rules.tokens import Scope
from services import tokens
from web.books import Books
from web.guards.refusals import Refusal

log = structlog.get_logger()

PATH = "/api/v1"
PROBLEM = "application/problem+json"
BEARER = {"WWW-Authenticate": "Bearer"}


class Denied(Exception):
    """Why nothing is answered."""

    def __init__(self, status: int, title: str, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = dict(headers or {})


class Caller(NamedTuple):
    """A program that was let in: what it may read, of the programmes of one desk."""

    books: Books
    session: Session
    scopes: frozenset[str]
    programmes: Mapping[int, Programme]
    now: datetime

    def programme(self, request: Request) -> tuple[int, Programme]:
        """The programme that the address names. Raises: Denied: this desk has none such."""
        id = request.path_params["programme"]
        if id not in self.programmes:
            raise Denied(404, "no such programme", f"see {PATH}")
        return id, self.programmes[id]


Answer = Callable[[Request, Caller], Mapping[str, Any]]


def answered(scope: Scope | None, answer: Answer) -> Callable[[Request], Response]:
    """The address that gives an answer to whoever has this scope; None: any token will do."""

    def page(request: Request) -> Response:
        try:
            return _json(_answer(request, scope, answer))
        except Denied as no:
            return problem(no.status, no.title, no.detail, no.headers)
        except Refusal as refusal:  # a programme that cannot be read now
            return problem(503, "not now", headers={"Retry-After": str(refusal.retry or 60)})

    return page


def _answer(request: Request, scope: Scope | None, answer: Answer) -> Mapping[str, Any]:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        now = books.clock(session)
        own = tokens.enter(session, _bearer(request), now=now)
        if own is None:
            raise Denied(401, "no good token", "Send one from ./desk token new as Authorization: Bearer ...", BEARER)
        if wait := books.links.wait(f"token {own.id}"):
            raise Denied(429, "too often", headers={"Retry-After": str(wait)})
        scopes = frozenset(own.scopes.split())
        if Scope.OPERATOR in scopes or (scope is not None and scope not in scopes):
            raise Denied(403, "not in the token's scope", f"It opens {', '.join(sorted(scopes))}")
        live = books.of(session, own.desk).readable
        log.info("token used", token=own.id, read=scope or "index")
        caller = Caller(books, session, scopes, live, now)
        return {"at": instant(now), **answer(request, caller)}


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.isascii() else ""


def problem(status: int, title: str, detail: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """A refusal that a program can read."""
    body = {"title": title, "status": status, **({"detail": detail} if detail else {})}
    return Response(json.dumps(body), status, dict(headers or {}), PROBLEM)


def nowhere(_: Request) -> Response:
    """The answer to every other address of the interface."""
    return problem(404, "no such address", f"see {PATH}/openapi.json")


def instant(at: datetime | None) -> str | None:
    """An instant as JSON has it: ISO 8601 in UTC."""
    return at.isoformat() if at else None


def _json(body: Mapping[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), media_type="application/json")
