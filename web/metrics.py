"""Figures for Prometheus. No label holds an office, a key, an address or a word that people wrote."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.machine import health, measures
from models.machine.health import Pulse, Waiting
from models.machine.measures import BOUNDS, Lags, Measures
from models.messages import mailboxes
from rules.desk import Channel
from services import spending
from web.books import Books

COUNTS = (
    *("open_matters", "notices_waiting", "messages_waiting", "messages_in_doubt", "messages_failed", "tasks_open"),
    *("kept_back", "kept_back_lately"),
)


class _Figures:
    """What one scrape shows."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


async def metrics(request: Request) -> Response:
    """The figures; 503 if the database is gone, because then nothing is known."""
    try:
        text = await run_in_threadpool(_scrape, request.app.state.books)
    except SQLAlchemyError:
        return Response("database unreachable\n", status_code=503, media_type="text/plain")
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _scrape(books: Books) -> bytes:
    with books.sessions() as session:
        now = books.clock(session)
        pulse, held = health.pulse(session, now=now), health.held(session)
        measured, programmes = measures.read(session, now=now), len(books.live(session))
        unread, away = len(books.unread), len(mailboxes.failing(session, now=now))
        budgets = list(_budgets(session, books))
    mailbox = GaugeMetricFamily("desk_mailboxes_failing", "mailboxes that cannot be read", value=away)
    registry = CollectorRegistry()
    registry.register(
        _Figures([*_machine(pulse, held, programmes, unread, now), mailbox, *budgets, *_delivery(measured, now)])
    )
    return generate_latest(registry)


def _budgets(session: Session, books: Books) -> Iterator[Metric]:
    """What messages cost; nothing where no policy has prices."""
    spent = GaugeMetricFamily("desk_spent_rupiah", "what messages have cost", labels=["programme"])
    used = GaugeMetricFamily("desk_budget_used_percent", "of what routine messages may use", labels=["programme"])
    stops = GaugeMetricFamily("desk_budget_stops_routine", "1 while money holds routine back", labels=["programme"])
    for id, programme in books.live(session).items():
        if programme.policy.costs.prices:
            own = spending.stand(session, id, programme)
            spent.add_metric([programme.code], own.spent)
            if own.costs.budget is not None:
                used.add_metric([programme.code], own.used)
                stops.add_metric([programme.code], own.stops)
    yield from (spent, used, stops)


def _machine(pulse: Pulse, held: list[Waiting], programmes: int, unread: int, now: datetime) -> Iterator[Metric]:
    counts = pulse._asdict()
    for name in COUNTS:
        yield GaugeMetricFamily(f"desk_{name}", name.replace("_", " "), value=counts[name])
    yield GaugeMetricFamily("desk_programmes", "live programmes", value=programmes)
    yield GaugeMetricFamily("desk_programmes_unread", "live programmes that cannot be read", value=unread)
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


def _delivery(measured: Measures, now: datetime) -> Iterator[Metric]:
    late = measured.unnoticed.total_seconds()
    yield GaugeMetricFamily("desk_unnoticed_seconds", "how late the longest waiting matter is", value=late)
    age = GaugeMetricFamily("desk_queue_age_seconds", "age of the oldest message that waits", labels=["channel"])
    size = GaugeMetricFamily("desk_queue_messages", "messages that wait", labels=["channel"])
    for channel, count, at in measured.queues:
        age.add_metric([channel], (now - at).total_seconds())
        size.add_metric([channel], count)
    yield from (age, size)
    yield _counts("desk_tries_last_hour", "tries by how they ended", "outcome", measured.outcomes)
    yield _counts("desk_delivery_reports_last_hour", "what providers said later", "fate", measured.delivery_reports)
    noticed = HistogramMetricFamily("desk_noticed_seconds", "from due to noticed, last hour", labels=[])
    noticed.add_metric([], *_histogram(measured.noticed))
    yield noticed
    yield _lags("desk_handed_over_seconds", "from when it might go to handed over, last hour", measured.handed_over)
    yield _lags("desk_due_to_handed_over_seconds", "from due to handed over, last hour", measured.in_all)


def _counts(name: str, what: str, kind: str, counts: Mapping[tuple[Channel, Any, str], int]) -> Metric:
    family = GaugeMetricFamily(name, f"{what}, last hour", labels=["channel", kind, "reason"])
    for labels, count in counts.items():
        family.add_metric(labels, count)
    return family


def _lags(name: str, what: str, lags: Mapping[Channel, Lags]) -> Metric:
    family = HistogramMetricFamily(name, what, labels=["channel"])
    for channel in Channel:
        family.add_metric([channel], *_histogram(lags.get(channel, Lags({}, 0))))
    return family


def _histogram(lags: Lags) -> tuple[list[tuple[str, float]], float]:
    """As Prometheus wants it: each bucket also counts what is in the smaller ones."""
    up_to = accumulate(lags.counts.get(n, 0) for n in range(len(BOUNDS) + 1))
    return list(zip([*map(str, BOUNDS), "+Inf"], up_to, strict=True)), lags.seconds
