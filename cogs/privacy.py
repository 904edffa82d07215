"""/privacy: what is kept of a person, to have and to erase; and for admins the end of all that is kept of a server."""

import io
import re
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client import PaperboyClient
from bot.errors import UserError
from bot.services.privacy import Privacy
from cogs._answers import Interaction, answer, in_time, replace
from cogs._layout import Layout, button, lines, row
from cogs._markdown import cut
from cogs._targets import joined_server

_TEMPLATE = r"privacy:(?P<action>erase-server|erase|keep)"
_MOST_BYTES = 8_000_000
"""Of a file that may be sent everywhere; an export of half a million votes is as long."""


class PrivacyCog(commands.GroupCog, group_name="privacy", group_description="What I keep of you, to have and to erase"):
    """What people may ask about themselves. A button asks who pressed it, and is checked anew."""

    def __init__(self, privacy: Privacy) -> None:
        super().__init__()
        self._privacy = privacy

    @app_commands.command(name="export", description="Get all that I keep of you, as a file")
    async def export(self, interaction: Interaction) -> None:
        told = await in_time(interaction, self._privacy.export(interaction.user.id))
        if len(content := told.encode()) > _MOST_BYTES:
            raise UserError("That is too much for a file here. Ask whoever runs me: `paperboy privacy export`.")
        file = discord.File(io.BytesIO(content), "paperboy-privacy.json")
        head = lines("### What I keep of you", "Numbers of servers, channels, papers and times; no names, no messages.")
        erase = button("Erase it …", "privacy:erase-asked")
        await answer(interaction, Layout(head, ui.File[Any](file), *row([erase])), files=[file])

    @app_commands.command(name="erase", description="Erase all that I keep of you, in all servers")
    async def erase(self, interaction: Interaction) -> None:
        await answer(interaction, _asked())

    @app_commands.command(name="erase-server", description="Erase all that I keep of this server; you must manage it")
    async def erase_server(self, interaction: Interaction) -> None:
        guild = _managed(interaction)
        told = (
            "Its topics, papers of the day, nominations, votes and settings, and what is on record of what was posted. "
            "What is posted in its channels stays there. It cannot be taken back."
        )
        head = lines(f"### Erase all that I keep of {cut(guild.name, 100)}?", told)
        buttons = [button("Erase this server", "privacy:erase-server"), button("Keep it", "privacy:keep", main=True)]
        await answer(interaction, Layout(head, *row(buttons)))

    async def ask(self, interaction: Interaction, _: re.Match[str]) -> None:
        await replace(interaction, _asked())

    async def decide(self, interaction: Interaction, match: re.Match[str]) -> None:
        """Do what the button says."""
        match match["action"]:
            case "erase":
                gone = await in_time(interaction, self._privacy.erase(interaction.user.id), quietly=True)
                told = f"Nothing of you is left with me; {_entries(gone)}."
            case "erase-server":
                guild = _managed(interaction)
                gone = await in_time(interaction, self._privacy.erase_server(guild.id), quietly=True)
                told = f"Nothing of this server is left with me; {_entries(gone)}. `/topic follow` begins anew."
            case _:
                told = "Nothing was erased."
        await replace(interaction, Layout(lines(told)))


def _entries(gone: int) -> str:
    return f"{gone:,} {'entry' if gone == 1 else 'entries'} spoke of it" if gone else "there was nothing"


def _asked() -> Layout:
    told = (
        "Your votes and nominations go, in all servers. Topics and papers of the day that you set up stay with their "
        "channels, under nobody's name. It cannot be taken back."
    )
    buttons = [button("Erase me", "privacy:erase"), button("Keep it", "privacy:keep", main=True)]
    return Layout(lines("### Erase all that I keep of you?", told), *row(buttons))


def _managed(interaction: Interaction) -> discord.Guild:
    """The server, which this person may manage. Raises UserError."""
    guild = joined_server(interaction)
    if guild is None:
        raise UserError("I keep nothing of servers that I was not added to.")
    if not interaction.permissions.manage_guild:
        raise UserError("You need the permission Manage Server for this.")
    return guild


async def setup(bot: PaperboyClient) -> None:
    cog = PrivacyCog(bot.services.privacy)
    await bot.add_cog(cog)
    bot.answer_presses("privacy:erase-asked", cog.ask)
    bot.answer_presses(_TEMPLATE, cog.decide)
