"""/daily: the paper of the day of a channel. At its hour, once a date, never the same one twice."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.services.library import Library
from cogs._answers import Interaction, choices
from cogs._daily_choices import DESCRIBED, IF_NOTHING, RECAP, Choices, IfNothing, Recap, suggested_days
from cogs._daily_desk import Desk
from cogs._daily_ids import ANOTHER, DROP, HISTORY, POST_NOW, UNSKIP, daily_draft_template, daily_template
from cogs._daily_setting_up import SettingUp
from cogs._nominating import NominationDesk
from cogs._places import Place
from cogs._targets import target

_WHICH = "Which channel's; this one's unless you choose another"

Query = app_commands.Range[str, 1, 300]
Brief = app_commands.Range[str, 1, 60]


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class DailyCog(commands.GroupCog, name="daily", description="A paper of the day in this channel"):
    """The papers of the day of channels."""

    def __init__(self, desk: Desk, setting_up: SettingUp, nominations: NominationDesk, library: Library) -> None:
        self._desk = desk
        self._nominations = nominations
        self._setting_up = setting_up
        self._library = library

    @app_commands.command(name="here", description="Post a paper of the day in this channel; a preview comes first")
    @app_commands.describe(**DESCRIBED)
    @app_commands.choices(if_nothing=IF_NOTHING)
    @app_commands.choices(recap=RECAP)
    async def here(  # noqa: PLR0913 (each is an option that people see)
        self,
        interaction: Interaction,
        *,
        time: Brief | None = None,
        timezone: Brief | None = None,
        weekdays: Brief | None = None,
        query: Query | None = None,
        channel: Place | None = None,
        thread: bool | None = None,
        role: discord.Role | None = None,
        no_ping: bool | None = None,
        pin: bool | None = None,
        silent: bool | None = None,
        if_nothing: IfNothing | None = None,
        recap: Recap | None = None,
    ) -> None:
        chosen = Choices(
            time=time,
            timezone=timezone,
            weekdays=weekdays,
            query=query,
            thread=thread,
            role=role,
            no_ping=no_ping,
            pin=pin,
            silent=silent,
            if_nothing=if_nothing,
            recap=recap,
        )
        await self._setting_up.offer(interaction, target(interaction, channel), chosen)

    @app_commands.command(
        name="now", description="Post one more at once; the dates of the paper of the day stay as they are"
    )
    @app_commands.describe(paper="Title, arXiv id, DOI or link; the best by now unless you name one", channel=_WHICH)
    async def now(self, interaction: Interaction, paper: Query | None = None, channel: Place | None = None) -> None:
        await self._desk.offer_now(interaction, target(interaction, channel), paper)

    @app_commands.command(name="skip", description="Leave a date out: the next one, unless you name another")
    @app_commands.describe(date="Such as tomorrow, friday or 2026-05-26", channel=_WHICH)
    async def skip(self, interaction: Interaction, date: Brief | None = None, channel: Place | None = None) -> None:
        await self._desk.skip(interaction, target(interaction, channel), date)

    @app_commands.command(name="stop", description="Post no more papers of the day in a channel")
    @app_commands.describe(channel=_WHICH)
    async def stop(self, interaction: Interaction, channel: Place | None = None) -> None:
        await self._desk.stop(interaction, target(interaction, channel))

    @app_commands.command(name="status", description="When the next one comes, and what became of the last 14 dates")
    @app_commands.describe(channel=_WHICH)
    async def status(self, interaction: Interaction, channel: Place | None = None) -> None:
        await self._desk.look(interaction, target(interaction, channel))

    @app_commands.command(name="history", description="Which papers of the day a channel has had")
    @app_commands.describe(channel=_WHICH)
    async def history(self, interaction: Interaction, channel: Place | None = None) -> None:
        await self._desk.history(interaction, target(interaction, channel), 0)

    @app_commands.command(name="nominate", description="Put a paper in line for this server's paper of the day")
    @app_commands.describe(paper="Title, arXiv id, DOI or link")
    async def nominate(self, interaction: Interaction, paper: Query) -> None:
        await self._nominations.nominate(interaction, paper)

    @app_commands.command(name="queue", description="What is in line for this server's paper of the day")
    async def queue(self, interaction: Interaction) -> None:
        await self._nominations.queue(interaction)

    @here.autocomplete("timezone")
    async def suggest_zone(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._setting_up.suggest_zone(interaction, current))

    @here.autocomplete("weekdays")
    async def suggest_days(self, _: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=each.label, value=each.value) for each in suggested_days(current)]

    @now.autocomplete("paper")
    @nominate.autocomplete("paper")
    async def suggest_paper(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._library.suggest(current))

    @skip.autocomplete("date")
    async def suggest_date(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        named = getattr(interaction.namespace, "channel", None)
        channel_id = getattr(named, "id", interaction.channel_id) or 0
        return await choices(interaction, self._desk.suggest_dates(interaction, channel_id, current))


async def setup(bot: PaperboyClient) -> None:
    services = bot.services
    daily, previews, servers = services.daily, services.daily_previews, services.servers
    desk = Desk(daily, services.recaps, services.daily_records, previews, servers, services.library)
    setting_up = SettingUp(daily, previews, servers, services.zones)
    nominations = NominationDesk(services.nominating, services.library, services.servers)
    await bot.add_cog(DailyCog(desk, setting_up, nominations, services.library))
    bot.answer_presses(daily_draft_template("save"), setting_up.save)
    bot.answer_presses(daily_draft_template("drop"), setting_up.drop)
    bot.answer_presses(daily_draft_template("change"), setting_up.change)
    bot.answer_forms(daily_draft_template("changed"), setting_up.changed)
    bot.answer_presses(DROP, setting_up.drop)
    bot.answer_presses(daily_template("edit"), setting_up.edit)
    bot.answer_presses(daily_template("again"), setting_up.edit)
    bot.answer_presses(daily_template("look"), desk.look_again)
    bot.answer_presses(daily_template("stop"), desk.stop_pressed)
    bot.answer_presses(POST_NOW, desk.post_now)
    bot.answer_presses(ANOTHER, desk.another)
    bot.answer_presses(UNSKIP, desk.unskip)
    bot.answer_presses(HISTORY, desk.turn)
