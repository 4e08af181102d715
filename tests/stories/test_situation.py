"""What the reports of a day say of the regency, from the books."""

import pytest

from rules.filing import Content
from rules.situation import Shown
from services import situation


@pytest.fixture
def look(desk):
    """How a group of a district is shown now."""

    def ask(district: str, group: str) -> Shown:
        (programme,) = desk.rt.programmes.values()
        code = next(d.code for d in programme.desk.districts if d.name == district)
        with desk.rt.sessions() as session:
            id = next(iter(desk.rt.live(session)))
            found = situation.look(session, id, programme, desk.rt.forms(), [code], now=desk.clock.at)
        return found[code, group].shown

    return ask


def tells(desk, key, content=Content.FILLED, **conditions):
    body = {"indicators": {code: {"condition": condition} for code, condition in conditions.items()}}
    desk.files(key, body, content=content)


def test_a_day_of_reports_a_correction_and_nil(desk, look):
    desk.clock.reads("H-2 14:00")
    tells(desk, desk.key("harian", "Tamban", "H-2"), logistik="safe", keamanan="troubled")
    assert look("Tamban", "logistik") is Shown.SAFE
    assert look("Tamban", "keamanan") is Shown.TROUBLED
    assert look("Mekarsari", "logistik") is Shown.UNSEEN

    desk.clock.reads("H-2 14:30")
    tells(desk, desk.key("harian", "Tamban", "H-2"), logistik="attention", keamanan="troubled")
    assert look("Tamban", "logistik") is Shown.ATTENTION

    desk.clock.reads("H-1 14:00")
    tells(desk, desk.key("harian", "Tamban", "H-1"), Content.NIL)
    assert look("Tamban", "keamanan") is Shown.TROUBLED


def test_what_was_safe_in_the_week_is_not_called_safe_on_voting_day(desk, look):
    desk.clock.reads("H-1 14:00")
    tells(desk, desk.key("harian", "Tamban", "H-1"), logistik="safe")
    assert look("Tamban", "logistik") is Shown.SAFE

    desk.clock.reads("H 07:00")
    assert look("Tamban", "logistik") is Shown.STALE
