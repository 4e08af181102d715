"""The broker: a bell that carries ids. Only the database knows what is due, and when it is tried again."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import structlog
from dramatiq import Actor, Broker, Message, Worker, set_encoder
from dramatiq.brokers.stub import StubBroker
from dramatiq.encoder import JSONEncoder
from dramatiq.middleware import AgeLimit, Middleware, ShutdownNotifications, TimeLimit
from redis import Redis
from redis.exceptions import RedisError

from jobs.delivery import bells, deliver
from jobs.delivery.bells import Bells, Listening, Reader
from jobs.runtime import Runtime
from jobs.seldom import Seldom
from rules.desk import Channel

log = structlog.get_logger()

QUEUE = "deliver"
HEARTBEAT_TIMEOUT = 30_000
"""Milliseconds after which a silent worker's messages go to others."""


def connect(url: str) -> Broker:
    """A broker in this process (`memory://`) or on Redis or Valkey.

    There is no Retries middleware: a bell that fails goes to the dead queue at once (`Listening`), and the clock rings
    again for what is still due. `maintenance_chance` has its highest value: at the default, what a dead worker had
    fetched came back after minutes, or never. The time-outs are short, because the clock must turn.
    """
    alone = urlsplit(url).scheme == "memory"
    set_encoder(JSONEncoder() if alone else Reader(QUEUE))
    middleware: list[Middleware] = [AgeLimit(max_age=3_600_000), TimeLimit(), ShutdownNotifications(), Listening()]
    if alone:
        return StubBroker(middleware=middleware)
    client = Redis.from_url(url, socket_connect_timeout=5, socket_timeout=10)
    return Bells(  # type: ignore[no-untyped-call]
        client=client, middleware=middleware, maintenance_chance=1_000_000, heartbeat_timeout=HEARTBEAT_TIMEOUT
    )


class BrokerBell:
    """Rings through a broker. Any worker there delivers."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._seldom = Seldom()
        broker.declare_queue(QUEUE)

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None:
        """Ring. If the broker is away this ring is lost, and the clock rings again for what is still due."""
        args = (channel.value, list(message_ids))
        bell: Message[None] = Message(queue_name=QUEUE, actor_name=QUEUE, args=args, kwargs={}, options=bells.marked())
        try:
            self._broker.enqueue(bell)
        except RedisError as error:
            if times := self._seldom.times(type(error).__name__):
                do = "start it, or mend DESK_BROKER_URL; nothing is lost meanwhile"
                log.error("broker away", do=do, times=times, error=type(error).__name__)


def work(broker: Broker, rt: Runtime, *, threads: int) -> Worker:
    """Start a worker in this process. Stop it with `stop()`: what it had fetched goes back."""

    def ring(channel: str, message_ids: list[int]) -> None:
        """Harmless to run twice: a message is claimed once (`deliver.run`)."""
        deliver.run(rt, Channel(channel), message_ids)

    Actor(ring, broker=broker, actor_name=QUEUE, queue_name=QUEUE, priority=0, options={"max_retries": 0})
    broker.emit_after("process_boot")  # a worker made by hand has to emit this itself: TimeLimit waits for it
    worker = Worker(broker, queues={QUEUE}, worker_threads=threads, worker_timeout=200)
    worker.start()
    return worker
