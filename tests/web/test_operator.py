"""The operator sees how the machine is, behind a token of his own, and nobody's name."""

import re
from datetime import timedelta

import pytest

from config import loader
from jobs.commands import asking
from jobs.operator import amend, closing, holding
from models.messages import mailboxes
from models.messages.spending import Spending
from rules.desk import Channel
from rules.tokens import Scope
from services import watching
from tests.stories.desk import POLICY, uncalled
from tests.web.test_api import given_out
from tests.web.test_board import morning  # noqa: F401 - a fixture


@pytest.fixture
def operator(morning):  # noqa: F811
    """The page, for whoever came in with a good token."""
    _, token = given_out(morning, Scope.OPERATOR)
    morning.client.cookies.clear()
    morning.post("/operator", {"token": token})
    return morning


def test_whoever_has_the_token_sees_the_same_as_status(operator):
    desk = operator.desk
    holding.on(desk.rt.sessions, "Camat Tamban meminta", time=desk.clock)

    page = operator.get("/operator").text

    with desk.rt.sessions.begin() as session:
        seen = watching.look(session, now=desk.clock.at)
    assert isinstance(seen, watching.Seen)
    assert asking.watching is watching
    assert f"permasalahan, dan lainnya yang terbuka</th><td>{seen.pulse.open_matters}</td>" in page
    assert re.search(r"Pengiriman ditahan</th><td class=\"bad\">! ya<", page)
    assert "Cadangan terakhir" in page
    assert "Desk</th>" in page


def test_a_mailbox_that_cannot_be_read_is_said_until_it_can(operator):
    before = operator.get("/operator").text
    now, minute = operator.desk.clock.at, timedelta(minutes=1)
    with operator.desk.rt.sessions.begin() as session:
        known = mailboxes.claim(session, "ab", again_at=now + minute, now=now)
        mailboxes.failed(session, "ab", known, "login: no", look_at=now + minute, now=now)
    failing = operator.get("/operator").text
    with operator.desk.rt.sessions.begin() as session:
        mailboxes.looked(session, "ab", look_at=now + minute, now=now)

    assert "Kotak surat jawaban" not in before
    assert "tidak dapat dibaca sejak" in failing
    assert "Kotak surat jawaban" not in operator.get("/operator").text


def test_the_page_names_nobody(operator):
    operator.desk.has_a_problem("Perahu karam")

    page = operator.get("/operator").text

    assert "Keadaan mesin" in page
    assert [word for word in ("Tamban", "Camat", "Perahu", "desk.example", "+62") if word in page] == []


@pytest.mark.parametrize("scope", [Scope.OWED, None])
def test_no_other_token_and_none_opens_it(morning, scope):  # noqa: F811
    token = given_out(morning, scope)[1] if scope else "desk_" + "x" * 32

    answer = morning.post("/operator", {"token": token})

    assert answer.status_code == 403
    assert "tidak berlaku" in answer.text
    assert "Keadaan mesin" not in morning.get("/operator").text


def test_a_token_that_ran_out_opens_nothing_any_more(operator):
    assert "Keadaan mesin" in operator.get("/operator").text

    operator.desk.clock.at += timedelta(days=31)

    assert "Keadaan mesin" not in operator.get("/operator").text


def test_whoever_goes_out_is_out(operator):
    operator.post("/operator", {"keluar": "1"})

    assert "Keadaan mesin" not in operator.get("/operator").text


def test_a_form_of_another_site_brings_nobody_in(morning):  # noqa: F811
    _, token = given_out(morning, Scope.OPERATOR)

    assert morning.post("/operator", {"token": token}, Origin="https://evil.example").status_code == 403


def test_guessing_is_slowed(morning):  # noqa: F811
    answers = [morning.post("/operator", {"token": "desk_x"}).status_code for _ in range(25)]

    assert answers[-1] == 429


COSTS = "\ncosts:\n  prices: {sms: {each: 500}}\n"


def test_what_messages_cost_is_told_apart_by_election_and_desk_also_when_one_is_closed(operator, tmp_path):
    desk = operator.desk
    (tmp_path / "berbayar.yaml").write_text(uncalled(POLICY.read_text(encoding="utf-8")) + COSTS, encoding="utf-8")
    amend.amend(desk.rt, [loader.read(tmp_path / "berbayar.yaml")])
    desk.documents[2] = loader.read(tmp_path / "berbayar.yaml")
    desk.loads_jayapura()
    with desk.rt.sessions.begin() as session:
        for id in desk.rt.live(session):
            session.add(Spending(programme_id=id, channel=Channel.SMS, carrier="", parts=id, rupiah=500 * id))
    closing.close(desk.rt, "pemilihan/contoh-jayapura", by="sekretariat-desk", reason="Selesai.")

    page = operator.get("/operator").text

    found = re.findall(r">Biaya pesan ([^<]*)</th><td[^>]*>([^<]*)<", page)
    assert found == [
        ("pemilihan/tiga-kecamatan", "Rp500"),
        ("pemilihan/contoh-jayapura, sudah ditutup", "Rp1.000"),
    ]
