"""Evidence of equal treatment: the counts of the page are those of the books, counted once more by hand."""

import io
from collections import Counter

import pypdf
import pytest
from sqlalchemy import select

from models.desk.changes import Change
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.messages.messages import Message
from models.messages.notices import Notice
from rules.filing import Standing
from rules.ladder import Say
from rules.recap import Period
from services import treatment
from tests.web.signing import signs_in

DAYS = "dari=2024-02-07&sampai=2024-02-08"
AREAS = ("63.04.01", "63.04.02", "63.04.13")


@pytest.fixture
def chased(web):
    """Three districts owe a report; one files it, one is waived, one is given time and stays silent."""
    desk = web.desk
    keys = [desk.key("harian", name, "H-7") for name in ("Tamban", "Mekarsari", "Tabunganen")]
    desk.owes_only(*keys)
    desk.clock.reads("H-7 12:00")
    desk.files(keys[0])
    desk.clock.reads("H-7 14:00")
    desk.waives(keys[1], "Banjir besar", by="Asisten Pemerintahan")
    desk.clock.reads("H-6 18:00")
    return web


def gathered(web):
    with web.desk.rt.sessions() as session:
        days = Period(web.desk.moment("H-7 00:00").date(), web.desk.moment("H-6 12:00").date())
        return treatment.gather(session, 1, web.desk.programme, days, now=web.desk.clock.at)


def by_hand(web, area):
    """Every notice about the district's reports that left, looked at one by one."""
    found = Counter()
    with web.desk.rt.sessions() as session:
        for notice in session.scalars(select(Notice)):
            matter = session.get(Matter, notice.matter_id)
            if matter.kind is not Kind.OBLIGATION or matter.area != area:
                continue
            if session.get(Obligation, matter.id).standing is Standing.CANCELLED or notice.message_id is None:
                continue
            if session.get(Message, notice.message_id).state != "sent" or notice.state not in ("dispatched", "merged"):
                continue
            if notice.occasion not in ("ladder", "other_way"):
                continue
            if notice.audience.above_team:
                found["above"] += 1
            elif notice.say in (Say.REMINDER, Say.DUE):
                found["reminders"] += 1
            elif notice.say in (Say.OVERDUE, Say.WARNING):
                found["warnings"] += 1
        for change in session.scalars(select(Change)):
            matter = session.get(Matter, change.matter_id) if change.matter_id else None
            if matter and matter.area == area and change.what == "waived":
                found["waived"] += 1
    return found


def test_every_count_is_that_of_the_books(chased):
    told = gathered(chased)

    for area, own in zip(AREAS, told.districts, strict=True):
        counted = by_hand(chased, area)
        for name in ("reminders", "warnings", "above", "waived"):
            assert getattr(own, name) == counted[name], (own.name, name)


def test_something_was_counted_at_all(chased):
    told = {own.name: own for own in gathered(chased).districts}

    assert told["Tabunganen"].warnings > 0
    assert told["Tabunganen"].above > 0
    assert told["Tamban"].warnings == 0
    assert told["Mekarsari"].waived == 1


def test_districts_stand_in_the_files_order_whatever_they_did(chased):
    assert [own.name for own in gathered(chased).districts] == ["Tabunganen", "Tamban", "Mekarsari"]


def test_one_policy_was_applied_to_all_and_its_hash_is_named(chased):
    (only,) = gathered(chased).policies

    assert only.policy == chased.desk.programme.policy.digest


def test_every_decision_stands_with_its_reason_and_who_decided(chased):
    (own,) = gathered(chased).decided

    assert (own.district, own.what, own.why) == ("Mekarsari", "Dibebaskan", "Banjir besar")
    assert own.by == "Asisten Pemerintahan"


def test_the_paper_says_the_same_as_the_page(chased):
    chair = signs_in(chased, "Sekda")

    page = chair.get(f"/perlakuan?{DAYS}").text
    pdf = chair.get(f"/perlakuan/bukti.pdf?{DAYS}").content

    said = " ".join("".join(own.extract_text() for own in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())
    for text in ("Banjir besar", "Tabunganen", "satu berkas kebijakan", chased.desk.programme.policy.digest[:12]):
        assert text in page
        assert text in said


def test_only_those_who_lead_the_desk_or_keep_its_books_see_it(chased):
    assert signs_in(chased, "Camat Tamban").get(f"/perlakuan?{DAYS}").status_code == 403
    assert signs_in(chased, "Sekretariat Desk").get(f"/perlakuan?{DAYS}").status_code == 200


def test_days_that_are_none_are_explained(chased):
    page = signs_in(chased, "Sekda").get("/perlakuan?dari=2024-02-08&sampai=2024-02-07")

    assert page.status_code == 422
    assert "Mohon ditukar" in page.text
