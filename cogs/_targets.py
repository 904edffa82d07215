"""The channel that a command is about, and what a person and the bot must be allowed there; asked of Discord anew."""

import discord

from bot.errors import UserError
from cogs._answers import Interaction

Target = discord.TextChannel | discord.Thread

_POSTING = ("view_channel", "read_message_history")


def target(interaction: Interaction, named: Target | None) -> Target:
    """The channel that was named, else the one where this happens. Raises UserError where nothing can be posted."""
    channel = named or interaction.channel
    if interaction.guild is None or interaction.guild.me is None:
        raise UserError("I post only in servers that I was added to. Add me to this server first.")
    if not isinstance(channel, discord.TextChannel | discord.Thread):
        raise UserError("I can post in text and announcement channels and in threads. Name one of those.")
    return channel


def require_manager(interaction: Interaction, channel: Target) -> None:
    """Raises UserError unless this person may manage that channel, wherever they typed this."""
    person = interaction.user
    if not isinstance(person, discord.Member) or not channel.permissions_for(person).manage_channels:
        raise UserError(f"You need the permission Manage Channels in #{channel.name} for this.")


def require_sight(interaction: Interaction, channel: Target) -> None:
    """Raises UserError unless this person can see that channel."""
    person = interaction.user
    if not isinstance(person, discord.Member) or not channel.permissions_for(person).view_channel:
        raise UserError("You cannot see that channel. Name one that you can.")


def require_server(interaction: Interaction) -> discord.Guild:
    """The server where this happens. Raises UserError where there is none, or I am not in it: no topics are there."""
    if interaction.guild is None or interaction.guild.me is None:
        raise UserError(
            "Topics bring papers to the channels of servers that I was added to. Ask me again in a channel of one."
        )
    return interaction.guild


def may_see(interaction: Interaction, channel_id: int) -> bool:
    """Whether this person can see that channel of the server; one that is gone is seen by who manages the server."""
    guild, person = interaction.guild, interaction.user
    if guild is None or not isinstance(person, discord.Member):
        return False
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        return channel_id == interaction.channel_id or person.guild_permissions.manage_guild
    allowed = channel.permissions_for(person)
    is_open = not isinstance(channel, discord.Thread) or not channel.is_private()
    return allowed.view_channel and (is_open or allowed.manage_threads or channel_id == interaction.channel_id)


def require_postable(channel: Target) -> None:
    """Raises UserError naming each permission that the bot lacks to post there, and to know what it has posted."""
    allowed = channel.permissions_for(channel.guild.me)
    speak = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    missing = [each.replace("_", " ").title() for each in (*_POSTING, speak) if not getattr(allowed, each)]
    if missing:
        raise UserError(
            f"In #{channel.name} I need {', '.join(missing)}. Grant that to my role in the channel's settings."
        )
