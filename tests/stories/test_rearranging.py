"""From a day on another office reports, is of a team or coordinates; and five offices change hands in one upload."""

import pytest
from sqlalchemy import select

from config import loader, rearranged
from jobs.operator import amend, people
from models.desk import programmes
from models.desk.changes import Hand, Way
from models.desk.rearrangements import Rearrangement
from models.offices import assignments
from models.offices.offices import Office
from rules import people as circle
from rules import rearranging as rule
from rules.desk import Channel
from rules.rearranging import Change, Unfit, What
from rules.tasks import Why
from services import holders, rearranging
from tests.stories.desk import Desk

TAMBAN, KOMINFO, BPBD = "63.04.02", "kadis-kominfo", "kepala-bpbd"
DAYS = ("H-7", "H-6", "H-5")


@pytest.fixture
def desk(sessions):
    """Tamban owes a report on each of three days."""
    desk = Desk(sessions)
    desk.owes_only(*(desk.key("harian", "Tamban", day) for day in DAYS))
    desk.clock.reads("H-8 18:00")
    return desk


def now(desk):
    return next(iter(desk.rt.programmes.values())).desk


def plans(desk, what, place, office, since):
    with desk.rt.sessions.begin() as session:
        own = session.scalars(select(Office).where(Office.code == "sekretariat-desk")).one()
        hand = Hand(own.id, own.title, Way.SESSION)
        change = Change(what, place, office, desk.moment(since))
        rearranging.plan(session, now(desk), change, hand=hand, now=desk.clock.at)


def rows(desk):
    with desk.rt.sessions.begin() as session:
        return list(session.scalars(select(Rearrangement).order_by(Rearrangement.id)))


def text(desk):
    with desk.rt.sessions.begin() as session:
        return programmes.live(session)[0].desk.text


def test_from_its_day_on_another_office_is_asked_and_what_came_before_stays_as_it_was(desk):
    first, second, third = (desk.key("harian", "Tamban", day) for day in DAYS)
    desk.clock.reads("H-7 13:00")
    desk.files(first, by="Camat Tamban")
    plans(desk, What.REPORTS, TAMBAN, KOMINFO, "H-5 00:00")

    desk.clock.reads("H-6 20:00")
    assert circle.owing(now(desk), TAMBAN)[0] == "camat-tamban"
    desk.clock.reads("H-5 14:00")  # a Friday

    assert circle.owing(now(desk), TAMBAN)[0] == KOMINFO
    assert desk.code(third) in desk.mailbox("Kepala Dinas Kominfo").last
    assert desk.code(third) not in "".join(desk.mailbox("Camat Tamban").texts)
    assert desk.obligation(first).team == desk.obligation(second).team == "VIII"
    (report,) = desk.reports(first)
    with desk.rt.sessions.begin() as session:
        assert session.get_one(Office, report.office_id).code == "camat-tamban"
    assert [row.ended for row in rows(desk)] == ["done"]


def test_whoever_begins_to_report_is_of_the_team_and_whoever_leaves_is_not(desk):
    plans(desk, What.REPORTS, TAMBAN, BPBD, "H-7 00:00")
    plans(desk, What.LEAVES, "VIII", "camat-tamban", "H-6 00:00")
    plans(desk, What.COORDINATES, TAMBAN, "sekda", "H-6 00:00")

    desk.clock.reads("H-6 01:00")

    team = now(desk).team("VIII")
    assert (BPBD in team.members, "camat-tamban" in team.members) == (True, False)
    assert now(desk).coordinators[TAMBAN] == "sekda"
    assert [row.ended for row in rows(desk)] == ["done"] * 3


def test_the_file_says_what_the_books_say(desk, tmp_path):
    before = text(desk)
    plans(desk, What.REPORTS, TAMBAN, KOMINFO, "H-7 00:00")
    desk.clock.reads("H-7 01:00")

    (tmp_path / "desk.yaml").write_text(text(desk), encoding="utf-8")
    document = loader.read(tmp_path / "desk.yaml")

    assert document.value.teams == now(desk).teams
    assert document.value.coordinators == now(desk).coordinators
    assert not any(one.changed for one in amend.amend(desk.rt, [document]))
    same = [line for line in before.splitlines() if line in text(desk).splitlines()]
    assert len(same) > 0.7 * len(before.splitlines())


def test_whoever_amends_by_an_older_copy_is_warned_of_what_it_undoes(desk):
    older = loader.parse(text(desk), "desk.yaml")
    plans(desk, What.REPORTS, TAMBAN, KOMINFO, "H-7 00:00")
    desk.clock.reads("H-7 01:00")

    (done,) = amend.amend(desk.rt, [older], dry_run=True)
    (again,) = amend.amend(desk.rt, [loader.parse(text(desk) + "\nsecretariat_whatsapp: '+62 820 0000 0035'\n", "d")])

    assert ["undoes" in str(own) for own in done.warnings].count(True) == 1
    assert not [own for own in again.warnings if "undoes" in str(own)]


def test_a_file_that_is_written_anew_means_the_same(desk):
    own = loader.parse(text(desk), "desk.yaml")

    assert loader.parse(rearranged.written(own.text, own.value), "desk.yaml").digest == own.digest


def test_what_was_taken_back_is_not_done(desk):
    plans(desk, What.REPORTS, TAMBAN, KOMINFO, "H-6 00:00")
    (planned,) = rows(desk)
    with desk.rt.sessions.begin() as session:
        own = session.scalars(select(Office).where(Office.code == "sekretariat-desk")).one()
        hand = Hand(own.id, own.title, Way.SESSION)
        rearranging.take_back(session, now(desk), planned.id, hand=hand, now=desk.clock.at)

    desk.clock.reads("H-6 09:00")

    assert circle.owing(now(desk), TAMBAN)[0] == "camat-tamban"
    assert [row.ended for row in rows(desk)] == ["taken back"]


def test_what_does_not_fit_any_more_is_a_task_and_stops_nothing_else(desk):
    plans(desk, What.JOINS, "VIII", BPBD, "H-7 00:00")
    plans(desk, What.LEAVES, "VIII", KOMINFO, "H-6 00:00")
    _, leaving = rows(desk)
    with desk.rt.sessions.begin() as session:
        session.get_one(Rearrangement, leaving.id).office = "camat-mekarsari"  # he reports, so he cannot leave

    desk.clock.reads("H-6 09:00")

    assert BPBD in now(desk).team("VIII").members
    assert [row.ended for row in rows(desk)] == ["done", "failed"]
    assert [task.why for task in desk.tasks()] == [Why.REARRANGEMENT]


@pytest.mark.parametrize(
    ("what", "place", "office", "why"),
    [
        pytest.param(What.REPORTS, TAMBAN, "camat-tamban", rule.Why.SAME, id="he reports already"),
        pytest.param(What.LEAVES, "VIII", "camat-tamban", rule.Why.REPORTS, id="who reports cannot leave"),
        pytest.param(What.JOINS, "VIII", "camat-tamban", rule.Why.SAME, id="he is a member already"),
        pytest.param(What.JOINS, TAMBAN, BPBD, rule.Why.UNKNOWN, id="a district is no team"),
        pytest.param(What.COORDINATES, TAMBAN, "camat-nowhere", rule.Why.UNKNOWN, id="no such office"),
    ],
)
def test_what_the_desk_does_not_take_is_refused(desk, what, place, office, why):
    with pytest.raises(Unfit) as refused:
        plans(desk, what, place, office, "H-6 00:00")

    assert refused.value.why is why
    assert rows(desk) == []


MUTASI = """kantor;nama;jenis;sejak;hp
camat-tamban;Aminah;definitif;2024-02-07;+62 820 0000 0101
camat-mekarsari;Budi;Plt.;2024-02-07;+62 820 0000 0102
camat-tabunganen;Citra;definitif;2024-02-08;+62 820 0000 0103
kadis-kominfo;Dewi;Pj.;2024-02-08;+62 820 0000 0104
kepala-bpbd;Eko;definitif;2024-02-08;+62 820 0000 0105
"""


def test_five_offices_change_hands_in_one_upload_and_reports_go_on(desk):
    first, second, third = (desk.key("harian", "Tamban", day) for day in DAYS)
    lines = people.take(desk.rt, "tiga-kecamatan", holders.read(MUTASI.encode()), dry=False)
    assert not [line for line in lines if line.refused]

    desk.clock.reads("H-5 16:30")

    with desk.rt.sessions.begin() as session:
        held = assignments.holders(session, "tiga-kecamatan", at=desk.clock.at)
    names = {code: own.name for code, own in held.items()}
    assert names == {
        "camat-tamban": "Aminah",
        "camat-mekarsari": "Budi",
        "camat-tabunganen": "Citra",
        "kadis-kominfo": "Dewi",
        "kepala-bpbd": "Eko",
    }
    assert desk.address("Camat Tamban", Channel.SMS) == "+6282000000101"
    assert desk.texts_to("+6282000000101")
    assert not [at for at in desk.phone("Camat Tamban").letters if at.letter.to == "+6282000000002"]
    assert {desk.obligation(key).team for key in (first, second, third)} == {"VIII"}


def test_one_bad_row_among_five_takes_none_of_them(desk):
    lines = people.take(
        desk.rt,
        "tiga-kecamatan",
        holders.read(MUTASI.replace("2024-02-08;+62 820 0000 0105", "besok;12").encode()),
        dry=False,
    )

    assert [line.refused for line in lines].count(True) == 1
    with desk.rt.sessions.begin() as session:
        assert not assignments.holders(session, "tiga-kecamatan", at=desk.moment("H-1 09:00"))
