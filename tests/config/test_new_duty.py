"""A new duty is data: the form and the duty that CONTRIBUTING.md shows are planned."""

import shutil
from pathlib import Path

import pytest

from config import loader
from rules.programme import Programme
from tests import recipes

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """The forms with the new one among them."""
    form, _ = recipes.blocks("A new duty", "yaml")
    shutil.copytree(CONFIG / "forms", tmp_path / "forms")
    (tmp_path / "forms" / "gudang.yaml").write_text(form)
    return tmp_path / "forms"


@pytest.fixture
def programme(forms: Path) -> Programme:
    _, duty = recipes.blocks("A new duty", "yaml")
    text = (CONFIG / "policies/default.yaml").read_text()
    assert "\nduties:\n" in text
    indented = "".join(f"  {line}" for line in duty.splitlines(keepends=True))
    policy = loader.parse(text.replace("\nduties:\n", f"\nduties:\n{indented}\n"), "policy.yaml")
    election, desk = loader.read_all([CONFIG / "elections/pemilu-2024.yaml", CONFIG / "desks/barito-kuala.yaml"])
    loader.look(election, desk, policy, forms=loader.forms(forms))
    return loader.programme(election, desk, policy)


def test_every_district_owes_it_at_noon_three_and_two_days_before_voting(programme: Programme):
    owed = [own for own in programme.obligations() if own.duty == "gudang"]

    assert {own.slot for own in owed} == {"H-3", "H-2"}
    assert len(owed) == 2 * len(programme.desk.districts)
    assert {own.ladder for own in owed} == {"daily"}


def test_its_form_asks_what_the_page_says(forms: Path):
    form = loader.forms(forms)["gudang"]

    assert [own.code for own in form.indicators] == ["gudang"]
    assert [figure.code for figure in form.figures()] == ["kotak-gudang"]
