"""Rate limits: told in the headers of every answer, kept only where they are switched on.

docs.discord.com/developers/topics/rate-limits.
"""

import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_MESSAGES = "/channels/{channel_id}/messages"
_BUCKETS: dict[tuple[str, str], tuple[int, float]] = {
    ("POST", _MESSAGES): (5, 5.0),
    ("PATCH", _MESSAGES + "/{message_id}"): (5, 5.0),
    ("DELETE", _MESSAGES + "/{message_id}"): (5, 1.0),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads"): (5, 10.0),
    ("POST", "/channels/{channel_id}/threads"): (5, 10.0),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): (5, 2.0),
}
_ELSEWHERE = (50, 1.0)
_GENEROUS = (1000, 1.0)
_GLOBAL = (50, 1.0)
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the limits say of one request: the headers to answer with, and how long to wait if it was one too many."""

    headers: dict[str, str]
    retry_after: float | None = None
    is_global: bool = False


class Limits:
    """Counts requests for each route and major parameter, and for the whole bot."""

    def __init__(self, clock: Callable[[], float], *, enforced: bool) -> None:
        self._clock = clock
        self._enforced = enforced
        self._spent: dict[tuple[str, ...], deque[float]] = {}

    def judge(self, method: str, template: str, params: dict[str, str], *, counts_globally: bool) -> Verdict:
        """Spend one request; `counts_globally` is false where the interaction's token is all it needs."""
        most, window = _BUCKETS.get((method, template), _ELSEWHERE) if self._enforced else _GENEROUS
        bucket = f"{zlib.crc32(f'{method} {template}'.encode()):08x}"
        if not self._enforced:
            return Verdict(headers=self._headers(bucket, most, most - 1, window))
        if counts_globally and (wait := self._over(("global",), *_GLOBAL)):
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global", "Retry-After": f"{wait:.3f}"}
            return Verdict(headers=headers, retry_after=wait, is_global=True)
        key = (bucket, *(params.get(each, "") for each in MAJOR))
        wait = self._over(key, most, window)
        left = 0 if wait else most - len(self._spent[key])
        headers = self._headers(bucket, most, left, wait or self._reset_after(key, window))
        if wait:
            headers |= {"X-RateLimit-Scope": "user", "Retry-After": f"{wait:.3f}"}
        return Verdict(headers=headers, retry_after=wait or None)

    def _over(self, key: tuple[str, ...], most: int, window: float) -> float:
        """Spend one of `most` in `window` seconds; how long to wait when none is left, else 0."""
        now = self._clock()
        spent = self._spent.setdefault(key, deque())
        while spent and spent[0] <= now - window:
            spent.popleft()
        if len(spent) >= most:
            return spent[0] + window - now
        spent.append(now)
        return 0.0

    def _reset_after(self, key: tuple[str, ...], window: float) -> float:
        return self._spent[key][0] + window - self._clock()

    def _headers(self, bucket: str, most: int, left: int, reset_after: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
