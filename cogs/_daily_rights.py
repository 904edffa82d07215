"""Who may decide about a channel's paper of the day, and what is in the way of it; asked anew each time."""

import discord

from bot.domain.schedules import Schedule
from bot.errors import UserError
from bot.services.servers import Servers
from cogs._answers import Interaction
from cogs._forums import untagged
from cogs._targets import Target, lacking, require_manager, require_mentionable, require_postable, unpinged


async def require_daily_manager(interaction: Interaction, place: Target, servers: Servers) -> None:
    """Raises UserError unless this person may decide about the channel's paper of the day."""
    require_manager(interaction, place, await servers.settings(place.guild.id))


async def manages_daily(interaction: Interaction, place: Target, servers: Servers) -> bool:
    """Whether this person may decide about the channel's paper of the day."""
    try:
        await require_daily_manager(interaction, place, servers)
    except UserError:
        return False
    return True


def require_daily_postable(interaction: Interaction, place: Target, schedule: Schedule) -> None:
    """Raises UserError unless the bot may post so there, and this person mention that role."""
    require_postable(place, has_threads=schedule.has_thread, pins=schedule.is_pinned)
    require_mentionable(interaction, place, schedule.role_id)


def troubles(place: Target, schedule: Schedule) -> list[str]:
    """What is in the way of posting so there, each with what to do about it."""
    told = []
    if missing := lacking(place, has_threads=schedule.has_thread, pins=schedule.is_pinned):
        told.append(f"I lack {', '.join(missing)} there: grant that to my role in the channel's settings.")
    if schedule.recap_weekday is not None and not place.permissions_for(place.guild.me).attach_files:
        told.append("I lack Attach Files there, so recaps come without their picture: grant that to my role.")
    if isinstance(place, discord.ForumChannel) and untagged(place):
        told.append("Posts there need a tag, and papers of a category without one stay out: add a tag named Papers.")
    return [*told, *unpinged(place, schedule.role_id, again="`/daily here`")]
