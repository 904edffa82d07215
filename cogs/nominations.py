"""What the buttons and the menu about nominations do. It has no commands."""

import re

from discord.ext import commands

from bot.client import PaperboyClient, chosen
from bot.errors import UserError
from cogs._answers import Interaction
from cogs._nominating import NominationDesk
from cogs._nomination_ids import NOMINATE_MENU, NOMINATE_TEMPLATE, NOMINATION_TEMPLATE, QUEUE_PAGE


class NominationCog(commands.Cog, name="nominations"):
    """Hands what was pressed to the desk."""

    def __init__(self, desk: NominationDesk) -> None:
        self._desk = desk

    async def choose(self, interaction: Interaction, _: re.Match[str]) -> None:
        number = next(iter(chosen(interaction)), "")
        if not re.fullmatch(r"[1-9][0-9]{0,17}", number):
            raise UserError("I no longer know that list. Nominate the paper with /daily nominate.")
        await self._desk.nominate_number(interaction, int(number))

    async def press(self, interaction: Interaction, match: re.Match[str]) -> None:
        await self._desk.nominate_number(interaction, int(match["paper"]))

    async def turn(self, interaction: Interaction, match: re.Match[str]) -> None:
        await self._desk.queue(interaction, int(match["page"]), again=True)

    async def act(self, interaction: Interaction, match: re.Match[str]) -> None:
        await self._desk.act(interaction, match)


async def setup(bot: PaperboyClient) -> None:
    services = bot.services
    cog = NominationCog(NominationDesk(services.nominating, services.library, services.servers))
    await bot.add_cog(cog)
    bot.answer_presses(NOMINATE_MENU, cog.choose)
    bot.answer_presses(NOMINATE_TEMPLATE, cog.press)
    bot.answer_presses(QUEUE_PAGE, cog.turn)
    bot.answer_presses(NOMINATION_TEMPLATE, cog.act)
