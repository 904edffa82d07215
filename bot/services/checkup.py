"""Checks a database and what is kept in it: whether papers arrive and messages leave. Changes nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain.deliveries import DeliveryState
from bot.domain.delivery_views import OutboxStanding, in_words
from bot.domain.findings import LEAST_FREE, Finding, attention, fine, size_words, unchecked
from bot.domain.leases import WORK, Lease
from bot.domain.ledger import FeedDay, FeedState
from bot.domain.ledger_words import UNFOUND, wall_clock
from bot.domain.shards import ranges
from bot.services.ledger import FeedStanding
from bot.upkeep_interfaces import DatabaseState

SEEN_WITHIN = timedelta(minutes=2)
"""A running bot says more often than this that it sees to deliveries."""
LATE_AFTER = timedelta(minutes=15)
"""A message that was due so long ago should have been posted."""
_ANSWERED = frozenset({FeedState.FRESH, FeedState.NOT_YET, FeedState.STALE, FeedState.HOLIDAY, FeedState.WEEKEND})


def database_findings(state: DatabaseState) -> Iterator[Finding]:
    """The file, its migrations, and the disk it is on."""
    yield _database(state)
    yield _migrations(state)
    yield disk_finding(state.free)


def _database(state: DatabaseState) -> Finding:
    if state.trouble is not None:
        return attention("database", state.trouble)
    if not state.exists:
        return fine("database", f"There is none yet at {state.place}; `paperboy run` makes it.")
    counts = "".join(f", {many:,} {name}" for name, many in state.counts.items())
    how = f"answers, and may be written to ({state.server})" if state.server else "is whole"
    return fine("database", f"{state.place} {how}: {size_words(state.size)}{counts}.")


def _migrations(state: DatabaseState) -> Finding:
    if state.trouble is not None:
        told = "Cannot be told until the database is mended." if state.exists else "There is no database yet."
        return unchecked("migrations", told)
    if not state.exists:
        return fine("migrations", "No database yet: it is made at the first start, with all it needs.")
    if state.revision is None:
        return fine("migrations", "None were made yet: the first start makes them.")
    if state.revision == state.newest:
        return fine("migrations", f"Up to date ({state.newest}).")
    if state.revision > state.newest:
        told = f"The database is of a newer Paperboy ({state.revision}, here {state.newest}): update Paperboy."
        return attention("migrations", told)
    saved = "Make a backup first" if state.server else "It makes a backup first"
    told = f"From {state.revision} to {state.newest} are due; the next start makes them. {saved}."
    return fine("migrations", told)


def disk_finding(free: int | None) -> Finding:
    """Whether there is room for what is to come."""
    if free is None:
        return unchecked("disk", "How much is free cannot be seen from here: watch the disk of the database's server.")
    if free < LEAST_FREE:
        least = size_words(LEAST_FREE)
        return attention("disk", f"Only {size_words(free)} are free where the database is: make room for {least}.")
    return fine("disk", f"{size_words(free)} are free.")


def source_findings(standings: Sequence[FeedStanding], now: datetime) -> Iterator[Finding]:
    """One for all feeds that are well, one for those that were not asked yet, and one for each trouble there is."""
    if not standings:
        yield attention("sources", "No source has feeds: name some in the settings, under [sources.arxiv_rss].")
        return
    answers = [moment for each in standings if not each.is_troubled and (moment := last_answer(each.days))]
    unasked = [each for each in standings if not any(day.asked_at for day in each.days)]
    if answers:
        last = f"the last answered {ago(max(answers), now)}"
        yield fine("sources", f"{len(answers):,} of {len(standings):,} feeds are well; {last}.")
    if unasked:
        told = f"{len(unasked):,} of {len(standings):,} feeds not asked yet: a running bot asks each when it is due."
        yield unchecked("sources", told)
    alike: dict[str, list[FeedStanding]] = {}
    for each in standings:
        if each not in unasked and (each.is_troubled or not last_answer(each.days)):
            alike.setdefault(_complaint(each) or each.name, []).append(each)
    for some in alike.values():
        yield attention("sources", _trouble(some, now))


def _complaint(feed: FeedStanding) -> str:
    """What a feed that cannot be read may have in common with others: all hosts are out of reach of one offline."""
    error = feed.today.last_error if feed.today and feed.today.state is FeedState.BROKEN else None
    return "" if not error else UNFOUND if error.endswith(UNFOUND) else error


def _trouble(feeds: Sequence[FeedStanding], now: datetime) -> str:
    """What is wrong with these feeds, all of it the same."""
    first, *others = feeds
    told = first.sentence(wall_clock(first.rhythm, now))
    if others:
        errors = dict.fromkeys((each.today.last_error or "").removesuffix(UNFOUND) for each in feeds if each.today)
        said = f"{' and '.join(errors)}{UNFOUND}" if _complaint(first) == UNFOUND else _complaint(first)
        told = f"cannot be read: {said}"
    succeeded = max((moment for each in feeds if (moment := last_answer(each.days))), default=None)
    failing = min((moment for each in feeds if (moment := failing_since(each.days))), default=None)
    since = f" Failing since {failing:%Y-%m-%d %H:%M} UTC." if failing else ""
    last = "None has answered of late" if others else "It has not answered of late"
    if succeeded:
        last = f"{'One' if others else 'It'} last answered {ago(succeeded, now)}"
    typed = " ".join(dict.fromkeys(each.source for each in feeds))
    asks = f"`paperboy ingest {typed}` asks {'them' if others else 'it'} now."
    return f"{', '.join(each.name for each in feeds)}: {told}{since} {last}. {asks}"


def lease_finding(leases: Sequence[Lease]) -> Finding | None:
    """Which process runs which shards, and which does what is done once; None where none is there."""
    owners = sorted({each.owner for each in leases})
    if not owners:
        return None
    told = []
    for owner in owners:
        shards = [each.shard for each in leases if each.owner == owner and each.shard is not None]
        does_work = any(each.owner == owner and each.name == WORK for each in leases)
        told.append(f"{owner} runs shards {ranges(shards) or 'none'}" + (" and asks the sources" if does_work else ""))
    return fine("processes", f"{len(owners):,} run: {'; '.join(told)}.")


def last_answer(days: Sequence[FeedDay]) -> datetime | None:
    """When a feed could last be read, as far as its accounts tell."""
    return max((each.asked_at for each in days if each.asked_at and each.state in _ANSWERED), default=None)


def failing_since(days: Sequence[FeedDay]) -> datetime | None:
    """The last time it was asked on the first of the days, up to the newest, on which it could not be read."""
    first = None
    for each in sorted(days, key=lambda day: day.day, reverse=True):
        if each.state in _ANSWERED:
            break
        first = each.asked_at or first
    return first


def outbox_findings(standing: OutboxStanding, now: datetime) -> Iterator[Finding]:
    """What is owed, what is held, and which channels rest."""
    owed, held = (standing.counts.get(each, 0) for each in (DeliveryState.OWED, DeliveryState.HELD))
    due, seen = standing.oldest_due_at, standing.seen_at
    runs = seen is not None and now - seen < SEEN_WITHIN
    if due is not None and now - due > LATE_AFTER:
        what = "look at its log" if runs else "start `paperboy run`, or look at its log if it runs"
        yield attention("outbox", f"{owed:,} messages are owed, the oldest since {ago(due, now)}: {what}.")
    else:
        last = f"deliveries were last seen to {ago(seen, now)}" if seen else "no bot was connected to Discord yet"
        yield fine("outbox", f"{owed:,} messages owed, none late; {last}.")
    if held:
        told = f"{held:,} may have been posted or not, and wait for you: `paperboy outbox list --state held`."
        yield attention("outbox", told)
    for each in standing.resting:
        where = f"channel {each.channel_id}" + (f" of server {each.guild_id}" if each.guild_id else "")
        told = f"{where} rests since {ago(each.since, now)}: {in_words(each)}"
        yield attention("outbox", told) if each.trouble.is_for_people else fine("outbox", told)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago that was: `40 s ago`, `5 min ago`, `3 h ago`, `2 days ago`; of what is to come, `just now`."""
    seconds = int((now - moment).total_seconds())
    if seconds < 5:
        return "just now"
    for size, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size:,} {name} ago"
    return f"{seconds} s ago"
