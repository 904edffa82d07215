"""What channels follow: set up, listed and given up. Who may do that, its callers have made sure of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.delivery_views import ChannelStanding, RestingChannel
from bot.domain.digests import next_due
from bot.domain.parsing import parse_query
from bot.domain.patience import SEARCH_SECONDS, Patience
from bot.domain.posting import Cadence, Posting
from bot.domain.previews import DAYS, Preview, stepped
from bot.domain.servers import ServerSettings
from bot.domain.subscriptions import MOST_TOPICS, NewSubscription, Subscription
from bot.domain.topic_drafts import TopicDraft
from bot.domain.topic_records import TopicRecord
from bot.errors import UserError
from bot.interfaces import Storage, Transaction
from bot.services.previews import Previews
from bot.services.search import Suggestion
from bot.services.second_thoughts import SecondThoughts

_GONE = "That topic is not followed here any more. See /topic list."
NOTHING_FOLLOWED = "Nothing is followed in this server yet. Type /topic follow with words to look for."
_LONGEST_TOLD = 60
_DRAFT_GONE = "That preview is over a day old, or somebody else's. Type /topic follow again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A topic as it would be, and what it would have brought; nothing of it is followed yet."""

    draft: TopicDraft
    preview: Preview
    meant: str = ""
    """What may have been meant instead of the query, in its canonical form, for a step to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A topic, and what it has brought."""

    topic: Subscription
    record: TopicRecord
    matched: int
    """How many papers of the last days match it, posted or not."""
    next_digest_at: datetime | None = None
    """Where it comes in digests, and is not paused."""


class Topics:
    """The topics of every channel. Each call names the server, and nothing of another one is ever seen."""

    def __init__(
        self, storage: Storage, previews: Previews, clock: Callable[[], datetime], *, most: int = MOST_TOPICS
    ) -> None:
        self._storage = storage
        self._previews = previews
        self._clock = clock
        self._most = most

    async def draft(self, query: str, posting: Posting, *, guild_id: int, channel_id: int, person_id: int) -> Drafted:
        """What a channel would get of a new topic; where it follows the query already, that topic as it would be.

        Raises UserError for a query that cannot be read, and where the channel follows as many as it may.
        """
        written = str(parse_query(query))
        followed = await self.followed(guild_id=guild_id, channel_id=channel_id)
        same = next((each for each in followed if each.query == written), None)
        if same is None and len(followed) >= self._most:
            raise self._full()
        draft = TopicDraft(
            guild_id=guild_id,
            channel_id=channel_id,
            person_id=person_id,
            query=written,
            made_at=self._clock(),
            posting=posting,
            typed=query,
            topic_id=same.id if same else None,
        )
        return await self._drafted(draft)

    async def draft_change(
        self, topic: Subscription, posting: Posting, *, query: str | None = None, person_id: int
    ) -> Drafted:
        """What the channel of a topic would get of it if it were changed so. Raises UserError."""
        draft = TopicDraft(
            guild_id=topic.guild_id,
            channel_id=topic.channel_id,
            person_id=person_id,
            query=str(parse_query(query)) if query else topic.query,
            made_at=self._clock(),
            posting=posting,
            typed=query or "",
            topic_id=topic.id,
        )
        return await self._drafted(draft)

    async def redraft(self, draft: TopicDraft, *, query: str | None = None, posting: Posting | None = None) -> Drafted:
        """The same, after the person has changed this. Raises UserError for a query that cannot be read."""
        changed = replace(draft, posting=posting or draft.posting, made_at=self._clock())
        if query and query != draft.query:
            changed = replace(changed, query=str(parse_query(query)), typed=query)
        return await self._drafted(changed)

    async def step(self, draft: TopicDraft, value: str) -> Drafted:
        """The same, after this step that its preview offered. Raises UserError for one it cannot have offered."""
        query = stepped(parse_query(draft.query), value)
        if query is None:
            raise UserError("That way to change it is not open any more. Press Change to write the query anew.")
        return await self.redraft(draft, query=str(query))

    async def require_draft(self, number: int, *, guild_id: int, person_id: int) -> TopicDraft:
        """The draft that this person made here of late. Raises UserError."""
        found = await self._storage.get_topic_draft(number, guild_id=guild_id, person_id=person_id, now=self._clock())
        if found is None:
            raise UserError(_DRAFT_GONE)
        return found

    async def save(self, draft: TopicDraft) -> Subscription:
        """Let the channel follow this from now on, or change its topic; doing so again changes nothing.

        Raises UserError where it follows as many as it may, another topic has that query, or the topic is gone.
        """
        async with self._storage.write() as transaction:
            if draft.topic_id is not None:
                return await self._change(transaction, draft, draft.topic_id)
            new = NewSubscription(
                guild_id=draft.guild_id,
                channel_id=draft.channel_id,
                query=draft.query,
                created_by=draft.person_id,
                posting=draft.posting,
            )
            followed = await transaction.add_subscription(new, most=self._most, now=self._clock())
        if followed is None:
            raise self._full()
        return followed

    async def _change(self, transaction: Transaction, draft: TopicDraft, number: int) -> Subscription:
        here = await transaction.followed_in(draft.channel_id)
        topic = next((each for each in here if each.id == number and each.guild_id == draft.guild_id), None)
        if topic is None:
            raise UserError(_GONE)
        if any(each.query == draft.query and each.id != number for each in here):
            raise UserError("This channel follows that query as another topic already. See /topic list.")
        changed = replace(topic, query=draft.query, posting=draft.posting)
        await transaction.change_subscription(changed)
        return changed

    async def move(self, topic: Subscription, channel_id: int) -> Subscription:
        """Post what the topic brings in another channel of its server. Raises UserError where that cannot be."""
        async with self._storage.write() as transaction:
            there = await transaction.followed_in(channel_id)
            if any(each.query == topic.query and each.id != topic.id for each in there):
                raise UserError("That channel follows the same query already. Unfollow one of the two.")
            if len(there) >= self._most and all(each.id != topic.id for each in there):
                raise self._full()
            moved = replace(topic, channel_id=channel_id)
            if not await transaction.change_subscription(moved):
                raise UserError(_GONE)
        return moved

    async def pause(self, topic: Subscription) -> Subscription:
        """Post nothing more of this topic until it is resumed; since when it was paused, if it was, stays."""
        now = self._clock()
        paused = replace(topic, paused_at=topic.paused_at or now)
        async with self._storage.write() as transaction:
            if not await transaction.change_subscription(paused):
                raise UserError(_GONE)
            await transaction.drop_owed(topic.id, now=now)
        return paused

    async def resume(self, topic: Subscription) -> Subscription:
        """Post what the topic brings from now on."""
        return await self._put(replace(topic, paused_at=None))

    async def unfollow(self, topic: Subscription) -> None:
        """Post nothing more for this topic; but what is being sent may still come."""
        async with self._storage.write() as transaction:
            if not await transaction.remove_subscription(topic.id, guild_id=topic.guild_id):
                raise UserError(_GONE)
            await transaction.drop_owed(topic.id, now=self._clock())

    async def followed(self, *, guild_id: int, channel_id: int) -> list[Subscription]:
        """What the channel follows, in the order in which it was set up."""
        found = await self._storage.list_subscriptions(guild_id=guild_id, channel_id=channel_id)
        return [each for each in found if each.guild_id == guild_id]

    async def every(self, guild_id: int) -> list[Subscription]:
        """What the channels of the server follow."""
        return await self._storage.list_subscriptions(guild_id=guild_id)

    async def require(self, typed: str, *, guild_id: int) -> Subscription:
        """The topic of the server that was picked, or whose query was typed. Raises UserError."""
        wanted = typed.strip()
        every = await self.every(guild_id)
        if not every:
            raise UserError(NOTHING_FOLLOWED)
        for each in every:
            if wanted in {str(each.id), each.query}:
                return each
        if wanted.isdigit():  # what picking one sends
            raise UserError(_GONE)
        raise UserError(f"No topic here reads {wanted[:_LONGEST_TOLD]!r}. Pick one as you type, or see /topic list.")

    async def shown(self, topic: Subscription) -> Shown:
        """The topic with what it has brought of late."""
        since = self._clock() - timedelta(DAYS)
        record = await self._storage.topic_record(topic.id, since=since)
        matched = await self._previews.count(parse_query(topic.query), topic.posting.zone)
        comes_in_digests = topic.posting.cadence is not Cadence.ARRIVAL and topic.paused_at is None
        at = next_due(topic.posting, self._clock()) if comes_in_digests else None
        return Shown(topic=topic, record=record, matched=matched, next_digest_at=at)

    async def server(self, guild_id: int) -> ServerSettings:
        """What the server has settled."""
        return await self._storage.get_server(guild_id)

    async def standing(self, channel_id: int) -> ChannelStanding:
        """What the channel got last, and what it gets next."""
        return await self._storage.channel_standing(channel_id)

    async def resting(self, guild_id: int) -> list[RestingChannel]:
        """The channels of the server that nothing can be posted in for now."""
        return await self._storage.list_resting(guild_id)

    async def _drafted(self, draft: TopicDraft) -> Drafted:
        query = parse_query(draft.query)
        preview = await self._previews.preview(query, draft.posting.zone)
        thoughts = SecondThoughts(self._storage, self._clock(), Patience(SEARCH_SECONDS))
        meant = await thoughts.on_topic(draft.typed, query)
        async with self._storage.write() as transaction:
            number = await transaction.add_topic_draft(draft)
        return Drafted(draft=replace(draft, id=number), preview=preview, meant=str(meant) if meant else "")

    async def _put(self, changed: Subscription) -> Subscription:
        async with self._storage.write() as transaction:
            if not await transaction.change_subscription(changed):
                raise UserError(_GONE)
        return changed

    def _full(self) -> UserError:
        return UserError(
            f"This channel follows {self._most} topics, the most allowed. Remove one with /topic unfollow."
        )


def suggested(topics: list[Subscription], typed: str, named: Callable[[int], str]) -> list[Suggestion]:
    """Those of these topics that hold what was typed, each with the name of its channel where that is known."""
    held = [each for each in topics if typed.casefold().strip() in each.query.casefold()]
    return [
        Suggestion(
            label=f"{each.query} · {named(each.channel_id)}" if named(each.channel_id) else each.query,
            value=str(each.id),
        )
        for each in held
    ]
