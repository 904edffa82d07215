"""What a member may do, in a guild and in one of its channels. Decides nothing by itself: it only computes.

The order of roles and overwrites: docs.discord.com/developers/topics/permissions#permission-overwrites.
"""

from enum import IntFlag

from bot.fakediscord.state import Channel, Guild, Member, Overwrite


class Permission(IntFlag):
    """The bits that matter to a bot which posts; docs.discord.com/developers/topics/permissions."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


ALL = Permission(sum(Permission))
NOTHING = Permission(0)

READER = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.ADD_REACTIONS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
"""What a new guild lets everyone do."""


def spelt(needed: int) -> str:
    """These permissions as people know them, such as `Manage Server`; Discord's word for a guild is that."""
    names = [str(each.name).replace("GUILD", "SERVER").replace("_", " ").title() for each in Permission(needed)]
    return ", ".join(names) or "an administrator"


def named(**granted: bool) -> Permission:
    """Permissions by their lower-case names: `named(manage_channels=True)`. Raises KeyError for a name that is none."""
    bits = Permission(0)
    for name, given in granted.items():
        bits |= Permission[name.upper()] if given else Permission(0)
    return bits


def in_guild(guild: Guild, member: Member) -> Permission:
    """What the member's roles allow, before any channel has its say."""
    if member.user.id == guild.owner_id:
        return ALL
    bits = guild.everyone.permissions
    for role_id in member.roles:
        if role := guild.roles.get(role_id):
            bits |= role.permissions
    return ALL if bits & Permission.ADMINISTRATOR else Permission(bits)


def in_channel(channel: Channel, member: Member | None) -> Permission:
    """What the member may do in the channel; all of it in a direct message, nothing for who is no member.

    A thread has its parent's overwrites. Without VIEW_CHANNEL nothing else counts.
    """
    if channel.guild is None:
        return ALL
    if member is None:
        return Permission(0)
    bits = in_guild(channel.guild, member)
    if bits & Permission.ADMINISTRATOR:
        return ALL
    overwrites = (channel.parent if channel.is_thread and channel.parent else channel).overwrites
    bits = _with(bits, [overwrites.get(channel.guild.id)])
    bits = _with(bits, [overwrites.get(role_id) for role_id in member.roles])
    bits = _with(bits, [overwrites.get(member.user.id)])
    return bits if bits & Permission.VIEW_CHANNEL else Permission(0)


def _with(bits: Permission, overwrites: list[Overwrite | None]) -> Permission:
    deny = allow = 0
    for each in overwrites:
        if each is not None:
            deny |= each.deny
            allow |= each.allow
    return Permission(bits & ~deny | allow)
