"""Topics once they are followed: shown, changed, moved, paused; begun from a search or a starter; by whom."""

import asyncio
from typing import Any

import pytest

from bot.domain.posting import Cadence
from bot.domain.servers import ServerSettings
from bot.domain.subscriptions import Subscription
from bot.fakediscord.answers import Answer
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from tests.cogs.following import follow, saving
from tests.lab import Lab, found_paper

GRAPHS = found_paper(title="Graph Neural Networks at Scale", ids=("2606.00001",))


def manager(lab: Lab) -> Person:
    return lab.person("ada", manage_channels=True)


async def only_topic(lab: Lab) -> Subscription:
    (topic,) = await lab.app.storage.list_subscriptions()
    return topic


async def edit(lab: Lab, **options: Any) -> Answer:
    ada = manager(lab)
    preview = await ada.slash("topic edit", topic=str((await only_topic(lab)).id), **options)
    return await ada.press(preview.message, saving(preview)) if preview.buttons else preview


async def test_one_topic_is_shown_with_what_it_has_brought(lab: Lab) -> None:
    ada = manager(lab)
    await follow(ada, "graph")
    await lab.ingest(GRAPHS, found_paper(title="Looms", ids=("2606.00002",)))
    await lab.channel("papers").next_message()
    await asyncio.sleep(0.2)
    told = (await ada.slash("topic show", topic="graph")).text
    assert "### graph" in told
    assert "In the last 30 days 1 paper matched it; 1 post · last post <t:" in told
    assert f"Set up by <@{ada.id}>" in told


async def test_a_list_opens_one_and_its_buttons_pause_and_give_it_up(lab: Lab) -> None:
    ada = manager(lab)
    await follow(ada, "graph")
    listed = await ada.slash("topic list")
    shown = await ada.choose(listed.message, "Show, pause or change one …", "graph")
    assert "In the last 30 days 0 papers matched it; no post yet\n" in shown.text
    paused = await ada.press(shown.message, "Pause")
    assert "**Paused** <t:" in paused.text
    assert (await only_topic(lab)).paused_at is not None
    assert "- graph · **paused** · as they arrive" in (await ada.slash("topic list")).text
    resumed = await ada.press(paused.message, "Resume")
    assert "Paused" not in resumed.text
    assert (await only_topic(lab)).paused_at is None
    changing = await ada.press(resumed.message, "Change …")
    assert "### Topic: graph" in changing.text
    gone = await ada.press(resumed.message, "Unfollow")
    assert "no longer follows **graph**" in gone.text
    assert "not followed here any more" in (await ada.press(changing.message, "Save")).text
    assert await lab.app.storage.list_subscriptions() == []


async def test_a_topic_is_paused_and_resumed_by_command(lab: Lab) -> None:
    ada = manager(lab)
    await follow(ada, "graph")
    assert "**Paused**" in (await ada.slash("topic pause", topic="graph")).text
    assert "posted again from now on" in (await ada.slash("topic resume", topic="graph")).text
    assert (await only_topic(lab)).paused_at is None


async def test_a_topic_is_changed_after_a_preview(lab: Lab) -> None:
    await follow(manager(lab), "graph")
    before = await only_topic(lab)
    saved = await edit(lab, query="graph -survey", when="daily digest", timezone="berlin", silent=False)
    assert "now follows, as changed, **graph -survey**" in saved.text
    after = await only_topic(lab)
    assert (after.id, after.query, after.created_at) == (before.id, "graph -survey", before.created_at)
    assert (after.posting.cadence, after.posting.zone) == (Cadence.DAILY, "Europe/Berlin")
    assert not after.posting.is_silent
    assert "next digest <t:" in (await manager(lab).slash("topic show", topic=str(after.id))).text
    await edit(lab, quiet_hours="22-7")
    assert (await only_topic(lab)).posting.quiet_from == 1320
    await edit(lab, quiet_hours="none")
    assert (await only_topic(lab)).posting.quiet_from is None
    assert "Europe/Berlin" in (await edit(lab, timezone="Europe/Berln")).text


async def test_two_topics_of_a_channel_never_become_one_query(lab: Lab) -> None:
    ada = manager(lab)
    await follow(ada, "graph")
    first = await only_topic(lab)
    await follow(ada, "looms")
    preview = await ada.slash("topic edit", topic=str(first.id), query="looms")
    assert "follows that query as another topic" in (await ada.press(preview.message, "Save")).text


async def test_to_follow_what_is_followed_changes_how_it_is_posted(lab: Lab) -> None:
    ada = manager(lab)
    await follow(ada, "graph")
    preview = await ada.slash("topic follow", query="graph", most_per_day=2)
    assert "follows this topic already" in preview.text
    await ada.press(preview.message, "Save")
    assert (await only_topic(lab)).posting.most_per_day == 2


async def test_a_topic_moves_where_the_person_manages_both_channels(lab: Lab) -> None:
    papers, general, lin = lab.channel("papers"), lab.channel("general"), lab.person("lin")
    await follow(manager(lab), "graph")
    number = str((await only_topic(lab)).id)
    lab.discord.set_overwrite(papers, lin, allow=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    refused = (await lin.slash("topic move", topic=number, channel=general)).text
    assert "in \\#general" in refused
    lab.discord.set_overwrite(papers, lin, allow=0)
    lab.discord.set_overwrite(general, lin, allow=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    assert "in \\#papers" in (await lin.slash("topic move", topic=number, channel=general)).text
    assert (await only_topic(lab)).channel_id == papers.id
    moved = (await manager(lab).slash("topic move", topic=number, channel=general)).text
    assert f"It was posted in <#{papers.id}> until now" in moved
    assert (await only_topic(lab)).channel_id == general.id
    await lab.ingest(GRAPHS)
    assert "Graph Neural" in (await general.next_message()).text


async def test_it_moves_nowhere_where_it_is_followed_already(lab: Lab) -> None:
    ada, general = manager(lab), lab.channel("general")
    await follow(ada, "graph")
    number = str((await only_topic(lab)).id)
    await follow(ada, "graph", channel=general)
    assert "follows the same query already" in (await ada.slash("topic move", topic=number, channel=general)).text


async def test_a_starter_opens_its_preview(lab: Lab) -> None:
    ada, general = manager(lab), lab.channel("general")
    offered = await ada.slash("topic starters", channel=general)
    assert "**Robotics** · Robots that learn" in offered.text
    preview = await ada.choose(offered.message, "Look at one …", "Graphs")
    assert '"graph neural network" OR "graph transformer"' in preview.text
    await ada.press(preview.message, "Follow in #general")
    assert (await only_topic(lab)).channel_id == general.id
    lin = lab.person("lin")
    offered = await lin.slash("topic starters")
    assert "Manage Channels" in (await lin.choose(offered.message, "Look at one …", "Vision")).text


@pytest.mark.parametrize("papers", [1, 7])
async def test_a_search_is_followed_with_one_button(lab: Lab, papers: int) -> None:
    ada = manager(lab)
    await lab.ingest(*[found_paper(title=f"Graph {number}", ids=(f"2606.{number:05}",)) for number in range(papers)])
    found = await ada.slash("search", query="graph -looms", category="cs.*")
    labels = [each.label for each in found.buttons if each.label != "Details"]
    assert labels == [*(["Previous", "Next"] if papers > 5 else []), "Follow this here", "Share"]
    preview = await ada.press(found.message, "Follow this here")
    assert preview.private
    assert "### New papers: graph -looms cat\\:cs.\\*" in preview.text
    await ada.press(preview.message, saving(preview))
    assert (await only_topic(lab)).query == "graph -looms cat:cs.*"


async def test_a_search_is_not_followed_in_direct_messages_nor_what_was_not_typed(lab: Lab) -> None:
    ada = manager(lab)
    await lab.ingest(GRAPHS)
    in_private = await ada.slash("search", query="graph", _in=ada.dm)
    assert "Follow this here" not in [each.label for each in in_private.buttons]
    misspelt = await ada.slash("search", query="grahp neural")
    assert "Did you mean" in misspelt.text
    assert "Follow this here" not in [each.label for each in misspelt.buttons]


async def test_who_has_the_role_that_the_server_named_may_set_topics_up(lab: Lab) -> None:
    role = lab.discord.add_role(lab.guild, "librarians")
    kim, lin = lab.person("kim", roles=[role]), lab.person("lin")
    settled = ServerSettings(guild_id=lab.guild.id, manager_role_id=role.id, zone="Asia/Tokyo")
    await lab.app.storage.put_server(settled)
    await asyncio.sleep(0.1)
    assert "follows **graph**" in (await follow(kim, "graph")).text
    assert (await only_topic(lab)).posting.zone == "Asia/Tokyo"
    assert "Manage Channels, or the role librarians, in" in (await follow(lin, "looms")).text


async def test_zones_are_offered_with_their_time(lab: Lab) -> None:
    ada = manager(lab)
    empty = await ada.complete("topic follow", option="timezone", query="graph")
    assert empty[0].value == "UTC"
    offered = await ada.complete("topic follow", option="timezone", text="new yo", query="graph")
    assert [each.value for each in offered] == ["America/New_York"], "and none that is merely alike"
    assert offered[0].name.startswith("America/New York · ")
    misspelt = await ada.complete("topic follow", option="timezone", text="kolkota", query="graph")
    assert "Asia/Kolkata" in [each.value for each in misspelt]
    assert "time zone 'Atlantis'" in (await follow(ada, "graph", timezone="Atlantis")).text
    assert "09\\:00 America/New York" in (await ada.slash("topic follow", query="graph", timezone="new york")).text


async def test_topics_of_hidden_channels_are_neither_offered_nor_shown(lab: Lab) -> None:
    ada, general, lin = manager(lab), lab.channel("general"), lab.person("lin")
    await follow(ada, "graph", channel=general)
    lab.discord.set_overwrite(general, lin, deny=Permission.VIEW_CHANNEL)
    await asyncio.sleep(0.1)
    assert await lin.complete("topic show", option="topic") == []
    assert "cannot see that channel" in (await lin.slash("topic show", topic="graph")).text
