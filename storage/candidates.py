"""What may be picked as a paper of the day, and from which papers' votes one learns. Picks nothing.

The functions run in a turn on a connection, and raise OutOfTime.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.flat import instant, moment
from bot.domain.papers import KnownPaper
from bot.domain.picks import Candidate
from bot.domain.query import Query
from storage.arrivals import arrivals, matching
from storage.numbering import PER_DAY, day_of
from storage.papers import read_papers
from storage.readers import Turn

MOST_UNLISTED = 1_000
"""Papers on no list that are looked at: the newest, some two days of four big categories of arXiv."""

_LISTED_WITHIN = timedelta(days=60)
"""A paper that is listed later after its publication than this is not seen; nearly all are within days."""
_LEARNED_WITHIN = timedelta(days=400)

_LISTED = """
    SELECT paper_id, CAST(min("on") AS text) FROM upvotes WHERE paper_id >= ? GROUP BY paper_id
    HAVING min("on") BETWEEN date(?) AND date(?)
"""
_VOTED_HERE = "SELECT DISTINCT paper_id FROM votes WHERE guild_id = ? AND voted_at >= ?"
_COUNTS = """
    SELECT paper_id, CAST("on" AS text), upvotes FROM json_each(?) AS wanted
    CROSS JOIN upvotes ON upvotes.paper_id = wanted.value WHERE "on" <= date(?) ORDER BY paper_id, upvotes."on" DESC
"""
_LIFTING = """
    SELECT wanted.value, count(*) FROM json_each(?2) AS wanted
    CROSS JOIN votes ON votes.guild_id = ?1 AND votes.paper_id = wanted.value
    WHERE NOT EXISTS (
        SELECT 1 FROM nominations AS own WHERE own.guild_id = ?1 AND own.paper_id = votes.paper_id
        AND own.person_id = votes.person_id)
    GROUP BY wanted.value
"""
_JUDGED = """
    SELECT paper_id, max(upvotes) FROM upvotes WHERE paper_id >= ? AND "on" < date(?)
    GROUP BY paper_id ORDER BY min("on") DESC, paper_id DESC LIMIT ?
"""
_CHOSEN = "SELECT paper_id FROM daily_posts WHERE guild_id = ? AND channel_id = ? AND paper_id IS NOT NULL"
_POSTED = """
    SELECT paper_id FROM json_each(?) AS wanted CROSS JOIN deliveries ON paper_id = wanted.value AND guild_id = ?
    WHERE channel_id = ? AND state IN ('owed', 'held', 'sent')
"""
_BROUGHT = """
    SELECT paper_id FROM json_each(?) AS wanted
    CROSS JOIN held_back ON held_back.paper_id = wanted.value AND guild_id = ?
    WHERE channel_id = ? AND delivery_key IS NOT NULL
"""


def list_candidates(
    turn: Turn, query: Query | None, *, guild_id: int, since: datetime, now: datetime
) -> list[Candidate]:
    """The papers that a query matches, or all, and that arrived, were listed or were voted for here since then."""
    today = now.astimezone(UTC).date()
    listed = _listed(turn, since, today)
    liked = {number for (number,) in turn.fetch(_VOTED_HERE, (guild_id, instant(since)))}
    arrived = _lately_published(arrivals(turn, since, now), today)
    numbers = frozenset({*listed, *liked, *arrived})
    if query is not None:
        numbers = matching(turn, query, dict.fromkeys(numbers, instant(now)))
    unlisted = sorted(numbers - listed.keys() - liked, reverse=True)[:MOST_UNLISTED]
    numbers = (numbers & (listed.keys() | liked)) | frozenset(unlisted)
    began = {number: moment(at).date() for number, at in arrived.items()} | listed
    counts = _counts(turn, numbers, today)
    return [
        _candidate(known, began.get(known.id), counts.get(known.id, []), today)
        for known in read_papers(turn, sorted(numbers))
        if not known.paper.withdrawn
    ]


def list_judged(turn: Turn, *, before: date, limit: int) -> list[tuple[int, int]]:
    """The numbers of the papers last listed before this day, with their votes as they stood by then, in that order."""
    lowest = _number_of(before - _LEARNED_WITHIN)
    found: list[tuple[int, int]] = turn.fetch(_JUDGED, (lowest, before.isoformat(), limit))
    return found[::-1]


def count_lifting_votes(turn: Turn, papers: Collection[int], *, guild_id: int) -> dict[int, int]:
    """How many people of a server vote for each of these papers, without whoever nominated it there."""
    return dict(turn.fetch(_LIFTING, (guild_id, json.dumps(sorted(papers)))))


def had_here(turn: Turn, papers: Collection[int], *, guild_id: int, channel_id: int) -> frozenset[int]:
    """Which of these papers a channel ever got, is owed or was chosen for: of the day, by a topic, in a digest."""
    had = {number for (number,) in turn.fetch(_CHOSEN, (guild_id, channel_id))}
    wanted = json.dumps(sorted(papers))
    had |= {number for (number,) in turn.fetch(_POSTED, (wanted, guild_id, channel_id))}
    had |= {number for (number,) in turn.fetch(_BROUGHT, (wanted, guild_id, channel_id))}
    return frozenset(papers) & had


def _listed(turn: Turn, since: datetime, today: date) -> dict[int, date]:
    """The papers whose votes were first counted since then, and on which day."""
    rows = turn.fetch(_LISTED, (_number_of(today - _LISTED_WITHIN), since.date().isoformat(), today.isoformat()))
    return {number: date.fromisoformat(first) for number, first in rows}


def _lately_published(numbers: Mapping[int, int], today: date) -> dict[int, int]:
    """Those of them that are no old papers which a source brought only now."""
    lowest = _number_of(today - _LISTED_WITHIN)
    return {number: at for number, at in numbers.items() if number >= lowest}


def _counts(turn: Turn, numbers: Iterable[int], today: date) -> dict[int, list[tuple[date, int]]]:
    """How the votes of these papers stood, day by day until today, the latest first."""
    counts: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for number, on, votes in turn.fetch(_COUNTS, (json.dumps(sorted(numbers)), today.isoformat())):
        counts[number].append((date.fromisoformat(on), votes))
    return counts


def _candidate(known: KnownPaper, began: date | None, counts: Sequence[tuple[date, int]], today: date) -> Candidate:
    told = known.paper.upvotes
    is_counted_today = len(counts) > 1 and counts[0][0] == today
    return Candidate(
        paper=known,
        since=began,
        is_listed=bool(counts) or told is not None,
        votes=counts[0][1] if counts else told or 0,
        gained=counts[0][1] - counts[1][1] if is_counted_today else 0,
        counted_on=counts[1][0] if is_counted_today else None,
    )


def _number_of(day: date) -> int:
    """No paper that was published on this day or later has a lower number."""
    return day_of(datetime.combine(day, time(), UTC), day) * PER_DAY
