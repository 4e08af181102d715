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

    Without them it is skipped, with their names; one that DESK_REQUIRE_TOOLS names, with spaces between, was promised,
    and its tests run and fail at the first use.
    """
    promised = os.environ.get("DESK_REQUIRE_TOOLS", "").split()
    missing = [tool for tool in tools if path(tool) is None and tool not in promised]
    return pytest.mark.skipif(bool(missing), reason=f"not on this machine: {', '.join(missing)}")
