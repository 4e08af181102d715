"""Which version of the program this is."""

import tomllib
from pathlib import Path


def own() -> str:
    """As `pyproject.toml` says; nothing is installed that could say it instead."""
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])
