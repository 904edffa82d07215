"""Who may decide about a channel's paper of the day, and what is in the way of it; asked anew each time."""

import discord

from bot.domain.schedules import Schedule
from bot.errors import UserError
from bot.services.servers import Servers
from cogs._answers import Interaction
from cogs._targets import Target, lacking, require_manager, require_mentionable, require_postable


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
    role = place.guild.get_role(schedule.role_id) if schedule.role_id is not None else None
    if schedule.role_id is not None and role is None:
        told.append("The role to ping is gone: choose another with `/daily here`, or `no_ping`.")
    elif role is not None and not _may_mention(place, role):
        told.append(f"I may not mention <@&{role.id}>, so nobody is pinged: allow anyone to mention it.")
    return told


def _may_mention(place: Target, role: discord.Role) -> bool:
    return role.mentionable or place.permissions_for(place.guild.me).mention_everyone
