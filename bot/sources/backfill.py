"""Where a back-fill through arXiv's query API stands, and the checkpoint that lets it go on from there. Pure."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from bot.sources.arxiv_records import read_checkpoint

LARGEST_RESULT = 30_000
"""arXiv pages through no more than this (user manual, 3.1.1.2); a longer time is halved until its parts are smaller."""

REACH = timedelta(days=7)
"""How far a first back-fill looks back, and each later one again: moderators hold some papers back for days."""

ARXIV_BEGAN = datetime(1991, 8, 1, tzinfo=UTC)

_MINUTE = timedelta(minutes=1)
_STAMP = "%Y%m%d%H%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """A way from `begin` to `until`, in whole minutes UTC.

    Done with is everything before `first`, and the first `start` records of the part [first, last].
    """

    begin: datetime
    first: datetime
    last: datetime
    until: datetime
    start: int = 0

    @property
    def interval(self) -> str:
        """The part to ask for now, both ends included, as arXiv writes it."""
        return f"[{self.first.strftime(_STAMP)} TO {self.last.strftime(_STAMP)}]"

    @property
    def is_whole(self) -> bool:
        """Whether the part to ask for now is all there is left."""
        return self.last == self.until

    def narrowed(self, total: int) -> Self | None:
        """The same way in shorter parts, when the part to ask for now has more records than arXiv pages through."""
        if total <= LARGEST_RESULT or self.start or self.last - self.first < _MINUTE:
            return None
        return replace(self, last=_whole_minute(self.first + (self.last - self.first) / 2))

    def after(self, count: int, *, total: int) -> Self | None:
        """The place after `count` records more of a part that has `total` of them; None at the end of the way."""
        if self.start + count < total:
            return replace(self, start=self.start + count)
        if self.is_whole:
            return None
        return replace(self, first=self.last + _MINUTE, last=self.until, start=0)

    def checkpoint(self) -> str:
        """What `resumed` needs to go on from here."""
        times = {"begin": self.begin, "first": self.first, "last": self.last, "until": self.until}
        return json.dumps({name: each.strftime(_STAMP) for name, each in times.items()} | {"start": self.start})

    def end(self) -> str:
        """The checkpoint of a way that was gone to its end."""
        return json.dumps({"through": self.until.strftime(_STAMP)})


def resumed(checkpoint: str | None, *, since: date | None, now: datetime) -> Backfill:
    """The way to go: on from the checkpoint up to now, or a new one, which leaves out nothing since the last one's end.

    A way that was not gone to its end is taken up, unless `since` is before its beginning.
    """
    now = _whole_minute(now.astimezone(UTC))
    members = read_checkpoint(checkpoint)
    wanted = datetime.combine(since, time(), UTC) if since else None
    begun, through = _moment(members.get("begin")), _moment(members.get("through"))
    unfinished = _unfinished(members, now)
    if unfinished and (wanted is None or unfinished.begin <= wanted):
        return unfinished
    owed = [each for each in (wanted, begun, through - REACH if through else None) if each]
    begin = max(min([*owed, now]) if owed else now - REACH, ARXIV_BEGAN)
    return Backfill(begin=begin, first=begin, last=now, until=now)


def _unfinished(members: dict[str, Any], now: datetime) -> Backfill | None:
    begin, first, last, until = (_moment(members.get(name)) for name in ("begin", "first", "last", "until"))
    start = members.get("start")
    if begin is None or first is None or last is None or until is None or not isinstance(start, int):
        return None
    if not (begin <= first <= last <= until <= now and 0 <= start <= LARGEST_RESULT):
        return None
    # What was submitted since comes at the end of the last part: the records already fetched stay where they are.
    return Backfill(begin=begin, first=first, last=now if last == until else last, until=now, start=start)


def _moment(stamp: object) -> datetime | None:
    try:
        read = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC) if isinstance(stamp, str) else None
    except ValueError:
        return None
    return max(read, ARXIV_BEGAN) if read else None


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
