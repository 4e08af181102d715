"""JSON Schemas (draft 2020-12) of the files, for editors that complete and check."""

import json
from pathlib import Path

from config.shapes.desk import DeskShape
from config.shapes.election import ElectionShape
from config.shapes.form import FormShape
from config.shapes.kit import Shape
from config.shapes.policy import PolicyShape
from config.shapes.report import ReportShape
from config.shapes.scenario import ScenarioShape

FOLDER = Path(__file__).parent / "schema"
KINDS: dict[str, type[Shape]] = {
    "election": ElectionShape,
    "desk": DeskShape,
    "policy": PolicyShape,
    "scenario": ScenarioShape,
    "form": FormShape,
    "report": ReportShape,
}


def text(kind: str) -> str:
    """The schema of one kind of file, always the same for the same shapes."""
    schema = KINDS[kind].model_json_schema(by_alias=True, mode="validation")
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_tidy(schema, kind)}
    return json.dumps(whole, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every schema into `folder`; the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for kind in KINDS:
        file = folder / f"{kind}.schema.json"
        file.write_text(text(kind), encoding="utf-8")
        files.append(file)
    return files


def _tidy(value: object, kind: str) -> dict[str, object]:
    """The schema without titles made from names, and without examples that only serve as stand-ins."""
    schema = _without_titles(value)
    assert isinstance(schema, dict)
    for field in schema["properties"].values():
        field.pop("examples", None)
    return {**schema, "title": f"{kind} file"}


def _without_titles(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_titles(own) for key, own in value.items() if key != "title" or not isinstance(own, str)}
    return [_without_titles(own) for own in value] if isinstance(value, list) else value
