"""Nominations of a server's people for its paper of the day: made, approved or not, and put in order.

Who may decide about them, callers say; whoever may not decides about their own alone, and only takes it back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.nominations import MOST_OF_ONE, MOST_WAITING, Nomination, NominationState, Step, stepped
from bot.domain.papers import KnownPaper
from bot.errors import UserError
from bot.interfaces import Storage

PAGE = 5
"""Nominations that are shown at once."""
_GONE = "That nomination does not wait any more. Look at /daily queue again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A nomination that waits."""

    nomination: Nomination
    paper: KnownPaper
    votes: int
    place: int | None
    """From 1; None while it waits to be approved."""
    is_spent: bool = False
    """Whether no channel's day takes it any more: each that has a paper of the day had it already, or missed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Some of what waits in a server."""

    waiting: Sequence[Waiting]
    page: int
    """From 0."""
    pages: int
    in_line: int
    to_approve: int


class Nominating:
    """The nominations of all servers, each server's apart."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock

    async def nominate(self, paper: KnownPaper, *, guild_id: int, person_id: int, may_decide: bool) -> Waiting:
        """Put a paper in line, or before those who decide where the server wants that. Raises UserError."""
        on = await self._storage.was_chosen(paper.id, guild_id=guild_id)
        if on is not None:
            raise UserError(f"That paper was chosen for {on.day} {on:%B %Y} here already. Nominate another one.")
        approves = (await self._storage.get_server(guild_id)).approves_nominations
        async with self._storage.write() as transaction:
            line = await transaction.list_nominations(guild_id=guild_id)
            known = await transaction.find_nomination(paper.id, guild_id=guild_id)
            _require_new(line, known, person_id=person_id, may_decide=may_decide)
            made = Nomination(
                guild_id=guild_id,
                paper_id=paper.id,
                person_id=person_id,
                made_at=self._clock(),
                state=NominationState.PROPOSED if approves and not may_decide else NominationState.QUEUED,
                place=_last(line),
            )
            kept = await transaction.put_nomination(made)
        return await self._told(kept, paper)

    async def line(self, guild_id: int, page: int = 0) -> Line:
        """A page of what waits in a server, in its order."""
        all_of_it = await self._storage.list_nominations(guild_id=guild_id)
        pages = max(1, -(-len(all_of_it) // PAGE))
        page = min(page, pages - 1)
        shown = all_of_it[page * PAGE : (page + 1) * PAGE]
        numbers = [each.paper_id for each in shown]
        papers = {each.id: each for each in await self._storage.get_papers(numbers)}
        votes = await self._storage.count_votes(numbers, guild_id=guild_id)
        in_line = sum(each.state is NominationState.QUEUED for each in all_of_it)
        spent = await self._spent(numbers, guild_id)
        return Line(
            waiting=[
                Waiting(
                    nomination=each,
                    paper=papers[each.paper_id],
                    votes=votes.get(each.paper_id, 0),
                    place=at if each.state is NominationState.QUEUED else None,
                    is_spent=each.paper_id in spent,
                )
                for at, each in enumerate(shown, page * PAGE + 1)
                if each.paper_id in papers
            ],
            page=page,
            pages=pages,
            in_line=in_line,
            to_approve=len(all_of_it) - in_line,
        )

    async def has_days(self, guild_id: int) -> bool:
        """Whether any channel of a server gets a paper of the day."""
        return bool(await self._storage.list_schedules(guild_id=guild_id))

    async def approve(self, number: int, *, guild_id: int, person_id: int) -> Nomination:
        """Put a nomination that waits to be approved at the end of the line. Raises UserError where it does not."""
        async with self._storage.write() as transaction:
            line = await transaction.list_nominations(guild_id=guild_id)
            found = _waiting(line, number, NominationState.PROPOSED)
            approved = replace(found, state=NominationState.QUEUED, place=_last(line))
            return await transaction.put_nomination(self._decided(approved, person_id))

    async def reject(self, number: int, *, guild_id: int, person_id: int) -> Nomination:
        """Turn a nomination that waits to be approved down. Raises UserError where it does not."""
        async with self._storage.write() as transaction:
            line = await transaction.list_nominations(guild_id=guild_id)
            found = _waiting(line, number, NominationState.PROPOSED)
            return await transaction.put_nomination(
                self._decided(replace(found, state=NominationState.REJECTED), person_id)
            )

    async def remove(self, number: int, *, guild_id: int, person_id: int, may_decide: bool) -> Nomination:
        """Take a nomination out, one's own or, for those who may decide, any. Raises UserError."""
        async with self._storage.write() as transaction:
            found = _waiting(await transaction.list_nominations(guild_id=guild_id), number)
            if not may_decide and found.person_id != person_id:
                raise UserError("Only whoever nominated that paper, or a moderator, can take it out.")
            return await transaction.put_nomination(
                self._decided(replace(found, state=NominationState.REMOVED), person_id)
            )

    async def move(self, number: int, step: Step, *, guild_id: int) -> None:
        """Let a nomination of the line change places with the one before or after it. Raises UserError."""
        async with self._storage.write() as transaction:
            line = await transaction.list_nominations(guild_id=guild_id)
            _waiting(line, number, NominationState.QUEUED)
            queued = [each for each in line if each.state is NominationState.QUEUED]
            await transaction.place_nominations(stepped(queued, number, step), guild_id=guild_id)

    def _decided(self, nomination: Nomination, person_id: int) -> Nomination:
        return replace(nomination, decided_by=person_id, decided_at=self._clock())

    async def _told(self, kept: Nomination, paper: KnownPaper) -> Waiting:
        queued = [
            each.id
            for each in await self._storage.list_nominations(guild_id=kept.guild_id)
            if each.state is NominationState.QUEUED
        ]
        votes = await self._storage.count_votes([paper.id], guild_id=kept.guild_id)
        place = queued.index(kept.id) + 1 if kept.id in queued else None
        is_spent = paper.id in await self._spent([paper.id], kept.guild_id)
        return Waiting(nomination=kept, paper=paper, votes=votes.get(paper.id, 0), place=place, is_spent=is_spent)

    async def _spent(self, papers: Sequence[int], guild_id: int) -> frozenset[int]:
        """Those of these papers that no channel of the server with a paper of the day can get by itself any more."""
        schedules = await self._storage.list_schedules(guild_id=guild_id)
        spent = frozenset(papers) if schedules else frozenset()
        for each in schedules:
            if spent:
                spent = await self._storage.had_here(spent, guild_id=guild_id, channel_id=each.channel_id)
        return spent


def _require_new(line: Sequence[Nomination], known: Nomination | None, *, person_id: int, may_decide: bool) -> None:
    """Raises UserError, saying what to do, where the paper waits already, was turned down, or too many wait."""
    waiting = [each.id for each in line]
    if known is not None and known.id in waiting:
        if known.state is NominationState.PROPOSED:
            raise UserError("That paper waits to be approved already. See it with /daily queue.")
        raise UserError(f"That paper is in line already, at place {waiting.index(known.id) + 1}: see /daily queue.")
    if known is not None and known.state is NominationState.REJECTED and not may_decide:
        raise UserError("A moderator has turned that paper down here. Nominate another one, or ask them.")
    if sum(each.person_id == person_id for each in line) >= MOST_OF_ONE and not may_decide:
        raise UserError(
            f"{MOST_OF_ONE} papers that you nominated wait, the most that one person may have. "
            "Take one back with /daily queue, or wait until one has had its day."
        )
    if len(line) >= MOST_WAITING:
        raise UserError(f"{MOST_WAITING} papers wait here, the most that a server may have. Try again when some went.")


def _waiting(line: Sequence[Nomination], number: int, state: NominationState | None = None) -> Nomination:
    """This nomination of a server's line, in this state. Raises UserError."""
    for each in line:
        if each.id == number and state in (None, each.state):
            return each
    raise UserError(_GONE)


def _last(line: Sequence[Nomination]) -> int:
    """The place at the end of the line."""
    return max((each.place for each in line), default=0) + 1
