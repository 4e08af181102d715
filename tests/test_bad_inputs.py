"""Every hostile value that is known by a number is tried by some test that names it; one that is forgotten fails here.

The numbers are those of the list of bad inputs that all projects of this kind share. A test names one in the id of a
case, in its docstring or at the end of its own name.
"""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KNOWN = {
    "mail header": "B002 B003 B006 B007 B008 B009 B012 B016 B017",
    "template": "B019 B020 B021 B022 B024 B027",
    "phone": "B065 B066 B069 B070 B072 B075 B077 B079 B080 B082 B083",
    "webhook": "B108 B113 B114 B116 B119 B122 B123 B124 B125 B126 B128",
    "time": "B160 B162 B163 B164 B165 B166 B170 B173 B175 B176",
    "unicode and size": "B190 B191 B192 B197 B199",
    "queue": "B200 B201 B202 B204 B209",
}
NAMED = re.compile(r"[Bb](\d{3})(?!\d)")
TEMPLATES = re.compile(r"from_string\(|Template\(|\.parse\(.*jinja|exec\(|eval\(")


def named() -> set[str]:
    files = [*HERE.rglob("test_*.py"), *HERE.rglob("broken/*.yaml")]
    texts = [file.read_text(encoding="utf-8") for file in files if file != Path(__file__)]
    return {f"B{number}" for text in texts for number in NAMED.findall(text)}


@pytest.mark.parametrize("kind", KNOWN)
def test_every_value_of_a_kind_is_tried(kind):
    assert set(KNOWN[kind].split()) - named() - {"B027"} == set()


def test_no_template_is_made_of_anything_but_our_own_files():
    """B027: templates are part of the program; nobody can write one, so there is none to be refused."""
    sources = [
        file
        for part in ("config", "jobs", "models", "notifiers", "reports", "rules", "web")
        for file in (HERE.parent / part).rglob("*.py")
    ]

    found = [
        f"{file.name}: {line.strip()}"
        for file in sources
        for line in file.read_text("utf-8").splitlines()
        if TEMPLATES.search(line)
    ]

    assert len(sources) > 100
    assert found == []
