"""Deliveries to owe, and a storage in which some are."""

from datetime import UTC, datetime, timedelta

from bot.domain.deliveries import Claim, DeliveryKind, NewDelivery, Timing
from bot.domain.outcomes import Outcome, settle
from bot.interfaces import Storage

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TIMING = Timing()


def owed(key: str, channel: int = 1, guild: int | None = 10, **told: object) -> NewDelivery:
    """A message for this channel, due now."""
    plain: dict[str, object] = {
        "kind": DeliveryKind.TOPIC,
        "key": key,
        "channel_id": channel,
        "guild_id": guild,
        "payload": "{}",
        "not_before": NOW,
        "expires_at": NOW + timedelta(days=7),
    }
    return NewDelivery(**(plain | told))  # type: ignore[arg-type]


async def owe(storage: Storage, *some: NewDelivery) -> int:
    async with storage.write() as transaction:
        return await transaction.add_deliveries(some)


async def claim(storage: Storage, *, now: datetime = NOW, limit: int = 100, **told: object) -> list[Claim]:
    return await storage.claim_deliveries(now=now, timing=TIMING, limit=limit, **told)  # type: ignore[arg-type]


async def record(storage: Storage, claimed: Claim, outcome: Outcome, *, now: datetime = NOW) -> object:
    settled = settle(claimed, outcome, now, TIMING, chance=0.0)
    return await storage.record_delivery(claimed, settled, now=now, timing=TIMING)


def keys(claims: list[Claim]) -> list[str]:
    return [each.key for each in claims]
