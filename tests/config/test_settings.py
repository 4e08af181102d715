"""Settings hold by default, send nothing outside, and are told wrong by name and without secrets."""

import os
import stat
from pathlib import Path

import pytest

from config import settings
from config.errors import ConfigError
from config.urls import SmtpServer, Tls, Way
from rules.desk import Channel

ROOT = Path(__file__).parents[2]
GOOD_KEY = "kx8-Vq2_wz9Lr4Tn7Yb3"


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(("DESK_", "TWILIO_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DESK_HOME", str(tmp_path))
    for folder, file in (("desks", "barito-kuala"), ("elections", "pemilu-2024"), ("policies", "default")):
        (tmp_path / "config" / folder).mkdir(parents=True)
        (tmp_path / "config" / folder / f"{file}.yaml").touch()


def told():
    with pytest.raises(ConfigError) as refused:
        settings.read()
    return str(refused.value)


def test_the_defaults_send_nothing_outside(tmp_path):
    found = settings.read()

    assert found.smtp is None
    assert found.twilio is None
    assert found.database_url.get_secret_value() == f"sqlite:///{tmp_path}/var/desk.db"
    assert found.embedded
    assert found.outbox == tmp_path / "var/outbox"
    assert found.trial_allow is None
    assert not (tmp_path / "var").exists()


def test_home_is_the_repository_when_nothing_says_otherwise(monkeypatch):
    monkeypatch.delenv("DESK_HOME")

    assert settings.read().home == ROOT


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://u:p%40ss@mail.test:2525", ("mail.test", 2525, "u", "p@ss", Tls.STARTTLS)),
        ("smtp://u:p@mail.test:587?tls=starttls", ("mail.test", 587, "u", "p", Tls.STARTTLS)),
        ("smtps://u:p@mail.test", ("mail.test", 465, "u", "p", Tls.IMPLICIT)),
        ("smtp://mail.test?tls=none", ("mail.test", 25, "", "", Tls.NONE)),
    ],
)
def test_a_mail_server_is_read_from_its_url(monkeypatch, url, server):
    monkeypatch.setenv("DESK_SMTP_URL", url)
    monkeypatch.setenv("DESK_MAIL_FROM", "desk@baritokuala.example")

    found = settings.read().smtp

    assert isinstance(found, SmtpServer)
    assert (found.host, found.port, found.user, found.password.get_secret_value(), found.tls) == server
    assert "p@ss" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DESK_SMTP_URL", "smtp://u:hunter2@mail.test:25?tls=none", "would send the password in clear"),
        ("DESK_SMTP_URL", "smtps://u:hunter2@mail.test?tls=none", "contradict each other"),
        ("DESK_SMTP_URL", "smtp://u:hunter2@mail.test?ssl=1", "a parameter other than tls"),
        ("DESK_SMTP_URL", "smtp://u:hunter2@mail.test:99999", "host or port cannot be read"),
        ("DESK_SMTP_URL", "smtp://u:hunt/er2@mail.test", "host or port cannot be read"),
        ("DESK_SMTP_URL", "http://u:hunter2@mail.test", "begins with neither smtp://"),
        ("DESK_IMAP_URL", "http://u:hunter2@mail.test", "begins with neither imaps://"),
        ("DESK_IMAP_URL", "imaps://mail.test/INBOX", "names no user or no password"),
        ("DESK_IMAP_URL", "imap://u:hunter2@mail.test?tls=none", "would send the password in clear"),
        ("DESK_IMAP_URL", "imaps://u:hunter2@mail.test?tls=starttls", "tls is not one that goes with it"),
        ("DESK_IMAP_URL", "imaps://u:hunter2@mail.test?delete=yes", "a parameter other than move and tls"),
        ("DESK_IMAP_URL", "imaps://u:hunter2@mail.test/Selesai?move=Selesai", "moves mails into the folder"),
        ("DESK_IMAP_URL", "imaps://u:hunter2é@mail.test", "has characters that no login"),
        ("DESK_IMAP_URL", "imaps://u:hunter2@mail.test", "is set, and no mail of ours names that mailbox"),
        ("DESK_SECRET_KEY", "changeme", "is shorter than 16 characters"),
        ("DESK_SECRET_KEY", "changeme-changeme-hunter2", "can be guessed"),
        ("DESK_SECRET_KEY", "aaaaaaaaaaaaaaaaaaaaaaaa", "can be guessed"),
        ("DESK_SECRET_KEY", "", "is shorter than 16 characters"),
        ("DESK_DATABASE_URL", "mysql://u:hunter2@db/x", "begins with neither sqlite:/// nor postgresql://"),
        ("DESK_DATABASE_URL", "sqlite://", "names no file"),
        ("DESK_DATABASE_URL", "sqlite:////dev/null/x.db", "'/dev/null' is not a folder that can be written to"),
        ("DESK_BROKER_URL", "amqp://u:hunter2@mq", "begins with neither memory:// nor redis://"),
        ("DESK_PUBLIC_URL", "desk.example", "begins with neither http:// nor https://"),
        ("DESK_PUBLIC_URL", "https://u:hunter2@desk.example", "holds a user or a password"),
        ("DESK_HEARTBEAT_URL", "file:///etc/passwd", "begins with neither http:// nor https://"),
        ("DESK_DESK", "config/desks/none.yaml", "there is no file"),
        ("DESK_SMS_URL", "nexmo", "is neither twilio: nor file: nor a provider's name with a colon"),
        ("DESK_SMS_URL", "../nexmo:https://h", "is neither twilio: nor file: nor a provider's name"),
        ("DESK_SMS_URL", "twillio:", "twillio: is followed by neither https:// nor http://"),
        ("DESK_SMS_URL", "gateway:", "followed by neither https:// nor http://"),
        ("DESK_SMS_URL", "gateway:ftp://u:hunter2@sms.test/x", "followed by neither https:// nor http://"),
        ("DESK_SMS_URL", "gateway:http://u:hunter2@sms.test/sendsms", "would send the password in clear"),
        ("DESK_SMS_URL", "gateway:https://u@sms.test/sendsms", "has a user without a password"),
        ("DESK_SMS_URL", "gateway:https://u:hunter2@sms.test/sendsms#x", "has a #"),
        ("DESK_SMS_URL", "gateway:https://u:hunter2@sms.test/x?from=D%0aESK", "characters that a provider cannot take"),
        ("DESK_SMS_URL", "gateway:https://u:hunter2%0d@sms.test/x", "characters that a provider cannot take"),
        ("DESK_SMS_URL", "gateway:https://u:hunter2 @sms.test/x", "holds a blank or a line break"),
        ("DESK_WHATSAPP_URL", "gateway:http://u:hunter2@sms.test/x", "would send the password in clear"),
        ("DESK_TRIAL_ALLOW", "021-5551234", "fixed line"),
        ("DESK_MAIL_FROM", "Desk <a@b.example>", "not one plain address"),
        ("DESK_BOUNCE_TO", "bounce+desk@b.example", "has a plus sign"),
        ("DESK_BOUNCE_TO", "b" * 31 + "@b.example", "more than 30 characters"),
        ("DESK_BOUNCE_TO", "bounce", "has 0 @ signs"),
        ("DESK_ANSWERED", "whatsapp, telegram", "names telegram, which is neither whatsapp nor sms"),
        ("DESK_PROXIES", "proxy.example", "is not an address"),
        ("DESK_PROXIES", "10.0.0.0/8, 0.0.0.0/0", "is everybody"),
        ("DESK_PROXIES", "*", "is not an address"),
        ("DESK_DATABASE_URL", "postgresql://desk@db/desk?prepare_threshold=never", "an unusable prepare_threshold"),
        ("DESK_SMTP_URI", "file:", "is not a setting. Did you mean DESK_SMTP_URL?"),
    ],
)
def test_a_bad_setting_is_told_by_name_with_a_remedy_and_without_the_secret(monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)

    text = told()

    assert text.startswith(f"{name}: ")
    assert words in text
    assert "hunter2" not in text
    assert len(text.split(". ")) >= 2


def test_all_bad_settings_are_told_at_once(monkeypatch):
    monkeypatch.setenv("DESK_SMTP_URL", "gopher:")
    monkeypatch.setenv("DESK_SMS_URL", "twilio:")
    monkeypatch.setenv("DESK_WHATSAPP_URL", "twilio:")
    monkeypatch.setenv("DESK_SECRET_KEY", "short")

    names = [line.partition(":")[0] for line in told().splitlines()]

    assert names == [
        "DESK_SMTP_URL",
        "DESK_SECRET_KEY",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_MESSAGING_SERVICE_SID",
        "TWILIO_WHATSAPP_FROM",
        "DESK_PUBLIC_URL",
    ]


ACCOUNT = {
    "DESK_SMS_URL": "twilio:",
    "DESK_WHATSAPP_URL": "twilio:",
    "DESK_PUBLIC_URL": "https://desk.example",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "hunter2",
    "TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32,
    "TWILIO_WHATSAPP_FROM": "whatsapp:+6281234567890",
}


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        pytest.param("https://desk.example:443", "https://desk.example", id="the port of https"),
        pytest.param("http://Desk.Example:80/", "http://desk.example", id="the port of http"),
        pytest.param("HTTPS://DESK.example:0443/Pemilu/", "https://desk.example/Pemilu", id="capitals, not of paths"),
        pytest.param("https://desk.example:8443", "https://desk.example:8443", id="another port stays"),
        pytest.param("http://desk.example:443", "http://desk.example:443", id="the port of the other scheme stays"),
        pytest.param("https://désa.example", "https://xn--dsa-bma.example", id="a name beyond ASCII"),
        pytest.param("https://DÉSA.example:443/x", "https://xn--dsa-bma.example/x", id="the same in capitals"),
        pytest.param("http://[0:0:0:0:0:0:0:1]:8000", "http://[::1]:8000", id="a long IPv6 address"),
        pytest.param("http://[::FFFF:0A00:1]", "http://[::ffff:a00:1]", id="capitals in one"),
        pytest.param("http://desk.example:", "http://desk.example", id="a colon without a port"),
    ],
)
def test_our_own_address_is_written_as_browsers_send_it_so_that_forms_are_taken(monkeypatch, written, sent):
    monkeypatch.setenv("DESK_PUBLIC_URL", written)

    assert settings.read().public_url == sent


@pytest.mark.parametrize("host", ["127.1", "10.0.0.256", "[::1%25eth0]", "[::g]", "1"])
def test_an_address_that_browsers_would_write_otherwise_is_refused(monkeypatch, host):
    monkeypatch.setenv("DESK_PUBLIC_URL", f"http://{host}/")

    assert told().startswith("DESK_PUBLIC_URL: ")


def test_a_twilio_account_is_read_and_its_token_not_shown(monkeypatch):
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TWILIO_WHATSAPP_TEMPLATES", f"HX{'0' * 32}, overdue=HX{'1' * 32}")

    found = settings.read()

    assert found.texts == {Channel.SMS: Way.TWILIO, Channel.WHATSAPP: Way.TWILIO}
    assert found.twilio is not None
    assert found.twilio.whatsapp_from == "+6281234567890"
    assert dict(found.twilio.whatsapp_templates) == {"": "HX" + "0" * 32, "overdue": "HX" + "1" * 32}
    assert found.twilio.auth_token.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TWILIO_ACCOUNT_SID", "SK" + "0" * 32, "does not begin with AC"),
        ("TWILIO_MESSAGING_SERVICE_SID", "MG123", "is not 34 characters long"),
        ("TWILIO_FROM", "Desk Barito Kuala", "is not a sender"),
        ("TWILIO_FROM", "08123456789\n", "is not a sender"),
        ("TWILIO_WHATSAPP_FROM", "DESK", "is not a number"),
        ("TWILIO_WHATSAPP_TEMPLATES", "HX1", "does not begin with HX"),
        ("TWILIO_WHATSAPP_TEMPLATES", "teguran=HX" + "0" * 32, "is not something that messages say"),
        ("TWILIO_WHATSAPP_TEMPLATES", f"HX{'0' * 32},HX{'1' * 32}", "two templates for one thing"),
        ("DESK_TWILIO_BASE_URL", "http://twilio.test", "would send the token in clear"),
        ("DESK_PUBLIC_URL", "http://localhost:8000", "names this machine"),
    ],
)
def test_a_twilio_account_that_cannot_work_is_refused_at_the_start(monkeypatch, name, value, words):
    for known, good in ACCOUNT.items():
        monkeypatch.setenv(known, good)
    monkeypatch.setenv(name, value)

    text = told()

    assert text.startswith(f"{name}: ")
    assert words in text
    assert "hunter2" not in text


def test_a_sandbox_on_this_machine_may_call_this_machine(monkeypatch):
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DESK_PUBLIC_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("DESK_TWILIO_BASE_URL", "http://127.0.0.1:9999")

    assert settings.read().twilio is not None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "gateway:https://desk:p%40ss@sms.test:13013/cgi-bin/sendsms?from=DESKBATOLA&smsc=tsel",
            (
                "gateway",
                "https://sms.test:13013/cgi-bin/sendsms",
                "desk",
                "p@ss",
                {"from": "DESKBATOLA", "smsc": "tsel"},
            ),
        ),
        ("own_phone:http://192.168.1.9/send?plus=no", ("own_phone", "http://192.168.1.9/send", "", "", {"plus": "no"})),
        ("gateway:http://u:p@[::1]:80", ("gateway", "http://[::1]:80/", "u", "p", {})),
    ],
)
def test_a_provider_is_read_from_its_url(monkeypatch, url, expected):
    monkeypatch.setenv("DESK_SMS_URL", url)

    found = settings.read()

    by = found.providers[Channel.SMS]
    assert (by.name, by.url, by.user, by.password.get_secret_value(), dict(by.options)) == expected
    assert found.by_twilio == []
    assert "p@ss" not in repr(found)


def test_real_mail_needs_a_sender(monkeypatch):
    monkeypatch.setenv("DESK_SMTP_URL", "smtp://mail.test")

    assert told().startswith("DESK_MAIL_FROM: is not set")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg(monkeypatch, scheme):
    monkeypatch.setenv("DESK_DATABASE_URL", f"{scheme}://u:p@db:5432/desk")

    assert settings.read().database_url.get_secret_value() == "postgresql+psycopg://u:p@db:5432/desk"


def test_the_settings_never_show_a_secret(monkeypatch):
    monkeypatch.setenv("DESK_DATABASE_URL", "postgresql://u:hunter2@db/desk")
    monkeypatch.setenv("DESK_BROKER_URL", "redis://:hunter2@mq:6379/0")
    monkeypatch.setenv("DESK_HEARTBEAT_URL", "https://ping.example/hunter2")
    monkeypatch.setenv("DESK_SMTP_URL", "smtp://u:hunter2@mail.test")
    monkeypatch.setenv("DESK_MAIL_FROM", "desk@baritokuala.example")

    found = settings.read()

    assert "hunter2" not in repr(found)
    assert not found.embedded


def test_a_key_is_made_once_and_only_we_may_read_it(tmp_path):
    first, second = settings.read().signing_key(), settings.read().signing_key()

    file = tmp_path / "var/secret_key"
    assert first == second
    assert len(first.get_secret_value()) >= 48
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list((tmp_path / "var").iterdir()) == [file]


def test_a_key_that_is_set_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("DESK_SECRET_KEY", GOOD_KEY)

    assert settings.read().signing_key().get_secret_value() == GOOD_KEY
    assert not (tmp_path / "var").exists()


def test_a_trial_set_to_nothing_reaches_nobody(monkeypatch):
    monkeypatch.setenv("DESK_TRIAL_ALLOW", "")
    assert settings.read().trial_allow == frozenset()

    monkeypatch.setenv("DESK_TRIAL_ALLOW", "a@B.example, 0812-3456-7890")
    assert settings.read().trial_allow == {"a@b.example", "+6281234567890"}


def test_a_secret_may_stand_in_a_file_of_its_own(monkeypatch, tmp_path):
    (tmp_path / "smtp").write_text("smtps://desk:geheim@mail.example\n")
    monkeypatch.setenv("DESK_SMTP_URL_FILE", str(tmp_path / "smtp"))
    monkeypatch.setenv("DESK_MAIL_FROM", "desk@mail.example")

    found = settings.read()

    assert found.smtp is not None
    assert (found.smtp.host, found.smtp.password.get_secret_value()) == ("mail.example", "geheim")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "cannot be read", id="no such file"),
        pytest.param(b"", "does not hold one line", id="empty"),
        pytest.param(b"geheim\nmehr\n", "does not hold one line", id="two lines"),
        pytest.param(b"\xff\xfe", "is no text", id="not UTF-8"),
        pytest.param(b"x" * 20_000, "does not hold one line", id="very long"),
    ],
)
def test_a_file_that_holds_no_secret_is_told_by_its_name_and_never_quoted(monkeypatch, tmp_path, content, said):
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    monkeypatch.setenv("DESK_SECRET_KEY_FILE", str(tmp_path / "key"))

    assert "DESK_SECRET_KEY_FILE" in told()
    assert said in told()
    assert "geheim" not in told()


def test_a_secret_that_stands_in_both_places_is_refused(monkeypatch, tmp_path):
    (tmp_path / "key").write_text(GOOD_KEY)
    monkeypatch.setenv("DESK_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("DESK_SECRET_KEY", GOOD_KEY)

    assert "DESK_SECRET_KEY is set too" in told()


def test_a_misspelt_name_of_such_a_file_is_noticed(monkeypatch, tmp_path):
    monkeypatch.setenv("DESK_SECRET_KEY_FIL", str(tmp_path))

    assert "Did you mean DESK_SECRET_KEY_FILE?" in told()


@pytest.mark.parametrize(
    ("url", "port", "tls", "folder", "move_to"),
    [
        ("imaps://balas%40desk.test:p%2Fw@mail.test", 993, "implicit", "INBOX", ""),
        ("imap://balas%40desk.test:p%2Fw@mail.test/Desk/Jawaban", 143, "starttls", "Desk/Jawaban", ""),
        ("imap://balas%40desk.test:p%2Fw@localhost:1143?tls=none&move=Selesai", 1143, "none", "INBOX", "Selesai"),
    ],
)
def test_a_mailbox_at_a_provider(monkeypatch, url, port, tls, folder, move_to):
    monkeypatch.setenv("DESK_IMAP_URL", url)
    monkeypatch.setenv("DESK_REPLY_TO", "balas@desk.test")

    own = settings.read().imap

    assert (own.user, own.password.get_secret_value()) == ("balas@desk.test", "p/w")
    assert (own.port, own.tls, own.folder, own.move_to) == (port, tls, folder, move_to)
    assert "p/w" not in repr(own)
