"""What the interface says of itself, as OpenAPI 3.1. `python -m web.api.openapi` writes docs/openapi.json anew."""

import json
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from rules.issues import Category
from rules.life import Stage
from rules.policy import Severity
from rules.situation import Shown
from rules.submissions import State
from web.api.answers import PATH
from web.api.reading import DAYS, MOST, SPLITS
from web.recap.recap import FIGURES

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"
Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
PERIOD: Schema = {"type": "array", "items": DAY, "minItems": 2, "maxItems": 2}


def _or_none(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _words(words: Any) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words]}


FIGURE = _object(**dict.fromkeys(FIGURES, COUNT))
ITEM = _object(
    code=TEXT,
    key=TEXT,
    area=TEXT,
    duty=TEXT,
    period=PERIOD,
    opens_at=INSTANT,
    due_at=INSTANT,
    extended_until=_or_none(INSTANT),
    returned_until=_or_none(INSTANT),
    late=FLAG,
)
CELL = _object(
    area=TEXT,
    group=TEXT,
    shown=_words(Shown),
    tells_of=_or_none(INSTANT),
    stale=FLAG,
    numbers=_map(_object(count={"type": "integer"}, tells_of=INSTANT)),
)
PROBLEM = _object(
    code=TEXT,
    area=TEXT,
    village=_or_none(TEXT),
    station=_or_none(TEXT),
    category=_words(Category),
    severity=_words(Severity),
    stage=_words(Stage),
    title=TEXT,
    affected=_or_none(COUNT),
    opened_at=INSTANT,
    due_at=_or_none(INSTANT),
    resolved_at=_or_none(INSTANT),
)
SUBMISSION = _object(
    code=TEXT,
    key=TEXT,
    duty=TEXT,
    period=PERIOD,
    version=COUNT,
    state=_words(State),
    cut_off_at=INSTANT,
    due_at=INSTANT,
    facts_digest=TEXT,
)
PROGRAMME = _object(id=COUNT, code=TEXT, desk=TEXT, election=TEXT, zone=TEXT, areas=_map(TEXT), read=_map(TEXT))

ANSWERS: dict[str, tuple[str, Schema]] = {
    "owed": (
        "What is overdue, due soon, or to be improved.",
        _object(at=INSTANT, programme=TEXT, until=INSTANT, owed=_list(ITEM)),
    ),
    "recap": (
        "How reports came in, counted for a period. due = on_time + late + missing.",
        _object(
            at=INSTANT,
            programme=TEXT,
            period=PERIOD,
            by=_words(SPLITS),
            parts=_list(_object(code=TEXT, name=TEXT, figures=FIGURE)),
            whole=FIGURE,
        ),
    ),
    "situation": (
        "By district and group of indicators, how it stands, and of which moment the newest report tells.",
        _object(at=INSTANT, programme=TEXT, groups=_map(TEXT), cells=_list(CELL)),
    ),
    "problems": (
        "The problems, the open and grave first. Restricted ones are never here.",
        _object(at=INSTANT, programme=TEXT, total=COUNT, start=COUNT, problems=_list(PROBLEM)),
    ),
    "submissions": (
        "The reports to the Government, the latest due first.",
        _object(at=INSTANT, programme=TEXT, submissions=_list(SUBMISSION)),
    ),
}
ASKED: dict[str, list[tuple[str, str, Schema]]] = {
    "owed": [("days", "How many days ahead.", {"type": "integer", "minimum": 0, "maximum": DAYS, "default": 2})],
    "recap": [
        ("from", "First day; this week's Monday where none is given.", DAY),
        ("to", "Last day, at most 400 days after the first; this week's Sunday where none is given.", DAY),
        ("by", "What is counted apart.", _words(SPLITS) | {"default": "area"}),
    ],
    "problems": [
        ("open", "false: also those that are over.", _words(("true", "false")) | {"default": "true"}),
        ("start", f"How many to leave out at the front; {MOST} are answered.", COUNT | {"default": 0}),
    ],
}
REFUSED = {
    "401": "No token, or one that opens nothing any more.",
    "403": "The token does not open this.",
    "404": "There is no such programme at the token's desk.",
    "422": "A parameter cannot be read.",
    "429": "Too often: wait as long as Retry-After says.",
    "503": "Not now.",
}


def document() -> Schema:
    """The whole of it."""
    index = "The programmes of the token's desk, and what the token opens."
    paths = {
        PATH: {"get": _operation("index", index, _object(at=INSTANT, programmes=_list(PROGRAMME)), [], [])},
        **{
            f"{PATH}/programmes/{{programme}}/{name}": {"get": _operation(name, what, schema, _params(name), [name])}
            for name, (what, schema) in ANSWERS.items()
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Desk",
            "version": "1",
            "description": "Figures of an election support desk, read-only. docs/api.md says how to get a token.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Refusal": {
                    "type": "object",
                    "properties": {"title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
                    "required": ["title", "status"],
                    "additionalProperties": False,
                }
            },
        },
    }


def _params(name: str) -> list[Schema]:
    own: Schema = {"name": "programme", "in": "path", "required": True, "description": "Its id.", "schema": COUNT}
    asked = ASKED.get(name, [])
    return [own, *({"name": n, "in": "query", "description": what, "schema": s} for n, what, s in asked)]


def _operation(name: str, what: str, schema: Schema, parameters: list[Schema], scopes: list[str]) -> Schema:
    needed = f" The token needs the scope {scopes[0]}." if scopes else ""
    refusal = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    refused = {
        status: {"description": why, "content": refusal}
        for status, why in REFUSED.items()
        if parameters or status not in ("404", "422")
    }
    answer = {"description": what, "content": {"application/json": {"schema": schema}}}
    return {
        "operationId": name,
        "summary": what,
        "description": f"{what}{needed}",
        "parameters": parameters,
        "responses": {"200": answer, **refused},
    }


def text() -> str:
    """It as the file has it."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def served(_: Request) -> Response:
    """It for whoever asks: it tells nothing about this desk."""
    return Response(text(), media_type="application/json")


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
