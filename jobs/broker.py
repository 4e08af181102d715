"""The broker: a bell that carries ids. What is due, and when it is tried again, is known to the database alone."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import structlog
from dramatiq import Actor, Broker, Message, Worker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit, Middleware, ShutdownNotifications, TimeLimit
from redis import Redis
from redis.exceptions import RedisError

from jobs import bells, deliver
from jobs.bells import Bells, Listening
from jobs.runtime import Runtime
from rules.desk import Channel

log = structlog.get_logger()

QUEUE = "deliver"
HEARTBEAT_TIMEOUT = 30_000
"""Milliseconds after which a silent worker's messages go to others."""


def connect(url: str) -> Broker:
    """A broker in this process (`memory://`) or on Redis or Valkey.

    There is no Retries middleware: a bell that fails goes to the dead queue at once (`Listening`), and the clock rings
    again for what is still due. `maintenance_chance` is as high as it goes: at the default, what a dead worker had
    fetched came back after minutes, or never. A server that does not answer is not waited for: the clock must turn.
    """
    middleware: list[Middleware] = [AgeLimit(max_age=3_600_000), TimeLimit(), ShutdownNotifications(), Listening()]
    if urlsplit(url).scheme == "memory":
        return StubBroker(middleware=middleware)
    client = Redis.from_url(url, socket_connect_timeout=5, socket_timeout=10)
    return Bells(  # type: ignore[no-untyped-call]
        client=client, middleware=middleware, maintenance_chance=1_000_000, heartbeat_timeout=HEARTBEAT_TIMEOUT
    )


class BrokerBell:
    """Rings through a broker; whoever works there delivers."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        broker.declare_queue(QUEUE)

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None:
        """A broker that is gone loses the ring, and the clock goes on: what is due is rung for again."""
        args = (channel.value, list(message_ids))
        bell: Message[None] = Message(queue_name=QUEUE, actor_name=QUEUE, args=args, kwargs={}, options=bells.marked())
        try:
            self._broker.enqueue(bell)
        except RedisError as error:
            log.error("bell not rung", channel=channel, messages=len(message_ids), error=type(error).__name__)


def work(broker: Broker, rt: Runtime, *, threads: int) -> Worker:
    """A started worker in this process. Stop it with `stop()`; what it had fetched goes back."""

    def ring(channel: str, message_ids: list[int]) -> None:
        """Harmless to run twice: a message is claimed once (`deliver.run`)."""
        deliver.run(rt, Channel(channel), message_ids)

    Actor(ring, broker=broker, actor_name=QUEUE, queue_name=QUEUE, priority=0, options={"max_retries": 0})
    broker.emit_after("process_boot")  # a worker made by hand has to say this itself: TimeLimit listens for it
    worker = Worker(broker, queues={QUEUE}, worker_threads=threads, worker_timeout=200)
    worker.start()
    return worker
