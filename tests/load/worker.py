"""Workers that `bench` starts, one of these at a time; each says "ready" and then works until it is killed.

real DATABASE PORT BROKER THREADS       the worker of `./desk worker`, with its log lines written to nowhere
limit DATABASE PORT GROUP               whatever is due, by the shortest way there is; does one run for each line read
tutorial DATABASE PORT BROKER THREADS   dramatiq as a tutorial writes it: one broker message for each report
"""

import sys
from threading import Event

from jobs import broker as brokers
from jobs import logs
from tests.load import desk


def real(database: str, port: str, broker_url: str, threads: str) -> None:
    logs.set_up()
    rt = desk.runtime(database, desk.mail(int(port)))
    brokers.work(brokers.connect(broker_url), rt, threads=int(threads))
    print("ready", flush=True)
    Event().wait()


def limit(database: str, port: str) -> None:
    from tests.load import limit as shortest

    chase = shortest.Chase(database, int(port))
    print("ready", flush=True)
    for line in sys.stdin:
        print(chase.run(int(line)), flush=True)


def tutorial(database: str, port: str, broker_url: str, threads: str) -> None:
    from tests.load import tutorial as written

    written.work(database, int(port), broker_url, int(threads))
    print("ready", flush=True)
    Event().wait()


if __name__ == "__main__":
    {"real": real, "limit": limit, "tutorial": tutorial}[sys.argv[1]](*sys.argv[2:])
