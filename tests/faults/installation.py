"""The desk as an operator runs it: processes of their own that may be killed and started anew, and what they log."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests import engines
from tests.faults.conftest import until
from tests.faults.places import places
from tests.load.processes import ROOT


@dataclass
class Installation:
    """Started processes by their name, which is their command and may be followed by a number: `worker 2`."""

    environment: dict[str, str]
    port: int
    log: Path
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def whole_environment(self) -> dict[str, str]:
        """What its processes are started with, and commands on it too."""
        return os.environ | {"PYTHONPATH": str(ROOT)} | self.environment

    def start(self, name: str, *, on: Sequence[str] = ()) -> None:
        """Not from a thread: a process ends with the thread that started it. `on`: words before its command, that take
        it to another machine.
        """
        command = name.partition(" ")[0]
        words = [command, "--port", str(self.port)] if command == "web" else [command]
        with self.log.open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [*on, sys.executable, "-m", "jobs", *words],
                cwd=ROOT,
                env=self.whole_environment(),
                stdout=log,
                stderr=log,
                preexec_fn=engines._die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - no child may outlive us
            )

    def kill(self, name: str) -> None:
        """As the kernel would: nothing is tidied up."""
        process = self._processes[name]
        assert process.poll() is None, f"{name} ended by itself:\n{self.log.read_text()[-4000:]}"
        process.kill()
        process.wait()

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def still_runs(self) -> None:
        """No process has ended by itself."""
        for name, process in self._processes.items():
            assert process.poll() is None, f"{name} ended by itself:\n{self.log.read_text()[-4000:]}"

    def alive(self) -> bool:
        """Whether the pages answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status in (200, 503)
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def end(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()


@contextmanager
def running(*names: str, folder: Path, **settings: str) -> Iterator[Installation]:
    """These processes while the block lasts, once the pages answer; what they keep and log is in `folder`."""
    (folder / "config").symlink_to(ROOT / "config")
    port = engines.free_port()
    told = {"DESK_HOME": str(folder), "DESK_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    desk = Installation(told | settings, port, folder / "log")
    places.logs.append(desk.log)
    places.brokers.append(settings["DESK_BROKER_URL"])
    with ExitStack() as stack:
        stack.callback(desk.end)
        for name in names:
            desk.start(name)
        until(desk.alive)
        yield desk
