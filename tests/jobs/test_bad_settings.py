"""Settings that were meant badly, or typed badly: refused when a command starts, by name, with a remedy, once for all.

Each by the sentence that an operator would read: the variable, what is wrong with it, how to mend it. No secret.
"""

import pytest

from config import settings
from config.errors import ConfigError
from jobs import assemble
from tests.stories.desk import ROOT

SECRET = "hunter2"
TWILIO = {
    "DESK_SMS_URL": "twilio:",
    "DESK_PUBLIC_URL": "https://desk.example",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": SECRET,
    "TWILIO_FROM": "DESKBATOLA",
}


@pytest.mark.parametrize("command", ["status", "run", "migrate", "doctor"])
@pytest.mark.parametrize(
    ("name", "value", "what", "remedy"),
    [
        pytest.param("DESK_SECRET_KEY", "changeme", "is shorter than 16", "token_urlsafe(48)", id="B210"),
        pytest.param("DESK_SECRET_KEY", "changeme" * 3, "can be guessed", "token_urlsafe(48)", id="B210, longer"),
        pytest.param("TWILIO_AUTH_TOKEN", "", "is not set", "Set it, or use file:", id="B212"),
        pytest.param(
            "DESK_DATABASE_URL", "sqlite:////readonly/x.db", "a folder that is not there", "Make it", id="B213"
        ),
        pytest.param("DESK_SMTP_URL", f"smtp://u:{SECRET}@mail.example?tls=none", "in clear", "starttls", id="B214"),
        pytest.param(
            "DESK_SMTP_URL", f"smtp://u:{SECRET}ä@mail.example", "no login takes", "plain letters", id="login"
        ),
        pytest.param("DESK_SMTP_URL", "smtp://u@mail.example", "a user without a password", "Write smtp://", id="half"),
        pytest.param("DESK_SMTP_URL", "smtp://a..b", "names a host that is none", "Write smtp://", id="mail host"),
        pytest.param("DESK_BROKER_URL", f"redis://:{SECRET}@mq/x", "no number of a database", "memory://", id="broker"),
        pytest.param("DESK_BROKER_URL", "redis://mq?x=1", "a parameter other than", "redis://host", id="parameter"),
        pytest.param("DESK_OUTBOX_DIR", "/dev/null/x", "'/dev/null' is no folder", "Make it writable", id="outbox"),
        pytest.param(
            "DESK_PUBLIC_URL", "https://desk.example/?a=b", "after the path", "Write https://host", id="pages"
        ),
        pytest.param("DESK_POLICY", "x" * 5000, "there is no file", "Name a YAML file", id="long name"),
        pytest.param("DESK_HOME", "/nowhere", "there is no folder '/nowhere'", "in which ./desk is", id="home"),
        pytest.param("TWILIO_AUTH_TOKEN", f"{SECRET}\n", "a blank or a sign", "from the Twilio console", id="token"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_when_a_command_starts(
    desk, tmp_path, command, name, value, what, remedy
):
    usual = {"DESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}", "DESK_MAIL_FROM": "desk@desk.example"}

    done = desk(command, **(usual | (TWILIO if name.startswith("TWILIO") else {}) | {name: value}))

    assert (done.returncode, done.stdout) == (78, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{name}: ")
    assert what in line
    assert remedy in line
    assert SECRET not in line
    assert not (tmp_path / "desk.db").exists()


@pytest.mark.parametrize("command", ["status", "run", "migrate"])
@pytest.mark.parametrize(
    ("url", "what"),
    [
        pytest.param("postgresql://127.0.0.1:1/x?sslmode=bogus", 'invalid sslmode value: "bogus"', id="option's value"),
        pytest.param("postgresql://127.0.0.1:1/x?bogus=1", 'invalid connection option "bogus"', id="option"),
        pytest.param(f"postgresql://desk:{SECRET}@127.0.0.1:1/x", "Connection refused", id="nobody there"),
        pytest.param(f"sqlite:///{ROOT}/README.md", "file is not a database", id="another file"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_its_drivers_words(desk, command, url, what):
    before = (ROOT / "README.md").read_bytes()

    done = desk(command, DESK_DATABASE_URL=url)

    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr.startswith("DESK_DATABASE_URL: cannot be used: ")
    assert what in done.stderr
    assert SECRET not in done.stderr
    assert (ROOT / "README.md").read_bytes() == before


NASTY = (
    *(
        "",
        " ",
        "\n",
        "x" * 100_000,
        "\u202ehttp://x",
        "admin' --",
        "$(id)",
        "-1",
        "a@b",
        "desk@x.example\nBcc: y@x.example",
    ),
    *("../../etc/passwd", "/etc/passwd", "file:", "file:///etc/passwd", "twilio:", "twilio://x", "javascript:alert(1)"),
    *("http://[::1", "https://.", "https://a..b", "https://" + "h" * 300, "https://ä.example", "HTTPS://X.EXAMPLE"),
    *("smtp://u:pä@h", "smtp://u@h?tls=none", "smtps://u:p@[::1]", "smtp://h?tls=starttls&tls=none", "smtp://h:0"),
    *("gateway:https://u:p@h", "gateway:http://h/?to=1", "redis://", "redis://h?x=1", "unix://", "rediss://:p@h/1"),
    *("postgresql://", "postgresql://h:x/y", "sqlite:///", "sqlite:////etc", "sqlite:///x?mode=ro", "sqlite:///\x01"),
)


@pytest.mark.parametrize("name", sorted(str(field.alias) for field in settings.Environment.model_fields.values()))
def test_whatever_a_variable_holds_is_refused_by_name_or_makes_a_process(monkeypatch, name):
    """What reads the settings and what is made of them agree: nothing that was taken breaks later."""
    usual = TWILIO | {"DESK_SMTP_URL": "smtp://h?tls=none", "DESK_MAIL_FROM": "desk@desk.example"}
    for value in NASTY:
        for known, good in (usual | {name: value}).items():
            monkeypatch.setenv(known, good)

        lines = refusals()

        assert all(line.startswith(("DESK_", "TWILIO_")) for line in lines)
        assert max(map(len, lines), default=0) < 400
        assert SECRET not in str(lines)


def refusals():
    """What is said of the settings as they are; nothing, and what sends is made of them."""
    try:
        assemble.notifiers(settings.read())
    except ConfigError as error:
        return str(error).splitlines()
    return []
