"""What the Governor's unit gets over the wire is, byte for byte, what the books say was approved."""

import email
import email.policy
import hashlib
from datetime import timedelta

import pytest

from models.matters import documents, sendings, submissions
from models.messages.messages import Attempt
from notifiers.smtp import Mail, Server, Tls
from rules.delivery import State
from rules.desk import Channel
from rules.submissions import State as Stage
from tests.stories.desk import ELECTION, POLICY, Desk
from tests.stories.test_sending import addressed, approved, mails, makes, own_report, stage

__all__ = ["addressed"]

UNIT = "kesbangpol@kalsel.example"
LARGE = b"%PDF-1.7\r\n.\r\n" + bytes(range(256)) * 20_000

pytestmark = pytest.mark.unsearched(
    "it has no house; addresses of the outside are looked for where the books keep them"
)


@pytest.fixture
def desk(sessions, addressed, tmp_path, smtp_server):
    """The approved report of a desk whose mails really leave; a document of 5 MB goes along."""
    desk = approved(Desk(sessions, (ELECTION, addressed, POLICY)), tmp_path)
    with desk.rt.sessions.begin() as session:
        makes(desk, session, submissions.all_of(session)[0], "xlsx", LARGE)
    server = Server(
        host=smtp_server.host,
        port=smtp_server.port,
        sender="desk@desk.example",
        tls=Tls.NONE,
        timeout=timedelta(seconds=60),
    )
    real = Mail(server)
    desk.rt.notifiers = dict(desk.rt.notifiers) | {Channel.EMAIL: real}
    yield desk
    real.close()


def attached(mail):
    """By name, the SHA-256 of each document of a mail as a mail program reads it."""
    parsed = email.message_from_bytes(mail.content, policy=email.policy.default)
    return {own.get_filename(): hashlib.sha256(own.get_content()).hexdigest() for own in parsed.iter_attachments()}


def known(desk):
    with desk.rt.sessions() as session:
        own = submissions.all_of(session)[0]
        return {one.file_name: one.digest for one, _ in documents.of(session, [own.id])}


def tries(desk):
    with desk.rt.sessions() as session:
        return [(own.outcome, own.number) for own in session.query(Attempt).order_by(Attempt.id)][-2:]


def test_the_hash_of_what_arrives_is_the_one_in_the_books(desk, smtp_server):
    mails(desk, "pdf", "xlsx")

    (mail,) = smtp_server.to(UNIT)
    assert attached(mail) == known(desk)
    assert len(known(desk)) == 2
    assert stage(desk) is Stage.SENT
    with desk.rt.sessions() as session:
        (sent, _) = sendings.of(session, submissions.all_of(session)[0].id)
        assert sent.left_at == desk.clock.at


def test_a_server_that_takes_it_and_says_nothing_is_asked_again_with_the_same_mail(desk, smtp_server):
    smtp_server.answer("data", "lost", address=UNIT, times=1)

    mails(desk, "pdf", "xlsx")
    before = stage(desk)
    desk.clock.reads("2024-02-06 21:00")

    assert (before, stage(desk)) == (Stage.APPROVED, Stage.SENT)
    first, second = smtp_server.to(UNIT)
    assert first.message_id == second.message_id
    assert attached(first) == attached(second) == known(desk)
    assert len(own_report(desk)[2]) == 1


def test_a_server_that_refuses_its_size_leaves_it_unsent_and_says_so(desk, smtp_server):
    smtp_server.answer("data", "552 5.3.4 message too big", address=UNIT)

    mails(desk, "pdf", "xlsx")

    assert stage(desk) is Stage.APPROVED
    own = next(m for m in desk.messages() if m.say == "submission" and m.state is not State.SENT)
    assert "552" in own.why
