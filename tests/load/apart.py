"""What `bench` measures apart from the chase: a text, a document, an idle worker, and many regencies at once.

`python -m tests.load.apart` is Twilio as far as its published document fixes it, in a process of its own; it prints its
address.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from config import loader
from models.matters import obligations
from notifiers.twilio import API, Account, Twilio
from reports.government import facts as report_facts
from reports.government import letter, pdf
from rules.desk import Channel
from rules.issues import Category
from rules.programme import Programme
from services import documents
from tests.load import processes, world
from tests.notifiers import letters, twilio_server
from tests.reports import samples

TEXTS, ROUNDS = 100, 5
PROBLEMS = 500
REGENCIES, DISTRICTS = 514, 14
WEEK = frozenset({"harian", "hari-h", "harian-pasca"})
"""The duties from H-7 to H+7."""

ALONE = """
import sys, typst
typst.compile(sys.argv[1], ignore_system_fonts=True, sys_inputs={"letter": sys.stdin.read()}, pdf_standards="a-2a")
"""


def text() -> tuple[float, float]:
    """CPU seconds of one SMS: by our notifier, and by the official client over a connection that is kept."""
    server = processes.start("tests.load.apart", stderr=subprocess.DEVNULL)
    url = processes.heard(server)
    ours = Twilio(
        Account(
            sid=twilio_server.ACCOUNT,
            token=twilio_server.TOKEN,
            public_url="https://desk.example",
            service_sid=twilio_server.SERVICE,
            base_url=url,
        )
    )
    theirs = Client(twilio_server.ACCOUNT, twilio_server.TOKEN, http_client=_To(url))
    sms = letters.letter(channel=Channel.SMS, to="+6282000000012", subject="", html=None, text="x" * 149)

    def plain() -> None:
        theirs.messages.create(
            to=sms.to,
            messaging_service_sid=twilio_server.SERVICE,
            body=sms.text,
            status_callback="https://desk.example/callbacks/twilio/12",
            validity_period=14400,
        )

    rounds = [(_each(lambda: ours.send(sms)), _each(plain)) for _ in range(ROUNDS + 1)]
    ours.close()
    processes.kill(server)
    own, other = zip(*rounds[1:], strict=True)  # the first one is to warm up
    return statistics.median(own), statistics.median(other)


class _To(TwilioHttpClient):
    """The official client's own way to ask, led to another host."""

    def __init__(self, url: str) -> None:
        super().__init__(timeout=20)
        self._url = url

    def request(self, method: str, url: str, *args: object, **more: object) -> object:
        return super().request(method, url.replace(API, self._url), *args, **more)


def _each(send: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(TEXTS):
        send()
    return (time.process_time() - began) / TEXTS


def document() -> tuple[float, float]:
    """CPU seconds of a report with 500 problems and the charts it has: as a worker has it made, and of typst alone."""
    week = _troubled()
    stored, view = report_facts.to_json(week), json.dumps(pdf.view(letter.document(week)))
    command = [sys.executable, "-c", ALONE, str(pdf.TEMPLATE)]
    rounds = [
        (
            _children(lambda: documents.make("pdf", stored, patience=timedelta(minutes=5))),
            _children(lambda: subprocess.run(command, input=view, check=True, capture_output=True, text=True)),
        )
        for _ in range(3)
    ]
    own, alone = zip(*rounds, strict=True)
    return statistics.median(own), statistics.median(alone)


def form(code: str) -> float:
    """CPU seconds of the same report in another form, as a worker has it made."""
    stored = report_facts.to_json(_troubled())
    return statistics.median(_children(lambda: documents.make(code, stored)) for _ in range(3))


def _troubled() -> report_facts.Weekly:
    problems = (
        samples.problem(f"P-{n:04}", district=f"63.04.{n % 17 + 1:02}", category=list(Category)[n % len(Category)])
        for n in range(PROBLEMS)
    )
    return samples.week(problems=tuple(problems))


def _children(do: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    do()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def idle_worker(database: str, broker: str, port: int, threads: int) -> float:
    """Megabytes that `./desk worker` holds once it waits for something to do."""
    settings = {
        "DESK_DATABASE_URL": database,
        "DESK_BROKER_URL": broker,
        "DESK_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
        "DESK_MAIL_FROM": "desk@desk.example",
        "PYTHONPATH": str(processes.ROOT),
    }
    command = [sys.executable, "-m", "jobs", "worker", "--threads", str(threads)]
    with ExitStack() as stack:
        worker = subprocess.Popen(
            command, cwd=processes.ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        stack.callback(worker.wait)
        stack.callback(worker.kill)
        give_up = time.monotonic() + 60
        while _status(worker.pid, "Threads") <= threads:
            assert worker.poll() is None, f"the worker ended with {worker.returncode}"
            assert time.monotonic() < give_up
            time.sleep(0.1)
        return _status(worker.pid, "VmRSS") / 1024


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def regencies() -> tuple[float, float]:
    """CPU seconds to plan one report of the voting-day week: for one regency, and for each of all of them."""
    election, policy = loader.read(world.ELECTION), world.policy()
    programmes = [_week(loader.programme(election, world.desk(n, DISTRICTS), policy)) for n in range(REGENCIES)]
    _planning(programmes[:1])
    return statistics.median(_planning([one]) for one in programmes[:ROUNDS]), _planning(programmes)


def _week(programme: Programme) -> Programme:
    duties = tuple(duty for duty in programme.policy.duties if duty.code in WEEK)
    return replace(programme, policy=replace(programme.policy, duties=duties))


def _planning(programmes: list[Programme]) -> float:
    began = time.process_time()
    made = [obligations.planned(programme, owed) for programme in programmes for owed in programme.obligations()]
    return (time.process_time() - began) / len(made)


if __name__ == "__main__":
    with twilio_server.twilio() as (wire, _):
        print(wire.url, flush=True)
        Event().wait()
