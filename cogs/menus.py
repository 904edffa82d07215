"""What the menu of a message offers for the papers it names. Reads no other message than the one it is used on."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.services.library import Library
from bot.services.voting import Voting
from cogs._answers import Interaction, answer, in_time
from cogs._here import known_here
from cogs._layout import Layout
from cogs._named import MOST_SHOWN, named_papers
from cogs._nominating import NominationDesk
from cogs._written import written_in


class MenuCog(commands.Cog, name="menus"):
    """The commands that are used on a message."""

    def __init__(self, library: Library, voting: Voting, nominations: NominationDesk) -> None:
        self._nominations = nominations
        self._library = library
        self._voting = voting

    async def show_papers(self, interaction: Interaction, message: discord.Message) -> None:
        await answer(interaction, await in_time(interaction, self._shown(interaction, written_in(message))))

    async def nominate(self, interaction: Interaction, message: discord.Message) -> None:
        await self._nominations.nominate_from(interaction, written_in(message))

    async def _shown(self, interaction: Interaction, text: str) -> Layout:
        named = await self._library.named_in(text, limit=MOST_SHOWN)
        if len(named.papers) != 1:
            return named_papers(named)
        return named_papers(named, await known_here(interaction, named.papers[0].id, self._library, self._voting))


def _in_servers(command: app_commands.ContextMenu) -> app_commands.ContextMenu:
    """The command, offered only in servers that the bot is in."""
    command.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
    command.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)
    return command


async def setup(bot: PaperboyClient) -> None:
    services = bot.services
    desk = NominationDesk(services.nominating, services.library, services.servers)
    cog = MenuCog(services.library, services.voting, desk)
    await bot.add_cog(cog)
    bot.tree.add_command(app_commands.ContextMenu(name="Show papers", callback=cog.show_papers))
    bot.tree.add_command(_in_servers(app_commands.ContextMenu(name="Nominate paper", callback=cog.nominate)))
