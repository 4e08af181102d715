"""What may be wrong with a bell, and what becomes of it: to the dead queue, at once, and its neighbours are heard.

A bell carries ids only, and the turn of the clock that rang it, so that the logs of several processes can be joined.
"""

from typing import Any

import structlog
from dramatiq import Broker
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import DecodeError
from dramatiq.middleware import Middleware
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

log = structlog.get_logger()

TURN = "turn"
"""The name in logs of what a tick, its bells and the tries they lead to have in common."""


def marked() -> dict[str, Any]:
    """What a bell that is rung now carries besides its ids; bells of other versions carry less, or more."""
    turn = get_contextvars().get(TURN)
    return {TURN: turn} if turn else {}


class Listening(Middleware):
    """Goes on with the turn that rang, and puts aside what ended in an error: the clock rings for what is still due."""

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        clear_contextvars()
        bind_contextvars(**{TURN: message.options.get(TURN, "unknown")})

    def after_process_message(
        self,
        broker: Broker,
        message: MessageProxy,
        *,
        result: object = None,
        exception: BaseException | None = None,
    ) -> None:
        if exception is not None:
            log.error("bell put aside", error=type(exception).__name__)
            message.fail()
        clear_contextvars()


class _Consumer(_RedisConsumer):
    """Passes over what is no message at all, which would otherwise take its prefetched neighbours with it."""

    def __next__(self) -> Any:
        while True:
            try:
                return super().__next__()  # type: ignore[no-untyped-call]
            except DecodeError as error:
                log.error("bell put aside", error="not readable")
                self._put_aside(error.data)

    def _put_aside(self, data: bytes) -> None:
        """Move it to the dead queue. Its id is not known: it stood inside what cannot be read."""
        stored = f"{self.broker.namespace}:{self.queue_name}.msgs"
        for id, content in self.broker.client.hscan_iter(stored):
            if content == data:
                self.broker.do_nack(self.queue_name, id)


class Bells(RedisBroker):
    """Redis or Valkey, with a consumer that survives what others put into the queue."""

    @property
    def consumer_class(self) -> type[_Consumer]:
        return _Consumer
