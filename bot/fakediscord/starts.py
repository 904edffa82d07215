"""How fast a bot may begin sessions: so many in five seconds, in as many lines as it may begin at once, and a day.

docs.discord.com/developers/events/gateway#rate-limiting-identifies.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

SECONDS = 5.0
RESET_SECONDS = 86_400.0


@dataclass(slots=True, kw_only=True)
class Starts:
    """The sessions that began. Where it is `enforced`, one that begins too early is refused, and a violation."""

    clock: Callable[[], float]
    violations: list[str]
    shards: int = 1
    """How many shards the bot is told to have."""
    at_once: int = 1
    """`max_concurrency`: a shard waits in the line of its number modulo this."""
    total: int = 1000
    """Sessions that may begin in a day."""
    enforced: bool = False
    began: int = 0
    _last: dict[int, float] = field(default_factory=dict, repr=False)

    @property
    def remaining(self) -> int:
        """How many may yet begin."""
        return max(0, self.total - self.began)

    def take(self, shard: int) -> bool:
        """Begin a session of this shard; whether it may."""
        line, now = shard % self.at_once, self.clock()
        since = now - self._last.get(line, -SECONDS)
        self._last[line] = now
        if self.enforced and (since < SECONDS or not self.remaining):
            self.violations.append(f"identify of shard {shard}, {since:.2f} s after the one before it in its line")
            return False
        self.began += 1
        return True
