"""Wrong orders of work, each put between the parts of the real one, so that the fault runs can show that they catch it.

None of this is in the product: there the order is claim, look, send under a derived nonce, record.
"""

# ruff: noqa: ARG002

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.deliveries import NONCE_LENGTH, Claim, Timing, marker
from bot.domain.outcomes import Delivered, Outcome, Pause, Settlement, settle
from bot.domain.shards import ALL, Shards
from bot.outbox_interfaces import DeliveryStorage, Found, Sender, Unreadable


class Variant(StrEnum):
    """An order of work, by what is left of the real one."""

    REAL = "real"
    RANDOM_NONCE = "random-nonce"
    """Send, then mark; nothing is known again."""
    MARK_FIRST = "mark-first"
    NONCE_ALONE = "nonce-alone"
    HISTORY_ALONE = "history-alone"


def sender_of(variant: Variant, sender: Sender) -> Sender:
    match variant:
        case Variant.RANDOM_NONCE:
            return _Blind(_Forgetful(sender))
        case Variant.NONCE_ALONE:
            return _Blind(sender)
        case Variant.HISTORY_ALONE:
            return _Forgetful(sender)
        case _:
            return sender


def storage_of(variant: Variant, storage: DeliveryStorage) -> DeliveryStorage:
    return _Hasty(storage) if variant is Variant.MARK_FIRST else storage


class Around:
    """Everything as the part inside does it."""

    def __init__(self, inside: Any) -> None:
        self._inside = inside

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inside, name)


class _Blind(Around):
    """Never looks what is there."""

    async def look(self, claim: Claim, *, since: datetime) -> Found | Unreadable | Outcome:
        return Found(messages={})


class _Forgetful(Around):
    """Takes a new nonce each time; the marker stays, for it is what the history is searched for."""

    async def send(self, claim: Claim, *, found: int | None = None, not_after: datetime) -> Outcome:
        other = secrets.token_hex(20)[: NONCE_LENGTH - len(claim.marker)]
        changed = replace(claim, nonce=claim.marker + other)
        assert marker(changed.nonce) == claim.marker
        return await self._inside.send(changed, found=found, not_after=not_after)  # type: ignore[no-any-return]


class _Hasty(Around):
    """Says that it is sent before it sends."""

    async def claim_deliveries(
        self,
        *,
        now: datetime,
        timing: Timing,
        limit: int,
        busy: Collection[int] = (),
        probes: bool = True,
        of: Shards = ALL,
    ) -> list[Claim]:
        claims: list[Claim] = await self._inside.claim_deliveries(
            now=now, timing=timing, limit=limit, busy=busy, probes=probes, of=of
        )
        for each in claims:
            sent = settle(each, Delivered(message_id=1), now, timing, chance=0.0)
            await self._inside.record_delivery(each, sent, now=now, timing=timing)
        return claims

    async def record_delivery(
        self, claim: Claim, settled: Settlement, *, now: datetime, timing: Timing
    ) -> Pause | None:
        return None  # it has said so already
