"""The runbook says of every line of the log what it means, and of none that there is not."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "docs/runbook.md"


def logged() -> set[str]:
    """The event of every line that is written anywhere."""
    files = [path for ring in ("jobs", "web", "services") for path in (ROOT / ring).rglob("*.py")]
    calls = (node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    return {str(call.args[0].value) for call in calls if _logs(call) and isinstance(call.args[0], ast.Constant)}


def _logs(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "log" and bool(call.args)


def explained() -> set[str]:
    """The events in the first column of the runbook's tables about the log."""
    section = RUNBOOK.read_text().partition("\n## What the log says\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE)
    return {event for cell in cells for event in re.findall(r"`(.+?)`", cell)}


def test_the_runbook_explains_every_event_and_no_other():
    assert logged() == explained()
