"""Every red light stands in the runbook with the tests that lit it, and these tests are there."""

import ast
import re
from functools import cache

import pytest
import yaml

from config import settings as environment
from jobs.commands import asking
from jobs.operator import doctor
from tests.stories.desk import ROOT

RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    part = re.split(r"\n#+ ", RUNBOOK.split(heading, 1)[1], maxsplit=1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines[2:]]


def tried() -> dict[tuple[str, str], list[str]]:
    """By where it burns and its name, the tests that lit a light."""
    table = rows("## How each red light was tried\n")
    return {(where, light): CODE.findall(tests) for where, lights, tests in table for light in CODE.findall(lights)}


def lights(monkeypatch: pytest.MonkeyPatch, url: str) -> set[tuple[str, str]]:
    """All that the code can light."""
    monkeypatch.setenv("DESK_DATABASE_URL", url)
    alerts = yaml.safe_load((ROOT / "deploy/prometheus/desk-alerts.yml").read_text())["groups"]
    said = [CODE.findall(cells[0])[0] for cells in rows("### From outside\n") if cells[0].startswith("`")]
    return {
        *(("doctor", name) for name in doctor._looks(environment.read())),
        *(("status", name) for name in (*asking.ADVICE, "clock", "on_hold", "held_by_itself")),
        *(("alerts", rule["alert"]) for group in alerts for rule in group["rules"]),
        *(("/fail", reason) for reason in (*said, "silence")),
        ("/healthz", "503"),
    }


@cache
def defined(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_light_stands_in_the_runbook_with_what_lit_it(monkeypatch, sqlite_url):
    own = tried()

    assert own.keys() == lights(monkeypatch, sqlite_url)
    assert all(own.values())


def test_every_test_that_the_runbook_names_is_there():
    named = {test for tests in tried().values() for test in tests}

    assert [test for test in sorted(named) if test.split("::")[1] not in defined(test.split("::")[0])] == []


def test_every_line_of_the_doctor_is_explained():
    explained = {CODE.findall(cells[0])[0] for cells in rows("## What `doctor` looks at\n")}

    assert explained == {light for where, light in tried() if where == "doctor"}
