"""A new kind of report to the Government is a file and a duty: those that CONTRIBUTING.md shows are taken and owed."""

import shutil
import textwrap
from pathlib import Path

import pytest

from config import loader
from tests import recipes
from tests.config.conftest import CONFIG

HEADING = "A new kind of report to the Government"


@pytest.fixture
def kinds(tmp_path: Path):
    """The kinds of report with the new one among them."""
    shutil.copytree(CONFIG / "reports", tmp_path / "reports")
    (tmp_path / "reports/catatan-kejadian.yaml").write_text(recipes.blocks(HEADING, "yaml")[0])
    return loader.reports(tmp_path / "reports")


def test_the_file_and_the_duty_of_the_page_make_reports(files, kinds):
    duty = textwrap.indent(recipes.blocks(HEADING, "yaml")[1], "  ")
    policy = loader.parse(files.policy.text.replace("\nduties:\n", f"\nduties:\n{duty}\n", 1), "default.yaml")
    forms = loader.forms(CONFIG / "forms")

    loader.look(files.election, files.desk, policy, forms=forms, kinds=kinds)

    made = loader.programme(files.election, files.desk, policy).obligations()
    assert [o.slot for o in made if o.duty == "catatan-kejadian"] == ["H-3", "H-2", "H-1", "H", "H+1", "H+2", "H+3"]


def test_a_duty_of_the_desk_that_names_no_kind_is_refused(files):
    text = files.policy.text.replace("form: laporan-gubernur", "form: laporan-gubenur", 1)
    policy = loader.parse(text, "default.yaml")

    with pytest.raises(loader.ConfigError) as refused:
        loader.look(files.election, files.desk, policy, forms={}, kinds=loader.reports(CONFIG / "reports"))

    assert "there is no report 'laporan-gubenur'. Did you mean laporan-gubernur?" in str(refused.value)


def test_two_kinds_of_one_code_and_a_file_of_another_kind_are_refused(tmp_path):
    for name in ("satu.yaml", "dua.yaml"):
        shutil.copy(CONFIG / "reports/laporan-gubernur.yaml", tmp_path / name)
    shutil.copy(CONFIG / "forms/harian.yaml", tmp_path / "tiga.yaml")

    with pytest.raises(loader.ConfigError) as refused:
        loader.reports(tmp_path)

    told = str(refused.value)
    assert "'laporan-gubernur' is the code of two reports" in told
    assert "holds a form where a file of the kind report is needed" in told


def test_every_kind_that_tells_its_legal_basis_says_which_that_is():
    found = loader.reports(CONFIG / "reports")
    telling = [kind for kind in found.values() for part in kind.parts if "basis" in {own.code for own in part.chapters}]

    assert [kind.code for kind in telling if not kind.basis] == []
