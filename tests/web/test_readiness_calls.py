"""Readiness counts the roll call: who has not answered for number and address, and how many of how many."""

import pytest

from tests.stories import prepared
from tests.stories.desk import Desk
from tests.stories.test_rollcalls import confirms
from tests.web.conftest import URL
from tests.web.test_coordinator import comes_in


@pytest.fixture
def desk(sessions, tmp_path):
    """Two stages are prepared, and offices are asked for their contacts: at H-30, and at H-7."""
    desk = Desk(sessions, prepared.files(tmp_path), starts="2024-01-05 08:00", calls=True)
    desk.rt.public_url = URL
    desk.owes_only(*(o.key for o in desk.programme.obligations() if desk.programme.policy.duty(o.duty).support))
    return desk


def test_whoever_has_not_answered_the_roll_call_is_counted_and_named(web, desk):
    desk.clock.reads("H-30 10:00")
    for own in desk.programme.desk.offices:
        if own.title not in ("Camat Tamban", "Kepala BPBD"):
            confirms(desk, own.title)
    desk.clock.reads("H-15 09:00")
    comes_in(web, "Kepala Kesbangpol")
    many = len(desk.programme.desk.offices)

    page = web.get("/kesiapan").text

    assert f"{many - 2} dari {many} kantor sudah menjawab, belum 2." in page
    assert f"Belum menjawab: 2 dari {many}" in page
    assert page.index("<li>Camat Tamban</li>")
    confirms(desk, "Kepala BPBD", phoned=True)
    assert f"{many - 1} dari {many} kantor sudah menjawab, belum 1." in web.get("/kesiapan").text
    assert f"Apel kontak H-30</a>: {many - 1} dari {many} kantor" in web.get("/papan").text


def test_a_coordinator_counts_the_offices_of_his_own_districts(web, desk):
    desk.clock.reads("H-29 10:00")
    comes_in(web, "Asisten Pemerintahan")

    page = web.get("/kesiapan").text

    assert "<li>Camat Tamban</li>" in page
    assert "<li>Camat Tabunganen</li>" not in page
