"""The files of the project, read once."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from config import loader

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="session")
def files():
    return SimpleNamespace(
        election=loader.read(CONFIG / "elections/pemilu-2024.yaml"),
        desk=loader.read(CONFIG / "desks/barito-kuala.yaml"),
        jayapura=loader.read(CONFIG / "desks/contoh-jayapura.yaml"),
        policy=loader.read(CONFIG / "policies/default.yaml"),
        demo=loader.read(CONFIG / "scenarios/demo.yaml"),
    )
