"""The preview of a topic, as people see it and press it: nothing is followed until somebody says so."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.analysis import prepare
from bot.domain.deliveries import DeliveryState
from bot.domain.papers import paper_from
from bot.domain.posting import Cadence, Posting
from bot.domain.subscriptions import NewSubscription
from bot.fakediscord.answers import Answer
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from storage.schema import held_back
from tests.cogs.following import follow, saving
from tests.lab import Lab, found_paper

FRIDAY = datetime(2026, 5, 22, 18, tzinfo=UTC)


def manager(lab: Lab) -> Person:
    return lab.person("ada", manage_channels=True)


async def subscribed(lab: Lab) -> list[str]:
    return [each.query for each in await lab.app.storage.list_subscriptions()]


async def fill(lab: Lab) -> None:
    """Three graph papers a day on each of the last ten working days, and as many others."""
    for ago in range(11, -1, -1):
        lab.now = FRIDAY - timedelta(days=ago)
        if lab.now.weekday() < 5:
            kinds = ("Graph Survey", "Graph Pruning", "Graphs", "Looms", "Looms", "Looms")
            some = [
                found_paper(
                    title=f"{kind} number {number} of {ago}",
                    ids=(f"2605.{ago:02}{number:03}",),
                    categories=("cs.LG",) if number else ("cs.CV",),
                )
                for number, kind in enumerate(kinds)
            ]
            await lab.ingest(*some, feed=f"day {ago}")
    lab.now = FRIDAY


async def preview_of(lab: Lab, query: str, **options: Any) -> Answer:
    return await manager(lab).slash("topic follow", query=query, **options)


async def test_a_preview_tells_what_would_have_come_and_follows_nothing(lab: Lab) -> None:
    await fill(lab)
    answer = await preview_of(lab, "graph")
    assert answer.private
    assert "**3 papers a working day** over the 12 days since papers began to arrive" in answer.text
    assert "█████▁▁█████`\n" in answer.text
    assert "quietest 3 · 30 papers in all" in answer.text
    assert "- [**Graphs** number 2 of 0](https://arxiv.org/abs/2605.00002)" in answer.text
    assert "Too many? Add `cat:cs.CV` (−67 %), `-pruning` (−33 %) or `-survey` (−33 %)." in answer.text
    assert "as they arrive, at most 5 a day; the rest in one digest at 09\\:00 UTC · silent · no ping" in answer.text
    assert [each.label for each in answer.buttons] == ["Follow in #papers", "Change …", "Who is told …", "Not now"]
    assert await subscribed(lab) == []
    dropped = await manager(lab).press(answer.message, "Not now")
    assert "Nothing was changed" in dropped.text
    assert await subscribed(lab) == []


async def test_what_came_on_a_weekend_alone_has_no_busiest_working_day(lab: Lab) -> None:
    await fill(lab)
    lab.now = FRIDAY - timedelta(days=6)
    await lab.ingest(found_paper(title="Zebras", ids=("2605.77777",)), feed="saturday")
    lab.now = FRIDAY
    told = (await preview_of(lab, "zebras")).text
    assert "\n-# 1 paper in all" in told
    assert "working day 0" not in told


async def test_whom_a_topic_finds_by_name_is_shown_and_leaving_out_words_is_not_offered(
    lab: Lab,
) -> None:
    lab.now = FRIDAY
    ada, authors = manager(lab), ("Geoffrey Hinton", "Ada Lovelace")
    for number, words in enumerate(("Deep Layer", "Layer Norms", "Shallow Layer", "Looms", "Weaving")):
        await lab.ingest(
            found_paper(title=words, ids=(f"2605.0000{number}",), authors=authors, categories=("cs.LG",)),
            feed=f"feed {number}",
        )
    answer = await preview_of(lab, "Hinton")
    assert "\n-# by **Geoffrey Hinton**\n" in answer.text
    assert "`author:hinton` brings papers by people called so, and no others." in answer.text
    assert "Too many?" not in answer.text
    meant = await ada.choose(answer.message, "Tighten or loosen it …", "Follow author:hinton instead")
    assert "5 papers in all" in meant.text
    assert "-# by **Geoffrey Hinton**\n" in meant.text
    assert "brings papers by people called so" not in meant.text
    assert "Too many?" not in meant.text
    await lab.ingest(found_paper(title="What Hinton Knew", ids=("2605.00009",)), feed="about")
    assert "called so" not in (await preview_of(lab, "Hinton")).text


async def test_what_is_posted_names_the_author_who_matched(lab: Lab) -> None:
    await follow(manager(lab), "gan")
    await lab.ingest(found_paper(title="Looms", authors=("Ada Lovelace", "Chuang Gan")))
    assert "found: **Chuang Gan**" in (await lab.channel("papers").next_message()).text


async def test_what_is_offered_tightens_and_loosens_it(lab: Lab) -> None:
    await fill(lab)
    ada, answer = manager(lab), await preview_of(lab, "graph")
    menu = "Tighten or loosen it …"
    tighter = await ada.choose(answer.message, menu, "Add -survey")
    assert "### New papers: graph -survey" in tighter.text
    assert "20 papers in all" in tighter.text
    assert "Too few? Drop `-survey` (+50 %)." in tighter.text
    looser = await ada.choose(tighter.message, menu, "Drop -survey")
    assert "### New papers: graph\n" in looser.text
    await ada.press(looser.message, saving(looser))
    assert await subscribed(lab) == ["graph"]


async def test_a_topic_that_is_misspelt_or_said_in_a_sentence_offers_what_was_meant(lab: Lab) -> None:
    await fill(lab)
    ada, answer = manager(lab), await preview_of(lab, "servey -loom")
    assert "Did you mean **survey -loom**? A topic brings only what it says." in answer.text
    assert "**This brings nothing**" in answer.text
    meant = await ada.choose(answer.message, "Mend, tighten or loosen it …", "Follow survey -loom instead")
    assert "10 papers in all" in meant.text
    assert "Did you mean" not in meant.text
    await ada.press(meant.message, saving(meant))
    said = await preview_of(lab, "papers about graphs since 2020")
    assert "Did you mean **graphs after\\:2020**?" in said.text
    both = await preview_of(lab, "papers about servey")
    assert "Did you mean **survey**?" in both.text
    assert "Did you mean" not in (await preview_of(lab, "graph -zebra")).text
    assert "Did you mean **cat\\:cs.LG**?" in (await preview_of(lab, "cs.LG")).text
    assert "Write `OR` in capitals" in (await preview_of(lab, "graph or loom")).text
    assert await subscribed(lab) == ["survey -loom"]


async def test_a_form_changes_the_query_and_how_it_is_posted(lab: Lab) -> None:
    ada, answer = manager(lab), await preview_of(lab, "graph", when="weekly digest", weekday="Friday", time="5 pm")
    form = await ada.press(answer.message, "Change …")
    assert form.modal is not None
    assert [each.value for each in form.modal.fields] == ["graph", "", "17:00 UTC", "5", ""]
    changed = await ada.submit(
        form.modal, query="graph -looms", at="8:30 pm tokyo", most="3", quiet="22-7", when="arrival"
    )
    assert "### New papers: graph -looms" in changed.text
    assert "at most 3 a day, none from 22\\:00 to 07\\:00; the rest in one digest at 20\\:30 Asia/Tokyo" in changed.text
    assert changed.message.id == answer.message.id
    await ada.press(changed.message, saving(changed))
    (topic,) = await lab.app.storage.list_subscriptions()
    assert topic.query == "graph -looms"
    assert topic.posting == Posting(
        cadence=Cadence.ARRIVAL,
        zone="Asia/Tokyo",
        digest_at=1230,
        weekday=4,
        most_per_day=3,
        quiet_from=1320,
        quiet_until=420,
    )


@pytest.mark.parametrize(
    ("field", "written", "told"),
    [
        ("at", "soon", "time 'soon'"),
        ("at", "9 Atlantis", "time zone 'Atlantis'"),
        ("most", "99", "from 1 to 50"),
        ("quiet", "always", "quiet hours 'always'"),
        ("query", "after:banana", "banana"),
    ],
)
async def test_what_a_form_cannot_say_is_told_and_the_preview_stays(
    lab: Lab, field: str, written: str, told: str
) -> None:
    ada, answer = manager(lab), await preview_of(lab, "graph")
    form = await ada.press(answer.message, "Change …")
    refused = await ada.submit_fields(form.modal, {field: written})
    assert refused.private
    assert told in refused.text.replace("\\", "")
    await ada.press(answer.message, saving(answer))
    assert await subscribed(lab) == ["graph"]


async def test_a_preview_survives_a_restart_for_a_day(lab: Lab) -> None:
    ada, answer = manager(lab), await preview_of(lab, "graph")
    await lab.restart()
    assert "follows **graph**" in (await ada.press(answer.message, saving(answer))).text
    late = await preview_of(lab, "looms")
    lab.now = datetime.now(UTC) + timedelta(days=2)
    told = (await ada.press(late.message, saving(late))).text
    assert "over a day old, or somebody else's. Type /topic follow again" in told
    assert await subscribed(lab) == ["graph"]


async def test_a_hint_stays_while_somebody_chooses_who_is_told(lab: Lab) -> None:
    await fill(lab)
    ada = manager(lab)
    for query, hint in (("graph or loom", "Write `OR` in capitals"), ("recent papers on graphs", "Did you mean")):
        answer = await preview_of(lab, query)
        assert hint in answer.text
        await lab.restart()
        form = await ada.press(answer.message, "Who is told …")
        assert hint in (await ada.submit(form.modal, how=["With a notification"])).text
        form = await ada.press(answer.message, "Change …")
        assert hint in (await ada.submit(form.modal, most="3")).text


async def test_whoever_lost_the_permission_meanwhile_saves_nothing(lab: Lab) -> None:
    lin, papers = lab.person("lin"), lab.channel("papers")
    lab.discord.set_overwrite(papers, lin, allow=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    answer = await lin.slash("topic follow", query="graph")
    lab.discord.set_overwrite(papers, lin, deny=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    assert "You need the permission Manage Channels" in (await lin.press(answer.message, saving(answer))).text
    assert await subscribed(lab) == []


async def test_what_the_bot_lost_meanwhile_is_named(lab: Lab) -> None:
    papers, answer = lab.channel("papers"), await preview_of(lab, "graph", threads=True)
    assert "a thread for each paper" in answer.text
    for role in lab.guild.roles.values():
        lab.discord.set_overwrite(papers, role, deny=Permission.CREATE_PUBLIC_THREADS)
    await asyncio.sleep(0.1)
    told = (await manager(lab).press(answer.message, saving(answer))).text
    assert "I need Create Public Threads" in told
    assert await subscribed(lab) == []


async def test_a_role_is_pinged_only_by_who_may_mention_it(lab: Lab) -> None:
    ada = manager(lab)
    closed = lab.discord.add_role(lab.guild, "readers")
    opened = lab.discord.add_role(lab.guild, "fans", mentionable=True)
    await asyncio.sleep(0.1)
    refused = await ada.slash("topic follow", query="graph", role=closed)
    assert "You may not mention the role readers" in refused.text
    everyone = await ada.slash("topic follow", query="graph", role=lab.guild.everyone)
    assert "ping nobody but a role that people choose" in everyone.text
    answer = await ada.slash("topic follow", query="graph", role=opened)
    assert f"with a notification · pings <@&{opened.id}>" in answer.text
    quietly = await ada.slash("topic follow", query="graph", role=opened, silent=True)
    assert f"silent · pings <@&{opened.id}>" in quietly.text
    await ada.press(answer.message, saving(answer))
    (topic,) = await lab.app.storage.list_subscriptions()
    assert topic.posting.role_id == opened.id


async def test_absurd_rates_are_told(lab: Lab) -> None:
    assert "No paper at all arrived in the last 30 days" in (await preview_of(lab, "graph")).text
    lab.now = FRIDAY
    await lab.ingest(*[found_paper(title=f"Graph {number}", ids=(f"2605.{number:05}",)) for number in range(60)])
    flood = (await preview_of(lab, "graph")).text
    assert "**That is over 50 papers a working day**" in flood
    assert "**It matches nearly everything**: 60 of the 60 papers" in flood
    nothing = (await preview_of(lab, "graph looms")).text
    assert "**This brings nothing**: no paper matched" in nothing
    assert "Too few? Drop `looms` (60 papers)." in nothing


async def test_one_paper_of_a_weekend_is_one_paper_and_no_rate(lab: Lab) -> None:
    lab.now = FRIDAY + timedelta(days=1)
    await lab.ingest(found_paper(title="Graphs", ids=("2605.00001",)))
    assert "brought **1 paper** today, the first day of papers." in (await preview_of(lab, "graphs")).text
    lab.now += timedelta(days=20)
    assert "brought **1 paper** over the 21 days since" in (await preview_of(lab, "graphs")).text


async def test_where_all_papers_are_old_the_newest_month_tells_what_a_topic_would_bring(lab: Lab) -> None:
    lab.now = FRIDAY
    last = datetime(2024, 5, 17, 9, tzinfo=UTC)
    old = [
        found_paper(
            title=f"{'Graph' if ago % 2 else 'Loom'} {ago}",
            ids=(),
            published_at=last - timedelta(days=ago),
            abstract="",
        )
        for ago in range(0, 60, 1)
    ]
    async with lab.app.storage.write() as transaction:
        await transaction.add_import(FRIDAY)
        await transaction.put_papers([prepare(paper_from(each)) for each in old], now=FRIDAY)
    told = (await preview_of(lab, "graph")).text
    assert "No paper arrived in the last 30 days; the newest here is of 17 May 2024." in told
    assert "about **4 papers a week** over the 30 days until then." in told
    assert "15 papers in all" in told
    assert "- **Graph** 1\n" in told
    nothing = (await preview_of(lab, "zebras")).text
    assert "**This brings nothing**: no paper matched over the 30 days until then." in nothing


@pytest.mark.parametrize("query", ["1706.03762", "graph arxiv:1706.03762"])
async def test_who_follows_an_id_is_told_that_it_brings_one_paper_and_may_still_do_so(lab: Lab, query: str) -> None:
    answer = await preview_of(lab, query)
    assert "An id can only ever bring this one paper." in answer.text
    assert "`/paper similar` finds papers like it" in answer.text
    await manager(lab).press(answer.message, saving(answer))
    assert len(await subscribed(lab)) == 1
    assert "An id" not in (await preview_of(lab, "graph OR 1706.03762")).text


async def test_nobody_saves_the_preview_of_another(lab: Lab) -> None:
    answer = await preview_of(lab, "graph")
    eve = lab.person("eve", manage_channels=True)
    own = await eve.slash("topic follow", query="looms")
    for each in own.message.buttons:
        assert each.custom_id is None or "draft:1:" not in each.custom_id
    with pytest.raises(AssertionError):
        await eve.press(answer.message, saving(answer))


@pytest.mark.parametrize("query", ["graph", "graph -survey after:7d", "looms OR pruning cat:cs.CV"])
async def test_what_a_preview_promises_is_what_came(lab: Lab, query: str) -> None:
    """The days that a preview looks back on, with the topic followed all the while: posted or held back, not more."""
    ada = manager(lab)
    lab.now = FRIDAY - timedelta(days=12)
    await follow(ada, query, most_per_day=1)
    await fill(lab)
    (topic,) = await lab.app.storage.list_subscriptions()
    owed = await lab.app.storage.list_deliveries(list(DeliveryState), limit=200)
    posted = [each for each in owed if each.key.startswith(f"topic:{topic.id}:")]
    async with lab.app.storage._database.read() as connection:  # type: ignore[attr-defined]
        counted = select(func.count()).where(held_back.c.subscription_id == topic.id)  # digests brought some of them
        held = (await connection.execute(counted)).scalar_one()
    drafted = await lab.app.services.topics.draft_change(topic, topic.posting, person_id=ada.id)
    assert drafted.preview.total == len(posted) + held
    assert drafted.preview.total > 9


async def test_the_longest_of_everything_fits_into_a_message(lab: Lab) -> None:
    """The fake Discord refuses what is too long, and the lab then fails."""
    lab.now = FRIDAY
    ada = manager(lab)
    words = [f"*_[{chr(0x0430 + number) * 12}" for number in range(20)]
    query = " OR ".join(words)[:290].rpartition(" OR ")[0]
    for number in range(3):
        title = " ".join(words[number:]) + " " + "*_`[]()" * 60
        await lab.ingest(
            found_paper(title=title, ids=(), abstract=title, page_url=f"https://example.org/{number}/{'x' * 480}"),
            feed=f"feed {number}",
        )
    answer = await ada.slash("topic follow", query=query, quiet_hours="22-7", timezone="America/North_Dakota/Beulah")
    assert "### New papers" in answer.text
    form = await ada.press(answer.message, "Change …")
    changed = await ada.submit(form.modal)
    await ada.press(changed.message, saving(changed))
    papers = lab.channel("papers")
    async with lab.app.storage.write() as transaction:
        for number in range(24):
            new = NewSubscription(guild_id=lab.guild.id, channel_id=papers.id, query=f"{number} {query}", created_by=1)
            await transaction.add_subscription(new, most=99, now=FRIDAY)
    listed = await ada.slash("topic list")
    assert listed.text.count("\n- ") == 25
    assert "follows 25 topics" in (await ada.slash("topic follow", query="graph")).text
