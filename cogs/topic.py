"""/topic: what a channel follows. New papers that match are posted there, each once."""

from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.domain.subscriptions import Subscription
from bot.errors import UserError
from bot.services.topics import Topics
from cogs._answers import Interaction, answer, choices, in_time
from cogs._layout import Layout, lines
from cogs._markdown import clean, cut
from cogs._targets import Target, require_manager, require_postable, require_sight, target

_CHANNEL = "Where to post; this channel unless you choose another"


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class TopicCog(commands.GroupCog, name="topic", description="Follow what this channel cares about"):
    """What channels follow."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics

    @app_commands.command(name="follow", description="Post new papers here that match a query")
    @app_commands.describe(query='As in /search, such as: "graph neural network" -survey cat:cs.LG', channel=_CHANNEL)
    async def follow(
        self, interaction: Interaction, query: app_commands.Range[str, 1, 300], channel: Target | None = None
    ) -> None:
        place = target(interaction, channel)
        require_manager(interaction, place)
        require_postable(place)
        following = self._topics.follow(
            clean(query).strip(), guild_id=place.guild.id, channel_id=place.id, person_id=interaction.user.id
        )
        topic = await in_time(interaction, following)
        await answer(interaction, Layout(lines(f"<#{place.id}> follows **{cut(topic.query, 400)}**", _WHAT_HAPPENS)))

    @app_commands.command(name="list", description="Show what a channel follows")
    @app_commands.describe(channel="Which channel; this one unless you choose another")
    async def tell(self, interaction: Interaction, channel: Target | None = None) -> None:
        place = target(interaction, channel)
        require_sight(interaction, place)
        found = await in_time(interaction, self._topics.followed(guild_id=place.guild.id, channel_id=place.id))
        await answer(interaction, _listed(place, found))

    @app_commands.command(name="unfollow", description="Stop posting papers of a topic")
    @app_commands.describe(topic="Which one; its channel may be another than this")
    async def unfollow(self, interaction: Interaction, topic: app_commands.Range[str, 1, 300]) -> None:
        guild = target(interaction, None).guild
        followed = await in_time(interaction, self._topics.require(topic, guild_id=guild.id))
        place = guild.get_channel_or_thread(followed.channel_id)
        if isinstance(place, Target):
            require_manager(interaction, place)
        elif not interaction.permissions.manage_channels:
            raise UserError("You need the permission Manage Channels for this.")
        await in_time(interaction, self._topics.unfollow(followed))
        await answer(
            interaction, Layout(lines(f"<#{followed.channel_id}> no longer follows **{cut(followed.query, 400)}**"))
        )

    @unfollow.autocomplete("topic")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._topics.suggest(current, guild_id=interaction.guild_id or 0))


_WHAT_HAPPENS = "-# New papers are posted as they arrive, silently. `/topic list` shows what a channel follows."


def _listed(place: Target, found: list[Subscription]) -> Layout:
    if not found:
        return Layout(lines(f"<#{place.id}> follows nothing yet. Type `/topic follow`."))
    shown = [f"- {cut(each.query, 120)}" for each in found]
    return Layout(lines(f"### <#{place.id}> follows", *shown))


async def setup(bot: PaperboyClient) -> None:
    await bot.add_cog(TopicCog(bot.services.topics))
