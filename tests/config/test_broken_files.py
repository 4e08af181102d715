"""Every broken file is refused at the exact line, with words that mend it; all that is wrong with it at once."""

import re
from pathlib import Path

import pytest

from config import loader
from config.errors import ConfigError

FILES = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
EXPECTED = re.compile(r"^# expect: line (\d+): (.+)$", re.MULTILINE)


def test_there_are_enough_of_them():
    assert len(FILES) >= 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_file_is_refused_at_its_line(file):
    expected = [(int(line), words) for line, words in EXPECTED.findall(file.read_text(encoding="utf-8"))]

    with pytest.raises(ConfigError) as refused:
        loader.read(file)

    told = str(refused.value).splitlines()
    assert [finding.line for finding in refused.value.findings] == [line for line, _ in expected], told
    for (line, words), text in zip(expected, told, strict=True):
        assert text.startswith(f"{file}:{line}: ")
        assert words in text
