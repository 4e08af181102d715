"""Photos of what was done about a problem: whoever may read it may save them, and they are kept with it."""

import hashlib
from datetime import timedelta

from jobs.turn import tidy
from models.desk.changes import Hand, Way
from models.matters import issues
from models.matters.issues import Step
from rules.attachments import Attached, Kind
from tests.web.test_coordinator import comes_in, place

DATA = b"a photo"


def enclosed(web, code):
    """A step with a photo; the address of the photo."""
    digest = web.books.files.keep(DATA)
    assert digest == hashlib.sha256(DATA).hexdigest()
    with web.desk.rt.sessions.begin() as session:
        matter = web.desk.matter(code)
        files = [Attached("files", digest, digest, Kind.JPEG, len(DATA))]
        hand, at = Hand(matter.giver_id, "Camat", Way.SESSION), web.desk.clock.at
        issues.note(session, matter.id, Step.FOLLOWED_UP, hand=hand, at=at, text="Genset", files=files)
    with web.desk.rt.sessions() as session:
        return f"{place(web, code)}/{issues.events(session, matter.id)[-1].id}/1"


def test_a_photo_of_a_step_is_saved_by_whoever_reads_the_problem_and_by_nobody_else(web):
    web.desk.owes_only()
    photo = enclosed(web, code := web.desk.has_a_problem())

    comes_in(web, "Asisten Pemerintahan")
    assert photo in web.get(place(web, code)).text
    assert web.get(photo).content == DATA
    assert web.get(photo[:-1] + "2").status_code == 403
    comes_in(web, "Kepala BPBD")
    assert web.get(photo).status_code == 403


def test_a_photo_of_one_problem_is_not_found_under_another(web):
    web.desk.owes_only()
    photo = enclosed(web, code := web.desk.has_a_problem())
    other = web.desk.has_a_problem()

    comes_in(web, "Asisten Pemerintahan")

    assert web.get(photo.replace(code, other)).status_code == 403


def test_a_photo_of_a_step_outlives_the_tidying_of_files(web):
    web.desk.owes_only()
    web.desk.rt.files = web.books.files
    photo = enclosed(web, web.desk.has_a_problem())

    web.desk.clock.at += timedelta(days=400)
    tidy.run(web.desk.rt, now=web.desk.clock.at)

    comes_in(web, "Asisten Pemerintahan")
    assert web.get(photo).status_code == 200
