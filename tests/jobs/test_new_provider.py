"""A new provider is one file and one settings line: the file that CONTRIBUTING.md shows is used."""

import sys
from pathlib import Path

import pytest

import notifiers
from config import settings
from config.errors import ConfigError
from jobs import assemble
from jobs.emulator.texts import Said
from jobs.operator import ways
from jobs.operator.looks import State
from notifiers.base import Notifier
from rules.delivery import ChannelDown, Refused, Temporary, Unknown
from rules.desk import Channel
from tests import recipes
from tests.notifiers.http_wire import HttpWire, http_wire
from tests.notifiers.letters import letter

ROOT = Path(__file__).parents[2]
TO = "+6281234567890"


@pytest.fixture(autouse=True)
def shown(monkeypatch, tmp_path: Path):
    """The file is in the folder, as far as imports can tell."""
    (text,) = recipes.blocks("A new channel", "python")
    (tmp_path / "contoh.py").write_text(text)
    monkeypatch.setattr(notifiers, "__path__", [*notifiers.__path__, str(tmp_path)])
    monkeypatch.setenv("DESK_HOME", str(tmp_path))
    (tmp_path / "config").symlink_to(ROOT / "config")
    yield
    sys.modules.pop("notifiers.contoh", None)


@pytest.fixture
def wire():
    with http_wire(lambda _: Said(200, "contoh-1")) as running:
        yield running


def named(monkeypatch, wire: HttpWire, *, options: str = "?sender=DESK", channel: str = "SMS") -> settings.Settings:
    url = wire.url.replace("//", "//desk:rahasia@")
    monkeypatch.setenv(f"DESK_{channel}_URL", f"contoh:{url}/send{options}")
    return settings.read()


def texts(own: settings.Settings) -> Notifier:
    return assemble.notifiers(own)[Channel.SMS]


def test_its_settings_line_alone_sends_by_it(monkeypatch, wire: HttpWire):
    id = texts(named(monkeypatch, wire)).send(letter(channel=Channel.SMS, to=TO, text="Yth."))

    (asked,) = wire.asked
    assert id == "contoh-1"
    assert (asked.path, asked.form) == ("/send", {"to": TO, "text": "Yth.", "sender": "DESK"})
    assert asked.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("status", "end"), [(401, ChannelDown), (404, Refused), (429, Temporary), (500, Unknown), (302, Unknown)]
)
def test_each_bad_end_is_one_of_the_four(monkeypatch, wire: HttpWire, status: int, end: type[Exception]):
    wire.then(Said(status, TO))

    with pytest.raises(end) as caught:
        texts(named(monkeypatch, wire)).send(letter(channel=Channel.SMS, to=TO))
    assert TO not in str(caught.value)


def test_a_trial_goes_around_it(monkeypatch, wire: HttpWire):
    monkeypatch.setenv("DESK_TRIAL_ALLOW", "")

    id = texts(named(monkeypatch, wire)).send(letter(channel=Channel.SMS, to=TO))

    assert id == "file:trial:sms/000012.txt"
    assert wire.asked == []


def test_doctor_looks_at_it(monkeypatch, wire: HttpWire):
    found = ways.texts(named(monkeypatch, wire))
    wrong = ways.texts(named(monkeypatch, wire, options=""))

    assert found.state is State.OK
    assert found.means.startswith("the contoh answers")
    assert wrong.state is State.FAIL
    assert wrong.means == "DESK_SMS_URL: names no sender"


@pytest.mark.parametrize(
    ("given", "means"),
    [
        ({"options": ""}, "DESK_SMS_URL: Names no sender. See notifiers/contoh.py"),
        ({"channel": "WHATSAPP"}, "DESK_WHATSAPP_URL: No file notifiers/contoh.py carries whatsapp."),
    ],
    ids=["an option it wants", "a channel it does not carry"],
)
def test_what_it_cannot_do_is_refused_at_the_start_by_the_settings_name(monkeypatch, wire: HttpWire, given, means):
    own = named(monkeypatch, wire, **given)

    with pytest.raises(ConfigError) as refused:
        assemble.notifiers(own)

    assert means.lower() in str(refused.value).lower()
    assert "rahasia" not in str(refused.value)


@pytest.mark.parametrize("name", ["nexmo", "mask", "smtp", "file", "gateways", "templates"])
def test_a_name_without_a_provider_s_file_is_refused(monkeypatch, name: str):
    monkeypatch.setenv("DESK_SMS_URL", f"{name}:https://desk:rahasia@sms.example/send")

    with pytest.raises(ConfigError, match=f"DESK_SMS_URL: .o file notifiers/{name}.py carries sms") as refused:
        assemble.notifiers(settings.read())

    assert "rahasia" not in str(refused.value)
