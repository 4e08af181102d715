"""What is spent is taken out once a day; what a report, a session at work or a record of a change needs stays."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from jobs.turn import tidy
from models.desk.changes import Change, Way
from models.desk.programmes import Programme
from models.desk.uploads import Upload, keep
from models.matters.attachments import Attachment
from models.offices.links import Link
from models.offices.sessions import SignedIn, SignIn
from rules.desk import Channel
from tests.web.signing import signs_in
from tests.web.test_photos import photo, send

__all__ = ["send"]

SECRETARIAT = "Sekretariat Desk"
DAY = timedelta(days=1)


@pytest.fixture
def house(web):
    """The pages' own folder of files is the one that is tidied."""
    web.desk.rt.files = web.books.files
    return web


def tidies(web, *, after=timedelta()):
    web.desk.clock.at += after
    tidy.run(web.desk.rt, now=web.desk.clock.at)


def ids(web, of):
    with web.desk.rt.sessions.begin() as session:
        return list(session.scalars(select(of.id).order_by(of.id)))


def test_a_link_is_kept_for_as_long_as_it_opens_and_a_month_more(house, daily):
    token = house.link("Camat Tamban", Channel.EMAIL)

    tidies(house, after=13 * DAY)
    assert house.get(f"/l/{token}").status_code == 200
    tidies(house, after=30 * DAY)
    assert len(ids(house, Link)) == 1
    tidies(house, after=2 * DAY)
    assert ids(house, Link) == []


def test_a_session_by_which_something_was_changed_is_kept_and_the_other_is_not(house, daily):
    for _ in range(2):
        signs_in(house, SECRETARIAT)
        house.desk.clock.at += timedelta(hours=1)
    _, second = ids(house, SignedIn)
    with house.desk.rt.sessions.begin() as session:
        office = session.scalars(select(SignedIn.office_id)).first()
        session.add(
            Change(
                at=house.desk.clock.at,
                office_id=office,
                title=SECRETARIAT,
                way=Way.SESSION,
                through=second,
                what="settle",
                subject="S-0001",
                text="",
            )
        )

    tidies(house, after=91 * DAY)

    assert (ids(house, SignedIn), len(ids(house, SignIn))) == ([second], 1)


def test_a_preview_that_nobody_confirmed_is_gone_the_next_day(house, daily):
    signs_in(house, SECRETARIAT)
    with house.desk.rt.sessions.begin() as session:
        programme, office = (
            session.scalars(select(Programme.id)).one(),
            session.scalars(select(SignedIn.office_id)).one(),
        )
        keep(session, programme, office, [["R-0001"]], digest="x", now=house.desk.clock.at)

    tidies(house, after=timedelta(minutes=59))
    assert len(ids(house, Upload)) == 1
    tidies(house, after=DAY)
    assert ids(house, Upload) == []


def age(web, digest, *, days):
    """A file that was kept so many days ago."""
    at = (web.desk.clock.at - days * DAY).timestamp()
    os.utime(web.books.files.path(digest), (at, at))
    return digest


def test_a_photo_that_came_with_no_report_is_removed_after_a_week_and_no_other(house, daily, send):
    """What is older than these books may belong to others."""
    send(("files", ("a.jpg", photo())))
    with house.desk.rt.sessions.begin() as session:
        session.execute(update(Programme).values(loaded_at=house.desk.clock.at - 20 * DAY))
        named = session.scalars(select(Attachment.digest)).one()
    old, young, others = (house.books.files.keep(data) for data in (b"old", b"young", b"of others"))
    for digest, days in ((named, 8), (old, 8), (young, 6), (others, 21)):
        age(house, digest, days=days)

    tidies(house)

    there = {digest for digest in (named, old, young, others) if house.books.files.path(digest).is_file()}
    assert there == {named, young, others}


def test_nothing_is_taken_out_while_sending_is_on_hold_for_the_time_may_be_wrong(house, daily):
    house.desk.holds("the clock jumped")

    tidies(house, after=90 * DAY)

    assert len(ids(house, Link)) == 1


def test_it_is_done_once_a_day_whoever_asks(house, daily):
    tidies(house)
    house.given("Camat Tamban")
    with house.desk.rt.sessions.begin() as session:
        session.execute(update(Link).values(expires_at=house.desk.clock.at - 60 * DAY))

    tidies(house, after=timedelta(hours=23))
    assert len(ids(house, Link)) == 2
    tidies(house, after=timedelta(hours=1))
    assert ids(house, Link) == []
