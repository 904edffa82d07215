"""Sends deliveries with discord.py, and looks for those that may be there already. It decides nothing about them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, cast

import discord

from bot.client import PaperboyClient, custom_ids
from bot.domain.deliveries import Claim, Step, Timing, Trouble, first_step, is_by_hand
from bot.domain.delivery_views import RestingChannel, in_words
from bot.domain.invalid_answers import Allowance
from bot.domain.outcomes import Closed, Outcome, Pause, Rejected, Unsure, Untried
from bot.domain.permission_names import permission_words
from bot.domain.posts import Post, post_from
from bot.domain.quiet_hours import quiet_for
from bot.outbox_interfaces import Found, ToTell, Unreadable
from bot.services.pictures import TooManyError
from bot.watching import Trip
from cogs._afterwards import finished
from cogs._custom_ids import markers
from cogs._forums import NoTagFitsError, post_in_forum, read_forum
from cogs._markdown import cut
from cogs._outcomes import EXPECTED, outcome_of
from cogs._posts import post_layout
from cogs._recaps import picture_file
from cogs._targets import is_of_forum
from cogs._where import Where

_log = logging.getLogger(__name__)

MOST_READ = 1_000
"""Messages of a channel that are read to find one of ours."""

Place = discord.abc.GuildChannel | discord.Thread | discord.PartialMessageable


Draw = Callable[[Post], Awaitable[bytes | None]]
"""Makes the picture of a recap, a PNG; None where there can be none. Raises TooManyError where others wait already."""

_A_MOMENT = timedelta(seconds=3)


async def no_picture(_: Post) -> bytes | None:
    """Draws nothing."""
    return None


class DiscordSender:
    """The sender of one client. A recap has the picture that `draw` makes."""

    def __init__(
        self,
        client: PaperboyClient,
        *,
        clock: Callable[[], datetime],
        timing: Timing | None = None,
        draw: Draw = no_picture,
    ) -> None:
        self._client = client
        self._draw = draw
        self._watch = client.watch
        self._clock = clock
        self._timing = timing or Timing()

    def allowance(self, now: datetime) -> Allowance:
        """What may still be asked of Discord, by how much it refused lately."""
        return self._watch.allowance(now)

    async def look(self, claim: Claim, *, since: datetime) -> Found | Unreadable | Outcome:
        """Read which messages of ours were posted in the channel since then."""
        with self._watch.trip(claim.lease_until) as trip:
            try:
                async with asyncio.timeout(self._seconds):
                    place = await self._known_place(claim)
                    if not _may(place, "read_message_history"):
                        return Unreadable()
                    return await self._read(place, since)
            except EXPECTED as error:
                return outcome_of(error, trip)

    async def send(self, claim: Claim, *, found: int | None = None, not_after: datetime) -> Outcome:
        """Post the message under its nonce and do what belongs to it; only the latter where it was `found`."""
        place = self._place(claim)
        where = Where(claim.guild_id, claim.channel_id, isinstance(place, discord.ForumChannel))
        try:
            post = post_from(claim.payload)
            if (in_the_way := self._in_the_way(place, claim, found, post)) is not None:
                return in_the_way
            picture = await self._picture(claim, post) if post.recap and found is None else None
            layout = post_layout(post, claim.marker, where, is_pictured=picture is not None)
        except TooManyError:
            return Untried(reason="other pictures are drawn first", after=_A_MOMENT)
        except (ValueError, TypeError, KeyError) as error:
            _log.error("delivery cannot be shown key=%s", claim.key, exc_info=True)
            return Rejected(reason=f"it cannot be shown: {error}")
        files = [] if picture is None else [picture_file(picture, post)]
        with self._watch.trip(not_after) as trip:
            try:
                async with asyncio.timeout(self._seconds):
                    number = found or await self._post(place, layout, post, claim.nonce, files)
                    return await finished(place, number, post, self._new_trip)
            except NoTagFitsError:
                return Closed(trouble=Trouble.NEEDS_TAG)
            except EXPECTED as error:
                return outcome_of(error, trip, missing=_lacking(place))

    def _in_the_way(self, place: Place, claim: Claim, found: int | None, post: Post) -> Outcome | None:
        """What the bot knows without asking: why it cannot post, or must not."""
        if claim.guild_id is not None and self._client.get_guild(claim.guild_id) is None:
            if not self._client.connections.at_hand.has(claim.guild_id):
                return Untried(reason="its shard is another process's by now", after=_A_MOMENT)
            return Closed(trouble=Trouble.LEFT)
        if missing := _lacking(place):
            return Closed(trouble=Trouble.FORBIDDEN, missing=missing)
        now = self._clock()
        may_wait = found is None and (claim.attempts == 1 or _may(place, "read_message_history"))
        if may_wait and (wait := quiet_for(post.quiet, now)):
            return Untried(reason="these are quiet hours", after=wait)
        is_first = first_step(claim, now, self._timing) is Step.SEND
        if isinstance(place, discord.ForumChannel) and found is None and not is_first:
            # no nonce protects it: only a look could have told that it is not there already
            may_post = _may(place, "read_message_history") or is_by_hand(claim, self._timing)
            return None if may_post else Unsure()
        return None

    async def _picture(self, claim: Claim, post: Post) -> bytes | None:
        """The picture of a recap, where one may be posted there; a thread that rests is asked for first."""
        with self._new_trip():
            try:
                async with asyncio.timeout(self._seconds):
                    may_attach = _may(await self._known_place(claim), "attach_files")
            except EXPECTED:
                may_attach = False
        if not may_attach:
            _log.warning("recap without a picture key=%s reason='Attach Files is not allowed there'", claim.key)
            return None
        return await self._draw(post)

    async def _post(self, place: Place, layout: Any, post: Post, nonce: str, files: Sequence[discord.File]) -> int:
        pinged = [discord.Object(post.role_id)] if post.role_id is not None else False
        mentions = discord.AllowedMentions(everyone=False, users=False, roles=pinged, replied_user=False)
        if isinstance(place, discord.ForumChannel):
            return await post_in_forum(place, layout, post, mentions, files)
        message = await place.send(  # type: ignore[union-attr]
            view=layout, files=files, nonce=nonce, silent=post.silent, allowed_mentions=mentions
        )
        return int(message.id)

    async def tell(self, whom: ToTell, claim: Claim, pause: Pause) -> None:
        """Tell a server in its log channel, else a person, why nothing can be posted in this channel."""
        now = self._clock()
        resting = RestingChannel(
            channel_id=claim.channel_id,
            guild_id=claim.guild_id,
            trouble=pause.trouble,
            missing=pause.missing,
            since=now,
            again_at=now,
        )
        sentence = self._notice(claim, resting)
        is_there = whom.log_channel_id != claim.channel_id and pause.trouble is not Trouble.LEFT
        log = whom.log_channel_id if is_there else None
        if log is not None and await self._told(self._client.get_partial_messageable(log), sentence, claim):
            return
        if whom.person_id is not None:
            await self._told(discord.Object(whom.person_id), sentence, claim)

    def _notice(self, claim: Claim, resting: RestingChannel) -> str:
        """What is wrong, as somebody can read it who may be in many servers, and no longer see the channel."""
        guild = self._client.get_guild(claim.guild_id) if claim.guild_id is not None else None
        where = f"**{cut(guild.name, 100)}** " if guild is not None else ""
        because = "" if resting.trouble is Trouble.INCOMPLETE else cut(post_from(claim.payload).because, 300)
        return f"{where}<#{claim.channel_id}>: {in_words(resting)}" + (f"\n-# {because}" if because else "")

    async def _told(self, whom: discord.Object | discord.PartialMessageable, sentence: str, claim: Claim) -> bool:
        try:
            direct = await self._client.create_dm(whom) if isinstance(whom, discord.Object) else whom
            await direct.send(sentence)
        except EXPECTED as error:
            _log.info("not told of a closed channel channel=%d error=%s", claim.channel_id, type(error).__name__)
            return False
        return True

    def _new_trip(self) -> AbstractContextManager[Trip]:
        """A trip for what belongs to a message that is there."""
        return self._watch.trip(self._clock() + self._timing.send_within)

    @property
    def _seconds(self) -> float:
        return self._timing.send_within.total_seconds()

    def _place(self, claim: Claim) -> Place:
        """The channel as the client knows it, else by its number alone."""
        known = self._client.get_channel(claim.channel_id)
        if isinstance(known, discord.abc.GuildChannel | discord.Thread):
            return known
        return self._client.get_partial_messageable(claim.channel_id, guild_id=claim.guild_id)

    async def _known_place(self, claim: Claim) -> Place:
        place = self._place(claim)
        if isinstance(place, discord.PartialMessageable) and claim.guild_id is not None:
            fetched = await self._client.fetch_channel(claim.channel_id)
            return fetched if isinstance(fetched, discord.abc.GuildChannel | discord.Thread) else place
        return place

    async def _read(self, place: Place, since: datetime) -> Found | Unreadable:
        if isinstance(place, discord.ForumChannel):
            return await read_forum(place, since, self._client.user.id if self._client.user else 0)
        found: dict[str, int] = {}
        read = 0
        assert isinstance(place, discord.abc.Messageable)  # noqa: S101 (others cannot have been posted in)
        async for message in place.history(limit=MOST_READ, oldest_first=False):
            if message.created_at < since:
                return Found(messages=found)
            read += 1
            if self._client.user is not None and message.author.id == self._client.user.id:
                found |= dict.fromkeys(markers(custom_ids(message)), message.id)
        return Found(messages=found) if read < MOST_READ else Unreadable()


def _may(place: Place, permission: str) -> bool:
    """Whether the bot has this permission, as far as it knows: in direct messages always.

    Of a server that it knows no more, for its shard has just become another process's, it knows nothing: then Discord
    says so.
    """
    if isinstance(place, discord.PartialMessageable):
        return place.guild_id is None
    me = cast("discord.Member | None", place.guild.me)
    return me is None or bool(getattr(place.permissions_for(me), permission))


def _lacking(place: Place) -> tuple[str, ...]:
    """The permissions to post that the bot knows it lacks."""
    if isinstance(place, discord.PartialMessageable):
        return ()
    needed = ["view_channel", "send_messages_in_threads" if isinstance(place, discord.Thread) else "send_messages"]
    in_forum = is_of_forum(place)
    return tuple(permission_words(each, in_forum=in_forum) for each in needed if not _may(place, each))
