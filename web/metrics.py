"""Figures for Prometheus. No label holds an office, a key, an address or a word that people wrote."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models import health, measures
from models.health import Pulse, Waiting
from models.measures import Measures
from rules.desk import Channel
from web.books import Books

BUCKETS = (1, 5, 15, 30, 60, 120, 300, 600, 3600)
COUNTS = ("open_matters", "notices_waiting", "messages_waiting", "messages_in_doubt", "messages_failed", "tasks_open")


class _Figures:
    """What one scrape shows."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


async def metrics(request: Request) -> Response:
    """503 where the database is gone: then nothing is known."""
    try:
        text = await run_in_threadpool(_scrape, request.app.state.books)
    except SQLAlchemyError:
        return Response("database unreachable\n", status_code=503, media_type="text/plain")
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _scrape(books: Books) -> bytes:
    with books.sessions() as session:
        now = books.clock(session)
        pulse, held = health.pulse(session), health.held(session)
        found, programmes = measures.read(session, now=now), len(books.live(session))
    registry = CollectorRegistry()
    registry.register(_Figures([*_machine(pulse, held, programmes, now), *_delivery(found, now)]))
    return generate_latest(registry)


def _machine(pulse: Pulse, held: list[Waiting], programmes: int, now: datetime) -> Iterator[Metric]:
    counts = pulse._asdict()
    for name in COUNTS:
        yield GaugeMetricFamily(f"desk_{name}", name.replace("_", " "), value=counts[name])
    yield GaugeMetricFamily("desk_programmes", "live programmes", value=programmes)
    yield GaugeMetricFamily("desk_on_hold", "1 while all sending is held", value=bool(pulse.on_hold))
    yield GaugeMetricFamily("desk_held_by_itself", "1 while that hold set itself", value=pulse.held_by_itself)
    down = GaugeMetricFamily("desk_channel_down", "1 while nothing goes by this channel", labels=["channel"])
    for channel in Channel:
        down.add_metric([channel], channel in pulse.down)
    yield down
    if pulse.swept_at is not None:
        age = (now - pulse.swept_at).total_seconds()
        yield GaugeMetricFamily("desk_sweep_age_seconds", "since the clock last finished a turn", value=age)
    waiting = GaugeMetricFamily("desk_notices_held", "notices that wait, by reason", labels=["reason"])
    for reason in held:
        waiting.add_metric([reason.why], reason.notices)
    yield waiting


def _delivery(found: Measures, now: datetime) -> Iterator[Metric]:
    late = found.unnoticed.total_seconds()
    yield GaugeMetricFamily("desk_unnoticed_seconds", "how late the longest waiting matter is", value=late)
    age = GaugeMetricFamily("desk_queue_age_seconds", "age of the oldest message that waits", labels=["channel"])
    size = GaugeMetricFamily("desk_queue_messages", "messages that wait", labels=["channel"])
    for channel, count, at in found.queues:
        age.add_metric([channel], (now - at).total_seconds())
        size.add_metric([channel], count)
    tries = GaugeMetricFamily("desk_tries_last_hour", "tries by how they ended", labels=["channel", "outcome"])
    for channel, outcome, count in found.outcomes:
        tries.add_metric([channel, outcome], count)
    yield from (age, size, tries, _lags(found))


def _lags(found: Measures) -> Metric:
    """From the decision to the provider's yes, of the last hour."""
    lags = HistogramMetricFamily("desk_handed_over_seconds", "from made to handed over, last hour", labels=["channel"])
    for channel in Channel:
        own = sorted(lag.total_seconds() for of, lag in found.lags if of is channel)
        buckets = [(str(bound), sum(lag <= bound for lag in own)) for bound in BUCKETS]
        lags.add_metric([channel], [*buckets, ("+Inf", len(own))], sum_value=sum(own))
    return lags
