"""Personal data of a closed election go when the policy says, by kind; reports stay, and so does another election."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from config import loader
from jobs.operator import closing, retaining
from jobs.turn import tidy
from models.desk.changes import Change
from models.desk.programmes import Document
from models.matters.promises import Promise
from models.matters.tasks import Task
from models.messages.inbound import Inbound, InboundWord
from models.messages.messages import Message
from models.offices.assignments import Assignment
from models.offices.offices import Contact
from rules.desk import Channel
from rules.replies.spoken import Sender
from tests.stories.desk import POLICY, uncalled
from tests.stories.test_two_elections import FIRST, SECOND, another
from tests.web.conftest import Web
from tests.web.serving import FORMS
from tests.web.writing import kept

YEAR = timedelta(days=365)


def closes(desk, *programmes):
    for code in programmes:
        closing.close(desk.rt, code, by=desk.programme.desk.secretariat, reason="Selesai.")


def purge(desk, *, dry=False):
    return {own.kind: own.rows for own in retaining.purge(desk.rt, dry_run=dry)}


def left(desk, column):
    with desk.rt.sessions() as session:
        return [own for own in session.scalars(select(column)) if own]


@pytest.fixture
def told(desk):
    """Somebody was told something, an office has another holder, and one report came."""
    desk.lives_until("H-7 17:00")
    desk.passes_to("Camat Tamban", "Ahmad Yani", since="H-7 08:00", phone="+6282000009999")
    key = desk.key("harian", "Tamban", "H-7")
    desk.files(key, "Air naik.")
    assert left(desk, Message.text)
    return key


def test_until_its_time_nothing_is_taken_out(desk, told):
    closes(desk, FIRST)
    desk.clock.at += YEAR - timedelta(days=1)

    assert purge(desk) == {}
    assert left(desk, Contact.address)


def test_a_dry_run_counts_and_takes_out_nothing(desk, told):
    closes(desk, FIRST)
    desk.clock.at += YEAR

    counted = purge(desk, dry=True)

    assert counted["texts"] == len(left(desk, Message.text))
    assert counted["addresses"] == len(left(desk, Contact.address))
    assert purge(desk) == counted
    assert purge(desk) == {}


def test_numbers_names_and_texts_go_and_reports_stay(desk, told):
    closes(desk, FIRST)
    desk.clock.at += YEAR

    tidy.run(desk.rt, now=desk.clock.at)

    assert [left(desk, c) for c in (Message.text, Message.subject, Contact.address, Assignment.name)] == [[]] * 4
    (text,) = left(desk, Document.text)[:1]
    assert not any(known in own for own in left(desk, Document.text) for known in ("+62 820", "tamban@desk.example"))
    assert text
    (report,) = desk.reports(told)
    assert report.body == {"note": "Air naik."}


def test_what_people_wrote_goes_with_what_it_is_found_by(desk, told):
    with desk.rt.sessions.begin() as session:
        came = Inbound(key="x", channel=Channel.SMS, received_at=desk.clock.at, sender=Sender.KNOWN, shown="+62***")
        came.raw = b"ya"
        came.programme_id, came.text = 1, "ya"
        session.add(came)
        session.flush()
        session.add(InboundWord(word="R-0001", inbound_id=came.id))
    closes(desk, FIRST)
    desk.clock.at += YEAR

    assert purge(desk)["written"] == 1
    assert [left(desk, c) for c in (Inbound.text, Inbound.raw, Inbound.shown, InboundWord.word)] == [[]] * 4
    assert purge(desk) == {}


def test_the_words_of_an_answer_go_where_something_was_done_because_of_it(desk):
    keys = [desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.clock.reads("H-7 12:00")
    web = Web(desk, SimpleNamespace(forms=loader.forms(FORMS)), None)
    kept(web, "Camat Tamban", f"{desk.code(keys[0])} jam 17.00 pak, tanya Budi", "a1")
    kept(web, "Camat Mekarsari", f"{desk.code(keys[1])} bukan tugas saya, tanya Budi", "a2")
    closes(desk, FIRST)
    said = [own for column in (Change.text, Promise.note, Task.text) for own in left(desk, column) if "Budi" in own]
    desk.clock.at += YEAR

    purge(desk)

    assert len(said) == 2
    kept_now = [own for column in (Change.text, Promise.note, Task.text) for own in left(desk, column)]
    assert not any("Budi" in own for own in kept_now)
    assert "Selesai." in kept_now


def test_each_kind_is_recorded_with_how_many_and_nobody_by_name(desk, told):
    closes(desk, FIRST)
    desk.clock.at += YEAR
    counted = purge(desk)

    with desk.rt.sessions() as session:
        rows = {c.subject: c.text for c in session.scalars(select(Change).where(Change.what == "purged"))}

    assert rows["texts"] == f"{counted['texts']} rows"
    assert "names" in rows


def test_an_office_in_another_election_keeps_its_contacts(desk, told):
    desk.load([another(), *desk.documents[1:]])
    closes(desk, FIRST)
    desk.clock.at += YEAR

    counted = purge(desk)

    assert "texts" in counted
    assert "addresses" not in counted
    assert left(desk, Contact.address)
    closes(desk, SECOND)
    desk.clock.at += YEAR
    assert "addresses" in purge(desk)


def test_what_was_purged_can_still_be_read_and_reopened(desk, told):
    closes(desk, FIRST)
    desk.clock.at += YEAR
    purge(desk)

    closing.reopen(desk.rt, FIRST, by=desk.programme.desk.secretariat, reason="PSU.")

    assert [own.code for own in desk.rt.programmes.values()] == [FIRST]


def test_a_policy_that_says_nothing_keeps_everything(desk):
    text = "\n".join(
        line for line in uncalled(POLICY.read_text(encoding="utf-8")).splitlines() if not line.startswith("retain:")
    )
    policy = loader.parse(text, POLICY.name)
    desk.load([another(), desk.documents[1], policy])
    closes(desk, FIRST, SECOND)
    desk.clock.at += 9 * YEAR

    assert "addresses" not in purge(desk)
    assert left(desk, Contact.address)
