"""Two stages are prepared from H-40 on: offices say what is ready, and one thing never is."""

import pytest

from models.matters import issues
from rules import readiness
from rules.desk import Channel
from rules.filing import Standing
from rules.forms import Condition
from rules.ladder import Say
from services import readiness as support
from tests.stories import prepared
from tests.stories.desk import Desk

SEKDA, BPBD, KOMINFO, SECRETARY = "Sekda", "Kepala BPBD", "Kadis Kominfo", "Kepala Kesbangpol"
KEY = "pemilihan/dukungan"


@pytest.fixture
def desk(sessions, tmp_path):
    desk = Desk(sessions, prepared.files(tmp_path), starts="2024-01-05 08:00")
    own = [o.key for o in desk.programme.obligations() if desk.programme.policy.duty(o.duty).support]
    desk.owes_only(*own)
    return desk


def key(desk, duty: str) -> str:
    """Of an item that one office owes."""
    (found,) = [o.key for o in desk.programme.obligations() if o.duty == duty]
    return found


def says(desk, name: str, by: str, **answers: str) -> None:
    """Answer a checklist: what is not named is ready. `note` and `problem` are said of what is not."""
    form = desk.rt.form(desk.programme.policy.duty(name.split("/")[2]).form)
    lines = {}
    for own in form.indicators:
        word = answers.get(own.code.replace("-", "_"), Condition.READY)
        wrong = {"note": "Belum ada.", "problem": True} if word == Condition.NOT_READY and own.category else {}
        lines[own.code] = {"condition": word} | wrong
    desk.files(name, {"form": form.code, "form_digest": form.digest, "indicators": lines}, by=by)


def look(desk) -> dict[str, readiness.Counted]:
    with desk.rt.sessions.begin() as session:
        (id,) = desk.rt.programmes
        items = support.look(session, id, desk.programme, desk.rt.forms(), now=desk.clock.at)
    return {
        each.code: readiness.count(readiness.of(items, each.code), now=desk.clock.at)
        for each in desk.programme.desk.preparations
    }


def test_an_office_that_reports_nothing_else_is_reminded_of_what_it_has_ready_and_files(desk):
    hibah = key(desk, "hibah")

    desk.clock.reads("H-33 14:00")
    assert desk.code(hibah) in desk.mailbox(SEKDA).last
    assert "Penyaluran hibah" in desk.mailbox(SEKDA).last

    says(desk, hibah, SEKDA)
    desk.clock.reads("H-20 12:00")

    assert desk.obligation(hibah).standing is Standing.RECEIVED
    assert len(desk.mailbox(SEKDA)) == 1
    assert look(desk)["logistik"].ready == 1


def test_an_office_that_says_nothing_is_chased_and_then_the_secretary_of_the_desk_hears(desk):
    boats = key(desk, "angkutan")

    desk.clock.reads("H-8 12:00")

    said = [(n.say, n.audience) for n in desk.notices(boats)]
    assert (Say.WARNING, "team") in said
    assert (Say.ESCALATION, "coordinator") in said
    assert {n.say for n in desk.notices(boats, SECRETARY)} == {Say.ESCALATION}
    assert not desk.notices(boats, "Camat Tabunganen")


def test_what_is_not_ready_is_a_problem_of_the_office_itself_where_it_asks_for_one(desk):
    desk.clock.reads("H-15 09:00")
    says(desk, key(desk, "angkutan"), BPBD, kapal=Condition.NOT_READY)

    with desk.rt.sessions.begin() as session:
        ((matter, issue),) = issues.of_report(session, desk.matter(key(desk, "angkutan")).id).values()
    assert (matter.area, issue.title) == ("63.04.01", "Kapal dan perahu: belum siap")
    desk.clock.reads("H-15 10:00")
    assert matter.code in desk.mailbox(BPBD).last


def test_two_stages_are_prepared_and_one_item_that_is_never_ready_holds_up_the_rest(desk):
    money, boats, check = key(desk, "hibah"), key(desk, "angkutan"), key(desk, "angkutan-cek")
    desk.clock.reads("H-31 09:00")
    says(desk, money, SEKDA, cair_kpu=Condition.NOT_READY)
    desk.clock.reads("H-15 09:00")
    says(desk, boats, BPBD, jalur=Condition.PARTLY)
    desk.clock.reads("H-12 09:00")
    says(desk, check, KOMINFO, jalur=Condition.NOT_OURS)
    for name, office in (("63.04.01", "Camat Tabunganen"), ("63.04.02", "Camat Tamban")):
        says(desk, f"{KEY}/gudang/{name}/H-12".replace("dukungan", "tiga-kecamatan"), office)
    desk.clock.reads("H-9 09:00")
    says(desk, key(desk, "jaringan"), KOMINFO, pln=Condition.NOT_OURS)

    desk.clock.reads("H-3 08:00")

    counted = look(desk)
    logistik, rekap = counted["logistik"], counted["rekap"]
    assert (logistik.ready, logistik.total, logistik.lacking, logistik.late) == (3, 6, 3, 1)
    assert (rekap.ready, rekap.total, rekap.late) == (1, 3, 2)
    with desk.rt.sessions.begin() as session:
        (id,) = desk.rt.programmes
        items = support.look(session, id, desk.programme, desk.rt.forms(), now=desk.clock.at)
    (held,) = readiness.blocked(items, desk.programme.desk)[:1]
    assert (held.by.duty, held.by.lacking) == ("hibah", ("Hibah kepada KPU",))
    assert [own.duty for own in held.waiting] == ["angkutan"]


def test_what_is_ready_later_is_a_new_answer(desk):
    money = key(desk, "hibah")
    desk.clock.reads("H-31 09:00")
    says(desk, money, SEKDA, cair_kpu=Condition.NOT_READY)
    assert look(desk)["logistik"].ready == 0

    desk.clock.reads("H-20 09:00")
    says(desk, money, SEKDA)

    assert look(desk)["logistik"].ready == 1
    assert len(desk.reports(money)) == 2


def test_what_is_waived_is_in_no_share(desk):
    desk.waives(key(desk, "hibah"), "Tidak ada hibah.", by="Sekretariat Desk")

    assert look(desk)["logistik"].total == 5


def test_an_item_costs_no_more_messages_than_a_report(desk):
    """Whoever says nothing at all hears once a rung, and the warning by another way too."""
    desk.clock.reads("H-3 08:00")

    told = [n for n in desk.notices(key(desk, "angkutan")) if n.message_id is not None]

    assert len(told) <= len(desk.programme.policy.ladders["support"].rungs) + 1


def test_a_text_about_support_is_one_segment(desk):
    desk.clock.reads("H-9 08:00")

    texts = [own.letter.text for own in desk.wire.accepted if own.letter.channel is Channel.SMS]

    assert texts
    assert max(map(len, texts)) <= 160


def test_teams_stand_in_the_order_of_the_desks_file(sessions, tmp_path):
    """Not as letters sort: VIII stands after X there."""
    files = prepared.files(tmp_path)
    text = files[1].read_text(encoding="utf-8").replace("code: III", "code: X")
    files[1].write_text(text, encoding="utf-8")
    desk = Desk(sessions, files, starts="2024-01-05 08:00")

    with desk.rt.sessions.begin() as session:
        (id,) = desk.rt.programmes
        items = support.look(session, id, desk.programme, desk.rt.forms(), now=desk.clock.at)

    assert [own.area for own in items if own.duty == "tim"] == ["X", "VIII"]
