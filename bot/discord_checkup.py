"""Asks Discord, over HTTP alone, whether the token holds, the clock is right and the bot may post where it should.

It never connects to the gateway, so that it stands beside a running bot.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import discord

from bot.client import point_at, unreached_because
from bot.config import Settings
from bot.domain.clock_checks import wrong_clock
from bot.domain.findings import Finding, attention, fine, unchecked
from bot.errors import EX_CONFIG, OperatorError
from bot.watching import Watch
from cogs._targets import lacking_of

SECONDS = 60
"""How long the whole of it may take."""

_INTENTS = discord.Intents(guilds=True)
"""Those of the bot; discord.py warns where there are none, though no gateway is asked here."""
_UNREACHABLE = (aiohttp.ClientError, discord.DiscordException, OSError, TimeoutError)
_PRIVILEGED = {
    "Presence": ("gateway_presence", "gateway_presence_limited"),
    "Server Members": ("gateway_guild_members", "gateway_guild_members_limited"),
    "Message Content": ("gateway_message_content", "gateway_message_content_limited"),
}
_MOST_TOLD = 50
_REFUSED = "Discord refuses the token. Copy it again from the Developer Portal (Bot, Reset Token) and set it."
_IN_THE_WAY = "Unknown while Discord cannot be reached."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel that something is posted in, and what that takes."""

    guild_id: int
    channel_id: int
    has_threads: bool = False
    pins: bool = False


async def check_discord(
    settings: Settings, places: Collection[Place], *, application_id: int | None = None
) -> list[Finding]:
    """What Discord says of the token, the clock and the places. Never raises for what it says or does."""
    point_at(settings.discord.api_url, settings.discord.gateway_url)
    watch = Watch(lambda: datetime.now(UTC))
    client = discord.Client(intents=_INTENTS, max_ratelimit_timeout=30, http_trace=watch.trace())
    found: list[Finding] = []
    try:
        async with asyncio.timeout(SECONDS), client:
            await client.login(settings.discord.token.get_secret_value())
            found.append(_token(await client.application_info(), client, application_id))
            found.append(_clock(watch))
            found.extend(await _permissions(client, places))
    except discord.LoginFailure:
        found.append(attention("token", _REFUSED, is_setting=True))
    except _UNREACHABLE as error:
        matter = "token" if not found else "permissions"
        found.append(attention(matter, _unreachable(error)))
    looked_at = {each.matter for each in found}
    found.extend(unchecked(each, _IN_THE_WAY) for each in ("clock", "permissions") if each not in looked_at)
    return found


async def application_of(settings: Settings) -> int:
    """The application that the token is of. Raises OperatorError where Discord does not tell."""
    point_at(settings.discord.api_url, settings.discord.gateway_url)
    try:
        async with asyncio.timeout(SECONDS), discord.Client(intents=_INTENTS) as client:
            await client.login(settings.discord.token.get_secret_value())
            return (await client.application_info()).id
    except discord.LoginFailure:
        raise OperatorError(_REFUSED, exit_code=EX_CONFIG) from None
    except _UNREACHABLE as error:
        raise OperatorError(_unreachable(error)) from None


def _unreachable(error: BaseException) -> str:
    return f"Discord cannot be reached ({unreached_because(error)}): check the network connection, or try again later."


def _token(info: discord.AppInfo, client: discord.Client, application_id: int | None) -> Finding:
    if application_id is not None and application_id != info.id:
        told = (
            f"The token is of application {info.id}, the database of {application_id}: "
            "set that bot's token, or name another database."
        )
        return attention("token", told, is_setting=True)
    granted = [name for name, flags in _PRIVILEGED.items() if any(getattr(info.flags, each) for each in flags)]
    unneeded = f" It needs no {' and no '.join(granted)} Intent: you may switch that off." if granted else ""
    return fine("token", f"Discord knows it as {client.user} (application {info.id}).{unneeded}")


def _clock(watch: Watch) -> Finding:
    now = datetime.now(UTC)
    wrong, off = watch.time.wrong_by(), watch.time.off(now)
    if wrong is not None:
        told = wrong_clock(wrong)
        return attention("clock", f"{told[:1].upper()}{told[1:]}")
    if off is None:
        return unchecked("clock", "Discord's answers state no time.")
    return fine("clock", f"Within {max(1, abs(round(off.total_seconds())))} s of Discord's.")


async def _permissions(client: discord.Client, places: Collection[Place]) -> list[Finding]:
    """What is lacking where; one finding for all that are well."""
    by_guild: dict[int, list[Place]] = {}
    for each in places:
        by_guild.setdefault(each.guild_id, []).append(each)
    found: list[Finding] = []
    for guild_id, some in sorted(by_guild.items()):
        found.extend(await _in_server(client, guild_id, some))
    if len(found) > _MOST_TOLD:
        more = attention("permissions", f"and {len(found) - _MOST_TOLD:,} more, in servers after these.")
        found = [*found[:_MOST_TOLD], more]
    if not found:
        told = (
            f"Nothing lacks in the {len(places):,} channels that I post in." if places else "I post in no channel yet."
        )
        found.append(fine("permissions", told))
    return found


async def _in_server(client: discord.Client, guild_id: int, places: Sequence[Place]) -> list[Finding]:
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        me = await guild.fetch_member(client.user.id if client.user else 0)
        channels = {each.id: each for each in await guild.fetch_channels()}
        known = set(channels)
        threads = [] if all(each.channel_id in known for each in places) else await guild.active_threads()
    except (discord.NotFound, discord.Forbidden):
        told = f"I am not in server {guild_id} any more, in which {len(places):,} channels have something set up."
        return [attention("permissions", f"{told} Add me again, or it is forgotten 30 days after I left.")]
    parents = {each.id: each.parent_id for each in threads}
    return list(_lacking(guild, me, channels, parents, places))


def _lacking(
    guild: discord.Guild,
    me: discord.Member,
    channels: Mapping[int, discord.abc.GuildChannel],
    parents: Mapping[int, int],
    places: Sequence[Place],
) -> Iterator[Finding]:
    """What is lacking in the channels of one server; a thread goes by the channel it is in."""
    for each in places:
        channel = channels.get(parents.get(each.channel_id, each.channel_id))
        if channel is None:
            told = f"{guild.name}: the channel {each.channel_id} is gone, archived or hidden from me."
            yield attention("permissions", f"{told} Set up there again what was, or elsewhere.")
            continue
        allowed = channel.permissions_for(me)
        in_thread = each.channel_id in parents
        missing = lacking_of(allowed, in_thread=in_thread, has_threads=each.has_threads, pins=each.pins)
        if missing:
            told = f"{guild.name}, #{channel.name}: grant {', '.join(missing)} to my role there."
            yield attention("permissions", told)
