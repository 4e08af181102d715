"""The question after nil upon nil, on the page of the team's link."""

import pytest
from sqlalchemy import select

from models.desk.changes import Change
from models.matters import questions
from models.matters.matters import Matter
from rules.filing import Content
from rules.ladder import Say
from services import telling


@pytest.fixture
def camat(web, daily):
    """The reporter's link, after his nil was asked about."""
    web.desk.files(daily, content=Content.NIL)
    with web.desk.rt.sessions.begin() as session:
        matter = session.scalars(select(Matter).where(Matter.key == daily)).one()
        telling.tell_reporter(session, web.desk.programme, matter, Say.SURE, questions.SURE, 0, web.desk.clock.at)
    return web.given("Camat Tamban")


def answered(web):
    with web.desk.rt.sessions() as session:
        return [change.title for change in session.scalars(select(Change).where(Change.what == questions.SURE))]


def test_one_tap_says_that_it_is_nil_and_the_question_goes(web, daily, camat):
    page = web.get(f"/l/{camat}").text
    assert f"Laporan {web.desk.code(daily)} nihil, seperti beberapa sebelumnya. Mohon dipastikan." in page

    answer = web.answers(camat, daily, answer="sure")
    web.answers(camat, daily, answer="sure")

    assert "tetap nihil" in answer.text
    assert answered(web) == ["Camat Tamban"]
    assert "Mohon dipastikan" not in web.get(f"/l/{camat}").text


def test_what_is_to_be_reported_is_a_correction(web, daily, camat):
    assert f'href="/l/{camat}/{web.desk.code(daily)}"' in web.get(f"/l/{camat}").text

    page = web.get(f"/l/{camat}/{web.desk.code(daily)}")

    assert page.status_code == 200


def test_nobody_else_of_the_team_answers_for_the_reporter(web, daily, camat):
    other = web.given("Kepala Dinas Kominfo")

    assert "Mohon dipastikan" not in web.get(f"/l/{other}").text
    web.answers(other, daily, answer="sure")
    assert answered(web) == []
