"""The paper of the day once a channel has it: one more, skipped dates, the end, how it stands and what it has had.

Each step checks permissions anew.
"""

import re
from collections.abc import Sequence
from datetime import date

from bot.domain.daily_words import date_of, written_date
from bot.domain.schedules import Schedule
from bot.errors import UserError
from bot.services.daily import Daily
from bot.services.daily_previews import BY_HAND, DailyPreviews
from bot.services.daily_records import DailyRecords
from bot.services.library import Library
from bot.services.recaps import Recaps
from bot.services.search import Suggestion
from bot.services.servers import Servers
from cogs._answers import Interaction, answer, in_time, replace
from cogs._daily_ids import daily_id, unskip_id
from cogs._daily_lists import MOST_GONE, history_layout, none_layout, standing_layout
from cogs._daily_preview import one_more_layout
from cogs._daily_rights import manages_daily, require_daily_manager, troubles
from cogs._layout import Layout, button, lines, row
from cogs._markdown import clean
from cogs._targets import (
    Target,
    forums,
    found_target,
    is_moderator,
    known_target,
    may_see,
    require_postable,
    require_server,
    require_sight,
)

_OFFERED_DATES, _TOLD_SKIPS = 25, 5


class Desk:
    """Where papers of the day are looked at, asked for and left out."""

    def __init__(
        self,
        daily: Daily,
        recaps: Recaps,
        records: DailyRecords,
        previews: DailyPreviews,
        servers: Servers,
        library: Library,
    ) -> None:
        self._daily = daily
        self._recaps = recaps
        self._records = records
        self._previews = previews
        self._servers = servers
        self._library = library

    async def offer_now(self, interaction: Interaction, place: Target, paper: str | None) -> None:
        """Answer with a paper that may be posted at once: the one that was typed, else the best by now."""
        schedule = await self._managed(interaction, place)
        require_postable(place, has_threads=schedule.has_thread)
        named = await in_time(interaction, self._library.resolve(clean(paper).strip())) if paper else None
        found = await in_time(interaction, self._previews.one_more(schedule, paper=named))
        await answer(
            interaction, one_more_layout(found, place, [] if named else [found.paper.id], await self._ahead(schedule))
        )

    async def skip(self, interaction: Interaction, place: Target, typed: str | None) -> None:
        """Leave out the date that was typed, else the next one; one that is left out already can be taken back."""
        schedule = await self._managed(interaction, place)
        on = date_of(typed, self._previews.today(schedule)) if typed else None
        if on is not None and on in await self._daily.skips(schedule):
            await answer(interaction, _skipped_layout(place.id, on, "is skipped already: nothing is posted then."))
            return
        skipping = self._daily.skip(place.id, on, guild_id=place.guild.id, person_id=interaction.user.id)
        on = await in_time(interaction, skipping)
        following = await self._daily.next_dates(schedule, 1)
        then = f" The next one comes on {written_date(following[0].on)}." if following else ""
        await answer(interaction, _skipped_layout(place.id, on, f"is skipped.{then}"))

    async def stop(self, interaction: Interaction, place: Target) -> None:
        """Post nothing more."""
        await self._managed(interaction, place)
        await in_time(interaction, self._daily.stop(place.id, guild_id=place.guild.id))
        await answer(interaction, _stopped_layout(place.id))

    async def look(self, interaction: Interaction, place: Target, *, instead: bool = False) -> None:
        """Answer with how it stands; `instead` of the message whose button was pressed."""
        require_sight(interaction, place)
        shown = await in_time(interaction, self._standing(interaction, place), quietly=instead)
        await (replace if instead else answer)(interaction, shown)

    async def history(self, interaction: Interaction, place: Target, page: int, *, instead: bool = False) -> None:
        """Answer with a page (0-based) of what the channel has had."""
        require_sight(interaction, place)
        shown = await in_time(interaction, self._history(interaction, place, page), quietly=instead)
        await (replace if instead else answer)(interaction, shown)

    async def suggest_dates(self, interaction: Interaction, channel_id: int, typed: str) -> list[Suggestion]:
        """The next dates of a channel's paper of the day, those first that hold what was typed."""
        if interaction.guild_id is None or not may_see(interaction, channel_id):
            return []
        schedule = await self._daily.get(channel_id, guild_id=interaction.guild_id)
        if schedule is None or schedule.stopped_at is not None:
            return []
        skips = await self._daily.skips(schedule)
        dates = [*skips, *[each.on for each in await self._daily.next_dates(schedule, _OFFERED_DATES)]]
        told = [
            Suggestion(
                label=written_date(on) + (" · skipped already, can be taken back" if on in skips else ""),
                value=on.isoformat(),
            )
            for on in sorted(dates)
        ]
        wanted = typed.strip().casefold()
        return [each for each in told if wanted in each.label.casefold() or wanted in each.value]

    # What is pressed and sent

    async def post_now(self, interaction: Interaction, match: re.Match[str]) -> None:
        place = await _place(interaction, match)
        schedule = await self._managed(interaction, place)
        require_postable(place, has_threads=schedule.has_thread)
        known = await in_time(interaction, self._library.require(int(match["paper"])), quietly=True)
        guild, person = place.guild.id, interaction.user.id
        because = BY_HAND
        if match["shown"]:
            others = [int(each) for each in match["shown"].split(".") if int(each) != known.id]
            chosen = self._previews.because(schedule, known, avoiding=others)
            because = await in_time(interaction, chosen, quietly=True)
        posting = self._daily.post_now(place.id, known, because, guild_id=guild, person_id=person)
        await in_time(interaction, posting, quietly=True)
        told = f"It is on its way to <#{place.id}> as one more. {await self._ahead(schedule)}"
        await replace(interaction, Layout(lines(told), *row([button("How it stands", daily_id(place.id, "look"))])))

    async def another(self, interaction: Interaction, match: re.Match[str]) -> None:
        place = await _place(interaction, match)
        schedule = await self._managed(interaction, place)
        shown = [int(each) for each in match["shown"].split(".")]
        found = await in_time(interaction, self._previews.one_more(schedule, avoiding=shown), quietly=True)
        await replace(interaction, one_more_layout(found, place, [*shown, found.paper.id], await self._ahead(schedule)))

    async def unskip(self, interaction: Interaction, match: re.Match[str]) -> None:
        place = await _place(interaction, match)
        await self._managed(interaction, place)
        on = _date(match)
        await in_time(interaction, self._daily.unskip(place.id, on, guild_id=place.guild.id), quietly=True)
        told = f"There will be a paper of the day in <#{place.id}> on **{written_date(on)}** after all."
        await replace(interaction, Layout(lines(told)))

    async def look_again(self, interaction: Interaction, match: re.Match[str]) -> None:
        await self.look(interaction, await _place(interaction, match), instead=True)

    async def turn(self, interaction: Interaction, match: re.Match[str]) -> None:
        await self.history(interaction, await _place(interaction, match), int(match["page"]), instead=True)

    async def stop_pressed(self, interaction: Interaction, match: re.Match[str]) -> None:
        """Stop the one of a channel that may be gone: then whoever decides for the whole server may."""
        guild, channel_id = require_server(interaction), int(match["channel"])
        place = await found_target(interaction, channel_id)
        if place is not None:
            await require_daily_manager(interaction, place, self._servers)
        elif not is_moderator(interaction, await self._servers.settings(guild.id)):
            raise UserError("You need the permission Manage Channels in this server, or its manager role, for this.")
        await in_time(interaction, self._daily.stop(channel_id, guild_id=guild.id), quietly=True)
        await replace(interaction, _stopped_layout(channel_id))

    async def _managed(self, interaction: Interaction, place: Target) -> Schedule:
        """The channel's paper of the day, about which this person may decide. Raises UserError."""
        await require_daily_manager(interaction, place, self._servers)
        return await self._daily.require(place.id, guild_id=place.guild.id)

    async def _ahead(self, schedule: Schedule) -> str:
        """When the next paper of the day comes by itself, and what is skipped before it, in a sentence."""
        dates = await self._daily.next_dates(schedule, 1)
        if not dates:
            return "No paper of the day is to come by itself."
        skips = [written_date(each) for each in await self._daily.skips(schedule) if each < dates[0].on]
        named = ", ".join([*skips[:_TOLD_SKIPS], *(["…"] if len(skips) > _TOLD_SKIPS else [])])
        skipped = f"{named} {'stays' if len(skips) == 1 else 'stay'} skipped; the" if skips else "The"
        return f"{skipped} next paper of the day comes by itself on {written_date(dates[0].on)}."

    async def _standing(self, interaction: Interaction, place: Target) -> Layout:
        guild = place.guild
        manages = await manages_daily(interaction, place, self._servers)
        schedule = await self._daily.get(place.id, guild_id=guild.id)
        if schedule is None:
            every = await self._daily.schedules(guild.id)
            others = [each for each in every if each.channel_id != place.id and may_see(interaction, each.channel_id)]
            return none_layout(place.id, others, may_manage=manages, gone=await self._gone(interaction, others))
        has_ended = schedule.stopped_at is not None
        return standing_layout(
            schedule,
            [] if has_ended else await self._daily.next_dates(schedule),
            await self._records.explained(place.id, guild_id=guild.id),
            skips=[] if has_ended else await self._daily.skips(schedule),
            recap=await self._recaps.standing(schedule),
            wrong=[] if has_ended else troubles(place, schedule),
            is_forum=place.id in forums(interaction),
            may_manage=manages,
        )

    async def _gone(self, interaction: Interaction, others: Sequence[Schedule]) -> list[int]:
        """Those of these channels that I cannot see any more, as many as can be told; archived threads I can."""
        guild = require_server(interaction)
        missing = [each.channel_id for each in others if guild.get_channel_or_thread(each.channel_id) is None]
        return [each for each in missing[:MOST_GONE] if await found_target(interaction, each) is None]

    async def _history(self, interaction: Interaction, place: Target, page: int) -> Layout:
        found = await self._records.history(place.id, page, guild_id=place.guild.id)
        return history_layout(place.id, found, is_forum=place.id in forums(interaction))


async def _place(interaction: Interaction, match: re.Match[str]) -> Target:
    return await known_target(interaction, int(match["channel"]))


def _date(match: re.Match[str]) -> date:
    try:
        return date.fromisoformat(match["on"])
    except ValueError:
        raise UserError("This button has lost its date. Type /daily skip again.") from None


def _skipped_layout(channel_id: int, on: date, told: str) -> Layout:
    back = button("Take it back", unskip_id(channel_id, on))
    return Layout(lines(f"**{written_date(on)}** in <#{channel_id}> {told}"), *row([back]))


def _stopped_layout(channel_id: int) -> Layout:
    told = f"The paper of the day in <#{channel_id}> is stopped. What it has had stays in `/daily history`."
    return Layout(lines(told), *row([button("Start again …", daily_id(channel_id, "again"))]))
