"""Whether this machine's clock can be trusted, by the time that Discord's answers state. Reads no clock itself."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MOST_OFF = timedelta(seconds=120)
"""How far the clock may be from Discord's: an answer may take its time, and states whole seconds."""
KNOWN_FOR = timedelta(minutes=5)
"""How long one answer is relied on: the clock may be set anew meanwhile, by hand or after a sleep."""


class ClockCheck:
    """How far one machine's clock is from Discord's, as its newest answer shows."""

    def __init__(self) -> None:
        self._off: timedelta | None = None
        self._noted_at: datetime | None = None

    def note(self, date_header: str | None, now: datetime) -> None:
        """Take note of an answer that came now; one that states no time that can be read says nothing."""
        try:
            stated = parsedate_to_datetime(date_header or "")
            self._off = now - (stated if stated.tzinfo else stated.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            return
        self._noted_at = now

    def off(self, now: datetime) -> timedelta | None:
        """How far the clock is ahead, negative where it is behind; None where no answer of late told."""
        if self._noted_at is None or not timedelta() <= now - self._noted_at <= KNOWN_FOR:
            return None
        return self._off

    def is_right(self, now: datetime) -> bool:
        """Whether the clock is known to be right."""
        off = self.off(now)
        return off is not None and abs(off) <= MOST_OFF

    def wrong_by(self) -> timedelta | None:
        """How far it was ahead at the last answer, where that was too far; negative where it was behind."""
        return self._off if self._off is not None and abs(self._off) > MOST_OFF else None


def wrong_clock(off: timedelta) -> str:
    """What is wrong with the clock and what to do, in a sentence."""
    seconds = int(abs(off.total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    told = f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s"
    side = "ahead of" if off > timedelta() else "behind"
    return f"my computer's clock is {told} {side} Discord's: set it right. Until then I post nothing by myself."
