"""The channel that a command is about, and what a person and the bot must be allowed there; asked of Discord anew."""

from contextlib import suppress

import discord

from bot.domain.permission_names import permission_words
from bot.domain.servers import ServerSettings
from bot.errors import UserError
from cogs._answers import Interaction

Target = discord.TextChannel | discord.Thread | discord.ForumChannel

_POSTING = ("view_channel", "read_message_history")


def joined_server(interaction: Interaction) -> discord.Guild | None:
    """The server where this happens, if the bot is in it, and not just somebody there who has installed it.

    discord.py 2.7.1 makes a server up that it does not know, and the bot a member of it: only its list tells.
    """
    return interaction.client.get_guild(interaction.guild_id) if interaction.guild_id else None


def target(interaction: Interaction, named: Target | None) -> Target:
    """The channel that was named, else the one where this happens. Raises UserError where nothing can be posted."""
    channel = named or interaction.channel
    if joined_server(interaction) is None:
        raise UserError("I post only in servers that I was added to. Add me to this server first.")
    if not isinstance(channel, Target):
        raise UserError("I can post in text, announcement and forum channels and in threads. Name one of those.")
    return channel


async def found_target(interaction: Interaction, channel_id: int) -> Target | None:
    """The channel with this number in the server where this happens; None where the bot sees none.

    Threads that are archived, as one is between two weekly digests, only Discord itself still knows.
    """
    guild = require_server(interaction)
    place = guild.get_channel_or_thread(channel_id)
    if place is None:
        with suppress(discord.DiscordException):
            place = await guild.fetch_channel(channel_id)
    return place if isinstance(place, Target) else None


async def known_target(interaction: Interaction, channel_id: int) -> Target:
    """The same. Raises UserError where there is none."""
    place = await found_target(interaction, channel_id)
    if place is None:
        raise UserError("I cannot see that channel any more. Name another one.")
    return place


def require_manager(interaction: Interaction, channel: Target, server: ServerSettings) -> None:
    """Raises UserError unless this person may manage that channel, or has the role that the server named for this."""
    person = interaction.user
    if not isinstance(person, discord.Member) or not _manages(person, channel, server):
        role = channel.guild.get_role(server.manager_role_id) if server.manager_role_id else None
        or_role = f", or the role {role.name}," if role else ""
        raise UserError(f"You need the permission Manage Channels{or_role} in #{channel.name} for this.")


def _manages(person: discord.Member, channel: Target, server: ServerSettings) -> bool:
    allowed = channel.permissions_for(person)
    has_role = server.manager_role_id is not None and person.get_role(server.manager_role_id) is not None
    return allowed.manage_channels or (has_role and allowed.view_channel)


def is_moderator(interaction: Interaction, server: ServerSettings) -> bool:
    """Whether this person may decide for the whole server: manages it or its channels, or has the role for it."""
    person = interaction.user
    if not isinstance(person, discord.Member):
        return False
    allowed = person.guild_permissions
    has_role = server.manager_role_id is not None and person.get_role(server.manager_role_id) is not None
    return allowed.manage_channels or allowed.manage_guild or has_role


def require_mentionable(interaction: Interaction, channel: Target, role_id: int | None) -> None:
    """Raises UserError unless this person, and the bot, may mention that role there."""
    if role_id is None:
        return
    role, person = channel.guild.get_role(role_id), interaction.user
    if role is None:
        raise UserError("The role to ping is not in this server any more. Choose another, or none.")
    if role.is_default():
        raise UserError("I ping nobody but a role that people choose to have. Name another role than everyone.")
    if role.mentionable:
        return
    may = isinstance(person, discord.Member) and channel.permissions_for(person).mention_everyone
    if not may or not channel.permissions_for(channel.guild.me).mention_everyone:
        who = "I" if may else "You"
        raise UserError(
            f"{who} may not mention the role {role.name} in #{channel.name}. In the server's settings under Roles, "
            f"allow anyone to mention it, or grant {'me' if may else 'yourself'} Mention Everyone."
        )


def unpinged(channel: Target, role_id: int | None, *, again: str) -> list[str]:
    """Why a role that was chosen is not pinged there, in a sentence; `again` is the command that chooses another."""
    if role_id is None:
        return []
    role = channel.guild.get_role(role_id)
    if role is None:
        return [f"The role to ping is gone: choose another with {again}, or `no_ping`."]
    if role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone:
        return []
    return [f"I may not mention <@&{role.id}>, so nobody is pinged: allow anyone to mention it."]


def require_sight(interaction: Interaction, channel: Target) -> None:
    """Raises UserError unless this person can see that channel."""
    person = interaction.user
    if not isinstance(person, discord.Member) or not _sees(person, channel, interaction.channel_id):
        raise UserError("You cannot see that channel. Name one that you can.")


def _sees(person: discord.Member, channel: discord.abc.GuildChannel | discord.Thread, here: int | None) -> bool:
    """Whether they can, as far as is known: of private threads they see the one they are in, or all as moderators."""
    allowed = channel.permissions_for(person)
    is_open = not isinstance(channel, discord.Thread) or not channel.is_private()
    return allowed.view_channel and (is_open or allowed.manage_threads or channel.id == here)


def require_server(
    interaction: Interaction,
    why: str = "Topics bring papers to the channels of servers that I was added to. Ask me again in a channel of one.",
) -> discord.Guild:
    """The server where this happens. Raises UserError, saying why, where there is none, or I am not in it."""
    guild = joined_server(interaction)
    if guild is None:
        raise UserError(why)
    return guild


def forums(interaction: Interaction) -> frozenset[int]:
    """The channels of this server that are forums."""
    return frozenset(each.id for each in interaction.guild.forums) if interaction.guild else frozenset()


def may_see(interaction: Interaction, channel_id: int) -> bool:
    """Whether this person can see that channel of the server; one that is gone is seen by who manages."""
    guild, person = interaction.guild, interaction.user
    if guild is None or not isinstance(person, discord.Member):
        return False
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        allowed = person.guild_permissions
        return channel_id == interaction.channel_id or allowed.manage_guild or allowed.manage_channels
    return _sees(person, channel, interaction.channel_id)


def require_postable(channel: Target, *, has_threads: bool = False, pins: bool = False) -> None:
    """Raises UserError naming each permission that the bot lacks to post so there, and to know what it has posted."""
    if isinstance(channel, discord.ForumChannel) and (has_threads or pins):
        what = "threads" if has_threads else "pinning"
        raise UserError(f"In #{channel.name} each paper is a post of its own already. Leave {what} out.")
    if isinstance(channel, discord.Thread) and has_threads:
        raise UserError(f"#{channel.name} is a thread, which has no threads of its own. Leave threads out.")
    if missing := lacking(channel, has_threads=has_threads, pins=pins):
        parent = channel.parent if isinstance(channel, discord.Thread) else None
        whose = f"the settings of #{parent.name}" if parent is not None else "the channel's settings"
        raise UserError(
            f"In #{channel.name} I need {', '.join(missing)}. Grant that to my role in {whose}, under Permissions."
        )


def lacking(channel: Target, *, has_threads: bool = False, pins: bool = False) -> list[str]:
    """The permissions that the bot lacks to post so there, by their names in the settings of Discord."""
    allowed = channel.permissions_for(channel.guild.me)
    in_thread, in_forum = isinstance(channel, discord.Thread), is_of_forum(channel)
    return lacking_of(allowed, in_thread=in_thread, in_forum=in_forum, has_threads=has_threads, pins=pins)


def is_of_forum(channel: object) -> bool:
    """Whether this is a forum or a post in one."""
    place = channel.parent if isinstance(channel, discord.Thread) else channel
    return isinstance(place, discord.ForumChannel)


def lacking_of(
    allowed: discord.Permissions,
    *,
    in_thread: bool = False,
    in_forum: bool = False,
    has_threads: bool = False,
    pins: bool = False,
    has_pictures: bool = False,
) -> list[str]:
    """What these permissions lack for posting so, by their names in the settings of Discord."""
    needed = [*_POSTING, "send_messages_in_threads" if in_thread else "send_messages"]
    needed += ["create_public_threads"] if has_threads else []
    needed += ["pin_messages"] if pins else []
    needed += ["attach_files"] if has_pictures else []
    return [permission_words(each, in_forum=in_forum) for each in needed if not getattr(allowed, each)]
