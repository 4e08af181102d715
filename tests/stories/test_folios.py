"""Whoever changes the books afterwards is found out, and nobody who only worked with them is."""

import re

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from jobs.operator import verifying
from jobs.turn import folios as turn
from models.desk.changes import Change
from models.desk.folios import Folio
from models.matters.issues import IssueEvent
from models.matters.reports import Report
from models.messages.notices import Notice
from tests.stories.desk import Desk, unkept

REPORT = "akhir", "Tamban", "2024-03-19"


@pytest.fixture
def desk(sessions):
    return Desk(sessions)


def closes(desk, time):
    desk.clock.reads(time)
    turn.run(desk.rt, now=desk.clock.at)


def leaves(desk):
    with desk.rt.sessions() as session:
        return list(session.scalars(select(Folio).order_by(Folio.desk, Folio.number)))


def works(desk):
    """Three days in which reports come, problems are handled, and a leaf is closed each evening."""
    code = desk.has_a_problem("Surat suara kurang")
    closes(desk, "2024-01-29 20:00")
    desk.follows_up(code, "Sudah dihubungi.")
    closes(desk, "2024-01-30 20:00")
    desk.resolves(code, "Sudah dikirim.")
    closes(desk, "2024-01-31 20:00")


def verdicts(desk):
    return verifying.look_through(desk.rt)


def forced(desk, statement):
    """As somebody would who has the database to himself."""
    with desk.rt.sessions.begin() as session, unkept(session, statement.table.name):
        session.execute(statement)


def test_books_that_were_only_worked_with_hold(desk):
    works(desk)

    (own,) = verdicts(desk)

    assert own.holds
    assert re.fullmatch(
        r"tiga-kecamatan: the books hold, up to leaf 3 \([0-9A-Z]{4}(-[0-9A-Z]{4}){2}\) until 2024-01-31 11:50 UTC",
        own.words,
    )


def test_a_leaf_is_closed_once_a_day_whoever_asks(desk):
    works(desk)
    closes(desk, "2024-01-31 21:00")

    assert [leaf.number for leaf in leaves(desk)] == [1, 2, 3]
    assert all(leaf.rows for leaf in leaves(desk))


def test_no_leaf_is_closed_while_sending_is_on_hold(desk):
    works(desk)
    desk.holds("jam diperiksa")
    closes(desk, "2024-02-02 20:00")

    assert len(leaves(desk)) == 3

    desk.releases()
    closes(desk, "2024-02-02 20:10")
    assert len(leaves(desk)) == 4


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(update(IssueEvent).values(text="Tidak ada apa-apa."), id="a step of a problem"),
        pytest.param(update(Notice).values(policy="another"), id="by which policy somebody was told"),
        pytest.param(delete(Notice).where(Notice.id == 1), id="a decision that is gone"),
    ],
)
def test_what_was_changed_afterwards_is_found_with_the_day_it_is_of(desk, statement):
    works(desk)
    forced(desk, statement)

    (own,) = verdicts(desk)

    assert not own.holds
    assert own.words.startswith("tiga-kecamatan: leaf 1 does not fit its rows any more (until 2024-01-29 11:50 UTC; ")


def test_a_row_that_was_slipped_in_is_found(desk):
    works(desk)
    with desk.rt.sessions.begin() as session:
        at = desk.moment("2024-01-30 09:00")
        first = session.scalars(select(IssueEvent)).first()
        session.add(IssueEvent(issue_id=first.issue_id, step=first.step, office_id=first.office_id, at=at, text="x"))

    (own,) = verdicts(desk)

    assert "leaf 2 does not fit its rows any more (after 2024-01-29 11:50 UTC, until 2024-01-30" in own.words


def test_a_leaf_that_was_written_again_no_longer_fits_the_one_after_it(desk):
    works(desk)
    forced(desk, update(Folio).where(Folio.number == 2).values(digest="0" * 64))

    (own,) = verdicts(desk)

    assert "leaf 2 does not fit" in own.words


@pytest.mark.parametrize("model", [Report, IssueEvent, Notice, Change, Folio])
@pytest.mark.parametrize("statement", [lambda own: update(own).values(_first(own)), delete], ids=["update", "delete"])
def test_the_database_refuses_to_change_what_was_written(desk, model, statement):
    desk.files(desk.key(*REPORT))
    works(desk)

    with pytest.raises(DatabaseError, match="appended and never changed"), desk.rt.sessions.begin() as session:
        session.execute(statement(model))


def _first(model):
    column = next(iter(model.__table__.c))
    return {column: column}


def test_two_desks_have_leaves_of_their_own(desk):
    desk.loads_jayapura()
    works(desk)
    forced(desk, update(IssueEvent).values(text="Tidak ada apa-apa."))

    words = [own.words.partition(":")[0] for own in verdicts(desk) if not own.holds]

    assert words == ["tiga-kecamatan"]
    assert len(verdicts(desk)) == 2
