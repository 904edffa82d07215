"""How a cog answers: in time, privately unless shared, and with choices while a person types."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

import discord
from discord import app_commands

from bot.client import PaperboyClient
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
        if not task.done():
            await interaction.response.defer(ephemeral=not quietly, thinking=not quietly)
        return await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


async def answer(interaction: Interaction, layout: Layout, *, private: bool = True) -> None:
    """Answer with a new message."""
    if interaction.response.is_done():
        await interaction.followup.send(view=layout, ephemeral=private)
    else:
        await interaction.response.send_message(view=layout, ephemeral=private)


async def replace(interaction: Interaction, layout: Layout) -> None:
    """Put the layout in place of the message whose button was pressed; a public one is left, and answered privately."""
    message = interaction.message
    if message is None or not message.flags.ephemeral:
        await answer(interaction, layout)
    elif interaction.response.is_done():
        await interaction.edit_original_response(view=layout)
    else:
        await interaction.response.edit_message(view=layout)


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
