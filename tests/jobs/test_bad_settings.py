"""Settings that were meant badly, or typed badly: refused when a command starts, by name, with a remedy, once for all.

Each by the sentence that an operator would read: the variable, what is wrong with it, how to mend it. No secret.
"""

import pytest
from sqlalchemy.exc import OperationalError

from config import environment, settings
from config.errors import ConfigError
from jobs import assemble, database
from models.base import connect
from tests.stories.desk import DESK, ELECTION, POLICY, ROOT

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
        pytest.param("DESK_SMTP_URL", "smtp://a..b", "names an impossible host", "Write smtp://", id="mail host"),
        pytest.param(
            "DESK_BROKER_URL", f"redis://:{SECRET}@mq/x", "end in a database's number", "memory://", id="broker"
        ),
        pytest.param("DESK_BROKER_URL", "redis://mq?x=1", "a parameter other than", "redis://host", id="parameter"),
        pytest.param("DESK_OUTBOX_DIR", "/dev/null/x", "'/dev/null' is not a folder", "Make it writable", id="outbox"),
        pytest.param(
            "DESK_PUBLIC_URL", "https://desk.example/?a=b", "after the path", "Write https://host", id="pages"
        ),
        pytest.param("DESK_POLICY", "x" * 5000, "there is no file", "Name a YAML file", id="long name"),
        pytest.param("DESK_HOME", "/nowhere", "there is no folder '/nowhere'", "in which ./desk is", id="home"),
        pytest.param("TWILIO_AUTH_TOKEN", f"{SECRET}\n", "holds a blank", "from the Twilio console", id="token"),
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


@pytest.mark.parametrize("command", ["run", "migrate", "load"])
def test_a_var_that_leads_to_a_disk_which_is_not_mounted_is_one_line(desk, tmp_path, command):
    (tmp_path / "config").symlink_to(ROOT / "config")
    (tmp_path / "var").symlink_to("/unmounted/var")
    files = [str(path) for path in (ELECTION, DESK, POLICY)] if command == "load" else []

    done = desk(command, *files, DESK_HOME=str(tmp_path), DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    assert (done.returncode, len(done.stderr.splitlines())) == (78, 1)
    assert f"the folder {tmp_path / 'var'} cannot be made" in done.stderr


def test_a_database_on_a_server_is_migrated_without_a_folder_of_its_own(desk, tmp_path, postgres_url):
    """A container has no place to write."""
    (tmp_path / "config").symlink_to(ROOT / "config")

    done = desk("migrate", DESK_HOME=str(tmp_path), DESK_DATABASE_URL=postgres_url)

    assert (done.returncode, (tmp_path / "var").exists()) == (0, False)


@pytest.mark.parametrize("command", ["status", "run", "migrate"])
@pytest.mark.parametrize(
    ("url", "what"),
    [
        pytest.param("postgresql://127.0.0.1:1/x?sslmode=bogus", 'invalid sslmode value: "bogus"', id="option's value"),
        pytest.param("postgresql://127.0.0.1:1/x?bogus=1", 'invalid connection option "bogus"', id="option"),
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


@pytest.mark.parametrize(
    "command",
    [["status"], ["migrate"], ["load", *map(str, (ELECTION, DESK, POLICY))], ["hold", "on", "--reason", "x"]],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize(
    ("place", "what"),
    [
        pytest.param("127.0.0.1:1", "Connection refused", id="nobody there"),
        pytest.param("nowhere.invalid", "failed to resolve host", id="no such name"),
    ],
)
def test_a_database_that_is_away_is_no_bad_configuration(desk, command, place, what):
    done = desk(*command, DESK_DATABASE_URL=f"postgresql://desk:{SECRET}@{place}/x")

    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (69, "")
    assert line.startswith("DESK_DATABASE_URL: cannot be used: ")
    assert what in line
    assert SECRET not in line


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("connection failed: ... FATAL:  the database system is starting up", 69),
        ("connection failed: ... FATAL:  sorry, too many clients already", 69),
        ("connection timeout expired", 69),
        ('connection failed: ... FATAL:  password authentication failed for user "desk"', 78),
        ('connection failed: ... FATAL:  database "x" does not exist', 78),
        ('invalid sslmode value: "bogus"', 78),
        ("connection failed: ... server does not support SSL, but SSL was required", 78),
        ("connection failed: ... SSL error: certificate verify failed", 78),
    ],
)
def test_a_server_that_is_starting_is_told_from_one_that_refuses(said, status):
    with pytest.raises(ConfigError) as wrong, database.reached(connect("postgresql+psycopg://h/x")):
        raise OperationalError("select 1", None, Exception(said))

    assert wrong.value.status == status


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


@pytest.mark.parametrize("name", sorted(str(field.alias) for field in environment.Environment.model_fields.values()))
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
