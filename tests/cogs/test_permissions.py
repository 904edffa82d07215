"""Who may write what: every command that changes something, by every kind of person, in every kind of channel."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import discord
import pytest

from bot.domain.schedules import Schedule
from bot.domain.servers import ServerSettings
from bot.domain.subscriptions import NewSubscription
from bot.fakediscord.answers import Refused
from bot.fakediscord.compose import draft
from bot.fakediscord.layout import SELECTS, Kind, walk
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import COMPONENTS_V2, Channel, Message
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
    "topic resume": {"topic": "paused"},
    "topic starters": {},
    "topic unfollow": {"topic": "graph"},
    "topic move": {"topic": "graph"},
}
DAILY_COMMANDS: dict[str, dict[str, Any]] = {
    "daily here": {"time": "17:00"},
    "daily now": {"paper": "1706.03762"},
    "daily skip": {},
    "daily stop": {},
}
ALWAYS = frozenset(COMMANDS) - {"topic edit", "topic move"}
"""Those with which whoever may changes something each time, whatever the kind of channel."""
BUTTONS = ("topic:{topic}:pause", "topic:{paused}:resume", "topic:{topic}:edit", "topic:{topic}:unfollow")


async def places_of(lab: Lab, kinds: Iterable[str] = PLACES) -> list[Channel]:
    """A channel of each of these kinds."""
    made = [lab.discord.add_channel(lab.guild, f"a {each}", each) for each in kinds if each != "thread"]
    if "thread" in kinds:
        seen = lab.app.client.get_channel(lab.channel("papers").id)
        assert isinstance(seen, discord.TextChannel)
        thread = await seen.create_thread(name="talk", type=discord.ChannelType.public_thread)
        made.append(lab.guild.channels[thread.id])
    return made


async def person_of(lab: Lab, who: str, places: Iterable[Channel]) -> Person:
    """Somebody new who has just this, in each of these places."""
    librarians = lab.discord.add_role(lab.guild, "librarians")
    settings = ServerSettings(guild_id=lab.guild.id, manager_role_id=librarians.id)
    await lab.app.storage.put_server(settings)
    match who:
        case "everywhere":
            made = lab.person(who, manage_channels=True)
        case "server":
            made = lab.person(who, manage_guild=True)
        case "role" | "role hidden":
            made = lab.person(who, roles=[librarians])
        case _:
            made = lab.person(who)
    if who == "elsewhere":
        lab.discord.set_overwrite(lab.channel("general"), made, allow=Permission.MANAGE_CHANNELS)
    for each in places:
        over = each.parent if each.is_thread and each.parent else each
        if who == "here":
            lab.discord.set_overwrite(over, made, allow=Permission.MANAGE_CHANNELS)
        if who in ("hidden", "role hidden"):
            lab.discord.set_overwrite(over, made, deny=Permission.VIEW_CHANNEL)
    await asyncio.sleep(0.1)  # until the bot has heard of it
    return made


async def follow(lab: Lab, place: Channel) -> dict[str, int]:
    """Have the channel follow two topics, one of them paused, and no other follow any; their numbers."""
    numbers = {}
    followed = await lab.app.storage.list_subscriptions()
    async with lab.app.storage.write() as transaction:
        for each in followed:
            await transaction.remove_subscription(each.id, guild_id=each.guild_id)
        for query in ("graph", "paused"):
            new = NewSubscription(guild_id=lab.guild.id, channel_id=place.id, query=query, created_by=1)
            topic = await transaction.add_subscription(new, most=9, now=NOW)
            assert topic is not None
            await transaction.change_subscription(replace(topic, paused_at=NOW if query == "paused" else None))
            numbers["topic" if query == "graph" else query] = topic.id
    return numbers


async def type_all(lab: Lab, person: Person, command: str, place: Channel) -> None:
    """Type it in another channel and press whatever would save it."""
    general = lab.channel("general")
    given = dict(COMMANDS[command])
    if command in ("topic follow", "topic starters"):
        given["channel"] = place
    if command == "topic move":
        given["channel"] = lab.channel("papers")
    try:
        answer = await person.run_command(command, given, general)
        if command == "topic starters":
            answer = await person.choose(answer.message, "Look at one …", ["Robotics"])
        for each in answer.message.buttons:
            if each.label.startswith(("Follow", "Save", "Change it", "Keep")):
                await person.press(answer.message, each.label)
                return
    except Refused:
        return


@pytest.mark.parametrize("who", PEOPLE)
async def test_nobody_writes_who_may_not(lab: Lab, who: str) -> None:
    places = await places_of(lab)
    person = await person_of(lab, who, places)
    for place, command in product(places, COMMANDS):
        await follow(lab, place)
        before = await lab.app.storage.list_subscriptions()
        await type_all(lab, person, command, place)
        after = await lab.app.storage.list_subscriptions()
        if not PEOPLE[who]:
            assert after == before, (place.name, command)
        elif command in ALWAYS:
            assert after != before, (place.name, command)


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
async def test_nobody_decides_about_a_paper_of_the_day_who_may_not(lab: Lab, who: str) -> None:
    await lab.import_papers([found_paper(title="Attention Is All You Need", ids=("1706.03762",))])
    places = await places_of(lab)
    person = await person_of(lab, who, places)
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # until then nothing happens by itself
    for place, command in product(places, DAILY_COMMANDS):
        begun = Schedule(
            guild_id=lab.guild.id, channel_id=place.id, created_by=1, created_at=NOW, planned_through=tomorrow
        )
        async with lab.app.storage.write() as transaction:
            await transaction.put_schedule(begun)
        before = await daily_kept(lab, place)
        await type_daily(lab, person, command, place)
        after = await daily_kept(lab, place)
        assert (after != before) == PEOPLE[who], (place.name, command)


async def public_message(lab: Lab, numbers: Mapping[str, int], place: Channel) -> Message:
    """A message in #general, open to everyone, with every button and menu there is: the bot makes no such thing."""
    buttons = [{"type": 2, "style": 2, "label": each, "custom_id": each.format(**numbers)} for each in BUTTONS]
    menus = [
        (f"topics:start:{place.id}", "Robotics"),
        ("topics:show", str(numbers["topic"])),
    ]
    rows = [{"type": 1, "components": buttons}]
    for custom_id, value in menus:
        menu = {"type": 3, "custom_id": custom_id, "options": [{"label": value, "value": value}]}
        rows.append({"type": 1, "components": [menu]})
    made = draft({"components": rows, "flags": COMPONENTS_V2}, [], lab.discord.world.ids)
    return lab.discord.post(lab.channel("general"), lab.discord.bot, made)


async def use_all(person: Person, message: Message) -> None:
    """Press every button and choose in every menu; where a preview comes, save it, and change what can be changed."""
    for each in walk(message.components):
        try:
            if each["type"] == Kind.BUTTON:
                answer = await person.press(message, each["custom_id"])
            elif each["type"] in SELECTS:
                answer = await person.choose(message, each["custom_id"], [each["options"][0]["value"]])
            else:
                continue
            if answer.buttons and not message.visible_to and answer.message is not message:
                await use_all(person, answer.message)
        except Refused:
            continue


@pytest.mark.parametrize("who", PEOPLE)
async def test_no_button_or_menu_writes_for_who_may_not(lab: Lab, who: str) -> None:
    places = await places_of(lab, ("text", "thread"))
    person = await person_of(lab, who, places)
    for place in places:
        message = await public_message(lab, await follow(lab, place), place)
        before = await lab.app.storage.list_subscriptions()
        await use_all(person, message)
        assert (await lab.app.storage.list_subscriptions() != before) == PEOPLE[who], place.name


async def test_what_one_person_drafted_no_other_saves(lab: Lab) -> None:
    ada, grace = lab.person("ada", manage_channels=True), lab.person("grace", manage_channels=True)
    preview = await ada.slash("topic follow", query="looms", _in=lab.channel("general"))
    preview.message.visible_to = None
    for label in ("Follow in #general", "Change …", "Who is told …"):
        assert "somebody else's" in (await grace.press(preview.message, label)).text
    assert await lab.app.storage.list_subscriptions() == []


async def test_who_lost_the_permission_since_the_preview_saves_nothing(lab: Lab) -> None:
    ada, general = lab.person("ada"), lab.channel("general")
    lab.discord.set_overwrite(general, ada, allow=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    preview = await ada.slash("topic follow", query="looms", _in=general)
    lab.discord.set_overwrite(general, ada)
    await asyncio.sleep(0.1)
    assert "Manage Channels" in (await ada.press(preview.message, "Follow in #general")).text
    assert await lab.app.storage.list_subscriptions() == []


async def test_only_who_manages_the_server_changes_its_settings(lab: Lab) -> None:
    for who in PEOPLE:
        person = await person_of(lab, who, [lab.channel("papers")])
        before = await lab.app.storage.get_server(lab.guild.id)
        with suppress(Refused):
            await person.run_command("settings", {"timezone": "Asia/Tokyo"}, lab.channel("general"))
        after = await lab.app.storage.get_server(lab.guild.id)
        assert (after != before) == (who == "server"), who
