"""Who may write what: every command that changes something, by every kind of person, in every kind of channel."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.domain.schedules import Schedule
from bot.domain.servers import ServerSettings
from bot.domain.subscriptions import NewSubscription
from bot.fakediscord.answers import Refused
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import Channel
from tests.lab import Lab, found_paper
from tests.storage.shelf import NOW

PLACES = ("text", "announcement", "forum", "thread")
PEOPLE: dict[str, bool] = {
    "nobody": False,
    "elsewhere": False,
    "hidden": False,
    "server": False,
    "here": True,
    "everywhere": True,
    "role": True,
    "role hidden": False,
}
"""Who it is, by what they have, and whether they may set up topics in the channel."""

COMMANDS: dict[str, dict[str, Any]] = {
    "topic follow": {"query": "looms"},
    "topic edit": {"topic": "graph", "query": "looms"},
    "topic pause": {"topic": "graph"},
    "topic unfollow": {"topic": "graph"},
    "topic move": {"topic": "graph"},
}
DAILY_COMMANDS: dict[str, dict[str, Any]] = {
    "daily here": {"time": "17:00"},
    "daily now": {"paper": "1706.03762"},
    "daily skip": {},
    "daily stop": {},
}


async def place_of(lab: Lab, kind: str) -> Channel:
    """A channel of this kind."""
    if kind == "thread":
        parent = lab.channel("papers")
        await asyncio.sleep(0.1)
        seen = lab.app.client.get_channel(parent.id)
        assert isinstance(seen, discord.TextChannel)
        thread = await seen.create_thread(name="talk", type=discord.ChannelType.public_thread)
        return lab.guild.channels[thread.id]
    made = lab.discord.add_channel(lab.guild, f"a {kind}", kind)
    await asyncio.sleep(0.1)
    return made


async def person_of(lab: Lab, who: str, place: Channel) -> Person:
    """Somebody who has just this."""
    over = place.parent if place.is_thread and place.parent else place
    librarians = lab.discord.add_role(lab.guild, "librarians")
    settings = ServerSettings(guild_id=lab.guild.id, manager_role_id=librarians.id)
    await lab.app.storage.put_server(settings)
    match who:
        case "everywhere":
            made = lab.person("who", manage_channels=True)
        case "server":
            made = lab.person("who", manage_guild=True)
        case "role" | "role hidden":
            made = lab.person("who", roles=[librarians])
        case _:
            made = lab.person("who")
    if who == "elsewhere":
        lab.discord.set_overwrite(lab.channel("general"), made, allow=Permission.MANAGE_CHANNELS)
    if who == "here":
        lab.discord.set_overwrite(over, made, allow=Permission.MANAGE_CHANNELS)
    if who in ("hidden", "role hidden"):
        lab.discord.set_overwrite(over, made, deny=Permission.VIEW_CHANNEL)
    await asyncio.sleep(0.1)
    return made


async def follow(lab: Lab, place: Channel) -> None:
    new = NewSubscription(guild_id=lab.guild.id, channel_id=place.id, query="graph", created_by=1)
    async with lab.app.storage.write() as transaction:
        await transaction.add_subscription(new, most=9, now=NOW)


async def type_all(lab: Lab, person: Person, command: str, place: Channel) -> None:
    """Type it in another channel and press whatever would save it."""
    general = lab.channel("general")
    given = dict(COMMANDS[command])
    if command in ("topic follow", "topic move"):
        given["channel"] = place if command == "topic follow" else lab.channel("papers")
    try:
        answer = await person.run_command(command, given, general)
        for each in answer.message.buttons:
            if each.label.startswith(("Follow", "Save", "Change it", "Keep")):
                await person.press(answer.message, each.label)
                return
    except Refused:
        return


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("kind", PLACES)
async def test_nobody_writes_who_may_not(lab: Lab, kind: str, who: str) -> None:
    place = await place_of(lab, kind)
    person = await person_of(lab, who, place)
    for command in COMMANDS:
        await follow(lab, place)
        before = await lab.app.storage.list_subscriptions()
        await type_all(lab, person, command, place)
        after = await lab.app.storage.list_subscriptions()
        if not PEOPLE[who]:
            assert after == before, command
        elif command in ("topic pause", "topic unfollow", "topic follow"):
            assert after != before, command


async def daily_kept(lab: Lab, place: Channel) -> tuple[object, ...]:
    """All that is remembered of the channel's paper of the day."""
    storage, guild = lab.app.storage, lab.guild.id
    days = {"since": NOW.date(), "until": datetime.now(UTC).date() + timedelta(days=9)}
    posts = await storage.list_daily_posts(place.id, guild_id=guild, **days)
    return await storage.get_schedule(place.id, guild_id=guild), posts


async def type_daily(lab: Lab, person: Person, command: str, place: Channel) -> None:
    """Type it in another channel and press whatever would save it."""
    try:
        given = {**DAILY_COMMANDS[command], "channel": place}
        answer = await person.run_command(command, given, lab.channel("general"))
        for each in answer.message.buttons:
            if each.label.startswith(("Start in", "Save", "Post in")):
                await person.press(answer.message, each.label)
                return
    except Refused:
        return


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("kind", PLACES)
async def test_nobody_decides_about_a_paper_of_the_day_who_may_not(lab: Lab, kind: str, who: str) -> None:
    await lab.import_papers([found_paper(title="Attention Is All You Need", ids=("1706.03762",))])
    place = await place_of(lab, kind)
    person = await person_of(lab, who, place)
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # until then nothing happens by itself
    for command in DAILY_COMMANDS:
        begun = Schedule(
            guild_id=lab.guild.id, channel_id=place.id, created_by=1, created_at=NOW, planned_through=tomorrow
        )
        async with lab.app.storage.write() as transaction:
            await transaction.put_schedule(begun)
        before = await daily_kept(lab, place)
        await type_daily(lab, person, command, place)
        after = await daily_kept(lab, place)
        assert (after != before) == PEOPLE[who], command


@pytest.mark.parametrize("who", PEOPLE)
async def test_only_who_manages_the_server_changes_its_settings(lab: Lab, who: str) -> None:
    person = await person_of(lab, who, lab.channel("papers"))
    before = await lab.app.storage.get_server(lab.guild.id)
    with suppress(Refused):
        await person.run_command("settings", {"timezone": "Asia/Tokyo"}, lab.channel("general"))
    after = await lab.app.storage.get_server(lab.guild.id)
    assert (after != before) == (who == "server")
