"""The image and the services that are made of it: no engine is at hand, so each line is held to what there is."""

import json
import re
import shlex
import subprocess
from collections.abc import Mapping

import pytest
import yaml

from config.environment import KNOWN
from jobs.__main__ import COMMANDS
from tests.deploy.test_deploy import DEPLOY, unit
from tests.stories.desk import ROOT

FILE = DEPLOY / "Containerfile"
COMPOSE = DEPLOY / "compose.yaml"
OTHERS = {"database": "postgres", "broker": "valkey"}
"""Services that are none of ours, and the image of each."""


def steps() -> list[tuple[str, str]]:
    """The instructions of the image with what follows each, one line each."""
    text = re.sub(r"^#.*\n", "", FILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (word, rest) for word, _, rest in (line.strip().partition(" ") for line in text.splitlines() if line.strip())
    ]


def of(word: str) -> list[str]:
    return [rest for name, rest in steps() if name == word]


def compose() -> Mapping[str, dict]:
    return yaml.safe_load(COMPOSE.read_text())


def services() -> Mapping[str, dict]:
    return compose()["services"]


def kept() -> set[str]:
    """What git keeps, and so what a fresh checkout copies."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.splitlines())


def test_the_image_is_made_of_instructions_that_there_are_and_begins_with_its_base():
    words = [word for word, _ in steps()]

    assert set(words) <= {"FROM", "RUN", "COPY", "USER", "WORKDIR", "VOLUME", "ENTRYPOINT", "CMD"}
    assert words[0] == "FROM"
    assert re.fullmatch(r"docker\.io/library/debian:1[23]-slim", of("FROM")[0])


def test_what_is_copied_is_there_and_holds_what_the_launcher_asks_for():
    (copied,) = of("COPY")
    *_, source, target = shlex.split(copied)

    assert (ROOT / source).is_dir()
    assert target == "/srv/desk"
    assert {"desk", "requirements.lock", "config/environment.py", "jobs/__main__.py"} <= kept()


def test_nothing_of_ones_own_gets_into_the_image():
    """`COPY .` takes all that is not left out. Docker reads this name alone, podman where there is no other."""
    ignored = set((ROOT / ".dockerignore").read_text().split())

    assert not (ROOT / ".containerignore").exists()
    assert {".git", ".venv", "var", "deploy/desk.env"} <= ignored
    assert not ignored & {path.partition("/")[0] for path in kept()}


def test_the_image_installs_the_hashed_lock_by_the_launcher_as_its_own_user():
    order = [(word, rest) for word, rest in steps() if word in ("USER", "RUN", "COPY")]
    (packages, made) = of("RUN")

    assert [word for word, _ in order] == ["RUN", "COPY", "USER", "RUN"]
    assert of("USER") == ["desk"]
    assert "useradd --system" in packages
    assert {"python3", "python3-venv", "ca-certificates"} <= set(packages.split())
    assert made.startswith("./desk --version")
    locked = (ROOT / "requirements.lock").read_text()
    assert "--require-hashes" in (ROOT / "desk").read_text()
    assert all("--hash=sha256:" in own for own in re.split(r"\n(?=[a-z0-9])", locked) if re.match(r"[a-z0-9]", own))


def test_the_image_runs_the_launcher_with_a_command_that_there_is():
    (entry,), (command,) = (map(json.loads, of(word)) for word in ("ENTRYPOINT", "CMD"))

    assert entry == ["/srv/desk/desk"]
    assert command[0] in COMMANDS
    assert command[1:] == ["--host", "0.0.0.0", "--port", "8000"]


@pytest.mark.parametrize("name", sorted(set(services()) - set(OTHERS)))
def test_a_service_runs_a_command_with_options_that_there_are(name):
    own = services()[name]
    command, *options = own["command"]

    assert command in COMMANDS
    assert own["image"] == "desk"
    assert (own["build"]["context"], own["build"]["dockerfile"]) == ("..", "deploy/Containerfile")
    assert (own["read_only"], own["cap_drop"], own["tmpfs"]) == (True, ["ALL"], ["/tmp"])
    assert own["volumes"] == ["var:/srv/desk/var"]
    assert of("VOLUME") == ["/srv/desk/var"]
    assert {word for word in own["environment"] if word.startswith("DESK_")} <= set(KNOWN)
    assert [word for word in options if word.startswith("--")] in ([], ["--host", "--port"])


def test_every_process_of_the_desk_runs_apart_and_after_the_tables_are_there():
    ours = {name: own for name, own in services().items() if name not in OTHERS}

    assert {own["command"][0] for own in ours.values()} == {"migrate", "clock", "worker", "web"}
    after = {name: own["depends_on"] for name, own in ours.items()}
    assert after.pop("migrate")["database"] == {"condition": "service_healthy"}
    assert all(own == {"migrate": {"condition": "service_completed_successfully"}} for own in after.values())


def test_what_is_depended_on_mounted_and_asked_is_there():
    own = services()

    assert {name for one in own.values() for name in one.get("depends_on", {})} <= set(own)
    volumes = {place.partition(":")[0] for one in own.values() for place in one.get("volumes", [])}
    assert volumes == set(compose()["volumes"])
    for name, image in OTHERS.items():
        assert image in own[name]["image"]
    assert own["database"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    url = own["clock"]["environment"]["DESK_DATABASE_URL"]
    database = own["database"]["environment"]
    assert url.startswith(f"postgresql://{database['POSTGRES_USER']}:")
    assert url.endswith(f"@database/{database['POSTGRES_DB']}")
    assert own["clock"]["environment"]["DESK_BROKER_URL"] == "redis://broker:6379/0"
    asked = dict(zip(own["broker"]["command"][1::2], own["broker"]["command"][2::2], strict=True))
    assert asked == {"--appendonly": "yes", "--maxmemory-policy": "noeviction"}


def test_the_port_that_is_shown_is_the_one_that_the_pages_listen_on():
    web = services()["web"]
    listens = web["command"][web["command"].index("--port") + 1]

    assert web["ports"] == [f"127.0.0.1:{listens}:{listens}"]
    assert f"127.0.0.1:{listens}" in (DEPLOY / "nginx.conf").read_text()
    assert f"--port {listens}" in unit("desk-web.service")["Service"]["ExecStart"]


def test_the_settings_beside_the_file_are_named_as_it_says():
    assert {own["env_file"] for name, own in services().items() if name not in OTHERS} == {"desk.env"}
    assert (DEPLOY / "desk.env").is_file()
    words = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    assert words == {"POSTGRES_PASSWORD"}
