"""What CONTRIBUTING.md and other pages show, for tests that try it: the blocks of code under a heading."""

import re
import textwrap
from pathlib import Path

PAGE = Path(__file__).parents[1] / "CONTRIBUTING.md"


def blocks(heading: str, language: str, page: Path = PAGE) -> list[str]:
    """The blocks in a language under `## heading`, in their order, without the indent of a list."""
    section = f"{page.read_text(encoding='utf-8')}\n## ".partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        textwrap.dedent(own) for own in re.findall(rf"^ *```{language}\n(.*?)^ *```", section, re.DOTALL | re.MULTILINE)
    ]
