"""The shadow on a whole desk, and its commands."""

import csv
import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config import loader
from jobs.rehearsal import rehearse
from jobs.shadow import begin, kept, look
from jobs.shadow.begin import Begin
from services import aides
from tests.jobs.test_commands import FILES
from tests.stories.desk import POLICY, ROOT

ZONE = ZoneInfo("Asia/Makassar")


def test_around_voting_day_a_whole_desk_sends_again_what_it_sent(tmp_path: Path):
    """By the scenario of the demo: late and wrong reports, problems, advice, approvals, a mail server and a desk that
    stand still, addresses that take nothing. What villages are asked is not done again: it is counted, and seen.
    """
    config = ROOT / "config"
    files = [loader.read(config / name) for name in ("elections/pemilu-2024.yaml", "desks/barito-kuala.yaml")]
    files.append(loader.read(POLICY))
    rehearsal = rehearse.prepare(
        files,
        loader.read(config / "scenarios/demo.yaml").value,
        loader.forms(config / "forms"),
        loader.reports(config / "reports"),
        seed=20240214,
        start=datetime(2024, 2, 11, 6, tzinfo=ZONE),
        end=datetime(2024, 2, 14, 16, tzinfo=ZONE),
        out=tmp_path / "out",
    )
    asked = Begin("barito-kuala", files[2:], "", "Dicoba dulu")
    for at in rehearsal.play():
        if at >= datetime(2024, 2, 12, 9, tzinfo=ZONE) and kept.find(tmp_path, asked.desk) is None:
            begin.begin(rehearsal.rt, tmp_path, asked)
    own = kept.find(tmp_path, asked.desk)
    assert own is not None

    seen = look.look(rehearsal.rt, own)

    assert len(seen.happened.told) > 150
    assert {about for pair in seen.astray for about in pair.told.about} == {"aide"}
    assert sum(seen.differing.values()) == 0
    assert set(seen.left) <= {aides.NAMED, aides.ASKED, "shift noted"}
    assert seen.left[aides.ASKED] == 1
    assert seen.refused == ({}, {})
    assert seen.done > 100


@pytest.fixture
def run(desk, tmp_path: Path):
    """A command of a desk that has a home of its own."""
    (tmp_path / "config").symlink_to(ROOT / "config")

    def run(*words: str):
        return desk(*words, DESK_HOME=str(tmp_path), DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    return run


def test_a_shadow_that_may_not_go_on_is_warned_of(tmp_path: Path, run):
    def light() -> dict[str, str]:
        lines = map(json.loads, run("doctor", "--json").stdout.splitlines())
        return next(line for line in lines if line["what"] == "shadow")

    run("migrate")
    run("load", *FILES)
    before = light()
    run("shadow", "begin", FILES[2], "--reason", "Dicoba")
    running = light()
    facts = next(tmp_path.rglob(kept.FACTS))
    facts.write_text(re.sub(r'"version": "[^"]*"', '"version": "0.1"', facts.read_text()))
    over = light()

    assert [one["state"] for one in (before, running, over)] == ["ok", "ok", "warn"]
    assert "tiga-kecamatan until" in running["means"]
    assert "0.1" in over["means"]


def test_a_shadow_that_broke_is_warned_of_ended_and_stops_no_status(tmp_path: Path, run):
    run("migrate")
    run("load", *FILES)
    run("shadow", "begin", FILES[2], "--reason", "Dicoba")
    facts = next(tmp_path.rglob(kept.FACTS))
    facts.write_text("{}")

    status = run("status", "--json")
    lines = map(json.loads, run("doctor", "--json").stdout.splitlines())
    light = next(line for line in lines if line["what"] == "shadow")
    ended = run("shadow", "end")

    assert json.loads(status.stdout)["shadows"] == []
    assert light["state"] == "warn"
    assert "no shadow lies there: tiga-kecamatan" in light["means"]
    assert ended.returncode == 0, ended.stderr
    assert not facts.parent.exists()


def test_a_shadow_is_begun_looked_at_named_and_ended(run, tmp_path: Path):
    changed = tmp_path / "berubah.yaml"
    changed.write_text(re.sub("cooling: PT1H\n", "cooling: PT2H\n", POLICY.read_text("utf-8"), count=1), "utf-8")
    assert run("migrate").returncode == 0
    assert run("load", *FILES).returncode == 0

    assert "say why" in run("shadow", "begin", str(changed)).stderr
    begun = run("shadow", "begin", str(changed), "--reason", "Lebih sabar")
    looked = run("shadow", "look", "--csv", str(tmp_path / "pesan.csv"))
    facts = json.loads(run("shadow", "look", "--json").stdout)
    named = json.loads(run("status", "--json").stdout)["shadows"]
    ended = run("shadow", "end")

    assert begun.returncode == 0, begun.stderr
    assert "the shadow of tiga-kecamatan runs since" in begun.stdout
    assert looked.returncode == 0, looked.stderr
    assert "what people did is taken as it happened" in looked.stdout
    assert facts["trust"]["astray"] == 0
    assert [one["desk"] for one in named] == ["tiga-kecamatan"]
    with (tmp_path / "pesan.csv").open() as file:
        assert next(csv.reader(file))[0] == "under"
    assert ended.returncode == 0, ended.stderr
    assert "no shadow" in run("shadow", "look").stderr
