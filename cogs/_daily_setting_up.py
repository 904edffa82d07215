"""Setting up a paper of the day: the preview, its buttons and its form, each with its permissions checked anew."""

import re
from collections.abc import Mapping
from functools import partial

from bot.client import answered
from bot.domain.schedules import Schedule
from bot.services.daily import Daily
from bot.services.daily_previews import DailyPreviews
from bot.services.search import Suggestion
from bot.services.servers import Servers
from bot.services.zones import Zones
from cogs._answers import Interaction, answer, in_time, replace
from cogs._daily_choices import Choices, daily_form, filled_in
from cogs._daily_preview import dropped_layout, preview_layout, saved_layout
from cogs._daily_rights import require_daily_manager, require_daily_postable, troubles
from cogs._targets import Target, known_target, target


class SettingUp:
    """Where papers of the day begin and are changed."""

    def __init__(self, daily: Daily, previews: DailyPreviews, servers: Servers, zones: Zones) -> None:
        self._daily = daily
        self._previews = previews
        self._servers = servers
        self._zones = zones

    async def offer(self, interaction: Interaction, place: Target, chosen: Choices) -> None:
        """Answer with the preview of what was chosen, over what the channel has or had."""
        await require_daily_manager(interaction, place, self._servers)
        begun = await self._previews.begun(place.id, guild_id=place.guild.id, person_id=interaction.user.id)
        wanted = await chosen.applied(begun, self._zones)
        require_daily_postable(interaction, place, wanted)
        drafting = self._previews.draft(wanted, person_id=interaction.user.id)
        drafted = await in_time(interaction, drafting)
        await answer(interaction, preview_layout(drafted, place, troubles(place, wanted)))

    async def suggest_zone(self, interaction: Interaction, typed: str) -> list[Suggestion]:
        """The time zones that may be meant, each with the time it is there; the server's first."""
        server = await self._servers.settings(interaction.guild_id or 0)
        return await self._zones.suggest(typed, first=server.zone)

    async def save(self, interaction: Interaction, match: re.Match[str]) -> None:
        wanted, place = await self._draft(interaction, match)
        await require_daily_manager(interaction, place, self._servers)
        require_daily_postable(interaction, place, wanted)
        kept = await in_time(interaction, self._daily.set_up(wanted), quietly=True)
        await replace(interaction, saved_layout(kept, await self._daily.next_dates(kept)))

    async def change(self, interaction: Interaction, match: re.Match[str]) -> None:
        """Opens the form, which nothing may come before."""
        wanted = await self._requiring(interaction, match)
        form = daily_form(wanted, int(match["draft"]))
        await answered(partial(interaction.response.send_modal, form))

    async def changed(self, interaction: Interaction, match: re.Match[str], fields: Mapping[str, str]) -> None:
        before, place = await self._draft(interaction, match)
        await require_daily_manager(interaction, place, self._servers)
        wanted = await filled_in(fields, before, self._zones)
        require_daily_postable(interaction, place, wanted)
        drafting = self._previews.draft(wanted, person_id=interaction.user.id)
        drafted = await in_time(interaction, drafting, quietly=True)
        await replace(interaction, preview_layout(drafted, place, troubles(place, wanted)))

    async def drop(self, interaction: Interaction, _: re.Match[str]) -> None:
        await replace(interaction, dropped_layout())

    async def edit(self, interaction: Interaction, match: re.Match[str]) -> None:
        await self.offer(interaction, await known_target(interaction, int(match["channel"])), Choices())

    async def _draft(self, interaction: Interaction, match: re.Match[str]) -> tuple[Schedule, Target]:
        wanted = await in_time(interaction, self._requiring(interaction, match), quietly=True)
        return wanted, await known_target(interaction, wanted.channel_id)

    async def _requiring(self, interaction: Interaction, match: re.Match[str]) -> Schedule:
        guild = target(interaction, None).guild
        number, person = int(match["draft"]), interaction.user.id
        return await self._daily.require_draft(number, guild_id=guild.id, person_id=person)
