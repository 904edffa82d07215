"""Registering the bot's commands, for everywhere or for one guild."""

from bot.fakediscord import errors
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.rules.commands import check_command, check_commands
from bot.fakediscord.stage import Happening
from bot.fakediscord.wire import Json

_NULLABLE = ("name_localizations", "description_localizations")


def _scope(call: Call) -> dict[int, Json]:
    """The registered commands that this request is about. Raises ApiError."""
    world = call.stage.world
    if call.id("application_id") != world.bot.id:
        raise errors.missing_access()
    if "guild_id" not in call.params:
        return world.commands[None]
    return world.commands.setdefault(world.guild(call.id("guild_id")).id, {})


def _register(call: Call, given: Json, *, old: Json | None) -> Json:
    """A command as Discord keeps it; one of the same name and kind keeps its id."""
    kind = given.get("type") or 1
    needed = given.get("default_member_permissions")
    kept: Json = {
        "id": old["id"] if old else str(call.stage.world.ids.next()),
        "application_id": str(call.stage.world.bot.id),
        "version": str(call.stage.world.ids.next()),
        "type": kind,
        "name": given["name"],
        "description": (given.get("description") or "") if kind == 1 else "",
        "default_member_permissions": None if needed is None else str(needed),
        "dm_permission": given.get("dm_permission") is not False,
        "contexts": given.get("contexts"),
        "integration_types": given.get("integration_types") or [0],
        "nsfw": bool(given.get("nsfw")),
    }
    kept |= {name: given.get(name) for name in _NULLABLE}
    if given.get("options"):
        kept["options"] = given["options"]
    if "guild_id" in call.params:
        kept["guild_id"] = call.params["guild_id"]
        kept["contexts"] = [0]
    elif kept["contexts"] is None:
        kept["contexts"] = [0, 1, 2] if kept["dm_permission"] else [0]
    return kept


def _same(scope: dict[int, Json], given: Json) -> Json | None:
    wanted = (given.get("type") or 1, given["name"])
    return next((each for each in scope.values() if (each["type"], each["name"]) == wanted), None)


async def _list(call: Call) -> list[Json]:
    return list(_scope(call).values())


async def _replace(call: Call) -> list[Json]:
    scope = _scope(call)
    kept = [_register(call, each, old=_same(scope, each)) for each in check_commands(call.body)]
    scope.clear()
    scope.update({int(each["id"]): each for each in kept})
    call.stage.tell(Happening(name="commands"))
    return kept


async def _create(call: Call) -> Json:
    scope = _scope(call)
    given = check_command(call.body)
    kept = _register(call, given, old=_same(scope, given))
    scope[int(kept["id"])] = kept
    call.stage.tell(Happening(name="commands"))
    return kept


async def _edit(call: Call) -> Json:
    scope, old = _scope(call), _known(call)
    kept = _register(call, check_command({**old, **call.fields}), old=old)
    scope[int(kept["id"])] = kept
    call.stage.tell(Happening(name="commands"))
    return kept


def _known(call: Call) -> Json:
    command = _scope(call).get(call.id("command_id"))
    if command is None:
        raise errors.unknown_command()
    return command


async def _get(call: Call) -> Json:
    return _known(call)


async def _delete(call: Call) -> None:
    del _scope(call)[int(_known(call)["id"])]
    call.stage.tell(Happening(name="commands"))


def _routes(base: str) -> tuple[Route, ...]:
    return (
        Route(method="GET", template=base, answer=_list),
        Route(method="PUT", template=base, answer=_replace),
        Route(method="POST", template=base, answer=_create),
        Route(method="GET", template=base + "/{command_id}", answer=_get),
        Route(method="PATCH", template=base + "/{command_id}", answer=_edit),
        Route(method="DELETE", template=base + "/{command_id}", answer=_delete),
    )


ROUTES = (
    *_routes("/applications/{application_id}/commands"),
    *_routes("/applications/{application_id}/guilds/{guild_id}/commands"),
)
