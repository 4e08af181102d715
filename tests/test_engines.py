"""The servers the other tests lean on are real, empty and obedient."""

import os
import smtplib
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from tests import engines, tools

ROOT = str(Path(__file__).parents[1])

# A mail by hand, so that each phase shows.
LETTER = b"Subject: laporan\r\n\r\nYth. Camat\r\n.titik di depan\r\n"


def send(server: engines.MailServer, to: str = "camat@tamban.example") -> None:
    with smtplib.SMTP(server.host, server.port, timeout=5) as client:
        client.sendmail("desk@batola.example", [to], LETTER)


def test_a_database_answers(database_url):
    engine = create_engine(database_url)

    with engine.connect() as connection:
        assert connection.scalar(text("select 1")) == 1

    engine.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_gets_an_empty_database(database_url, turn):
    engine = create_engine(database_url)

    with engine.begin() as connection:
        connection.execute(text("create table seen (id integer)"))  # would fail the second time

    engine.dispose()


def test_postgresql_is_the_version_we_promise(postgres_url):
    engine = create_engine(postgres_url)

    with engine.connect() as connection:
        assert connection.scalar(text("show server_version")).startswith("18.")

    engine.dispose()


def test_a_database_may_be_a_copy_of_another(postgres):
    pattern = postgres.create()
    engine = create_engine(postgres.url(pattern))
    with engine.begin() as connection:
        connection.execute(text("create table seen (id integer)"))
    engine.dispose()

    copy = postgres.create(template=pattern)

    engine = create_engine(postgres.url(copy))
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from seen")) == 0
    engine.dispose()


def test_a_database_in_use_is_dropped_all_the_same(postgres):
    name = postgres.create()
    user = psycopg.connect(postgres.conninfo(name))

    postgres.drop(name)

    with pytest.raises(psycopg.OperationalError):
        user.execute("select 1")


def test_the_broker_keeps_a_value(broker_url):
    client = redis.Redis.from_url(broker_url)

    client.set("ring", "1")

    assert client.get("ring") == b"1"


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_gets_an_empty_broker(broker_url, turn):
    client = redis.Redis.from_url(broker_url)

    assert client.incr("turn") == 1


def test_the_broker_refuses_rather_than_forgets(broker_url):
    client = redis.Redis.from_url(broker_url)

    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_a_broker_comes_back_on_the_same_port():
    port = engines.free_port()
    with engines.valkey(port=port) as first:
        first.client().set("ring", "1")

    with engines.valkey(port=port) as second:
        assert second.client().get("ring") is None


def test_a_server_that_cannot_start_says_why():
    with pytest.raises(engines.EngineError, match="no-such-option"), engines.valkey("--no-such-option", "yes"):
        pass


def test_servers_die_with_the_process_that_started_them(tmp_path):
    script = "from tests import engines\nwith engines.valkey() as v: print(v.pid, flush=True); input()"
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": ROOT, "TMPDIR": str(tmp_path)},
    )
    child = int(parent.stdout.readline())

    parent.kill()
    parent.wait()

    assert gone(child)


def gone(pid: int) -> bool:
    """Whether the process ends within a few seconds; the kernel tells it at once, it goes when it is scheduled."""
    return psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)[1] == []


def test_the_mail_server_keeps_what_it_accepted(smtp_server):
    send(smtp_server)

    assert smtp_server.accepted == [engines.Accepted("desk@batola.example", ("camat@tamban.example",), LETTER)]


def test_the_mail_server_refuses_one_recipient_as_told(smtp_server):
    smtp_server.answer("rcpt", "550 5.1.1 no such user", address="camat@tamban.example")

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(smtp_server)
    send(smtp_server, to="camat@mekarsari.example")

    assert refused.value.recipients["camat@tamban.example"] == (550, b"5.1.1 no such user")
    assert [mail.recipients for mail in smtp_server.accepted] == [("camat@mekarsari.example",)]


def test_the_mail_server_is_busy_once(smtp_server):
    smtp_server.answer("data", "451 4.3.0 try later", times=1)

    with pytest.raises(smtplib.SMTPDataError):
        send(smtp_server)
    send(smtp_server)

    assert len(smtp_server.accepted) == 1


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        pytest.param("cut", 0, id="cut before it took the mail"),
        pytest.param("lost", 1, id="took the mail and the answer was lost"),
    ],
)
def test_the_mail_server_goes_silent_after_the_final_dot(smtp_server, reply, kept):
    smtp_server.answer("data", reply)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp_server)

    assert len(smtp_server.accepted) == kept


def test_a_mail_server_with_a_login_refuses_a_wrong_password():
    with engines.mail_server(user="desk", password="right") as server, smtplib.SMTP(server.host, server.port) as client:
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.login("desk", "wrong")
        client.login("desk", "right")
        client.sendmail("desk@batola.example", ["camat@tamban.example"], LETTER)

    assert refused.value.smtp_code == 535
    assert len(server.accepted) == 1


def test_a_missing_tool_skips_by_name(monkeypatch):
    monkeypatch.delenv("DESK_REQUIRE_TOOLS", raising=False)

    assert tools.needs("no-such-tool", "sh").mark.args == (True,)
    assert "no-such-tool" in tools.needs("no-such-tool").mark.kwargs["reason"]


def test_a_missing_tool_that_is_required_does_not_skip(monkeypatch):
    monkeypatch.setenv("DESK_REQUIRE_TOOLS", "sh no-such-tool")

    assert tools.needs("no-such-tool").mark.args == (False,)
    assert tools.needs("no-other-tool").mark.args == (True,)


def test_nothing_of_the_developers_own_desk_reaches_a_test():
    assert not {name for name in os.environ if name.startswith("DESK_")} - {"DESK_HOME", "DESK_REQUIRE_TOOLS"}
