"""The list of what the secretariat must see to, on both databases; several may find the same thing at once."""

from threading import Barrier, Thread

from sqlalchemy import select, text

from models import migrations
from models.base import connect
from models.matters import tasks
from models.matters.matters import Matter
from models.matters.tasks import Task, Why
from tests.models.conftest import NOW


def matters_of_tasks(sessions):
    with sessions() as session:
        return session.execute(select(Task.subject, Matter.code).join(Matter, Matter.id == Task.matter_id)).all()


def test_each_task_is_a_matter_with_a_number_of_its_own(desk):
    with desk.rt.sessions.begin() as session:
        for subject in ("a", "b", "a"):
            tasks.open_(session, 1, Why.SET_ASIDE, subject, "words", now=NOW)

    found = matters_of_tasks(desk.rt.sessions)
    assert [subject for subject, _ in found] == ["a", "b"]
    assert len({code for _, code in found}) == 2
    assert all(code.startswith("S-") for _, code in found)


def test_what_several_find_at_once_is_one_task(desk):
    together = Barrier(4)

    def find():
        together.wait()
        with desk.rt.sessions.begin() as session:
            tasks.open_(session, 1, Why.CHANNEL_DOWN, "email", "words", now=NOW)

    threads = [Thread(target=find) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(matters_of_tasks(desk.rt.sessions)) == 1


def test_tasks_that_waited_before_they_climbed_are_told_of_after_the_migration(database_url):
    engine = connect(database_url, durable=False)
    migrations.up(engine, "0003")
    document = "insert into document values (1, 'desk', 'd', 'd', 'x', '', '2024-01-01 00:00:00')"
    programme = "insert into programme values (1, 'p', 1, 1, 1, 'x', '2024-01-01 00:00:00', null)"
    task = "insert into task values ({}, 1, 'set_aside', '{}', 'words', '2024-01-02 00:00:00', {})"
    with engine.begin() as connection:
        for row in (document, programme, task.format(1, "a", "null"), task.format(2, "b", "'2024-01-03 00:00:00'")):
            connection.execute(text(row))

    migrations.up(engine)

    with engine.connect() as connection:
        found = connection.execute(select(Matter.code, Matter.ladder, Task.subject).join(Task)).all()
    assert [tuple(row) for row in found] == [("S-0001", "a task", "a")]
    migrations.down(engine)
    engine.dispose()
