"""What people do about nominations, by whichever command, button or menu: who may do it, and the answers."""

import logging
import re

import discord

from bot.domain.nominations import Nomination, Step
from bot.domain.papers import KnownPaper
from bot.errors import UserError
from bot.services.library import Library
from bot.services.nominating import Nominating, Waiting
from bot.services.servers import Servers
from cogs._answers import Interaction, answer, in_time, replace, settle
from cogs._entries import Then
from cogs._layout import Layout
from cogs._meant import meant
from cogs._named import named_papers
from cogs._nomination_ids import LOGGED, nominate_id
from cogs._nominations import decided, nominated, queue, to_approve, which
from cogs._outcomes import EXPECTED
from cogs._targets import is_moderator, require_server

_log = logging.getLogger(__name__)

_WHY = "Nominations are for the paper of the day of a server that I was added to. Use this in a channel of one."
_NOMINATE = Then(label="Nominate", custom_id=nominate_id)
MOST_NAMED = 25
"""Papers of a message among which one is chosen: as many as a menu holds."""


class NominationDesk:
    """Nominates, shows the line, and does what its buttons say."""

    def __init__(self, nominating: Nominating, library: Library, servers: Servers) -> None:
        self._nominating = nominating
        self._library = library
        self._servers = servers

    async def nominate(self, interaction: Interaction, typed: str) -> None:
        """Nominate the paper that somebody typed."""
        require_server(interaction, _WHY)
        if known := await meant(interaction, self._library, typed, _NOMINATE):
            await self._nominate(interaction, known)

    async def nominate_from(self, interaction: Interaction, text: str) -> None:
        """Nominate the one paper that a text names, or ask which."""
        require_server(interaction, _WHY)
        named = await in_time(interaction, self._library.named_in(text, limit=MOST_NAMED))
        if not named.papers:
            await answer(interaction, named_papers(named))
        elif len(named.papers) == 1:
            await self._nominate(interaction, named.papers[0])
        else:
            await answer(interaction, which(named))

    async def nominate_number(self, interaction: Interaction, number: int) -> None:
        """Nominate the paper with this number."""
        require_server(interaction, _WHY)
        await self._nominate(interaction, await in_time(interaction, self._library.require(number)))

    async def queue(self, interaction: Interaction, page: int = 0, *, again: bool = False) -> None:
        """Show a page of the line, `again` in place of the one whose button was pressed."""
        layout = await in_time(interaction, self._queue(interaction, page), quietly=again)
        await (replace(interaction, layout) if again else answer(interaction, layout))

    async def act(self, interaction: Interaction, match: re.Match[str]) -> None:
        """Do what a button about a nomination says, and show what is so then."""
        if match["page"] == LOGGED:
            await settle(interaction, await in_time(interaction, self._decide(interaction, match), quietly=True))
            return
        await in_time(interaction, self._do(interaction, match), quietly=True)
        await self.queue(interaction, int(match["page"]), again=True)

    async def _nominate(self, interaction: Interaction, known: KnownPaper) -> None:
        guild = require_server(interaction, _WHY)
        waiting, layout = await in_time(interaction, self._nominated(interaction, guild.id, known))
        await answer(interaction, layout)
        if waiting.place is None:
            await self._tell_moderators(guild, waiting)

    async def _nominated(self, interaction: Interaction, guild_id: int, known: KnownPaper) -> tuple[Waiting, Layout]:
        waiting = await self._nominating.nominate(
            known, guild_id=guild_id, person_id=interaction.user.id, may_decide=await self._may_decide(interaction)
        )
        return waiting, nominated(waiting, has_days=await self._nominating.has_days(guild_id))

    async def _tell_moderators(self, guild: discord.Guild, waiting: Waiting) -> None:
        """Ask where the server is told things; where that cannot be, the nomination waits in the line all the same."""
        channel_id = (await self._servers.settings(guild.id)).log_channel_id
        channel = guild.get_channel(channel_id) if channel_id else None
        if not isinstance(channel, discord.TextChannel):
            return
        try:
            await channel.send(view=to_approve(waiting), silent=True)
        except EXPECTED as error:
            _log.info("moderators not asked channel=%d error=%s", channel.id, type(error).__name__)

    async def _queue(self, interaction: Interaction, page: int) -> Layout:
        guild = require_server(interaction, _WHY)
        shown = await self._nominating.line(guild.id, page)
        return queue(shown, may_decide=await self._may_decide(interaction), person_id=interaction.user.id)

    async def _decide(self, interaction: Interaction, match: re.Match[str]) -> Layout:
        found = await self._do(interaction, match)
        known = await self._library.require(found.paper_id) if found else None
        return decided(found, known.paper.title) if found and known else await self._queue(interaction, 0)

    async def _do(self, interaction: Interaction, match: re.Match[str]) -> Nomination | None:
        """Do it; the nomination as it is then, where somebody decided about it."""
        guild, person_id, number = require_server(interaction, _WHY), interaction.user.id, int(match["nomination"])
        may_decide = await self._may_decide(interaction)
        if match["action"] == "remove":
            return await self._nominating.remove(number, guild_id=guild.id, person_id=person_id, may_decide=may_decide)
        if not may_decide:
            raise UserError("You need the permission Manage Channels in this server, or its manager role, for this.")
        match match["action"]:
            case "approve":
                return await self._nominating.approve(number, guild_id=guild.id, person_id=person_id)
            case "reject":
                return await self._nominating.reject(number, guild_id=guild.id, person_id=person_id)
            case step:
                await self._nominating.move(number, Step(step), guild_id=guild.id)
                return None

    async def _may_decide(self, interaction: Interaction) -> bool:
        guild = require_server(interaction, _WHY)
        return is_moderator(interaction, await self._servers.settings(guild.id))
