"""Programs that may be missing on a developer's machine and must not be missing where CI promised them."""

import os
import shutil

import pytest

PROGRAMS = {"chromium": ("chromium", "chromium-browser", "google-chrome")}


def path(tool: str) -> str | None:
    """Where `tool` is, under any of its names, or None."""
    return next((found for name in PROGRAMS.get(tool, (tool,)) if (found := shutil.which(name))), None)


def needs(*tools: str) -> pytest.MarkDecorator:
    """Mark a test or module that needs programs such as "chromium" or "pdftoppm".

    Without them it is skipped, with their names; where DESK_REQUIRE_TOOLS=1 it runs, and fails at the first use.
    """
    missing = [tool for tool in tools if path(tool) is None]
    required = os.environ.get("DESK_REQUIRE_TOOLS") == "1"
    return pytest.mark.skipif(bool(missing) and not required, reason=f"not on this machine: {', '.join(missing)}")
