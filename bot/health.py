"""Answers `/livez`, `/readyz` and `/metrics` on this machine alone, for whoever watches over the bot."""

import asyncio
import importlib.metadata
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.domain.deliveries import DeliveryState
from bot.errors import OperatorError
from bot.vital_signs import Signs, VitalSigns

HOST = "127.0.0.1"
_STOP_SECONDS = 1.0
_FEED = ("source", "feed")


@asynccontextmanager
async def serving(vital: VitalSigns, port: int) -> AsyncIterator[None]:
    """Answer on this port while the block runs. Raises OperatorError where the port is taken."""
    app = web.Application()
    pages = _Pages(vital)
    app.router.add_get("/livez", pages.live)
    app.router.add_get("/readyz", pages.ready)
    app.router.add_get("/metrics", pages.metrics)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=_STOP_SECONDS)
    await runner.setup()
    beating = asyncio.create_task(vital.beat(), name="heartbeat")
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            raise OperatorError(
                f"Nothing can listen on {HOST}:{port} ({error.strerror}). Set health.port to another, or to 0 for none."
            ) from None
        yield
    finally:
        beating.cancel()
        await asyncio.wait({beating})
        await runner.cleanup()


class _Pages:
    """What is answered."""

    def __init__(self, vital: VitalSigns) -> None:
        self._vital = vital
        self._process = CollectorRegistry()
        ProcessCollector(registry=self._process)

    async def live(self, _: web.Request) -> web.Response:
        """503 where only a new start helps. That an answer comes at all says that the event loop runs."""
        dead = self._vital.dead()
        return web.json_response({"live": not dead, "ended": dead}, status=503 if dead else 200)

    async def ready(self, _: web.Request) -> web.Response:
        """503, and why, while papers may not arrive or leave."""
        signs = await self._vital.signs()
        troubles = list(signs.troubles)
        told = {"ready": not troubles, "troubles": troubles, "shards": str(signs.shards)}
        return web.json_response(told, status=503 if troubles else 200)

    async def metrics(self, _: web.Request) -> web.Response:
        """All numbers, as Prometheus reads them."""
        registry = CollectorRegistry()
        registry.register(_Collected(await self._vital.signs()))
        body = generate_latest(registry) + generate_latest(self._process)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Collected:
    """The signs of one moment, as the library asks for them."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs

    def collect(self) -> Iterator[Metric]:
        signs = self._signs
        yield _gauge("info", "Which release it is.", 1, version=importlib.metadata.version("paperboy"))
        yield _gauge("ready", "1 where papers can arrive and leave.", not signs.troubles)
        yield _gauge("discord_connected", "1 while it is connected.", signs.is_connected)
        yield _gauge("discord_shards_held", "Shards that this process runs.", len(signs.shards.ids))
        yield _gauge("discord_shards", "Shards there are, over all processes.", signs.shards.count)
        yield _gauge("discord_servers", "Servers it is in, of the shards that this process runs.", signs.servers)
        yield _gauge("discord_refusals", "Answers of 401, 403 and 429 in ten minutes; at 500 it stops.", signs.refusals)
        yield _gauge("event_loop_lag_seconds", "The longest since the last look.", signs.loop_lag.total_seconds())
        if signs.latency is not None:
            yield _gauge("discord_latency_seconds", "One heartbeat there and back.", signs.latency.total_seconds())
        if signs.clock_off is not None:
            yield _gauge("clock_off_seconds", "How far it is ahead of Discord's.", signs.clock_off.total_seconds())
        if signs.papers is not None:
            yield _gauge("papers", "Papers that are kept.", signs.papers)
        if signs.backup_at is not None:
            yield _gauge("backup_timestamp_seconds", "When the newest backup was made.", signs.backup_at.timestamp())
        yield from self._of_database()
        yield from self._of_deliveries()
        yield from self._of_feeds()

    def _of_database(self) -> Iterator[Metric]:
        if (database := self._signs.database) is not None:
            yield _gauge("database_bytes", "The database, with all that belongs to it.", database.size)
            if database.free is not None:
                yield _gauge("disk_free_bytes", "What is free where the database is.", database.free)

    def _of_deliveries(self) -> Iterator[Metric]:
        if (outbox := self._signs.outbox) is None:
            return
        counted = GaugeMetricFamily("paperboy_deliveries", "Messages by what became of them.", labels=("state",))
        for state in DeliveryState:
            counted.add_metric((state.value,), outbox.counts.get(state, 0))
        yield counted
        due, now = outbox.oldest_due_at, self._signs.now
        late = max((now - due).total_seconds(), 0.0) if due is not None else 0.0
        yield _gauge("delivery_late_seconds", "How long the message waits that is owed longest.", late)
        yield _gauge("channels_resting", "Channels that nothing can be posted in for now.", len(outbox.resting))

    def _of_feeds(self) -> Iterator[Metric]:
        well = GaugeMetricFamily("paperboy_feed_well", "1 where a feed owes nothing that is due.", labels=_FEED)
        answered = GaugeMetricFamily(
            "paperboy_feed_answer_timestamp_seconds", "When a feed could last be read.", labels=_FEED
        )
        for each in self._signs.feeds:
            well.add_metric((each.source, each.feed), float(each.is_well))
            if each.last_answer_at is not None:
                answered.add_metric((each.source, each.feed), each.last_answer_at.timestamp())
        yield from (well, answered)


def _gauge(name: str, words: str, value: float, **labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"paperboy_{name}", words, labels=tuple(labels))
    family.add_metric(tuple(labels.values()), float(value))
    return family
