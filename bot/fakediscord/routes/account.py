"""Who the bot is, where its gateway is, and its direct messages."""

from bot.fakediscord import errors, render
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.stage import Stage
from bot.fakediscord.starts import RESET_SECONDS
from bot.fakediscord.wire import Json, snowflake


async def _me(call: Call) -> Json:
    return {**render.user(call.stage.world.bot), "verified": True, "mfa_enabled": False, "locale": "en-US"}


async def _user(call: Call) -> Json:
    return render.user(call.stage.world.user(call.id("user_id")))


async def _my_guilds(call: Call) -> list[Json]:
    told = []
    for guild in call.stage.world.bot_guilds():
        bits = str(int(guild.everyone.permissions))
        about: Json = {"id": str(guild.id), "name": guild.name, "icon": None, "banner": None, "features": []}
        told.append({**about, "owner": False, "permissions": bits})
    return told


async def _application(call: Call) -> Json:
    return application(call.stage)


def application(stage: Stage) -> Json:
    """The bot's application, as its owner registered it."""
    bot = stage.world.bot
    return {
        "id": str(bot.id),
        "name": bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": render.user(bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "owner": render.user(stage.world.owner),
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": len(stage.world.bot_guilds()),
    }


async def _gateway(call: Call) -> Json:
    starts = call.stage.gateway.starts
    limit = {
        "total": starts.total,
        "remaining": starts.remaining,
        "reset_after": int(RESET_SECONDS * 1000),
        "max_concurrency": starts.at_once,
    }
    return {"url": call.stage.gateway.url, "shards": starts.shards, "session_start_limit": limit}


async def _open_dm(call: Call) -> Json:
    user = call.stage.world.users.get(snowflake(call.fields.get("recipient_id")) or 0)
    if user is None or user.bot:
        raise errors.cannot_message_user() if user else errors.unknown_user()
    return render.channel(call.stage.world.dm_with(user))


ROUTES = (
    Route(method="GET", template="/users/@me", answer=_me),
    Route(method="GET", template="/users/@me/guilds", answer=_my_guilds),
    Route(method="POST", template="/users/@me/channels", answer=_open_dm),
    Route(method="GET", template="/users/{user_id}", answer=_user),
    Route(method="GET", template="/applications/@me", answer=_application),
    Route(method="GET", template="/oauth2/applications/@me", answer=_application),
    Route(method="GET", template="/gateway/bot", answer=_gateway),
)
