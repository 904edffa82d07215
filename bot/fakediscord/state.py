"""The things a Discord holds - users, guilds, channels, messages - as plain mutable records. They act on nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from bot.fakediscord import layout
from bot.fakediscord.wire import Json

_EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Makes ids that grow, and that hold the time they were made as Discord's do.

    Those made before `open` are of the time of the founding, where there is one: the same each time.
    """

    def __init__(self, now: Callable[[], float], *, founded_at: float | None = None) -> None:
        self._now = now
        self._founded_at = founded_at
        self._last = 0

    def open(self) -> None:
        """End the founding."""
        self._founded_at = None

    def next(self) -> int:
        now = self._now() if self._founded_at is None else self._founded_at
        made = (int(now * 1000) - _EPOCH_MS) << 22
        self._last = max(made, self._last + 1)
        return self._last


class ChannelKind(IntEnum):
    """A channel's type, as the API numbers it."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREADS = frozenset({ChannelKind.ANNOUNCEMENT_THREAD, ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD})
POSTABLE = THREADS | {ChannelKind.TEXT, ChannelKind.DM, ChannelKind.VOICE, ChannelKind.ANNOUNCEMENT}


class MessageKind(IntEnum):
    """A message's type, as the API numbers it."""

    DEFAULT = 0
    PINNED = 6
    REPLY = 19
    SLASH_ANSWER = 20
    MENU_ANSWER = 23


CROSSPOSTED = 1 << 0
SUPPRESS_EMBEDS = 1 << 2
HAS_THREAD = 1 << 5
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    """A person or the bot. `accepts_dms` is their privacy setting; `has_app`: they installed the bot for themselves."""

    id: int
    name: str
    bot: bool = False
    accepts_dms: bool = True
    has_app: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Role:
    id: int
    name: str
    permissions: int = 0
    position: int = 1
    managed: bool = False
    mentionable: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Overwrite:
    """What one role or member is allowed and denied in one channel, as permission bits."""

    target_id: int
    is_member: bool
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    user: User
    joined_at: float
    roles: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Guild:
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict, repr=False)
    channels: dict[int, "Channel"] = field(default_factory=dict, repr=False)
    """Its channels and their threads."""
    members: dict[int, Member] = field(default_factory=dict, repr=False)

    @property
    def everyone(self) -> Role:
        """The role that every member has; its id is the guild's."""
        return self.roles[self.id]


@dataclass(slots=True, kw_only=True, eq=False)
class Tag:
    """A forum's tag."""

    id: int
    name: str


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """A place for messages: in a guild, a thread of a channel, or one person's direct messages with the bot."""

    id: int
    kind: ChannelKind
    name: str
    guild: Guild | None = None
    topic: str | None = None
    position: int = 0
    parent: "Channel | None" = field(default=None, repr=False)
    recipient: User | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict, repr=False)
    messages: dict[int, "Message"] = field(default_factory=dict, repr=False)
    """By id, oldest first; the ephemeral ones with the rest."""
    pins: list[int] = field(default_factory=list, repr=False)
    tags: list[Tag] = field(default_factory=list, repr=False)
    """A forum's tags."""
    requires_tag: bool = False
    applied_tags: list[int] = field(default_factory=list, repr=False)
    owner_id: int = 0
    created_at: float = 0.0
    archived: bool = False
    locked: bool = False
    auto_archive_minutes: int = 1440
    arrivals: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue, repr=False)
    """Public messages of the bot that `next_message` has not returned yet."""

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    async def next_message(self, timeout: float = 3.0) -> "Message":  # noqa: ASYNC109
        """The next public message of the bot here that this has not returned before; waits for it if need be.

        An answer that is still "thinking" counts once it is there. Raises TimeoutError after `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while (message := await self.arrivals.get()).deleted:
                pass
        return message


@dataclass(slots=True, kw_only=True, eq=False)
class Attachment:
    """A file of a message. `url` is where Discord would keep it."""

    id: int
    filename: str
    content: bytes = field(repr=False)
    description: str | None = None

    @property
    def url(self) -> str:
        return f"https://cdn.discordapp.com/attachments/0/{self.id}/{self.filename}"


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """One message as it stands now; edits change it in place."""

    id: int
    channel: Channel = field(repr=False)
    author: User
    created_at: float
    kind: MessageKind = MessageKind.DEFAULT
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    edited_at: float | None = None
    nonce: str | int | None = None
    visible_to: int | None = None
    """The only person who sees it, when it is ephemeral."""
    interaction: Json | None = field(default=None, repr=False)
    """Its `interaction_metadata`, when it answers one."""
    reply_to: int | None = None
    thread: Channel | None = field(default=None, repr=False)
    pinned: bool = False
    deleted: bool = False

    @property
    def text(self) -> str:
        """Everything one can read in it, in order, a line for each piece: content, embeds, text displays."""
        return layout.readable(self.content, self.embeds, self.components)

    @property
    def buttons(self) -> list[layout.Button]:
        """Its buttons, in order."""
        return layout.buttons(self.components)

    @property
    def is_loading(self) -> bool:
        """Whether it only says that the application is thinking."""
        return bool(self.flags & LOADING)
