"""Picks the paper of a date for a channel: something new, else what people nominated, else a classic. Posts nothing."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.nominations import Nomination, NominationState
from bot.domain.papers import FoundPaper, KnownPaper, Paper
from bot.domain.parsing import parse_query
from bot.domain.picks import WINDOW_DAYS, Candidate, Expectation, Picked, best, is_early, nominated_because
from bot.domain.promise import Experience
from bot.domain.query import Query
from bot.domain.schedules import Fallback, Origin, Schedule
from bot.interfaces import Storage
from bot.services.classics import Classics

MOST_LEARNED = 4_000
"""Papers whose votes are learned from: half a year of lists, a second and a half of work once a day."""


_PIECE = 20
"""Papers that are read and learned from at a time: a few milliseconds of work."""


class Picking:
    """Says which paper a channel gets on a date. The same papers, votes and posts give the same paper."""

    def __init__(self, storage: Storage, shelf: Callable[[], Sequence[FoundPaper]]) -> None:
        """`shelf` reads the classics, those to be posted first standing first; it is called in a thread."""
        self._storage = storage
        self._classics = Classics(storage, shelf)
        self._promises = _Promises(storage)

    async def pick(
        self, schedule: Schedule, on: date, *, now: datetime, avoiding: Collection[int] = ()
    ) -> Picked | None:
        """The paper of this local date, as things stand now: none that the channel ever had, nor one of `avoiding`.

        None where nothing is good enough. It may put a classic into storage, but no row about the date. Raises
        UserError where choosing takes too long.
        """
        del on  # what is the best now is so for whatever date it is asked
        query = parse_query(schedule.query) if schedule.query else None
        without = frozenset(avoiding)
        return (
            await self._new(schedule, query, now, without)
            or await self._nominated(schedule, without)
            or await self._classic(schedule, query, now, without)
        )

    async def _new(
        self, schedule: Schedule, query: Query | None, now: datetime, without: frozenset[int]
    ) -> Picked | None:
        since = now - timedelta(days=WINDOW_DAYS)
        found = await self._storage.list_candidates(query, guild_id=schedule.guild_id, since=since, now=now)
        had = without | await self._had(schedule, [each.paper.id for each in found])
        left = await self._with_votes([each for each in found if each.paper.id not in had], schedule.guild_id)
        today = now.astimezone(UTC).date()
        promises = await self._promises.of([each for each in left if is_early(each, today)], today)
        choice = await asyncio.to_thread(best, left, promises, today=today, is_narrow=query is not None)
        if choice is None:
            return None
        return Picked(paper=choice.paper, origin=Origin.PICK, because=choice.because)

    async def _nominated(self, schedule: Schedule, without: frozenset[int]) -> Picked | None:
        line = [each.paper_id for each in await self._in_line(schedule.guild_id)]
        had = without | await self._had(schedule, line)
        left = await self._storage.get_papers([each for each in line if each not in had])
        first = next((each for each in left if not each.paper.withdrawn), None)
        if first is None:
            return None
        votes = await self._storage.count_lifting_votes([first.id], guild_id=schedule.guild_id)
        return Picked(paper=first, origin=Origin.QUEUE, because=nominated_because(votes.get(first.id, 0)))

    async def _in_line(self, guild_id: int) -> list[Nomination]:
        waiting = await self._storage.list_nominations(guild_id=guild_id)
        return [each for each in waiting if each.state is NominationState.QUEUED]

    async def _with_votes(self, candidates: Sequence[Candidate], guild_id: int) -> list[Candidate]:
        """The candidates with what people of this server say of them."""
        votes = await self._storage.count_lifting_votes([each.paper.id for each in candidates], guild_id=guild_id)
        line = {each.paper_id for each in await self._in_line(guild_id)}
        return [
            replace(each, votes_here=votes.get(each.paper.id, 0), is_nominated=each.paper.id in line)
            for each in candidates
        ]

    async def _classic(
        self, schedule: Schedule, query: Query | None, now: datetime, without: frozenset[int]
    ) -> Picked | None:
        if schedule.fallback is Fallback.SILENCE:
            return None
        shelf = await self._classics.list_matching(query, now=now)
        had = without | await self._had(schedule, [number for _, number in shelf if number is not None])
        first = next(((each, number) for each, number in shelf if number not in had), None)
        if first is None:
            return None
        classic, number = first
        (known,) = await self._storage.get_papers([number]) if number else [await self._classics.keep(classic, now=now)]
        return Picked(paper=known, origin=Origin.SHELF, because="A classic, for nothing new stood out.")

    async def _had(self, schedule: Schedule, papers: Sequence[int]) -> frozenset[int]:
        return await self._storage.had_here(papers, guild_id=schedule.guild_id, channel_id=schedule.channel_id)


class _Promises:
    """What new papers promise by what was learned until yesterday; learned once a day."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._line = asyncio.Lock()
        self._learned_on: date | None = None
        self._experience: Experience | None = None
        self._told: dict[tuple[int, int], Expectation | None] = {}

    async def of(self, candidates: Sequence[Candidate], today: date) -> Mapping[int, Expectation]:
        """By the number of each of these papers what it promises, those left out of which nobody can say."""
        if not candidates:
            return {}
        async with self._line:
            if self._learned_on != today:
                self._experience = await self._learned(today)
                self._learned_on, self._told = today, {}
            return await asyncio.to_thread(self._expected, [each.paper for each in candidates])

    async def _learned(self, today: date) -> Experience:
        """What the votes until yesterday teach; a few papers at a time, so that there is never much to look through for
        garbage.
        """
        experience = Experience()
        judged = await self._storage.list_judged(before=today, limit=MOST_LEARNED)
        for start in range(0, len(judged), _PIECE):
            votes = dict(judged[start : start + _PIECE])
            known = await self._storage.get_papers(list(votes))
            await asyncio.to_thread(_learn, experience, [(each.paper, votes[each.id]) for each in known])
        return experience

    def _expected(self, papers: Sequence[KnownPaper]) -> dict[int, Expectation]:
        found = {}
        for each in papers:
            key = each.id, hash(each.paper)
            if key not in self._told:
                self._told[key] = self._experience.expect(each.paper) if self._experience else None
            told = self._told[key]
            if told is not None:
                found[each.id] = told
        return found


def _learn(experience: Experience, judged: Sequence[tuple[Paper, int]]) -> None:
    for paper, votes in judged:
        experience.learn(paper, votes)
