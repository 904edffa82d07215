"""Where things happen: messages are posted, edited and removed here, and everyone who may know of it is told.

Trusts its callers to have checked rules and permissions.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict, Unpack

from bot.fakediscord import permissions, render
from bot.fakediscord.compose import Draft, revise
from bot.fakediscord.gateway import Gateway, Intent
from bot.fakediscord.interactions import Interaction, Interactions
from bot.fakediscord.starts import Starts
from bot.fakediscord.state import EPHEMERAL, LOADING, Channel, Message, MessageKind, User
from bot.fakediscord.uploads import Upload
from bot.fakediscord.wire import Json
from bot.fakediscord.world import World

NONCE_SECONDS = 120.0
"""How long a nonce keeps a message from being made twice, unless told otherwise: "the past few minutes"."""

_SYSTEM = frozenset({MessageKind.PINNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that a person looking on may notice; without a message it concerns everyone."""

    name: str
    message: Message | None = None


class StageOptions(TypedDict, total=False):
    """How a stage can be set up."""

    clock: Callable[[], float]
    """Counts deadlines, in seconds from anywhere; without it, the machine's own."""
    now: Callable[[], float]
    """Tells the time of day as a Unix time; without it, the machine's own."""
    bot_name: str
    founded_at: float
    """A Unix time that all ids are of until the world's ids are opened: the same ones each time; now without it."""
    strict_mentions: bool
    """Whether every message must say what it may mention, and may ping only ids named one by one; true without it."""
    privileged_intents: int
    """The privileged intents that this bot was granted; none without it."""
    answer_within: float
    """Seconds in which an interaction must be answered; Discord's 3 without it."""
    nonce_seconds: float
    """How long a nonce keeps a message from being made twice; 120 without it."""
    shards: int
    """How many shards the bot is told to have; 1 without it."""
    max_concurrency: int
    """How many of its shards may identify in the same five seconds; 1 without it."""
    session_starts: int
    """How many sessions may begin; 1,000 without it."""
    identify_limit: bool
    """Whether one that identifies too early or too often is refused; false without it."""


class Stage:
    """A world, the gateway that reports from it, and the clocks they go by."""

    def __init__(self, **options: Unpack[StageOptions]) -> None:
        self.clock = options.get("clock", time.monotonic)
        self.world = World(
            options.get("now", time.time),
            bot_name=options.get("bot_name", "Paperboy"),
            founded_at=options.get("founded_at"),
        )
        self.strict_mentions = options.get("strict_mentions", True)
        self.privileged_intents = options.get("privileged_intents", 0)
        self.bad_tokens: set[str] = set()
        """Tokens that Discord refuses; every other is accepted."""
        self.violations: list[str] = []
        """What no bot should ever have sent, a sentence each."""
        starts = Starts(
            clock=self.clock,
            violations=self.violations,
            shards=options.get("shards", 1),
            at_once=options.get("max_concurrency", 1),
            total=options.get("session_starts", 1000),
            enforced=options.get("identify_limit", False),
        )
        accepts, privileged = self.accepts_token, self.privileged_intents
        self.gateway = Gateway(self.world, accepts=accepts, privileged=privileged, starts=starts)
        self.gateway.on_change = lambda: self.tell(Happening(name="bot_online"))
        self.interactions = Interactions(self.clock, answer_within=options.get("answer_within", 3.0))
        self._watchers: set[asyncio.Queue[Happening | None]] = set()
        self._nonce_seconds = options.get("nonce_seconds", NONCE_SECONDS)
        self._nonces: dict[tuple[int, str | int], tuple[float, Message]] = {}

    def accepts_token(self, token: str) -> bool:
        return bool(token) and token not in self.bad_tokens

    def take_violations(self) -> list[str]:
        """The violations so far, which then no longer count."""
        taken = self.violations[:]
        self.violations.clear()
        return taken

    @contextmanager
    def watched(self) -> Iterator["asyncio.Queue[Happening | None]"]:
        """What happens from now on; None means that the server is stopping."""
        queue: asyncio.Queue[Happening | None] = asyncio.Queue()
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)

    def tell(self, happening: Happening | None) -> None:
        for queue in self._watchers:
            queue.put_nowait(happening)

    def post(
        self,
        channel: Channel,
        author: User,
        draft: Draft,
        *,
        kind: MessageKind = MessageKind.DEFAULT,
        interaction: Interaction | None = None,
        nonce: str | int | None = None,
        reply_to: int | None = None,
        message_id: int | None = None,
    ) -> Message:
        """Make a message; with the ephemeral flag only the interaction's person ever sees it."""
        message = Message(
            id=message_id or self.world.ids.next(),
            channel=channel,
            author=author,
            created_at=self.world.now(),
            kind=kind,
            content=draft.content,
            embeds=draft.embeds,
            components=draft.components,
            attachments=draft.attachments,
            flags=draft.flags,
            nonce=nonce,
            reply_to=reply_to,
        )
        if interaction is not None:
            message.interaction = interaction.metadata
            message.visible_to = interaction.user.id if draft.flags & EPHEMERAL else None
        channel.archived = False
        channel.messages[message.id] = message
        self._report("MESSAGE_CREATE", message)
        self._arrive(message)
        return message

    def _arrive(self, message: Message) -> None:
        self.tell(Happening(name="message", message=message))
        if message.author.bot and message.visible_to is None and not message.is_loading and message.kind not in _SYSTEM:
            message.channel.arrivals.put_nowait(message)

    def edit(self, message: Message, body: Json, uploads: list[Upload]) -> None:
        """Change what the body names; a message that was only loading has then arrived."""
        was_loading = message.is_loading
        revise(message, body, uploads, self.world.ids)
        message.flags &= ~LOADING
        message.edited_at = self.world.now()
        self._report("MESSAGE_UPDATE", message)
        if was_loading and message.author.bot and message.visible_to is None:
            message.channel.arrivals.put_nowait(message)
        self.tell(Happening(name="message_edited", message=message))

    def touch(self, message: Message) -> None:
        """Tell that something about the message changed that is not its text: a pin, a thread."""
        self._report("MESSAGE_UPDATE", message)
        self.tell(Happening(name="message_edited", message=message))

    def remove(self, message: Message) -> None:
        channel = message.channel
        message.deleted = True
        channel.messages.pop(message.id, None)
        if message.pinned:
            channel.pins.remove(message.id)
        if message.visible_to is None:
            gone = {"id": str(message.id), "channel_id": str(channel.id)}
            self.report_in(channel, "MESSAGE_DELETE", gone, guild=Intent.GUILD_MESSAGES)
        self.tell(Happening(name="message_deleted", message=message))

    def hides_text(self, message: Message) -> bool:
        """Whether the bot gets this message without its text: it has no message content intent."""
        if message.author.id == self.world.bot.id or message.channel.guild is None:
            return False
        named = f"<@{self.world.bot.id}>" in message.content
        return not (named or self.privileged_intents & Intent.MESSAGE_CONTENT)

    def seen_by_bot(self, message: Message) -> Json:
        return render.message(message, hide_text=self.hides_text(message))

    def _report(self, event: str, message: Message) -> None:
        if message.visible_to is None:
            told = render.message_event(message, hide_text=self.hides_text(message))
            self.report_in(message.channel, event, told, guild=Intent.GUILD_MESSAGES)

    def report_in(self, channel: Channel, event: str, body: Json, *, guild: Intent) -> None:
        """Tell the bot of an event in a channel that it sees; `guild` is the intent where it is in a guild."""
        if channel.guild is None:
            self.gateway.dispatch(event, body, guild_id=None, intent=Intent.DIRECT_MESSAGES)
        elif permissions.in_channel(channel, self.world.me_in(channel)):
            told = {**body, "guild_id": str(channel.guild.id)}
            self.gateway.dispatch(event, told, guild_id=channel.guild.id, intent=guild)

    def remember_nonce(self, message: Message) -> None:
        if message.nonce is not None:
            self._nonces[message.author.id, message.nonce] = (self.clock(), message)

    def made_with_nonce(self, author: User, nonce: str | int) -> Message | None:
        """The message this author made with this nonce in the last minutes, deleted or not."""
        horizon = self.clock() - self._nonce_seconds
        while self._nonces and next(iter(self._nonces.values()))[0] < horizon:
            del self._nonces[next(iter(self._nonces))]
        made = self._nonces.get((author.id, nonce))
        return made[1] if made else None
