"""A new command is a module and a line: those that CONTRIBUTING.md shows are run."""

import re
import sys
from pathlib import Path

import pytest

import jobs.commands
from jobs import __main__ as program
from tests import recipes


@pytest.fixture(autouse=True)
def shown(monkeypatch, tmp_path: Path):
    (module,) = recipes.blocks("A new command", "python")
    line = re.search(r'`"tasks": (Command\("counting", "(.*?)"\))`', recipes.PAGE.read_text())
    assert line
    (tmp_path / "commands").mkdir()
    (tmp_path / "commands/counting.py").write_text(module)
    monkeypatch.setattr(jobs.commands, "__path__", [*jobs.commands.__path__, str(tmp_path / "commands")])
    monkeypatch.setitem(program.COMMANDS, "tasks", program.Command("counting", line[2]))
    yield
    sys.modules.pop("jobs.commands.counting", None)


def test_it_is_in_the_list_and_answers(desk, tmp_path: Path):
    database = f"sqlite:///{tmp_path / 'desk.db'}"
    assert desk("migrate", DESK_DATABASE_URL=database).returncode == 0

    listed, done = desk("--help"), desk("tasks", DESK_DATABASE_URL=database)

    assert "How many tasks are open." in listed.stdout
    assert (done.returncode, done.stdout) == (0, "0 open\n")
