"""The processes: all in one (`run`), or one each (`clock`, `worker`), and the shape of the database."""

import signal
from threading import Event, Thread
from typing import Annotated

import structlog
import typer

from config import settings as environment
from jobs import assemble, database, logs, outgrown, packages, whole
from jobs import broker as brokers
from jobs.commands.serving import Host, Port, refuse_taken, say_started, serve
from jobs.database import Use
from jobs.operator.refusals import refuse_lonely
from jobs.runtime import Runtime
from jobs.turn import seen
from models import migrations
from models.base import connect
from models.desk import programmes

log = structlog.get_logger()
app = typer.Typer()

Threads = Annotated[int, typer.Option(help="Messages handed over at the same time.", min=1, max=64)]


@app.command()
def run(ctx: typer.Context, host: Host = "127.0.0.1", port: Port = 8000, threads: Threads = 4) -> None:
    """Clock, workers and web pages in one process: no service needed."""
    from jobs.turn import loop

    logs.set_up()
    packages.listen()
    environment.listen(host, port)
    settings = environment.read()
    refuse_taken(host, port)
    rt, broker = assemble.runtime(settings, Use.MAKE, patient=True)
    say_started("run", rt.sessions.kw["bind"], pages=settings.public_url)
    heartbeat = settings.heartbeat_url.get_secret_value() if settings.heartbeat_url else None
    stop = rt.stopping = _until_told_to_stop()
    _say_if_nothing_is_loaded(rt)
    seen.look(rt)
    with whole.ends_with_its_threads():
        worker = brokers.work(broker, rt, threads=threads)
        clock_thread = Thread(target=loop.run, args=(rt, stop), kwargs={"heartbeat_url": heartbeat}, daemon=True)
        clock_thread.start()
        try:
            serve(ctx.obj, host, port, proxies=settings.proxies, stop=stop)
        finally:
            stop.set()
            clock_thread.join(timeout=10)
            worker.stop()
            assemble.close(rt)


@app.command()
def clock() -> None:
    """Turn the clock: watch what is due, decide who is told, ring for the workers. Several at once do no harm."""
    from jobs.turn import loop  # only the clock needs what decides

    logs.set_up()
    packages.listen()
    settings = environment.read()
    refuse_lonely(settings, "clock")
    rt, _ = assemble.runtime(settings, Use.CHANGE, patient=True)
    say_started("clock", rt.sessions.kw["bind"])
    _say_if_nothing_is_loaded(rt)
    seen.look(rt)
    stop = rt.stopping = _until_told_to_stop()
    heartbeat = settings.heartbeat_url.get_secret_value() if settings.heartbeat_url else None
    with outgrown.ends_when_outgrown(rt.sessions.kw["bind"]):
        loop.run(rt, stop, heartbeat_url=heartbeat)
        assemble.close(rt)


@app.command()
def worker(threads: Threads = 4) -> None:
    """Hand messages over. Start as many of these as are needed."""
    logs.set_up()
    packages.listen()
    settings = environment.read()
    refuse_lonely(settings, "worker")
    rt, broker = assemble.runtime(settings, Use.CHANGE, patient=True)
    say_started("worker", rt.sessions.kw["bind"], threads=threads)
    seen.look(rt)
    stop = rt.stopping = _until_told_to_stop()
    with outgrown.ends_when_outgrown(rt.sessions.kw["bind"]), whole.ends_with_its_threads():
        working = brokers.work(broker, rt, threads=threads)
        stop.wait()
        working.stop()
        assemble.close(rt)


@app.command()
def migrate() -> None:
    """Bring the database to the shape this version needs. Safe to repeat."""
    settings = environment.read()
    url = settings.database_url.get_secret_value()
    assemble.make_room(url, settings)
    engine = connect(url)
    with database.reached(engine):
        database.fit(engine, Use.MAKE, alone=True)
    print(f"database at {migrations.head()}")


def _say_if_nothing_is_loaded(rt: Runtime) -> None:
    """Warn, but go on: what is loaded later is taken up within seconds."""
    with rt.sessions() as session:
        if not programmes.live(session):
            do = "./desk load ELECTION DESK POLICY, in another window; it is taken up within seconds"
            log.warning("no programme is loaded: nobody owes anything", do=do)


def _until_told_to_stop() -> Event:
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    return stop
