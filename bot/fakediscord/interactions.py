"""Interactions between a person and the bot: each is answered once, in time, and its token lives a quarter of an hour.

docs.discord.com/developers/interactions/receiving-and-responding.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from bot.fakediscord import errors, permissions, render
from bot.fakediscord.state import Channel, Guild, Message, MessageKind, User
from bot.fakediscord.wire import Json
from bot.fakediscord.world import World

TOKEN_SECONDS = 15 * 60
OWNERS = "authorizing_integration_owners"
ATTACHMENT_BYTES = 10 * 1024 * 1024


class InteractionKind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Reply(IntEnum):
    """What an answer does, as the API numbers it."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


DEFERRED = frozenset({Reply.DEFERRED_MESSAGE, Reply.DEFERRED_UPDATE})


@dataclass(slots=True, kw_only=True, eq=False)
class Interaction:
    """One press, command, half-typed option or submitted modal, and what became of it."""

    id: int
    token: str
    kind: InteractionKind
    user: User
    channel: Channel
    told: Json
    """What the person did, which the API calls the interaction's `data`."""
    created_at: float
    """By the clock of deadlines, not the time of day."""
    source: Message | None = None
    """The message that was pressed, or that opened the modal."""
    metadata: Json = field(repr=False)
    """What messages made for it carry as `interaction_metadata`."""
    reply: Reply | None = None
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)
    failed: bool = False
    """Nobody waits for an answer any more."""
    answered: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    """Set at the first answer, or when one came too late."""
    settled: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    """Set when a person sees the answer itself, not only that it is coming."""

    @property
    def guild(self) -> Guild | None:
        return self.channel.guild

    @property
    def answer_kind(self) -> MessageKind:
        """The type of the message that answers it."""
        if self.kind is not InteractionKind.COMMAND:
            return MessageKind.DEFAULT
        return MessageKind.SLASH_ANSWER if self.told["type"] == 1 else MessageKind.MENU_ANSWER

    def answer(self, reply: Reply, *, original: Message | None = None) -> None:
        """Take the first answer."""
        self.reply = reply
        self.original = original
        self.answered.set()
        if reply not in DEFERRED:
            self.settled.set()


class Interactions:
    """The interactions that can still be answered or followed up."""

    def __init__(self, clock: Callable[[], float], *, answer_within: float) -> None:
        self.clock = clock
        self.answer_within = answer_within
        self._by_token: dict[str, Interaction] = {}

    def add(self, interaction: Interaction) -> None:
        self._forget_old()
        self._by_token[interaction.token] = interaction

    def _forget_old(self) -> None:
        """Keep expired ones for one more lifetime: until then their tokens are known to be expired."""
        horizon = self.clock() - 2 * TOKEN_SECONDS
        while self._by_token:
            oldest = next(iter(self._by_token.values()))
            if oldest.created_at > horizon:
                return
            del self._by_token[oldest.token]

    def to_answer(self, interaction_id: int, token: str) -> Interaction:
        """The one that is now being answered. Raises ApiError 40060 when it was, 10062 when it is too late."""
        found = self._by_token.get(token)
        if found is None or found.id != interaction_id:
            raise errors.unknown_interaction()
        if found.reply is not None:
            raise errors.already_acknowledged()
        if found.failed or self.clock() - found.created_at > self.answer_within:
            found.failed = True
            found.answered.set()
            raise errors.unknown_interaction()
        return found

    def to_follow_up(self, token: str) -> Interaction:
        """An answered one whose token lives. Raises ApiError 10015, or 50027 when the token has expired."""
        found = self._by_token.get(token)
        if found is None or found.reply is None:
            raise errors.unknown_webhook()
        if self.clock() - found.created_at > TOKEN_SECONDS:
            raise errors.invalid_webhook_token()
        return found


def new_token() -> str:
    return secrets.token_urlsafe(48)


def metadata(interaction_id: int, kind: InteractionKind, user: User, guild: Guild | None, more: Json) -> Json:
    """The `interaction_metadata` of the messages that an interaction causes."""
    owner = str(guild.id) if guild else "0"
    told = {"id": str(interaction_id), "type": int(kind), "user": render.user(user)}
    return told | {OWNERS: {"0": owner}, **more}


def payload(interaction: Interaction, world: World) -> Json:
    """What INTERACTION_CREATE tells the bot."""
    channel, guild = interaction.channel, interaction.guild
    member = guild.members[interaction.user.id] if guild else None
    me = world.me_in(channel)
    mine = permissions.in_channel(channel, me)
    if guild and me is None:  # installed by the person alone: it may answer as they may write
        mine = permissions.in_channel(channel, member) & permissions.READER
    told: Json = {
        "id": str(interaction.id),
        "application_id": str(world.bot.id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": interaction.told,
        "channel_id": str(channel.id),
        "channel": render.channel_seen_by(channel, member),
        "app_permissions": str(int(mine)),
        "locale": "en-US",
        "entitlements": [],
        OWNERS: interaction.metadata[OWNERS],
        "context": 0 if guild else 1,
        "attachment_size_limit": ATTACHMENT_BYTES,
    }
    if guild is not None and member is not None:
        told |= {"guild_id": str(guild.id), "guild_locale": "en-US"}
        told["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
        told["member"] = render.member(member, allowed=permissions.in_channel(channel, member))
    else:
        told["user"] = render.user(interaction.user)
    if interaction.source is not None:
        told["message"] = render.message(interaction.source)
    return told
