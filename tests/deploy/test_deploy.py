"""What an operator copies to a server: it names commands, settings and paths that there are."""

import configparser
import re
import shutil
import subprocess

import pytest

from config.environment import KNOWN
from jobs.__main__ import COMMANDS
from tests import tools
from tests.stories.desk import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("*.service"))


def unit(name):
    own = configparser.ConfigParser(strict=False, interpolation=None)
    own.optionxform = str
    own.read_string((DEPLOY / "systemd" / name).read_text())
    return own


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_that_there_is_as_its_own_user(name):
    service = unit(name)["Service"]

    program, command, *_ = service["ExecStart"].split()
    assert program == "/srv/desk/desk"
    assert command in COMMANDS
    assert (service["User"], service["UMask"]) == ("desk", "0077")
    assert service["EnvironmentFile"] == "/etc/desk/desk.env"
    assert service["ProtectSystem"] == "strict"
    assert "/srv/desk/var" in service["ReadWritePaths"]


@pytest.mark.parametrize("name", [name for name in UNITS if "backup" not in name])
def test_a_process_starts_again_but_not_with_bad_configuration(name):
    service = unit(name)["Service"]

    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("always", "78")
    assert int(service["TimeoutStopSec"]) >= 30


def test_every_setting_of_the_example_is_known():
    lines = (DEPLOY / "desk.env").read_text().splitlines()
    named = {line.lstrip("#").partition("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)}

    assert named
    assert named <= set(KNOWN)


def test_every_file_that_the_page_names_is_there():
    page = (ROOT / "docs/operate.md").read_text()

    for name in set(re.findall(r"/srv/desk/(deploy/[\w./-]+\w)", page)):
        assert (ROOT / name).exists(), name
    for command in re.findall(r"^desk ([a-z-]+)", page, re.MULTILINE):
        assert command in COMMANDS, command


@pytest.fixture
def certificate(tmp_path):
    files = tmp_path / "key.pem", tmp_path / "cert.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=desk.example"]
    made = ["-keyout", str(files[0]), "-out", str(files[1])]
    subprocess.run([*new, *made], check=True, capture_output=True)
    return files


@tools.needs("nginx", "openssl")
def test_nginx_takes_the_file_as_it_is(tmp_path, certificate):
    key, cert = certificate
    own = (DEPLOY / "nginx.conf").read_text().replace("/var/log/nginx", str(tmp_path))
    own = re.sub(r"/etc/letsencrypt\S+fullchain.pem", str(cert), own)
    own = re.sub(r"/etc/letsencrypt\S+privkey.pem", str(key), own)
    own = own.replace("listen [::]:", "#").replace("listen 80;", "listen 127.0.0.1:18080;")
    own = own.replace("listen 443 ssl", "listen 127.0.0.1:18443 ssl")
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{own}\n}}\n")

    done = subprocess.run(
        [shutil.which("nginx"), "-t", "-p", str(tmp_path), "-c", str(whole)], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr


def test_no_log_of_requests_would_hold_what_opens_a_link():
    own = (DEPLOY / "nginx.conf").read_text()

    (form,) = re.findall(r"log_format desk '([^']+)'", own)
    assert "$request_uri" not in form
    assert "$request " not in form
    assert re.findall(r"access_log (\S+) ?(\w*);", own) == [("off", ""), ("/var/log/nginx/desk.log", "desk")]
    begin = re.compile(r"^(?P<begin>/[lmgt]/)")
    assert begin.match("/l/abcdefghijklmnop/R-0805")[1] == "/l/"
    assert "~^(?<begin>/[lmgt]/)" in own
