"""/topic: what a channel follows. New papers that match are posted there, each once."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.domain.posting import Posting
from bot.services.topics import Topics
from bot.services.zones import Zones
from cogs._answers import Interaction, answer, choices, in_time
from cogs._custom_ids import search_template
from cogs._layout import Layout, lines
from cogs._markdown import clean
from cogs._places import Place
from cogs._targets import Target, require_sight, target
from cogs._topic_choices import DESCRIBED, ON, WHEN, Choices, MostPerDay, On, When
from cogs._topic_desk import Desk, unfollowed_line
from cogs._topic_ids import STARTER_MENU, TOPIC_MENU, draft_template, topic_template
from cogs._topic_lists import listed, starters

_CHANNEL = "Where to post; this channel unless you choose another"
_QUERY = 'As in /search, such as: "language model" -survey cat:cs.CL'
_TOPIC = "Which one; its channel may be another than this"

Query = app_commands.Range[str, 1, 300]
Brief = app_commands.Range[str, 1, 60]


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class TopicCog(commands.GroupCog, name="topic", description="Follow what this channel cares about"):
    """What channels follow."""

    def __init__(self, topics: Topics, zones: Zones, desk: Desk) -> None:
        self._topics = topics
        self._zones = zones
        self._desk = desk

    @app_commands.command(name="follow", description="Post new papers here that match a query; a preview comes first")
    @app_commands.describe(query=_QUERY, channel=_CHANNEL, **DESCRIBED)
    @app_commands.choices(when=WHEN)
    @app_commands.choices(weekday=ON)
    async def follow(  # noqa: PLR0913 (each is an option that people see)
        self,
        interaction: Interaction,
        query: Query,
        channel: Place | None = None,
        *,
        when: When | None = None,
        time: Brief | None = None,
        timezone: Brief | None = None,
        weekday: On | None = None,
        most_per_day: MostPerDay | None = None,
        role: discord.Role | None = None,
        threads: bool | None = None,
        silent: bool | None = None,
        quiet_hours: Brief | None = None,
    ) -> None:
        place = target(interaction, channel)
        chosen = Choices(
            when=when,
            time=time,
            timezone=timezone,
            weekday=weekday,
            most_per_day=most_per_day,
            role=role,
            threads=threads,
            silent=silent,
            quiet_hours=quiet_hours,
        )
        server = await self._topics.server(place.guild.id)
        posting = await chosen.applied(Posting(zone=server.zone), self._zones)
        await self._desk.offer(interaction, clean(query).strip(), posting, place)

    @app_commands.command(name="edit", description="Change a topic's query or how it is posted; a preview comes first")
    @app_commands.describe(topic=_TOPIC, query=_QUERY, no_ping="Ping nobody any more", **DESCRIBED)
    @app_commands.choices(when=WHEN)
    @app_commands.choices(weekday=ON)
    async def edit(  # noqa: PLR0913
        self,
        interaction: Interaction,
        topic: Query,
        query: Query | None = None,
        *,
        when: When | None = None,
        time: Brief | None = None,
        timezone: Brief | None = None,
        weekday: On | None = None,
        most_per_day: MostPerDay | None = None,
        role: discord.Role | None = None,
        no_ping: bool | None = None,
        threads: bool | None = None,
        silent: bool | None = None,
        quiet_hours: Brief | None = None,
    ) -> None:
        found = await self._desk.topic(interaction, topic)
        chosen = Choices(
            when=when,
            time=time,
            timezone=timezone,
            weekday=weekday,
            most_per_day=most_per_day,
            role=role,
            no_ping=no_ping,
            threads=threads,
            silent=silent,
            quiet_hours=quiet_hours,
        )
        posting = await chosen.applied(found.posting, self._zones)
        await self._desk.offer_change(interaction, found, posting, clean(query).strip() if query else None)

    @app_commands.command(name="list", description="Show what a channel follows")
    @app_commands.describe(channel="Which channel; this one unless you choose another")
    async def tell(self, interaction: Interaction, channel: Place | None = None) -> None:
        await self._tell(interaction, target(interaction, channel))

    async def _tell(self, interaction: Interaction, place: Target) -> None:
        require_sight(interaction, place)
        found = await in_time(interaction, self._topics.followed(guild_id=place.guild.id, channel_id=place.id))
        await answer(interaction, listed(place, found))

    @app_commands.command(name="show", description="Show one topic: how it is posted and what it has brought")
    @app_commands.describe(topic=_TOPIC)
    async def show(self, interaction: Interaction, topic: Query | None = None) -> None:
        if topic is None:
            await self._tell(interaction, target(interaction, None))
            return
        await self._desk.show(interaction, await self._desk.topic(interaction, topic))

    @app_commands.command(name="pause", description="Post nothing of a topic until it is resumed")
    @app_commands.describe(topic=_TOPIC)
    async def pause(self, interaction: Interaction, topic: Query) -> None:
        found = await self._desk.topic(interaction, topic)
        await self._desk.manage(interaction, found)
        await self._desk.show(interaction, await self._topics.pause(found))

    @app_commands.command(name="resume", description="Post new papers of a paused topic again")
    @app_commands.describe(topic=_TOPIC)
    async def resume(self, interaction: Interaction, topic: Query) -> None:
        found = await self._desk.topic(interaction, topic)
        await self._desk.manage(interaction, found)
        await self._desk.show(interaction, await self._topics.resume(found), "It is posted again from now on.")

    @app_commands.command(name="unfollow", description="Stop posting papers of a topic")
    @app_commands.describe(topic=_TOPIC)
    async def unfollow(self, interaction: Interaction, topic: Query) -> None:
        found = await self._desk.topic(interaction, topic)
        await self._desk.manage(interaction, found)
        await self._topics.unfollow(found)
        await answer(interaction, Layout(lines(unfollowed_line(found))))

    @app_commands.command(name="move", description="Post a topic's papers in another channel from now on")
    @app_commands.describe(topic=_TOPIC, channel="Where to post them; you must manage both channels")
    async def move(self, interaction: Interaction, topic: Query, channel: Place) -> None:
        found = await self._desk.topic(interaction, topic)
        await self._desk.manage(interaction, found)
        place = target(interaction, channel)
        await self._desk.check(interaction, place, found.posting)
        moved = await self._topics.move(found, place.id)
        await self._desk.show(interaction, moved, f"It was posted in <#{found.channel_id}> until now.")

    @app_commands.command(name="starters", description="Topics to begin with, one for each of many fields")
    @app_commands.describe(channel=_CHANNEL)
    async def starters(self, interaction: Interaction, channel: Place | None = None) -> None:
        place = target(interaction, channel)
        require_sight(interaction, place)
        await answer(interaction, starters(place))

    @edit.autocomplete("topic")
    @show.autocomplete("topic")
    @pause.autocomplete("topic")
    @resume.autocomplete("topic")
    @unfollow.autocomplete("topic")
    @move.autocomplete("topic")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._desk.suggest(interaction, current))

    @follow.autocomplete("timezone")
    @edit.autocomplete("timezone")
    async def suggest_zone(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._desk.suggest_zone(interaction, current))


async def setup(bot: PaperboyClient) -> None:
    desk = Desk(bot.services.topics, bot.services.zones)
    await bot.add_cog(TopicCog(bot.services.topics, bot.services.zones, desk))
    bot.answer_presses(draft_template("save"), desk.save)
    bot.answer_presses(draft_template("drop"), desk.drop)
    bot.answer_presses(draft_template("change"), desk.change)
    bot.answer_presses(draft_template("step"), desk.step)
    bot.answer_presses(draft_template("tell"), desk.tell)
    bot.answer_forms(draft_template("changed"), desk.changed)
    bot.answer_forms(draft_template("told"), desk.told)
    bot.answer_presses(topic_template("pause"), desk.pause)
    bot.answer_presses(topic_template("resume"), desk.resume)
    bot.answer_presses(topic_template("edit"), desk.edit)
    bot.answer_presses(topic_template("unfollow"), desk.unfollow)
    bot.answer_presses(search_template("follow"), desk.follow_search)
    bot.answer_presses(TOPIC_MENU, desk.choose_topic)
    bot.answer_presses(STARTER_MENU, desk.choose_starter)
