"""What happened in a regency is read at the centre: each level approves and sends its own report of the week."""

from pathlib import Path

from config import loader
from jobs.turn import compile
from jobs.turn import levels as turn
from models.matters import submissions
from reports.government import facts as weekly
from reports.government.figures import printed
from rules.filing import Standing
from rules.submissions import State
from tests.stories.test_appeals import asks
from tests.stories.test_levels import LETTER, OWED, OWN, ROOT, compiled

CENTRE = "pemilihan/contoh-pusat"
ABOVE = f"{CENTRE}/mingguan/63/2024-W07"
NATION = f"{CENTRE}/laporan-pusat/00/2024-W07"


def loads(desk, name, policy):
    files = (Path(f"desks/{name}.yaml"), Path(f"policies/{policy}.yaml"))
    desk.load([desk.documents[0], *(loader.read(ROOT / "config" / file) for file in files)])


def leaves(desk, key, clock):
    """The report is compiled, left, and the clock turned; what it says."""
    desk.clock.jumps(clock)
    compile.run(desk.rt, now=desk.clock.at)
    with desk.rt.sessions.begin() as session:
        version = submissions.last(session, desk.matter(key).id)
        submissions.change(session, version.id, state=State.SENT)
    turn.run(desk.rt, now=desk.clock.at)
    return weekly.from_json(compiled(desk, key).facts)


def test_a_problem_of_a_village_reaches_the_centre_by_three_reports(desk):
    loads(desk, "contoh-kalimantan-selatan", "provinsi")
    loads(desk, "contoh-pusat", "pusat")
    desk.owes_only(OWN, OWED, LETTER, ABOVE, NATION)
    desk.clock.jumps("H-6 10:00")
    asks(desk, "Perahu karet", about=desk.has_a_problem("Gudang bocor"))
    desk.has_a_problem("Rahasia", restricted=True)

    leaves(desk, OWN, "H 18:01")
    assert desk.obligation(OWED).standing is Standing.RECEIVED
    leaves(desk, LETTER, "H+1 18:01")
    assert desk.obligation(ABOVE).standing is Standing.RECEIVED
    nation = leaves(desk, NATION, "H+2 19:01")

    assert (nation.header.unit, nation.header.to) == ("provinsi", "Menteri Dalam Negeri")
    assert [(own.code, own.district, own.title) for own in nation.problems] == [
        ("63/63.04/P-0001", "63", "Gudang bocor")
    ]
    assert [(own.code, own.problem) for own in nation.findings.appeals] == [("63/63.04/M-0001", "63/63.04/P-0001")]
    told = printed(nation)
    assert (told["districts"], told["district.63.received"], told["problems.restricted"]) == (38, 1, 1)
    assert "Rahasia" not in weekly.to_json(nation)


def test_the_examples_of_three_levels_take_each_others_report_of_the_same_week():
    election = loader.read(ROOT / "config/elections/pemilu-2024.yaml")
    desks = {"contoh-tapin": "default", "contoh-kalimantan-selatan": "provinsi", "contoh-pusat": "pusat"}
    read = ((loader.read(ROOT / f"config/desks/{d}.yaml"), loader.read(ROOT / f"config/policies/{p}.yaml"))
            for d, p in desks.items())  # fmt: skip
    regency, province, centre = (loader.programme(election, *pair) for pair in read)

    for below, above in ((regency, province), (province, centre)):
        (taken,) = (duty for duty in above.policy.duties if duty.takes)
        own = {o.slot: (o.period_start, o.period_end) for o in below.obligations() if o.duty == taken.takes}
        owed = {
            o.slot: (o.period_start, o.period_end) for o in above.obligations() if o.area == below.desk.regency_code
        }
        common = own.keys() & owed.keys()
        assert len(common) > 80
        assert {slot: own[slot] for slot in common} == {slot: owed[slot] for slot in common}
