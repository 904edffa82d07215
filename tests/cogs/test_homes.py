"""Where a paper was posted, as its card tells in the same server, and only whoever can see that channel."""

import asyncio
import re

from bot.domain.deliveries import DeliveryState
from bot.fakediscord.permissions import Permission
from tests.cogs.following import follow
from tests.delivery.owing import settled
from tests.lab import Lab, found_paper

GRAPHS = found_paper(title="Graph Neural Networks at Scale", ids=("2606.00001",))


async def posted(lab: Lab) -> None:
    """Wait until the bot knows that its one message is there."""
    (owed,) = await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)
    await settled(lab.app.storage, owed.key, DeliveryState.SENT)


async def test_a_card_tells_where_the_paper_was_posted(lab: Lab) -> None:
    ada, papers = lab.person("ada", manage_channels=True), lab.channel("papers")
    await follow(ada, "graph")
    await lab.ingest(GRAPHS, found_paper(title="Looms", ids=("2606.00002",)))
    message = await papers.next_message()
    await posted(lab)
    shown = await ada.slash("paper show", paper="2606.00001")
    told = re.search(r"-# \[posted\]\((\S+)\) <t:\d+:R> in <#(\d+)>", shown.text)
    assert told is not None
    assert told[1].endswith(f"/{papers.id}/{message.id}")
    assert told[2] == str(papers.id)
    assert "posted" not in (await ada.slash("paper show", paper="2606.00002")).text


async def test_who_cannot_see_a_channel_is_not_told_of_it(lab: Lab) -> None:
    ada, grace, papers = lab.person("ada", manage_channels=True), lab.person("grace"), lab.channel("papers")
    await follow(ada, "graph", channel=papers)
    await lab.ingest(GRAPHS)
    await papers.next_message()
    await posted(lab)
    general = lab.channel("general")
    assert "[posted]" in (await grace.slash("paper show", paper="2606.00001", _in=general)).text
    lab.discord.set_overwrite(papers, grace, deny=Permission.VIEW_CHANNEL)
    assert "[posted]" not in (await grace.slash("paper show", paper="2606.00001", _in=general)).text
    assert "[posted]" in (await ada.slash("paper show", paper="2606.00001", _in=general)).text


async def test_a_search_tells_which_of_its_papers_were_posted(lab: Lab) -> None:
    ada, papers = lab.person("ada", manage_channels=True), lab.channel("papers")
    await follow(ada, "scale")
    await lab.ingest(GRAPHS, found_paper(title="Weaving Graph Looms", ids=("2606.00002",)))
    message = await papers.next_message()
    await posted(lab)
    found = (await ada.slash("search", query="graph")).text
    assert found.count("[posted]") == 1
    assert f"/{papers.id}/{message.id}) <t:" in found
    assert f"/{papers.id}/{message.id}) <t:" in (await ada.slash("search", query="2606.00001")).text


async def test_a_post_of_a_forum_is_a_place_of_its_own(lab: Lab) -> None:
    ada = lab.person("ada", manage_channels=True)
    forum = lab.discord.add_channel(lab.guild, "reading", "forum")
    await asyncio.sleep(0.1)
    await follow(ada, "graph", channel=forum)
    await lab.ingest(GRAPHS)
    await posted(lab)
    (thread,) = (each for each in lab.guild.channels.values() if each.parent is forum)
    for shown in (
        await ada.slash("paper show", paper="2606.00001"),
        await ada.slash("search", query="graph"),
    ):
        told = re.search(r"\[posted\]\((\S+)\) <t:\d+:R> in <#(\d+)>", shown.text)
        assert told is not None
        assert told[1].endswith(f"/channels/{lab.guild.id}/{thread.id}")
        assert told[2] == str(forum.id)


async def test_where_it_was_posted_here_comes_before_where_else(lab: Lab) -> None:
    ada, places = lab.person("ada", manage_channels=True), [lab.channel("papers"), lab.channel("general")]
    for each in places:
        await follow(ada, "graph", channel=each)
    await lab.ingest(GRAPHS)
    for owed in await lab.app.storage.list_deliveries(list(DeliveryState), limit=9):
        await settled(lab.app.storage, owed.key, DeliveryState.SENT)
    for each in places:
        assert f"in <#{each.id}>" in (await ada.slash("paper show", paper="2606.00001", _in=each)).text
