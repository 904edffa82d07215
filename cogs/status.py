"""/status: how papers arrive, what is late, and what this channel got, gets, and is kept from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.domain.clock_checks import wrong_clock
from bot.domain.ledger import FeedState, together
from bot.domain.ledger_words import day_name
from bot.services.daily import Daily
from bot.services.digests import Digests
from bot.services.ledger import FeedStanding, Ledger
from bot.services.library import Library
from bot.services.recaps import Recaps
from bot.services.topics import Topics
from cogs._answers import Interaction, answer, in_time
from cogs._daily_lists import daily_lines
from cogs._daily_rights import troubles
from cogs._deliveries import delivery_lines
from cogs._layout import Layout, lines
from cogs._markdown import cut
from cogs._targets import Target, joined_server
from cogs._topic_rights import topic_troubles

_MOST_LINES = 7
_LONGEST_LINE = 240
"""Units, of which a line's times may take as much again as a third: two lists of them stay within 4,000."""

_LINES_FOR_POSTS = 2
"""Of each list, so that there is room for what is told of posts."""

_MOST_MISSED = 3
_FAR = timedelta(hours=20)
_TIME, _TIME_END = "\ue002", "\ue003"
"""Stand around the number of a time until the text has been escaped: private characters that no markdown knows."""


class StatusCog(commands.Cog, name="status"):
    """What people ask when papers are missing."""

    def __init__(
        self, ledger: Ledger, library: Library, topics: Topics, digests: Digests, daily: Daily, recaps: Recaps
    ) -> None:
        self._ledger = ledger
        self._library = library
        self._topics = topics
        self._digests = digests
        self._daily = daily
        self._recaps = recaps

    @app_commands.command(name="status", description="How papers arrive: what is in, what is late, what comes next")
    async def status(self, interaction: Interaction) -> None:
        standings = await in_time(interaction, self._ledger.standings())
        kept = await self._library.count()
        here = await self._here(interaction)
        now, is_live = self._ledger.now(), self._ledger.is_live
        here = [*_clock_lines(interaction.client.watch.time.wrong_by()), *here]
        await answer(interaction, status_layout(standings, kept, now, is_live=is_live, here=here))

    async def _here(self, interaction: Interaction) -> list[str]:
        """How deliveries to this channel stand; nothing where none can be."""
        server, channel = joined_server(interaction), interaction.channel_id
        if server is None or channel is None:
            return []
        standing = await self._topics.standing(channel)
        followed = await self._topics.followed(guild_id=server.id, channel_id=channel)
        may_see_all = interaction.permissions.manage_guild
        resting = [each for each in await self._topics.resting(server.id) if may_see_all or each.channel_id == channel]
        waiting = await self._digests.waiting(followed, channel)
        told = delivery_lines(standing, len(followed), resting, channel, self._ledger.now(), waiting)
        place = interaction.channel
        is_known = any(each.channel_id == channel for each in resting)
        wrong = topic_troubles(place, followed) if isinstance(place, Target) and not is_known else []
        return [*told, *wrong, *await self._paper_of_the_day(interaction, server.id, channel)]

    async def _paper_of_the_day(self, interaction: Interaction, guild: int, channel: int) -> list[str]:
        """When the next one comes, and what is in the way of it; nothing where the channel never had any."""
        schedule = await self._daily.get(channel, guild_id=guild)
        if schedule is None or schedule.stopped_at is not None:
            return [] if schedule is None else ["Paper of the day: stopped. `/daily here` starts it again."]
        place = interaction.channel
        wrong = troubles(place, schedule) if isinstance(place, Target) else []
        recap = await self._recaps.next_date(schedule)
        return daily_lines(await self._daily.next_dates(schedule, 1), recap, wrong)


def status_layout(
    standings: Sequence[FeedStanding], kept: int, now: datetime, *, is_live: bool, here: Sequence[str] = ()
) -> Layout:
    """How the feeds stand: first those that are well, then those that need attention; and how it is with posts here."""
    most = _MOST_LINES - _LINES_FOR_POSTS if here else _MOST_LINES
    asked = [each for each in standings if is_live or each.days]
    well = [each for each in asked if not each.is_troubled]
    troubled = [each for each in asked if each.is_troubled]
    parts = ["### How papers arrive", _introduction(standings, is_live=is_live), *_listed(well, now, most)]
    parts += ["### Needs attention", *_listed(troubled, now, most)] if troubled else []
    parts += _missed(standings)
    parts += here
    return Layout(lines(*parts, f"-# {kept:,} {'paper' if kept == 1 else 'papers'} kept."))


def _clock_lines(off: timedelta | None) -> list[str]:
    """What is wrong with the clock that I go by, where something is."""
    return [] if off is None else ["### Needs attention", f"{wrong_clock(off)[:1].upper()}{wrong_clock(off)[1:]}"]


def _introduction(standings: Sequence[FeedStanding], *, is_live: bool) -> str:
    if not standings:
        return "No source is set up. Whoever runs me names some in the settings, under `[sources.arxiv_rss]` and so on."
    if is_live:
        return ""
    feeds: dict[str, list[str]] = {}
    for each in standings:
        feeds.setdefault(each.label, []).append(each.feed)
    named = "; ".join(f"{cut(label, 60)} ({cut(', '.join(some), 200)})" for label, some in feeds.items())
    told = "Here no source is asked by itself: try `/search` and `/topic follow` with the papers there are."
    return f"{told} A bot started with `paperboy run` asks: {named}."


def _listed(standings: Sequence[FeedStanding], now: datetime, most: int) -> Iterator[str]:
    """A line for each source whose feeds stand alike, and for each feed that stands by itself."""
    groups: dict[tuple[str, str], list[FeedStanding]] = {}
    for each in standings:
        state = each.today.state if each.today else None
        alike = "" if state is FeedState.FRESH else each.sentence(lambda moment, **_: moment.isoformat())
        groups.setdefault((each.label, alike), []).append(each)
    for some in list(groups.values())[:most]:
        yield _line(some, now)
    if more := sum(map(len, list(groups.values())[most:])):
        yield f"and {more:,} more feeds; `paperboy sources` tells of them all"


def _missed(standings: Sequence[FeedStanding]) -> Iterator[str]:
    """A line for the days of late that never came, where there are any: the likeliest reason why a paper is missing."""
    feeds: dict[tuple[str, str], list[str]] = {}
    for each in standings:
        if each.missed:
            feeds.setdefault((each.label, ", ".join(map(day_name, each.missed))), []).append(each.feed)
    told = [f"{cut(label, 60)} {cut(', '.join(some), 100)} ({days})" for (label, days), some in feeds.items()]
    if told:
        others = f"; and of {len(told) - _MOST_MISSED:,} more" if len(told) > _MOST_MISSED else ""
        yield f"-# Never came: {'; '.join(told[:_MOST_MISSED])}{others}."


def _line(alike: Sequence[FeedStanding], now: datetime) -> str:
    """What these feeds of one source have in common; their counts added up."""
    times: list[str] = []

    def at(moment: datetime, **_: bool) -> str:
        style = "t" if abs(moment - now) < _FAR else "f"
        times.append(f"<t:{int(moment.timestamp())}:{style}>")
        return f"{_TIME}{len(times) - 1}{_TIME_END}"

    first, names = alike[0], ", ".join(each.feed for each in alike)
    days = [each.today for each in alike if each.today]
    sentence = replace(first, today=together(days) if days else None).sentence(at)
    shown = f"**{cut(first.label, 60)}** {cut(f'{names}: {sentence}', _LONGEST_LINE)}"
    for number, time in enumerate(times):
        shown = shown.replace(f"{_TIME}{number}{_TIME_END}", time)
    return shown.replace(_TIME, "").replace(_TIME_END, "")


async def setup(bot: PaperboyClient) -> None:
    told = bot.services
    await bot.add_cog(StatusCog(told.ledger, told.library, told.topics, told.digests, told.daily, told.recaps))
