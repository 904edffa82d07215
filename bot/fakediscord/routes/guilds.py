"""Guilds, their channels, roles and members, as the bot reads them."""

from bot.fakediscord import errors, permissions, render
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.state import Guild
from bot.fakediscord.wire import Json


def _guild_in(call: Call) -> Guild:
    return call.stage.world.guild(call.id("guild_id"))


async def _guild(call: Call) -> Json:
    return render.guild(_guild_in(call))


async def _leave(call: Call) -> None:
    guild = _guild_in(call)
    del guild.members[call.stage.world.bot.id]
    call.stage.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id)


async def _channels(call: Call) -> list[Json]:
    return [render.channel(each) for each in _guild_in(call).channels.values() if not each.is_thread]


async def _channel(call: Call) -> Json:
    return render.channel(call.channel())


async def _roles(call: Call) -> list[Json]:
    return [render.role(each) for each in _guild_in(call).roles.values()]


async def _role(call: Call) -> Json:
    role = _guild_in(call).roles.get(call.id("role_id"))
    if role is None:
        raise errors.unknown_role()
    return render.role(role)


async def _member(call: Call) -> Json:
    member = _guild_in(call).members.get(call.id("user_id"))
    if member is None:
        raise errors.unknown_member()
    return render.member(member)


async def _active_threads(call: Call) -> Json:
    guild = _guild_in(call)
    me = guild.members[call.stage.world.bot.id]
    open_ones = [each for each in guild.channels.values() if each.is_thread and not each.archived]
    seen = [render.channel(each) for each in open_ones if permissions.in_channel(each, me)]
    return {"threads": seen, "members": [], "has_more": False}


ROUTES = (
    Route(method="GET", template="/guilds/{guild_id}", answer=_guild),
    Route(method="DELETE", template="/users/@me/guilds/{guild_id}", answer=_leave),
    Route(method="GET", template="/guilds/{guild_id}/channels", answer=_channels),
    Route(method="GET", template="/guilds/{guild_id}/roles", answer=_roles),
    Route(method="GET", template="/guilds/{guild_id}/roles/{role_id}", answer=_role),
    Route(method="GET", template="/guilds/{guild_id}/members/{user_id}", answer=_member),
    Route(method="GET", template="/guilds/{guild_id}/threads/active", answer=_active_threads),
    Route(method="GET", template="/channels/{channel_id}", answer=_channel),
)
