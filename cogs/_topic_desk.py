"""The steps that commands, buttons, menus and forms about topics share, each with its permissions checked anew."""

import re
from collections.abc import Mapping
from functools import partial

import discord

from bot.client import answered, chosen, custom_ids
from bot.domain.posting import Posting
from bot.domain.starters import starter_called
from bot.domain.subscriptions import Subscription
from bot.domain.topic_drafts import TopicDraft
from bot.errors import UserError
from bot.services.search import Suggestion
from bot.services.topics import NOTHING_FOLLOWED, Drafted, Topics, suggested
from bot.services.zones import Zones
from cogs._answers import Interaction, answer, in_time, replace
from cogs._custom_ids import asked
from cogs._layout import Layout, lines
from cogs._markdown import cut
from cogs._targets import (
    Target,
    found_target,
    known_target,
    may_see,
    require_manager,
    require_mentionable,
    require_postable,
    require_sight,
    target,
)
from cogs._topic_choices import change_form, filled_in, told_form, told_so
from cogs._topic_lists import topic_layout
from cogs._topic_preview import preview_layout, saved_layout


class Desk:
    """Where topics are looked at, changed and saved."""

    def __init__(self, topics: Topics, zones: Zones) -> None:
        self._topics = topics
        self._zones = zones

    async def offer(self, interaction: Interaction, query: str, posting: Posting | None, place: Target) -> None:
        """Answer with the preview of a new topic; usual choices, with the server's zone, where none are given."""
        await self.check(interaction, place, posting)
        server = await self._topics.server(place.guild.id)
        drafting = self._topics.draft(
            query,
            posting or Posting(zone=server.zone),
            guild_id=place.guild.id,
            channel_id=place.id,
            person_id=interaction.user.id,
        )
        drafted = await in_time(interaction, drafting)
        await answer(interaction, preview_layout(drafted, place))

    async def offer_change(
        self, interaction: Interaction, topic: Subscription, posting: Posting, query: str | None = None
    ) -> None:
        """Answer with the preview of a changed topic."""
        place = await known_target(interaction, topic.channel_id)
        await self.check(interaction, place, posting)
        drafting = self._topics.draft_change(topic, posting, query=query, person_id=interaction.user.id)
        await answer(interaction, preview_layout(await in_time(interaction, drafting), place))

    async def check(self, interaction: Interaction, place: Target, posting: Posting | None = None) -> None:
        """Raises UserError unless this person may have that channel follow things, and the bot may post so there."""
        require_manager(interaction, place, await self._topics.server(place.guild.id))
        require_postable(place, has_threads=posting is not None and posting.has_threads)
        require_mentionable(interaction, place, posting.role_id if posting else None)

    async def manage(self, interaction: Interaction, topic: Subscription) -> None:
        """Raises UserError unless this person may decide about the topic, also where its channel is gone."""
        place = await found_target(interaction, topic.channel_id)
        if place is not None:
            require_manager(interaction, place, await self._topics.server(topic.guild_id))
        elif not interaction.permissions.manage_channels:
            raise UserError("You need the permission Manage Channels for this.")

    async def topic(self, interaction: Interaction, typed: str) -> Subscription:
        """The topic of this server that was picked or typed, in a channel that the person sees. Raises UserError."""
        guild = target(interaction, None).guild
        topic = await in_time(interaction, self._topics.require(typed, guild_id=guild.id))
        place = await found_target(interaction, topic.channel_id)
        if place is not None:
            require_sight(interaction, place)
        elif not may_see(interaction, topic.channel_id):
            raise UserError("The channel of that topic is gone. Somebody with Manage Channels can move it.")
        return topic

    async def show(
        self, interaction: Interaction, topic: Subscription, note: str = "", *, instead: bool = False
    ) -> None:
        """Answer with the topic; `instead` of the message whose button was pressed."""
        shown = await in_time(interaction, self._topics.shown(topic), quietly=instead)
        await (replace if instead else answer)(interaction, topic_layout(shown, note))

    async def suggest(self, interaction: Interaction, typed: str) -> list[Suggestion]:
        """The topics of the server that hold what was typed, but for channels that the person does not see."""
        guild, person = interaction.guild, interaction.user
        if guild is None or not isinstance(person, discord.Member):
            return []
        names = {each.id: f"#{each.name}" for each in (*guild.channels, *guild.threads)}
        every = await self._topics.every(guild.id)
        if not every:
            return [Suggestion(label=NOTHING_FOLLOWED, value=NOTHING_FOLLOWED)]
        seen = [each for each in every if may_see(interaction, each.channel_id)]
        return suggested(seen, typed, lambda channel_id: names.get(channel_id, ""))

    async def suggest_zone(self, interaction: Interaction, typed: str) -> list[Suggestion]:
        """The time zones that may be meant; the server's first."""
        server = await self._topics.server(interaction.guild_id or 0)
        return await self._zones.suggest(typed, first=server.zone)

    # What is pressed, chosen and sent

    async def follow_search(self, interaction: Interaction, match: re.Match[str]) -> None:
        wanted = asked(match.string, custom_ids(interaction.message))
        await self.offer(interaction, wanted.query, None, target(interaction, None))

    async def save(self, interaction: Interaction, match: re.Match[str]) -> None:
        draft, place = await self._draft(interaction, match)
        await self.check(interaction, place, draft.posting)
        await in_time(interaction, self._topics.save(draft), quietly=True)
        await replace(interaction, saved_layout(draft))

    async def drop(self, interaction: Interaction, _: re.Match[str]) -> None:
        await replace(interaction, Layout(lines("Nothing was changed. `/topic follow` starts anew.")))

    async def change(self, interaction: Interaction, match: re.Match[str]) -> None:
        """Opens the form, which nothing may come before."""
        draft = await self._requiring(interaction, match)
        await answered(partial(interaction.response.send_modal, change_form(draft)))

    async def changed(self, interaction: Interaction, match: re.Match[str], fields: Mapping[str, str]) -> None:
        draft, place = await self._draft(interaction, match)
        posting = await filled_in(fields, draft.posting, self._zones)
        redrafting = self._topics.redraft(draft, query=fields.get("query", ""), posting=posting)
        await self._preview_instead(interaction, await in_time(interaction, redrafting, quietly=True), place)

    async def tell(self, interaction: Interaction, match: re.Match[str]) -> None:
        """Opens the form about who is told, which nothing may come before."""
        draft = await self._requiring(interaction, match)
        roles = {each.id for each in target(interaction, None).guild.roles}
        await answered(partial(interaction.response.send_modal, told_form(draft, roles)))

    async def told(self, interaction: Interaction, match: re.Match[str], fields: Mapping[str, str]) -> None:
        draft, place = await self._draft(interaction, match)
        posting = told_so(fields, draft.posting)
        await self.check(interaction, place, posting)
        redrafting = self._topics.redraft(draft, posting=posting)
        await self._preview_instead(interaction, await in_time(interaction, redrafting, quietly=True), place)

    async def step(self, interaction: Interaction, match: re.Match[str]) -> None:
        draft, place = await self._draft(interaction, match)
        stepping = self._topics.step(draft, next(iter(chosen(interaction)), ""))
        await self._preview_instead(interaction, await in_time(interaction, stepping, quietly=True), place)

    async def choose_topic(self, interaction: Interaction, _: re.Match[str]) -> None:
        await self.show(interaction, await self.topic(interaction, next(iter(chosen(interaction)), "")))

    async def choose_starter(self, interaction: Interaction, match: re.Match[str]) -> None:
        starter = starter_called(next(iter(chosen(interaction)), ""))
        if starter is None:
            raise UserError("I do not know that starter any more. Type /topic starters again.")
        await self.offer(interaction, starter.query, None, await known_target(interaction, int(match["channel"])))

    async def pause(self, interaction: Interaction, match: re.Match[str]) -> None:
        topic = await self._managed(interaction, match)
        await self.show(interaction, await self._topics.pause(topic), instead=True)

    async def resume(self, interaction: Interaction, match: re.Match[str]) -> None:
        topic = await self._managed(interaction, match)
        await self.show(interaction, await self._topics.resume(topic), instead=True)

    async def edit(self, interaction: Interaction, match: re.Match[str]) -> None:
        topic = await self._managed(interaction, match)
        await self.offer_change(interaction, topic, topic.posting)

    async def unfollow(self, interaction: Interaction, match: re.Match[str]) -> None:
        topic = await self._managed(interaction, match)
        await self._topics.unfollow(topic)
        await replace(interaction, Layout(lines(unfollowed_line(topic))))

    async def _managed(self, interaction: Interaction, match: re.Match[str]) -> Subscription:
        topic = await self.topic(interaction, match["topic"])
        await self.manage(interaction, topic)
        return topic

    async def _draft(self, interaction: Interaction, match: re.Match[str]) -> tuple[TopicDraft, Target]:
        draft = await in_time(interaction, self._requiring(interaction, match), quietly=True)
        return draft, await known_target(interaction, draft.channel_id)

    async def _requiring(self, interaction: Interaction, match: re.Match[str]) -> TopicDraft:
        guild = target(interaction, None).guild
        return await self._topics.require_draft(int(match["draft"]), guild_id=guild.id, person_id=interaction.user.id)

    async def _preview_instead(self, interaction: Interaction, drafted: Drafted, place: Target) -> None:
        await replace(interaction, preview_layout(drafted, place))


def unfollowed_line(topic: Subscription) -> str:
    return f"<#{topic.channel_id}> no longer follows **{cut(topic.query, 400)}**"
