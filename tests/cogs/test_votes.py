"""The Vote button, pressed by people of servers: one vote each, taken back by a second press, and the number told."""

import asyncio

from bot.domain.deliveries import DeliveryState
from bot.fakediscord.state import Message
from tests.cogs.following import follow
from tests.delivery.owing import settled
from tests.lab import Lab, found_paper

GRAPHS = found_paper(title="Graph Neural Networks at Scale", ids=("2606.00001",))


def label(message: Message) -> str:
    """What stands on its Vote button."""
    return next(each.label for each in message.buttons if each.label.startswith("Vote"))


async def posted(lab: Lab) -> Message:
    """A card that a topic posted."""
    await follow(lab.person("ada", manage_channels=True), "graph")
    await lab.ingest(GRAPHS)
    message = await lab.channel("papers").next_message()
    (owed,) = await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)
    await settled(lab.app.storage, owed.key, DeliveryState.SENT)
    return message


async def test_each_person_has_one_vote_and_the_posted_card_tells_the_number(lab: Lab) -> None:
    message = await posted(lab)
    ada, grace = lab.person("ada"), lab.person("grace")
    assert label(message) == "Vote"
    await ada.press(message, "Vote")
    assert label(message) == "Vote 1"
    await grace.press(message, "Vote 1")
    assert label(message) == "Vote 2"
    await lab.restart()
    await ada.press(message, "Vote 2")
    assert label(message) == "Vote 1"
    assert [each.label for each in message.buttons] == ["Page", "PDF", "Vote 1", "Similar", "Cite"]


async def test_a_private_card_tells_where_it_was_posted_and_how_many_voted(lab: Lab) -> None:
    message = await posted(lab)
    ada = lab.person("ada")
    await ada.press(message, "Vote")
    shown = await ada.slash("paper show", paper="2606.00001")
    assert f" in <#{lab.channel('papers').id}> · 1 vote" in shown.text
    assert label(shown.message) == "Vote 1"
    await ada.press(shown.message, "Vote 1")
    assert label(shown.message) == "Vote"
    assert "vote" not in (await ada.slash("paper show", paper="2606.00001")).text


async def test_many_who_press_at_once_are_all_counted_and_told(lab: Lab) -> None:
    message = await posted(lab)
    people = [lab.person(f"person {each}") for each in range(12)]
    await asyncio.gather(*(each.press(message, "Vote") for each in people))
    assert label(message) == "Vote 12"


async def test_a_shared_card_can_be_voted_for(lab: Lab) -> None:
    await lab.import_papers([GRAPHS])
    ada, grace = lab.person("ada"), lab.person("grace")
    shown = await ada.slash("paper show", paper="2606.00001")
    await ada.press(shown.message, "Share")
    shared = await lab.channel("papers").next_message()
    await grace.press(shared, "Vote")
    assert label(shared) == "Vote 1"


async def test_a_search_for_one_paper_and_a_menu_show_its_votes(lab: Lab) -> None:
    message = await posted(lab)
    ada = lab.person("ada")
    await ada.press(message, "Vote")
    assert label((await ada.slash("search", query="2606.00001")).message) == "Vote 1"
    said = await lab.person("lin").say(lab.channel("general"), "see 2606.00001")
    assert label((await ada.menu("Show papers", said)).message) == "Vote 1"


async def test_votes_outside_a_server_are_refused(lab: Lab) -> None:
    await lab.import_papers([GRAPHS])
    ada = lab.person("ada")
    shown = await ada.slash("paper show", paper="2606.00001", _in=ada.dm)
    assert not [each for each in shown.message.buttons if each.label.startswith("Vote")]
    here = await ada.slash("paper show", paper="2606.00001")
    here.message.channel = ada.dm
    refused = await ada.press(here.message, "Vote")
    assert "press this again in one that I was added to" in refused.text


async def test_two_servers_count_apart(lab: Lab) -> None:
    message = await posted(lab)
    await lab.person("ada").press(message, "Vote")
    other = lab.discord.add_guild("Elsewhere")
    there = lab.discord.add_channel(other, "there")
    lin = lab.discord.add_person("lin of elsewhere", guild=other)
    shown = await lin.slash("paper show", paper="2606.00001", _in=there)
    assert label(shown.message) == "Vote"
    assert "vote" not in shown.text
