"""The bot as a person's own app, in a server that it is not in: it answers them, and nothing is set up there."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.deliveries import DeliveryState
from bot.fakediscord.answers import Answer, Refused
from bot.fakediscord.people import Person
from bot.fakediscord.state import Channel
from tests.cogs.following import follow, saving
from tests.lab import Lab, found_paper

GRAPHS = found_paper(title="Graph Neural Networks at Scale", ids=("2606.00001",))


def with_app(lab: Lab) -> tuple[Person, Channel]:
    """Somebody who may do everything in a server without the bot, which they have installed for themselves."""
    guild = lab.discord.add_guild("Elsewhere", with_bot=False)
    ada = lab.discord.add_person("ada", guild=guild, permissions=(1 << 3), has_app=True)
    return ada, lab.discord.add_channel(guild, "talk")


async def test_what_sets_something_up_is_not_offered_where_the_bot_is_not(lab: Lab) -> None:
    ada, talk = with_app(lab)
    await lab.import_papers([GRAPHS])
    for command, given in (("topic follow", {"query": "graph"}), ("topic list", {}), ("settings", {})):
        with pytest.raises(Refused, match="no command"):
            await ada.run_command(command, given, talk)
    found = await ada.slash("search", query="graph", _in=talk)
    assert "Graph Neural Networks at Scale" in found.text
    assert [each.label for each in found.buttons if each.label.startswith("Follow")] == []
    assert "servers that I was added to" in (await ada.slash("paper why", paper="2606.00001", _in=talk)).text
    assert "follows" not in (await ada.slash("status", _in=talk)).text
    assert "Graph Neural" in (await ada.slash("paper show", paper="2606.00001", _in=talk)).text


async def test_who_has_not_installed_it_has_nothing_there(lab: Lab) -> None:
    ada, talk = with_app(lab)
    ada.user.has_app = False
    with pytest.raises(Refused, match="no command"):
        await ada.slash("search", query="graph", _in=talk)


Act = Callable[[Person, Answer], Awaitable[Answer]]


def pressing(label: str) -> Act:
    return lambda person, answer: person.press(answer.message, label)


OLD: dict[str, tuple[str, dict[str, object], Act]] = {
    "search": ("search", {"query": "graph"}, pressing("Follow this here")),
    "preview": (
        "topic follow",
        {"query": "looms"},
        lambda person, answer: person.press(answer.message, saving(answer)),
    ),
    "change": ("topic follow", {"query": "looms"}, pressing("Change …")),
    "tell": ("topic follow", {"query": "looms"}, pressing("Who is told …")),
    "pause": ("topic show", {"topic": "graph"}, pressing("Pause")),
    "edit": ("topic show", {"topic": "graph"}, pressing("Change …")),
    "unfollow": ("topic show", {"topic": "graph"}, pressing("Unfollow")),
    "starters": ("topic starters", {}, lambda person, answer: person.choose(answer.message, "Look at one …", ["3D"])),
    "list": (
        "topic list",
        {},
        lambda person, answer: person.choose(answer.message, "Show, pause or change one …", ["graph"]),
    ),
}


@pytest.mark.parametrize("name", OLD)
async def test_what_the_bot_offered_before_it_was_removed_changes_nothing(lab: Lab, name: str) -> None:
    ada, papers = lab.person("ada", administrator=True), lab.channel("papers")
    ada.user.has_app = True
    await lab.import_papers([GRAPHS])
    await follow(ada, "graph")
    command, given, act = OLD[name]
    answer = await ada.run_command(command, given, papers)
    lab.discord.remove_bot(lab.guild)
    await asyncio.sleep(0.1)
    before = await lab.app.storage.list_subscriptions()
    told = await act(ada, answer)
    assert "added to" in told.text
    assert await lab.app.storage.list_subscriptions() == before
    assert await lab.app.storage.list_deliveries(list(DeliveryState), limit=9) == []
