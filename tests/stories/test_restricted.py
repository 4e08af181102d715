"""A problem that only some read of: texts give its number, files and commands no more, and who reads it is known."""

import json

import pytest
from sqlalchemy import select

from jobs.operator import explain, problems, restricting
from jobs.operator.problems import Asked
from jobs.operator.refusals import Refusal
from models.desk import changes, export
from models.matters import issues
from models.matters.issues import Step
from models.matters.obligations import Obligation
from models.matters.tasks import Task
from reports import codec
from rules import government
from rules.desk import Channel
from rules.dispatch import NoticeState
from services.government import gathering

CAMAT, ASISTEN, SECRETARY, CHAIR, SECRETARIAT = (
    "Camat Tamban",
    "Asisten Pemerintahan",
    "Kepala Kesbangpol",
    "Sekretaris Daerah",
    "Sekretariat Desk",
)
TOLD = ("Perahu disembunyikan", "Tamban", "63.04.02", "Logistik", "logistics", "sangat rawan", "mendesak", "high")
"""What the problem is: nobody who has only its number may find any of it."""


def tells(text: str) -> list[str]:
    return [word for word in TOLD if word.lower() in text.lower()]


@pytest.fixture
def complaint(desk):
    """About the coordinator of the district, on the morning two days before; nobody does anything about it."""
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    return desk.has_a_problem(TOLD[0], by=CAMAT, about=ASISTEN, restricted=True)


def letters(desk, code):
    return [sent for sent in desk.wire.accepted if code in sent.text]


def test_the_ladder_tells_everybody_but_the_official_it_is_about_and_only_the_number(desk, complaint):
    """Written down first: the secretary has it in his place, the chair is told when he is silent, nobody else."""
    desk.clock.reads("H-1 20:00")

    offices = {sent.letter.to for sent in letters(desk, complaint)}
    own = {desk.address(office, way) for office in (SECRETARY, CHAIR) for way in (Channel.SMS, Channel.EMAIL)}
    assert offices
    assert offices <= own
    assert desk.heard(ASISTEN) == desk.heard(SECRETARIAT) == []
    assert desk.heard(CHAIR) != []
    assert all(f"{complaint} (terbatas)" in sent.text for sent in letters(desk, complaint))
    assert [tells(sent.text + (sent.letter.html or "")) for sent in letters(desk, complaint) if tells(sent.text)] == []


def test_a_missing_contact_makes_a_task_and_tells_the_secretariat_nothing_of_the_problem(desk):
    desk.owes_only()
    desk.loses(ASISTEN)
    desk.clock.reads("H-2 09:00")
    code = desk.has_a_problem(TOLD[0], restricted=True)

    desk.clock.reads("H-2 12:00")

    assert letters(desk, code)
    assert [text for text in desk.mailbox(SECRETARIAT).texts + desk.phone(SECRETARIAT).texts if code in text] == []
    with desk.rt.sessions() as session:
        opened = [task.text for task in session.scalars(select(Task))]
    assert opened
    assert not any(tells(text) for text in opened)


def test_what_waits_for_one_who_may_read_it_no_more_is_dropped_with_its_reason(desk):
    """It was planned for the office that has it, which gave it back before the bell was heard."""
    desk.owes_only()
    desk.clock.reads("H-3 09:00")
    code = desk.has_a_problem(TOLD[0], restricted=False)
    desk.bell.deaf = True
    problems.hand_on(desk.rt, Asked(code, desk.office(ASISTEN)), to=desk.office("Kepala BPBD"), text="Perlu perahu")
    desk.turn()
    with desk.rt.sessions.begin() as session:
        matter, _ = issues.named(session, code)
        matter.owner_id = matter.giver_id
    restricting.restrict(desk.rt, code, True, by=desk.office(ASISTEN), text="Menyangkut nama baik")
    desk.bell.deaf = False

    desk.clock.reads("H-3 12:00")

    planned = desk.notices(code, "Kepala BPBD")
    assert {n.state for n in planned} == {NoticeState.MOOT}
    assert {n.reason for n in planned} == {"it is restricted, or about this office"}


def test_commands_and_files_give_its_number_and_no_more(desk, complaint):
    desk.clock.reads("H-2 20:00")

    listed = problems.unresolved(desk.rt)
    with desk.rt.sessions() as session:
        lines = [*export.problems(session), *(n for n, _ in export.notices(session))]

    assert [line["code"] for line in listed] == [complaint]
    assert tells(json.dumps(listed, default=str)) == []
    assert [line for line in lines if "63.04.02" in str(line.get("key")) + str(line.get("matter"))] == []
    with pytest.raises(Refusal, match="restricted"):
        explain.matter(desk.rt, complaint)
    told = explain.why_not(desk.rt, desk.office(SECRETARY), desk.clock.local.date())
    assert complaint in str(told)
    assert tells(str(told)) == []


def test_the_report_to_the_government_counts_it_and_no_more(desk, complaint):
    desk.has_a_problem("Genset rusak")
    with desk.rt.sessions.begin() as session:
        own = Obligation.duty == "laporan-gubernur", Obligation.opens_at > desk.clock.at
        ahead = select(Obligation).where(*own).order_by(Obligation.opens_at)
        own = session.scalars(ahead).first()
        facts = gathering.gather(session, 1, desk.programme, desk.rt.forms(), government.PLAIN, own).facts

    assert (facts.since.restricted, len(facts.since.problems)) == (1, 1)
    assert "Perahu" not in codec.dump(facts)


def test_who_reads_it_by_command_is_recorded_and_whom_it_is_about_does_not(desk, complaint):
    found = restricting.show(desk.rt, complaint, by=desk.office(SECRETARY))
    with pytest.raises(Refusal, match="may not read"):
        restricting.show(desk.rt, complaint, by=desk.office(ASISTEN))

    assert found.facts["title"] == TOLD[0]
    with desk.rt.sessions() as session:
        matter = desk.matter(complaint)
        assert [(r.title, r.way, r.times) for r in changes.readings(session, matter.id)] == [
            (SECRETARY, changes.Way.COMMAND, 1)
        ]


def test_it_is_opened_to_everybody_again_with_a_reason_by_whoever_coordinates_it(desk, complaint):
    with pytest.raises(Refusal, match="only the coordinator"):
        restricting.restrict(desk.rt, complaint, False, by=desk.office(SECRETARIAT), text="Sudah tidak perlu")
    with pytest.raises(Refusal, match="say why"):
        restricting.restrict(desk.rt, complaint, False, by=desk.office(CHAIR), text=" ")
    restricting.restrict(desk.rt, complaint, False, by=desk.office(CHAIR), text="Sudah tidak perlu")

    with desk.rt.sessions() as session:
        assert issues.events(session, desk.matter(complaint).id)[-1].step is Step.UNRESTRICTED
    assert problems.unresolved(desk.rt)[0]["title"] == TOLD[0]
