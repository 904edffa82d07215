"""What channels follow: set up, listed and given up. Who may do that, its callers have made sure of."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.delivery_views import ChannelStanding, RestingChannel
from bot.domain.parsing import parse_query
from bot.domain.subscriptions import MOST_TOPICS, NewSubscription, Subscription
from bot.errors import UserError
from bot.interfaces import Storage
from bot.services.search import Suggestion

_GONE = "That topic is not followed here any more. See /topic list."


class Topics:
    """The topics of every channel. Each call names the server, and nothing of another one is ever seen."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime], *, most: int = MOST_TOPICS) -> None:
        self._storage = storage
        self._clock = clock
        self._most = most

    async def follow(self, query: str, *, guild_id: int, channel_id: int, person_id: int) -> Subscription:
        """Post the new papers that this query matches in this channel from now on; following it again changes nothing.

        Raises UserError for a query that cannot be read, and when the channel follows as many as it may.
        """
        new = NewSubscription(
            guild_id=guild_id, channel_id=channel_id, query=str(parse_query(query)), created_by=person_id
        )
        async with self._storage.write() as transaction:
            followed = await transaction.add_subscription(new, most=self._most, now=self._clock())
        if followed is None:
            raise UserError(
                f"This channel follows {self._most} topics, the most allowed. Remove one with /topic unfollow."
            )
        return followed

    async def followed(self, *, guild_id: int, channel_id: int) -> list[Subscription]:
        """What the channel follows, in the order in which it was set up."""
        return await self._storage.list_subscriptions(guild_id=guild_id, channel_id=channel_id)

    async def suggest(self, typed: str, *, guild_id: int) -> list[Suggestion]:
        """The topics of the server that hold what was typed."""
        every = await self._storage.list_subscriptions(guild_id=guild_id)
        return [
            Suggestion(label=each.query, value=str(each.id))
            for each in every
            if typed.casefold().strip() in each.query.casefold()
        ]

    async def require(self, typed: str, *, guild_id: int) -> Subscription:
        """The topic of the server that was picked, or whose query was typed. Raises UserError."""
        for each in await self._storage.list_subscriptions(guild_id=guild_id):
            if typed.strip() in {str(each.id), each.query}:
                return each
        raise UserError(_GONE)

    async def unfollow(self, topic: Subscription) -> None:
        """Post nothing more for this topic; what is owed already is still posted."""
        async with self._storage.write() as transaction:
            if not await transaction.remove_subscription(topic.id, guild_id=topic.guild_id):
                raise UserError(_GONE)

    async def standing(self, channel_id: int) -> ChannelStanding:
        """What the channel got last, and what it gets next."""
        return await self._storage.channel_standing(channel_id)

    async def resting(self, guild_id: int) -> list[RestingChannel]:
        """The channels of the server that nothing can be posted in for now."""
        return await self._storage.list_resting(guild_id)
