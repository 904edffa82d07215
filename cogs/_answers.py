"""How a cog answers: in time, privately unless shared, and with choices while a person types."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

import discord
from discord import app_commands, ui

from bot.client import PaperboyClient, answered
from bot.errors import UserError
from bot.services.search import Suggestion
from cogs._layout import Layout
from cogs._markdown import plain, units

Interaction = discord.Interaction[PaperboyClient]
Result = TypeVar("Result")

_MOST_CHOICES = 25
_LONGEST_CHOICE = 100
_TYPING_PATIENCE = 2.0
"""Seconds after which choices would come too late: Discord takes them for 3."""


async def in_time(interaction: Interaction, work: Awaitable[Result], *, quietly: bool = False) -> Result:
    """What the work results in. Where it takes long, the person sees "thinking" meanwhile.

    `quietly` is for a press that may change its own message or post a public one: nothing is shown then.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=interaction.client.patience)
        if not task.done() and not interaction.response.is_done():
            await answered(partial(interaction.response.defer, ephemeral=not quietly, thinking=not quietly))
        return await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


async def answer(
    interaction: Interaction, layout: Layout, *, private: bool = True, files: Sequence[discord.File] = ()
) -> None:
    """Answer with a new message."""
    if interaction.response.is_done():
        await interaction.followup.send(view=layout, ephemeral=private, files=files)
    else:
        await _first(partial(interaction.response.send_message, view=layout, ephemeral=private, files=files), files)


async def replace(interaction: Interaction, layout: Layout, *, files: Sequence[discord.File] = ()) -> None:
    """Put the layout and files in place of the message whose button was pressed.

    A public message is left as it is, and answered privately.
    """
    if _is_private(interaction.message):
        await _put(interaction, layout, files)
    else:
        await answer(interaction, layout, files=files)


async def share(interaction: Interaction, layout: Layout) -> None:
    """Post the layout for everyone. The button pressed for it, in a private message, then reads "Shared" for good.

    The button goes first, so that nobody shares twice by pressing twice; it comes back where posting fails.
    """
    message = interaction.message
    if message is None or not _is_private(message):
        await answer(interaction, layout, private=False)
        return
    await _put(interaction, _as_it_is(message, shared=interaction.custom_id))
    try:
        await interaction.followup.send(view=layout)
    except Exception:
        await _put(interaction, _as_it_is(message))
        raise


async def relabel(interaction: Interaction, label: str) -> None:
    """Write this on the button that was pressed, in its message, whoever sees that."""
    message = interaction.message
    if message is not None:
        await _put(interaction, _as_it_is(message, relabelled=interaction.custom_id, label=label))


async def settle(interaction: Interaction, layout: Layout) -> None:
    """Put the layout in place of the message whose button was pressed, whoever sees that."""
    await _put(interaction, layout)


def _is_private(message: discord.Message | None) -> bool:
    return message is not None and message.flags.ephemeral


async def _put(interaction: Interaction, view: ui.LayoutView, files: Sequence[discord.File] = ()) -> None:
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, attachments=files)
    else:
        await _first(partial(interaction.response.edit_message, view=view, attachments=files), files)


async def _first(send: Callable[[], Awaitable[object]], files: Sequence[discord.File]) -> None:
    """The first answer; one with files is sent but once, for sending closes them."""
    await (send() if files else answered(send))


def _as_it_is(
    message: discord.Message, *, shared: str | None = None, relabelled: str | None = None, label: str = ""
) -> ui.LayoutView:
    """The message again, but for two buttons by their custom_ids: `shared` says "Shared", `relabelled` the label."""
    view = ui.LayoutView.from_message(message, timeout=None)
    view.stop()
    assert isinstance(view, ui.LayoutView)  # noqa: S101 (what the library promises of every message of ours)
    for each in view.walk_children():
        if isinstance(each, ui.Button) and shared is not None and each.custom_id == shared:
            each.label, each.disabled = "Shared", True
        if isinstance(each, ui.Button) and relabelled is not None and each.custom_id == relabelled:
            each.label = label
    return view


async def choices(
    interaction: Interaction, suggesting: Awaitable[Iterable[Suggestion]]
) -> list[app_commands.Choice[str]]:
    """What a person may pick while typing; empty where it fails or takes too long."""
    try:
        async with asyncio.timeout(_TYPING_PATIENCE):
            suggestions = await suggesting
    except Exception as error:
        interaction.client.log_fault(error, "autocomplete")
        return []
    named = {each.value: plain(each.label, _LONGEST_CHOICE) for each in suggestions if _is_sendable(each.value)}
    return [app_commands.Choice(name=name, value=value) for value, name in named.items() if name][:_MOST_CHOICES]


def _is_sendable(value: str) -> bool:
    return value.isprintable() and 0 < units(value) <= _LONGEST_CHOICE


def require_speech(interaction: Interaction) -> None:
    """Raises UserError, naming the permission, unless this person and the bot may post where this happens."""
    if interaction.guild_id is None:
        return
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = "send_messages_in_threads" if in_thread else "send_messages"
    name = needed.replace("_", " ").title()
    if not getattr(interaction.permissions, needed):
        raise UserError(f"You need the permission {name} to share here.")
    if interaction.is_user_integration() and not interaction.is_guild_integration():
        if not interaction.permissions.use_external_apps:
            raise UserError("You need the permission Use External Apps to share here.")
    elif not getattr(interaction.app_permissions, needed):
        raise UserError(f"I need the permission {name} to share here; ask someone who can grant it.")
