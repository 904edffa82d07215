"""The discord.py client, its command tree and the one place where errors meet; knows no command by name."""

import asyncio
import contextlib
import logging
import re
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import aiohttp
import discord
import yarl
from discord import app_commands, ui
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.connections import Connections
from bot.errors import OperatorError, UserError
from bot.services.bundle import Services
from bot.watching import Watch

_log = logging.getLogger(__name__)

Interaction = discord.Interaction["PaperboyClient"]
AnswerPress = Callable[[Interaction, re.Match[str]], Awaitable[None]]
AnswerForm = Callable[[Interaction, re.Match[str], Mapping[str, str]], Awaitable[None]]
"""Takes what was filled in, by the custom_id of each field; of a menu, what was chosen, and nothing else."""

_EXPIRED, _ALREADY_ANSWERED = 10062, 40060
"""Codes for an interaction older than its 3 seconds, and for one whose answer Discord has got (facts.md)."""

_BROKEN_OFF = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, discord.DiscordServerError)
"""What discord.py 2.7.1 raises at once when a connection is cut, or Discord answers 503."""

_LONGEST_RATE_LIMIT = 30.0
"""Seconds that the library waits where Discord is asked too often; it raises what would take longer."""

_LONGEST_QUESTION = 20
"""Seconds that Discord may take to tell the time."""

_LONGEST_SENTENCE = 600
"""Characters of an error that are shown; escaped they stay within the 2,000 of a message."""


def point_at(api_url: str, gateway_url: str) -> None:
    """Make discord.py speak to another server, and not of voice; `api_url` ends in `/api/v10`. For the whole process.

    Route.BASE and DEFAULT_GATEWAY are class-wide and undocumented (seen in discord.py 2.7.1), which is
    why pyproject.toml pins it. The gateway's READY must name its own `resume_gateway_url`.
    """
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def unreached_because(error: BaseException | None) -> str:
    """Why Discord was not reached, such as `discord.com: Name or service not known`."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"{error.host}: {error.strerror}"
    return str(error).partition("\n")[0][:200] or type(error).__name__


async def answered(send: Callable[[], Awaitable[object]]) -> None:
    """Send the first answer to an interaction, once more where the connection breaks off: Discord takes it only once.

    Not for follow-ups, of which it would take two.
    """
    try:
        await send()
    except _BROKEN_OFF:
        try:
            await send()
        except discord.HTTPException as error:
            if error.code != _ALREADY_ANSWERED:
                raise


def custom_ids(message: discord.Message | None) -> list[str]:
    """The custom_id of every button and menu of a message, in reading order."""
    return list(_custom_ids(message.components)) if message else []


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for each in components:
        if isinstance(each, discord.Button | discord.SelectMenu) and each.custom_id:
            yield each.custom_id
        yield from _custom_ids(getattr(each, "children", ()))
        if accessory := getattr(each, "accessory", None):
            yield from _custom_ids([accessory])


def chosen(interaction: Interaction) -> list[str]:
    """What was chosen in the menu that this is about."""
    told: Mapping[str, Any] = interaction.data or {}
    return [str(each) for each in told.get("values", ())]


def _filled_in(components: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The fields of a form as they were sent, each with what was written or chosen in it."""
    for each in components:
        yield from _filled_in([each["component"]] if "component" in each else each.get("components", ()))
        if "custom_id" in each:
            yield each["custom_id"], each["value"] if "value" in each else ",".join(each.get("values", ()))


class _Pressed(ui.DynamicItem[ui.Item[Any]], template=r"(?!)"):
    """A button or menu that was used; every template has a subclass of its own, as discord.py wants it."""

    def __init__(self, item: ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(item, match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await self.answer(interaction)
        except Exception as error:
            await interaction.client.answer_error(interaction, error)

    async def answer(self, interaction: Interaction) -> None:
        raise NotImplementedError


class PaperboyTree(app_commands.CommandTree["PaperboyClient"]):
    """Slash commands whose errors go where all errors go."""

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        await self.client.answer_error(interaction, error)


class PaperboyClient(commands.AutoShardedBot):
    """The bot on Discord: no privileged intents, pings nobody, remembers no messages and no members.

    Its `connections` are made and ended one by one: `connect` and `run` of discord.py are not for it.

    `escape` turns plain text into markdown that shows it. `new_reference` makes the short codes by which
    people quote a fault. `patience` is how many seconds a person waits before they see "thinking".
    `watch` sees every request.
    """

    def __init__(
        self,
        *,
        services: Services,
        escape: Callable[[str], str],
        new_reference: Callable[[], str] = lambda: secrets.token_hex(3),
        patience: float = 1.5,
        watch: Watch | None = None,
    ) -> None:
        self.watch = watch or Watch(lambda: datetime.now(UTC))
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=PaperboyTree,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.01,  # nothing here waits until every server was told
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT,
            http_trace=self.watch.trace(),
        )
        self.connections = Connections(self)
        self.watch.ask = self._ask_time
        self.watch.held_back = self._let_go_on_after
        self.services = services
        self.patience = patience
        self._escape = escape
        self._new_reference = new_reference
        self._templates: list[re.Pattern[str]] = []
        self._forms: list[tuple[re.Pattern[str], AnswerForm]] = []

    async def setup_hook(self) -> None:
        """Tell Discord our commands, which changes nothing where they are the same."""
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait for the shard's turn to identify."""
        await self.connections.before_identify(shard_id or 0)

    async def on_shard_ready(self, shard_id: int) -> None:
        """All servers of a shard were told."""
        self.connections.note_known(shard_id)

    def is_ready(self) -> bool:
        """Whether the servers of some shard are known, and it is ours."""
        return bool(self.connections.at_hand.ids)

    @property
    def is_connected(self) -> bool:
        """Whether it hears from Discord on every shard it is to hear of, as far as it knows."""
        return self.connections.joined <= self.connections.connected

    def _let_go_on_after(self, wait: timedelta) -> None:
        """See to it that requests go on then: discord.py 2.7.1 holds all of them back until the one that was told to
        wait has waited, and for ever where that one is cancelled meanwhile.
        """
        asyncio.get_running_loop().call_later(wait.total_seconds() + 1, self.http._global_over.set)

    async def _ask_time(self) -> None:
        """Ask Discord who we are, for the time that its answer states; where it does not answer, that says nothing."""
        with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError):
            async with asyncio.timeout(_LONGEST_QUESTION):
                await self.http.request(Route("GET", "/users/@me"))

    def answer_presses(self, template: str, answer_press: AnswerPress) -> None:
        """From now on, answer every use of a button or menu whose whole custom_id matches the template.

        No message or view is remembered for it, so a button works after a restart and years later.
        """

        class Pressed(_Pressed, template=template):
            async def answer(self, interaction: Interaction) -> None:
                await answer_press(interaction, self.match)

        self.add_dynamic_items(Pressed)
        self._templates.append(re.compile(template))

    def answer_forms(self, template: str, answer_form: AnswerForm) -> None:
        """From now on, answer every form (a modal) that is sent and whose whole custom_id matches the template."""
        self._forms.append((re.compile(template), answer_form))

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer forms, and the presses that nothing else will answer."""
        if interaction.type is discord.InteractionType.modal_submit:
            try:
                await self._answer_form(interaction)
            except Exception as error:
                await self.answer_error(interaction, error)
        if interaction.type is discord.InteractionType.component and not self._knows(interaction):
            sentence = "I no longer know this button. Start again with /search, or look at /help."
            await self.answer_error(interaction, UserError(sentence))

    async def _answer_form(self, interaction: Interaction) -> None:
        told: Mapping[str, Any] = interaction.data or {}
        for template, answer_form in self._forms:
            if match := template.fullmatch(interaction.custom_id or ""):
                await answer_form(interaction, match, dict(_filled_in(told.get("components", ()))))
                return
        raise UserError("I no longer know this form. Type the command again, or look at /help.")

    def _knows(self, interaction: Interaction) -> bool:
        pressed = interaction.custom_id or ""
        known = any(each.fullmatch(pressed) for each in self._templates)
        return known and pressed in custom_ids(interaction.message)

    async def answer_error(self, interaction: Interaction, error: Exception) -> None:
        """Tell the person, privately, what went wrong in one sentence, and log what an operator must see."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.HTTPException) and cause.code in {_EXPIRED, _ALREADY_ANSWERED}:
            _log.info("answer not taken code=%d where=%s", cause.code, _place(interaction))
            return
        try:
            await self._tell(interaction, self._sentence(interaction, cause))
        except Exception:
            _log.warning("error not told where=%s", _place(interaction), exc_info=True)

    def _sentence(self, interaction: Interaction, cause: Exception) -> str:
        match cause:
            case UserError():
                return self._escape(str(cause)[:_LONGEST_SENTENCE])
            case app_commands.MissingPermissions():
                return f"You need the permission {_named(cause.missing_permissions)} here."
            case app_commands.BotMissingPermissions():
                return f"I need the permission {_named(cause.missing_permissions)} here; ask someone who can grant it."
            case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
                return "This command has changed. Restart your Discord app, then type it again."
        reference = self.log_fault(cause, _place(interaction))
        if isinstance(cause, OperatorError):
            return f"I cannot work just now; why is noted under reference {reference}. Try again in a minute."
        return f"Something went wrong on my side; it is noted under reference {reference}. Please try again."

    def log_fault(self, error: Exception, place: str) -> str:
        """Log what no person can mend; the reference returned finds it again. What the operator can mend is a line."""
        reference = self._new_reference()
        if isinstance(error, OperatorError):
            _log.error("fault reference=%s where=%s error=%r", reference, place, str(error))
        else:
            _log.error("fault reference=%s where=%s", reference, place, exc_info=error)
        return reference

    async def _tell(self, interaction: Interaction, sentence: str) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        elif interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log what went wrong in an event that nobody waits for."""
        if self.is_closed():
            _log.info("event dropped where=%s: the bot is stopping", event_method)
            return
        if isinstance(error := sys.exception(), Exception):
            self.log_fault(error, event_method)


def _place(interaction: Interaction) -> str:
    """The command, or the kind of button: what people typed is not logged."""
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    return repr(":".join((interaction.custom_id or "").split(":")[:2]))


def _named(permissions: list[str]) -> str:
    return ", ".join(each.replace("guild", "server").replace("_", " ").title() for each in permissions)
