"""What the menu of a message offers: the papers it names. Reads no other message than the one it is used on."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.services.library import Library
from cogs._answers import Interaction, answer, in_time
from cogs._named import MOST_SHOWN, named_papers
from cogs._written import written_in


class MenuCog(commands.Cog, name="menus"):
    """The commands that are used on a message."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def show_papers(self, interaction: Interaction, message: discord.Message) -> None:
        named = await in_time(interaction, self._library.named_in(written_in(message), limit=MOST_SHOWN))
        await answer(interaction, named_papers(named))


async def setup(bot: PaperboyClient) -> None:
    cog = MenuCog(bot.services.library)
    await bot.add_cog(cog)
    bot.tree.add_command(app_commands.ContextMenu(name="Show papers", callback=cog.show_papers))
