"""The house keeps its rings, and the rule that says so bites."""

from pathlib import Path

import pytest

from tests import import_rule

ROOT = Path(__file__).parents[1]


def plant(root: Path, name: str, text: str) -> None:
    for package in import_rule.OURS:
        (root / package).mkdir(exist_ok=True)
        (root / package / "__init__.py").touch()
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def test_nothing_here_breaks_the_import_rule():
    assert import_rule.breaches(ROOT) == []


@pytest.mark.parametrize(
    ("name", "line", "breach"),
    [
        ("rules/ladder.py", "import models", "rules may import only"),
        ("rules/ladder.py", "from jobs.watch import run", "rules may import only"),
        ("rules/ladder.py", "import yaml", "rules may import only"),
        ("rules/ladder.py", "import random", "must not reach random"),
        ("rules/ladder.py", "from random import shuffle", "must not reach random"),
        ("rules/ladder.py", "luck = Random()", "luck without a seed"),
        ("rules/ladder.py", "import time", "must not reach time"),
        ("rules/ladder.py", "from pathlib import Path", "must not reach pathlib"),
        ("rules/ladder.py", "text = open('policy.yaml')", "must not call open()"),
        ("rules/ladder.py", "now = datetime.now(UTC)", "must not read the clock"),
        ("rules/ladder.py", "now = datetime.datetime.utcnow()", "must not read the clock"),
        ("rules/ladder.py", "day = date.today()", "must not read the clock"),
        ("rules/ladder.py", "at: datetime = field(default_factory=datetime.now)", "must not read the clock"),
        ("rules/ladder.py", "now = clock.now()", "must not read the clock"),
        ("config/loader.py", "from models import notices", "config must not import models"),
        ("models/notices.py", "import notifiers.smtp", "models must not import notifiers.smtp"),
        ("notifiers/smtp.py", "from reports import facts", "notifiers must not import reports"),
        ("reports/weekly.py", "from config.settings import Settings", "reports must not import config.settings"),
        ("reports/weekly.py", "import jobs", "reports must not import jobs"),
        ("models/migrations/env.py", "from web import app", "models must not import web"),
        ("models/notices.py", "from ..config import settings", "models must not import config"),
        ("models/notices.py", "from .. import web", "models must not import web"),
        ("models/matters.py", "from services import filing", "models must not import services"),
        ("reports/weekly.py", "import services.compiling", "reports must not import services"),
        ("services/filing.py", "from config.settings import Settings", "services must not import config.settings"),
        ("services/filing.py", "from notifiers import render", "services must not import notifiers"),
        ("services/filing.py", "import jobs.deliver", "services must not import jobs.deliver"),
        ("services/filing.py", "from web import app", "services must not import web"),
        ("jobs/watch.py", "from web import board", "jobs must not import web"),
        ("jobs/run.py", "uvicorn.run('web.app:create')", "jobs must not import web.app"),
        ("web/app.py", "import jobs.deliver", "web must not import jobs.deliver"),
        ("web/app.py", "from tests import engines", "web must not import tests"),
        ("web/app.py", "importlib.import_module('jobs.deliver')", "web must not import jobs.deliver"),
        ("models/base.py", "module = __import__('reports')", "models must not import reports"),
        ("jobs/runtime.py", "url = os.environ['DESK_DATABASE_URL']", "only config/settings.py"),
        ("config/loader.py", "url = os.getenv('DESK_DATABASE_URL')", "only config/settings.py"),
        ("web/app.py", "from os import environ", "only config/settings.py"),
    ],
)
@pytest.mark.parametrize("inside", ["", "def later():\n    "], ids=["at the top", "inside a function"])
def test_a_planted_breach_is_named_with_its_place(tmp_path, name, line, breach, inside):
    plant(tmp_path, name, f"'''A module.'''\n{inside}{line}\n")

    found = import_rule.breaches(tmp_path)

    assert len(found) == 1
    assert found[0].startswith(f"{name}:{3 if inside else 2}: ")
    assert breach in found[0]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("rules/ladder.py", "from datetime import datetime, time, timedelta"),
        ("rules/ladder.py", "from rules.desk import Desk"),
        ("rules/ladder.py", "import zoneinfo, hashlib, json"),
        ("rules/scenario.py", "from random import Random"),
        ("rules/ladder.py", "due = matter.due_at <= now"),
        ("config/settings.py", "url = os.environ['DESK_DATABASE_URL']"),
        ("models/notices.py", "from models import base; from rules import ladder; import sqlalchemy"),
        ("models/notices.py", "from . import base"),
        ("services/filing.py", "from models import notices; from rules import ladder; from reports import facts"),
        ("jobs/watch.py", "from models import notices; from services import filing; from jobs import runtime"),
        ("jobs/__main__.py", "uvicorn.run('web.app:create', factory=True)"),
        ("web/app.py", "from config.settings import Settings; import reports.weekly"),
    ],
)
def test_what_the_rule_lets_pass(tmp_path, name, line):
    plant(tmp_path, name, line)

    assert import_rule.breaches(tmp_path) == []


def test_all_breaches_are_printed_and_the_status_says_so(tmp_path, capsys):
    plant(tmp_path, "web/app.py", "import jobs\n\nimport jobs.deliver\n")

    status = import_rule.main(tmp_path)

    assert status == 1
    assert [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines()] == [
        "web/app.py:1:",
        "web/app.py:3:",
    ]
