"""Put a bell that is wrong into the dead queue at once, so that its neighbours are heard.

A bell carries ids only, and the turn of the clock that rang it: by that the logs of several processes can be joined.
"""

import json
from collections.abc import Mapping
from typing import Any

import structlog
from dramatiq import Broker
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.encoder import JSONEncoder
from dramatiq.errors import DecodeError
from dramatiq.middleware import Middleware
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from jobs import causes
from rules.desk import Channel

log = structlog.get_logger()

TURN = "turn"
"""The name in logs of what a turn, its bells and the tries they lead to have in common."""


def marked() -> dict[str, Any]:
    """What a bell carries besides its ids. Bells of other versions may carry less, or more."""
    turn = get_contextvars().get(TURN)
    return {TURN: turn} if turn else {}


class Listening(Middleware):
    """Logs under the turn that rang. Puts aside what ended in an error: the clock rings again for what is still due."""

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
            log.error("bell put aside", error=causes.named(exception))
            message.fail()
        clear_contextvars()


class Reader(JSONEncoder):
    """Reads only what has the form of a bell. The library accepts more, and then a thread of the worker ends by it."""

    def __init__(self, queue: str) -> None:
        self._queue = queue

    def decode(self, data: bytes) -> dict[str, Any]:
        """The fields of a bell. Raises: any error, which the library takes for an unreadable message."""
        fields: dict[str, Any] = super().decode(data)
        json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()  # half a character cannot be written again
        forms = {name: type(value) for name, value in fields.items()}
        if forms != _FORMS or {fields["queue_name"], fields["actor_name"]} != {self._queue} or fields["kwargs"]:
            raise ValueError("not of the form of a bell")
        channel, ids = fields["args"]
        if Channel(channel) and {type(id) for id in ids} - {int}:
            raise ValueError("ids that are none")
        _check(fields["options"])
        return fields


def _check(options: Mapping[str, Any]) -> None:
    """Check the options that the library itself reads. Raises: ValueError, KeyError."""
    named = type(options["redis_message_id"]) is type(options.get(TURN, "")) is str
    reckoned = all(type(options.get(name, 0)) is int for name in ("max_age", "time_limit", "eta"))
    if not (named and reckoned):
        raise ValueError("options that are none")


_FORMS: dict[str, type] = {
    **dict.fromkeys(("queue_name", "actor_name", "message_id"), str),
    **dict.fromkeys(("kwargs", "options"), dict),
    "args": list,
    "message_timestamp": int,
}


class _Consumer(_RedisConsumer):
    """Passes over what is no message at all. Otherwise its prefetched neighbours would be lost with it."""

    def __next__(self) -> Any:
        while True:
            try:
                return super().__next__()  # type: ignore[no-untyped-call]
            except DecodeError as error:
                log.error("bell put aside", error="not readable")
                self._put_aside(error.data)

    def _put_aside(self, data: bytes) -> None:
        """Move it to the dead queue. Its id is not known: it is inside what cannot be read."""
        stored = f"{self.broker.namespace}:{self.queue_name}.msgs"
        for id, content in self.broker.client.hscan_iter(stored):
            if content == data:
                self.broker.do_nack(self.queue_name, id)


class Bells(RedisBroker):
    """Redis or Valkey, with a consumer that survives what others put into the queue."""

    @property
    def consumer_class(self) -> type[_Consumer]:
        return _Consumer
