"""Photographs of what was done about a problem are shown in the report to the Government, with place and time."""

import hashlib

import pytest
from sqlalchemy import select

from jobs.operator import restricting
from jobs.turn import compile
from models.matters import attachments, submissions
from models.matters.issues import IssueEvent, Step
from reports.government import enclosed
from reports.government import facts as weekly
from rules.attachments import Attached, Kind
from tests.stories.test_levels import OWN


@pytest.fixture
def week(desk):
    desk.owes_only(OWN)
    desk.clock.jumps("H-6 10:00")
    return desk


def shows(desk, problem, text, *, kind=Kind.JPEG):
    """A follow-up with one file; its digest."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    desk.follows_up(problem, text)
    with desk.rt.sessions.begin() as session:
        done = select(IssueEvent).where(IssueEvent.step == Step.FOLLOWED_UP).order_by(IssueEvent.id.desc()).limit(1)
        attachments.enclose(session, session.scalars(done).one().id, [Attached("", digest, digest, kind, 9)])
    return digest


def told(desk):
    desk.clock.jumps("H 18:01")
    compile.run(desk.rt, now=desk.clock.at)
    with desk.rt.sessions.begin() as session:
        return weekly.from_json(submissions.all_of(session)[-1].facts)


def test_the_newest_photo_of_each_problem_is_told_with_place_and_time(week):
    problem = week.has_a_problem("Gudang bocor", station="7")
    shows(week, problem, "Terpal dipasang")
    week.clock.jumps("H-5 09:00")
    newest = shows(week, problem, "Atap diganti")

    facts = told(week)

    (photo,) = facts.findings.photos
    assert (photo.digest, photo.district, photo.source) == (newest, "63.04.02", problem)
    (shown,) = enclosed.photos(facts).blocks
    caption = "Tindak lanjut Gudang bocor (TPS 7), Kecamatan Tamban, 9 Februari 2024 pukul 09.00 WITA"
    assert shown.caption == f"{caption} ({problem})"
    assert shown.alt == f"Foto dari permasalahan {problem}: {caption}."


def test_four_problems_are_enough(week):
    digests = [shows(week, week.has_a_problem(f"Masalah {n}"), f"Foto {n}") for n in range(6)]

    assert len({own.digest for own in told(week).findings.photos} & set(digests)) == 4


def test_a_pdf_is_no_photo_and_what_came_before_the_period_or_later_is_not_shown(week):
    problem = week.has_a_problem("Gudang bocor")
    shows(week, problem, "Berita acara", kind=Kind.PDF)
    week.clock.jumps("H 18:01")
    shows(week, problem, "Sesudah batas data")

    assert told(week).findings.photos == ()


def test_nothing_of_a_restricted_problem_is_shown_nor_of_where_it_lies(week):
    confided, beside = week.has_a_problem("Aduan"), week.has_a_problem("Gudang bocor")
    elsewhere = week.has_a_problem("Jalan putus", district="63.04.01")
    shows(week, confided, "Saksi")
    shows(week, beside, "Di gudang yang sama")
    seen = shows(week, elsewhere, "Jalan")
    restricting.restrict(week.rt, confided, True, by="kepala-kesbangpol", text="Aduan")

    assert [own.digest for own in told(week).findings.photos] == [seen]
