"""What repeats while something is away is said once a minute; what went wrong is said without what it was about."""

import json
import logging

import pytest
from redis.exceptions import ConnectionError as Away
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from jobs import causes, logs, packages
from jobs.packages import AWAY, Heard
from jobs.seldom import Seldom
from models.base import connect

NUMBER = "+6282012345678"


class Uptime:
    """A clock that is moved by hand."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_what_happens_every_three_seconds_is_said_once_a_minute_with_how_often():
    uptime = Uptime()
    seldom = Seldom(uptime)

    said = []
    for uptime.at in range(0, 121, 3):
        said.append(seldom.times("away"))

    assert [times for times in said if times] == [1, 20, 20]


@pytest.fixture
def package():
    """A logger of a package, heard by us."""
    logger, handler = logging.getLogger("dramatiq.worker.ConsumerThread"), Heard()
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


def test_redis_that_is_away_is_one_line_and_not_one_every_three_seconds(package):
    with capture_logs() as lines:
        for queue in ["deliver", "deliver.DQ"] * 10:
            package.getChild(queue).critical("Consumer encountered a connection error: %s", Away("Error 111"))

    (line,) = lines
    assert line["event"] == "broker away"
    assert "nothing is lost meanwhile" in line["do"]


def test_a_process_as_it_is_set_up_says_so_in_one_line(capsys):
    logs.set_up()
    packages.listen()

    said = f"{AWAY}: %s"
    for queue in ["deliver", "deliver.DQ"] * 10:
        logging.getLogger(f"dramatiq.worker.ConsumerThread({queue})").critical(said, Away("Error 111"))

    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "broker away"


def test_what_a_package_was_about_is_left_out(package):
    with capture_logs() as lines:
        try:
            raise ValueError(f"no route to {NUMBER}")
        except ValueError:
            package.exception("Failed to process message %s with unhandled exception.", NUMBER)

    (line,) = lines
    assert line["package"] == "dramatiq"
    assert line["error"].startswith("ValueError at tests/jobs/test_seldom.py:")
    assert NUMBER not in json.dumps(line)


def test_a_failed_turn_names_class_and_code_and_place_and_no_contents(database_url):
    engine = connect(database_url)
    with pytest.raises(DBAPIError) as failed, engine.connect() as connection:
        connection.execute(text("select * from nowhere where number = :number"), {"number": NUMBER})
    engine.dispose()

    said = causes.named(failed.value)

    assert ("UndefinedTable 42P01" in said) or ("OperationalError SQLITE_ERROR" in said)
    assert " at tests/jobs/test_seldom.py:" in said
    assert NUMBER not in said
    assert "nowhere" not in said
