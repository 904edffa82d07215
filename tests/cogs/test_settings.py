"""/settings, as people type it, and what becomes of a server that Paperboy is removed from."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.deliveries import DeliveryState
from bot.domain.subscriptions import NewSubscription
from bot.fakediscord.answers import Refused
from bot.services.servers import Servers
from tests.delivery.owing import owe, owed, settled
from tests.lab import Lab


async def test_who_manages_the_server_sees_and_changes_its_settings(lab: Lab) -> None:
    boss, papers = lab.person("boss", manage_guild=True), lab.channel("papers")
    told = (await boss.slash("settings")).text
    assert "Whoever has Manage Channels" in told
    assert "privately to whoever set the topic up" in told
    role = lab.discord.add_role(lab.guild, "librarians")
    await asyncio.sleep(0.1)
    changed = await boss.slash("settings", manager_role=role, log_channel=papers, timezone="Europe/Berlin")
    assert changed.private
    assert f"<@&{role.id}> and whoever" in changed.text
    told = (await boss.slash("settings", clear="log channel")).text
    assert "privately to whoever set the topic up" in told
    assert "Europe/Berlin" in told
    offered = await boss.complete("settings", option="timezone", text="berl")
    assert offered[0].value == "Europe/Berlin"


async def test_others_may_not_and_what_cannot_be_is_refused(lab: Lab) -> None:
    with pytest.raises(Refused):
        await lab.person("lin").slash("settings")
    boss = lab.person("boss", manage_guild=True)
    assert "don't know the time zone" in (await boss.slash("settings", timezone="Utopia")).text
    everyone = lab.guild.everyone
    assert "Everyone has that role" in (await boss.slash("settings", manager_role=everyone)).text
    assert (await lab.app.services.servers.settings(lab.guild.id)).manager_role_id is None


async def test_the_manager_role_lets_its_members_set_up_topics(lab: Lab) -> None:
    role = lab.discord.add_role(lab.guild, "librarians")
    lin = lab.person("lin", roles=[role])
    await asyncio.sleep(0.1)
    assert "need the permission Manage Channels" in (await lin.slash("topic follow", query="graph")).text
    await lab.person("boss", manage_guild=True).slash("settings", manager_role=role)
    assert "need the permission" not in (await lin.slash("topic follow", query="graph")).text


async def until(lab: Lab, *, left: bool) -> None:
    async with asyncio.timeout(5):
        while ((await lab.app.services.servers.settings(lab.guild.id)).left_at is not None) != left:
            await asyncio.sleep(0.02)


async def follow(lab: Lab, guild_id: int, channel_id: int, by: int = 1) -> None:
    new = NewSubscription(guild_id=guild_id, channel_id=channel_id, query="graph", created_by=by)
    async with lab.app.storage.write() as transaction:
        await transaction.add_subscription(new, most=9, now=datetime.now(UTC))


async def test_what_a_server_had_stays_when_the_bot_is_removed_and_goes_after_thirty_days(lab: Lab) -> None:
    papers, storage = lab.channel("papers"), lab.app.storage
    await follow(lab, lab.guild.id, papers.id)
    other = lab.discord.add_guild("Elsewhere")
    await follow(lab, other.id, lab.discord.add_channel(other, "there").id)
    lab.discord.remove_bot(lab.guild)
    await until(lab, left=True)
    soon, late = (datetime.now(UTC) + timedelta(days=each) for each in (29, 31))
    assert await Servers(storage, lambda: soon).clean_up() == 0
    lab.discord.invite_bot(lab.guild)
    await until(lab, left=False)
    assert await Servers(storage, lambda: late).clean_up() == 0
    lab.discord.remove_bot(lab.guild)
    await until(lab, left=True)
    assert await Servers(storage, lambda: late).clean_up() > 0
    assert [each.guild_id for each in await storage.list_subscriptions()] == [other.id]
    assert (await storage.get_server(lab.guild.id)).left_at is None


async def test_a_removal_while_the_bot_was_off_is_noticed_when_it_starts(lab: Lab) -> None:
    await follow(lab, lab.guild.id, lab.channel("papers").id)
    await lab.stop()
    lab.discord.remove_bot(lab.guild)
    await lab.start()
    await until(lab, left=True)


async def test_a_left_server_is_asked_nothing_and_goes_on_when_the_bot_is_back(lab: Lab) -> None:
    papers, general, ada = lab.channel("papers"), lab.channel("general"), lab.person("ada")
    for each in (papers, general):
        await follow(lab, lab.guild.id, each.id, by=ada.id)
    lab.discord.remove_bot(lab.guild)
    await until(lab, left=True)
    before = lab.discord.requests["POST /channels/{channel_id}/messages"]
    await owe(lab.app.storage, *(owed(each, each.name, now=datetime.now(UTC)) for each in (papers, general)))
    async with asyncio.timeout(5):
        while len(await lab.app.storage.list_resting(lab.guild.id)) < 2 or not ada.dm.messages:
            await asyncio.sleep(0.02)
    assert lab.discord.requests["POST /channels/{channel_id}/messages"] == before + 1
    (told,) = ada.dm.messages.values()
    assert "I was removed from that server. Add me again and I go on" in told.text
    assert [each.state for each in await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)] == ["owed"] * 2
    lab.discord.invite_bot(lab.guild)
    for each in (papers, general):
        await settled(lab.app.storage, each.name, DeliveryState.SENT)
    assert len(ada.dm.messages) == 1
