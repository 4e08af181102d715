"""What the report to the Government says of support: as it stood at the cut-off, counted again from the rows."""

import json
from collections import Counter

import pytest
from sqlalchemy import select

from jobs.operator import restricting
from jobs.turn import compile
from models.matters import submissions
from models.matters.issues import Issue
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from reports.government import facts as weekly
from reports.government import figures, letter, supported
from rules.filing import Standing
from rules.forms import Condition
from tests.stories import prepared
from tests.stories.desk import Desk
from tests.stories.test_levels import OWN
from tests.stories.test_support import BPBD, KEY, KOMINFO, SEKDA, key, says

PREPARED = {"logistik": ("hibah", "angkutan", "angkutan-cek", "gudang"), "rekap": ("jaringan", "tim")}
CUT_OFF = "H 18:00"


@pytest.fixture
def desk(sessions, tmp_path):
    desk = Desk(sessions, prepared.files(tmp_path), starts="2024-01-05 08:00")
    own = [o.key for o in desk.programme.obligations() if desk.programme.policy.duty(o.duty).support]
    desk.owes_only(*own, OWN)
    desk.clock.jumps("H-31 09:00")
    says(desk, key(desk, "hibah"), SEKDA, cair_kpu=Condition.NOT_READY)
    desk.clock.jumps("H-15 09:00")
    says(desk, key(desk, "angkutan"), BPBD, jalur=Condition.PARTLY)
    says(desk, f"{KEY}/gudang/63.04.01/H-12".replace("dukungan", "tiga-kecamatan"), "Camat Tabunganen")
    desk.waives(f"{KEY}/gudang/63.04.02/H-12".replace("dukungan", "tiga-kecamatan"), "Tidak ada gudang.")
    return desk


def told(desk):
    """The weekly report, compiled a minute after its cut-off."""
    desk.clock.jumps("H 18:01")
    compile.run(desk.rt, now=desk.clock.at)
    with desk.rt.sessions.begin() as session:
        return weekly.from_json(submissions.all_of(session)[-1].facts)


def counted(desk):
    """From the rows, by plain Python: (preparation, what) -> how many."""
    known, found = desk.moment(CUT_OFF), Counter()
    with desk.rt.sessions.begin() as session:
        rows = session.execute(select(Matter, Obligation).join(Obligation, Obligation.id == Matter.id)).all()
        filed = session.scalars(select(Report).order_by(Report.version)).all()
    for matter, owed in rows:
        name = next((code for code, duties in PREPARED.items() if owed.duty in duties), None)
        if name is None or owed.standing == Standing.CANCELLED:
            continue
        waived = owed.standing == Standing.WAIVED and matter.closed_at <= known
        came = [own for own in filed if own.obligation_id == owed.id and own.received_at <= known]
        lines = [own["condition"] for own in came[-1].body["indicators"].values()] if came else []
        apply = [own for own in lines if own != "not_ours"]
        found[name, "late"] += not came and not waived and owed.due_at < known
        if waived or (lines and not apply):
            found[name, "not_theirs"] += 1
            continue
        found[name, "total"] += 1
        if not came:
            found[name, "unanswered"] += 1
        elif set(apply) == {"ready"}:
            found[name, "ready"] += 1
        else:
            found[name, "partly" if {"ready", "partly"} & set(apply) else "not_ready"] += 1
    return found


def test_every_figure_of_support_is_the_count_of_its_rows_at_the_cut_off(desk):
    desk.clock.jumps("H 18:01")
    says(desk, key(desk, "jaringan"), KOMINFO)

    facts = told(desk)

    printed, found = figures.printed(facts), counted(desk)
    for name in PREPARED:
        for what in ("total", "ready", "partly", "not_ready", "unanswered", "late", "not_theirs"):
            assert printed[f"support.{name}.{what}"] == found[name, what], (name, what)
            assert printed[f"support.{what}"] == sum(found[each, what] for each in PREPARED)
    assert printed["support.rekap.ready"] == 0
    assert printed["support.logistik.not_theirs"] == 1
    assert not [own for own in facts.reports if own.duty in ("Penyaluran hibah", "Listrik dan jaringan")]


def test_what_came_by_the_cut_off_is_told(desk):
    desk.clock.jumps("H 17:59")
    says(desk, key(desk, "jaringan"), KOMINFO)

    assert figures.printed(told(desk))["support.rekap.ready"] == 1


def test_the_letter_names_what_holds_the_others_up(desk):
    facts = told(desk)

    (own,) = (part for part in letter.document(facts).chapters if part.code == "support")
    said = [text for block in own.blocks for text in getattr(block, "items", ())]
    assert said[0].startswith("Penyaluran hibah (Sekretaris Daerah): ")
    assert "yaitu Hibah kepada KPU. Menahan" in said[0]
    assert "Angkutan kotak" in said[0]


def test_a_line_that_a_restricted_problem_is_about_is_counted_and_not_named(desk):
    desk.clock.jumps("H-14 09:00")
    says(desk, key(desk, "angkutan"), BPBD, kapal=Condition.NOT_READY)
    with desk.rt.sessions.begin() as session:
        code = session.scalars(select(Matter.code).join(Issue, Issue.id == Matter.id).order_by(Issue.id)).all()[-1]
    restricting.restrict(desk.rt, code, True, by="kepala-kesbangpol", text="Aduan")

    facts = told(desk)

    (boats,) = (own for each in facts.findings.support for own in each.items if own.name == "Angkutan kotak")
    assert boats.lacking == ()
    assert "Kapal dan perahu" not in json.dumps(json.loads(weekly.to_json(facts))["findings"]["support"])
    assert figures.printed(facts)["support.logistik.total"] == counted(desk)["logistik", "total"]


def test_a_desk_without_a_plan_has_no_such_chapter(sessions):
    desk = Desk(sessions)
    desk.owes_only(OWN)
    desk.clock.jumps("H-6 10:00")

    facts = told(desk)

    assert facts.findings.support == ()
    assert supported.chapter(facts, {}).blocks == ()
    assert not [name for name in figures.printed(facts) if name.startswith("support")]
