"""What a scenario puts in force midway is held against what it changes, before anything is played."""

import re

import pytest

from config import loader, midway
from config.errors import ConfigError
from tests.stories.desk import DESK, ELECTION, POLICY, ROOT

MOVED = (ELECTION.read_text("utf-8")).replace("2024-02-14", "2024-02-15")
SCRIPT = """scenario: berubah
zone: Asia/Makassar
amendments:
  - at: 2024-02-12 12:00
    files: [{files}]
"""


@pytest.fixture
def amended(tmp_path):
    def read(files, script=SCRIPT, **beside):
        for name, text in beside.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        own = tmp_path / "skenario.yaml"
        own.write_text(script.format(files=files), encoding="utf-8")
        three = [loader.read(path) for path in (ELECTION, DESK, POLICY)]
        return midway.read(
            loader.read(own), three, loader.forms(ROOT / "config/forms"), loader.reports(ROOT / "config/reports")
        )

    return read


def test_a_changed_file_lies_beside_the_scenario(amended):
    (own,) = amended("mundur.yaml", mundur=MOVED)

    assert own.at.isoformat() == "2024-02-12T12:00:00+08:00"
    assert [document.kind for document in own.documents] == ["election"]
    assert own.programme.election.stage("voting_day").version().start.day == 15


def test_what_is_amended_later_builds_on_what_is_in_force_by_then(amended):
    script = SCRIPT + "  - {{at: 2024-02-11 12:00, files: [kebijakan.yaml]}}\n"
    policy = POLICY.read_text("utf-8") + "\ncosts:\n  prices: {sms: {each: 300}}\n"

    first, second = amended("mundur.yaml", script, mundur=MOVED, kebijakan=policy)

    assert (first.documents[0].kind, second.documents[0].kind) == ("policy", "election")
    assert second.programme.policy.costs.prices


@pytest.mark.parametrize(
    ("files", "own", "told"),
    [
        ("tidak-ada.yaml", "", r"skenario.yaml:5: there is no file 'tidak-ada.yaml'. Name it as seen from the folder"),
        ("skenario.yaml", "", r"skenario.yaml:5: 'skenario.yaml' is a scenario. Name a changed calendar"),
        (
            "x.yaml",
            MOVED.replace("election: pemilihan", "election: lain"),
            r"x.yaml:2: 'lain' is not the election .*pem",
        ),
        ("x.yaml, x.yaml", MOVED, r"skenario.yaml:5: 'x.yaml' is a second election. Name one"),
        ("x.yaml", MOVED.replace("end: 2024-02-10", "end: 2024-02-31"), r"x.yaml:10: .*2024-02-31"),
        (
            "x.yaml",
            POLICY.read_text("utf-8").replace("form: harian", "form: tidak-ada"),
            r"x.yaml:\d+: .*no form 'tidak-ada'",
        ),
    ],
)
def test_a_file_that_is_missing_or_does_not_fit_is_refused_with_its_line(amended, files, own, told):
    with pytest.raises(ConfigError) as refused:
        amended(files, x=own)

    assert re.search(told, str(refused.value))
