"""Finds the command a person types among those the bot registered, and fills its options in as a client would.

Refuses what a client does not let a person send.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.fakediscord import permissions, render
from bot.fakediscord.answers import Refused
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import Channel, Guild, Member, Message, Role, User
from bot.fakediscord.wire import Json, is_count, snowflake, units
from bot.fakediscord.world import World

GUILD_INSTALL, USER_INSTALL = 0, 1
"""The integration types: a guild has the command, or a person does wherever they are."""

_CONTAINERS = (1, 2)
_MOST_TYPED = 6000
_MOST_INTEGER = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCommand:
    """A registered command, the subcommand path into it, and the options of what the path leads to."""

    command: Json
    path: tuple[Json, ...]
    options: tuple[Json, ...]

    @property
    def name(self) -> str:
        """Its whole name as a person types it: `topic follow`."""
        return " ".join(each["name"] for each in (self.command, *self.path))

    def option(self, name: str) -> Json:
        """Raises Refused, naming the options there are."""
        for each in self.options:
            if each["name"] == name:
                return each
        known = ", ".join(each["name"] for each in self.options) or "none"
        raise Refused(f"/{self.name} has no option {name!r}; it has: {known}")


def find_command(world: World, channel: Channel, user: User, name: str, kind: int = 1) -> FoundCommand:
    """The command of this kind and name that a person can use in the channel. Raises Refused, naming those known."""
    usable = commands_in(world, channel, user)
    first, *rest = name.split() if kind == 1 else [name]
    command = next((each for each in usable if each["name"] == first and each["type"] == kind), None)
    if command is None:
        known = ", ".join(sorted(each["name"] for each in usable if each["type"] == kind)) or "none"
        raise Refused(f"no command {name!r} is registered here; there are: {known}")
    options = command.get("options") or []
    path = []
    for step in rest:
        inner = next((each for each in options if each["name"] == step and each["type"] in _CONTAINERS), None)
        if inner is None:
            raise Refused(f"/{command['name']} has no subcommand {step!r}")
        path.append(inner)
        options = inner.get("options") or []
    if any(each["type"] in _CONTAINERS for each in options):
        known = ", ".join(each["name"] for each in options)
        raise Refused(f"/{name} is not a whole command; it goes on with: {known}")
    return FoundCommand(command=command, path=tuple(path), options=tuple(options))


def commands_in(world: World, channel: Channel, user: User | None = None) -> list[Json]:
    """The commands that exist in the channel; a guild's own hide global ones of the same name and kind.

    In a guild those of a bot that is in it, and those that the person has installed for themselves.
    """
    found: dict[tuple[int, str], Json] = {}
    scopes = [None, channel.guild.id] if channel.guild else [None]
    context = 0 if channel.guild else 1
    for scope in scopes:
        for each in world.commands.get(scope, {}).values():
            if context in (each["contexts"] or [context]) and installed(world, channel, user, each):
                found[each["type"], each["name"]] = each
    return list(found.values())


def installed(world: World, channel: Channel, user: User | None, command: Json) -> dict[str, str]:
    """For whom the command used in the channel is installed: its `authorizing_integration_owners`, empty for nobody.

    Key 0 stands for the guild, 1 for the person: docs.discord.com/developers/interactions/receiving-and-responding.
    """
    kinds, owners = command.get("integration_types") or [GUILD_INSTALL], dict[str, str]()
    if GUILD_INSTALL in kinds and (channel.guild is None or world.me_in(channel)):
        owners[str(GUILD_INSTALL)] = str(channel.guild.id) if channel.guild else "0"
    if USER_INSTALL in kinds and user is not None and user.has_app:
        owners[str(USER_INSTALL)] = str(user.id)
    return owners


def check_allowed(found: FoundCommand, channel: Channel, member: Member | None) -> None:
    """Raises Refused when the person may not use the command in the channel."""
    if channel.guild is None:
        return
    allowed = permissions.in_channel(channel, member)
    if not allowed & Permission.USE_APPLICATION_COMMANDS:
        raise Refused(f"may not use application commands in #{channel.name}")
    needed = found.command["default_member_permissions"]
    if needed is not None and not _grants(allowed, int(needed)):
        raise Refused(f"may not use /{found.name}: that needs {permissions.spelt(int(needed))}")


def _grants(allowed: Permission, needed: int) -> bool:
    """Whether these permissions are enough; needing none at all means that only administrators may."""
    return allowed == permissions.ALL if needed == 0 else allowed & needed == needed


@dataclass(slots=True, kw_only=True)
class Filling:
    """Options being filled in, and the full records of the people, channels and roles they name."""

    world: World
    guild: Guild | None
    viewer: Member | None
    """Whose permissions a resolved channel carries."""
    resolved: dict[str, Json] = field(default_factory=dict)

    def fill(self, found: FoundCommand, given: Mapping[str, object], *, partial: bool = False) -> list[Json]:
        """The options as the bot is told them. Raises Refused; `partial` while the person still types."""
        filled = [
            self._fill_one(found, found.option(name), value) for name, value in given.items() if value is not None
        ]
        missing = {each["name"] for each in found.options if each.get("required")} - {each["name"] for each in filled}
        if missing and not partial:
            raise Refused(f"/{found.name} needs {', '.join(sorted(missing))}")
        return filled

    def with_resolved(self, told: Json) -> Json:
        """What the bot is told, with the records that its values name."""
        return {**told, "resolved": self.resolved} if self.resolved else told

    def _fill_one(self, found: FoundCommand, option: Json, value: object) -> Json:
        try:
            fitting = self._fitting(option, value)
        except ValueError as error:
            raise Refused(f"/{found.name}: {option['name']} {error}") from None
        return {"name": option["name"], "type": option["type"], "value": fitting}

    def _fitting(self, option: Json, value: object) -> Any:
        """The value as the option's type wants it. Raises ValueError saying what it must be."""
        if option.get("choices"):
            return _chosen(option["choices"], value)
        fits: dict[int, Callable[[Json, object], object]] = {
            3: _typed,
            4: _numeric,
            5: _yes_or_no,
            6: self._user,
            7: self._channel,
            8: self._role,
            9: self._mentionable,
            10: _numeric,
        }
        if option["type"] not in fits:
            raise ValueError("takes a file, which people here cannot attach")
        return fits[option["type"]](option, value)

    def _user(self, _: Json, value: object) -> str:
        user = self.world.users.get(_id_of(value))
        if user is None:
            raise ValueError("must be a person")
        self.add_user(user)
        return str(user.id)

    def add_user(self, user: User) -> None:
        """Resolve a user, and their membership where there is a guild."""
        self.resolved.setdefault("users", {})[str(user.id)] = render.user(user)
        if self.guild and (member := self.guild.members.get(user.id)):
            bits = str(int(permissions.in_guild(self.guild, member)))
            told = render.bare_member(member) | {"permissions": bits}
            self.resolved.setdefault("members", {})[str(user.id)] = told

    def _channel(self, option: Json, value: object) -> str:
        channel = self.guild.channels.get(_id_of(value)) if self.guild else None
        if channel is None:
            raise ValueError("must be a channel of this server")
        kinds = option.get("channel_types")
        if kinds and channel.kind not in kinds:
            raise ValueError(f"cannot be #{channel.name}: its type {channel.kind} is not among {kinds}")
        self.resolved.setdefault("channels", {})[str(channel.id)] = render.channel_seen_by(channel, self.viewer)
        return str(channel.id)

    def _role(self, _: Json, value: object) -> str:
        role = self.guild.roles.get(_id_of(value)) if self.guild else None
        if role is None:
            raise ValueError("must be a role of this server")
        self.resolved.setdefault("roles", {})[str(role.id)] = render.role(role)
        return str(role.id)

    def _mentionable(self, option: Json, value: object) -> str:
        return self._role(option, value) if isinstance(value, Role) else self._user(option, value)

    def pick(self, kind: int, value: object, select: Json) -> str:
        """One value of a select menu that lists people, roles or channels. Raises ValueError."""
        return str(self._fitting({**select, "type": {5: 6, 6: 8, 7: 9, 8: 7}[kind]}, value))


def used_menu(found: FoundCommand, message: Message) -> Json:
    """What the bot is told when a menu command is used on a message; its text is always there."""
    return {
        **typed_command(found),
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): render.message(message)}},
    }


def typed_command(found: FoundCommand, filled: list[Json] | None = None) -> Json:
    """The `data` of a command interaction, the options nested along the subcommand path."""
    options = filled or []
    for step in reversed(found.path):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    told: Json = {"id": found.command["id"], "name": found.command["name"], "type": found.command["type"]}
    if options:
        told["options"] = options
    if found.command.get("guild_id"):
        told["guild_id"] = found.command["guild_id"]
    return told


def _chosen(choices: list[Json], value: object) -> object:
    for each in choices:
        if value in (each["name"], each["value"]):
            return each["value"]
    raise ValueError(f"must be one of: {', '.join(each['name'] for each in choices)}")


def _yes_or_no(_: Json, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _typed(option: Json, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be text")
    least, most = option.get("min_length") or 1, option.get("max_length") or _MOST_TYPED
    if not least <= units(value) <= most:
        raise ValueError(f"must be {least} to {most} characters long")
    return value


def _numeric(option: Json, value: object) -> int | float:
    if isinstance(value, float) and option["type"] == 10:
        number: int | float = value
    elif is_count(value):
        number = value
    else:
        raise ValueError("must be a whole number" if option["type"] == 4 else "must be a number")
    least, most = option.get("min_value"), option.get("max_value")
    if number < (-_MOST_INTEGER if least is None else least) or number > (_MOST_INTEGER if most is None else most):
        raise ValueError(f"must lie between {least} and {most}")
    return number


def _id_of(value: object) -> int:
    """The id of a record, or the one spelt by a number or digits; 0 for anything else."""
    return snowflake(getattr(value, "id", value)) or 0
