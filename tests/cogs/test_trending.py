"""/trending, typed by people: what gained votes everywhere and here, its menu, its buttons, and what none says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.domain.identifiers import page_url
from bot.domain.papers import ExternalId
from bot.domain.trends import Period, Trend
from bot.domain.upvotes import UpvoteCount
from bot.services.trends import Gain, Trending
from cogs._trending import trending
from tests.cogs.judging import faults
from tests.cogs.samples import hostile_paper, known
from tests.lab import Lab, found_paper

NOW = datetime(2026, 5, 22, 15, 0, tzinfo=UTC)


async def number(lab: Lab, arxiv: str) -> int:
    found = await lab.app.storage.find_paper(ExternalId("arxiv", arxiv))
    assert found is not None
    return found.id


async def shelf(lab: Lab, count: int = 3) -> list[int]:
    """So many papers, at three in the afternoon of 22 May 2026; their numbers."""
    lab.now = NOW
    ids = [f"2401.{each:05}" for each in range(1, count + 1)]
    await lab.import_papers(
        [
            found_paper(title=f"Zebra {at}", ids=(each,), published_at=datetime(2024, 1, 1, tzinfo=UTC))
            for at, each in enumerate(ids, 1)
        ]
    )
    return [await number(lab, each) for each in ids]


async def upvoted(lab: Lab, counts: Mapping[int, Mapping[int, int]]) -> None:
    """Keep the counts of papers by how many days ago they were."""
    told = [
        UpvoteCount(paper_id=paper, on=NOW.date() - timedelta(days=back), upvotes=many)
        for paper, days in counts.items()
        for back, many in days.items()
    ]
    async with lab.app.storage.write() as transaction:
        await transaction.put_upvotes(told)


async def voted(lab: Lab, guild_id: int, paper: int, people: int, *, days_ago: int = 0) -> None:
    async with lab.app.storage.write() as transaction:
        for each in range(1, people + 1):
            await transaction.toggle_vote(guild_id, paper, 100 * days_ago + each, now=NOW - timedelta(days=days_ago))


async def test_everywhere_lists_what_gained_upvotes_and_opens_and_shares_it(lab: Lab) -> None:
    one, two, three = await shelf(lab)
    await upvoted(lab, {one: {8: 100, 0: 105}, two: {8: 10, 3: 60, 0: 61}, three: {8: 7, 0: 7}})
    ada = lab.person("ada")
    week = await ada.slash("trending")
    assert week.private
    assert "Trending this week" in week.text
    assert (
        "1\\. [Zebra 2](https://arxiv.org/abs/2401.00002) · Lovelace, Babbage · cs.LG · **+51 upvotes, 61 in all**"
        in week.text
    )
    assert "2\\. [Zebra 1]" in week.text
    assert "Zebra 3" not in week.text
    today = await ada.slash("trending", period="today")
    assert "**+1 upvote, 61 in all**" in today.text
    opened = await ada.choose(week.message, "Show one of them, to you alone", "Zebra 2")
    assert opened.private
    assert "We study a thing" in opened.text
    await lab.restart()
    await ada.press(week.message, "Share")
    shared = await lab.channel("papers").next_message()
    assert f"Shared by {ada.mention}" in shared.text
    assert "+51 upvotes" in shared.text
    assert not shared.buttons
    assert (await lab.person("lin").choose(shared, "Show one of them, to you alone", "Zebra 1")).private


async def test_ten_at_most_are_listed(lab: Lab) -> None:
    papers = await shelf(lab, 12)
    await upvoted(lab, {each: {9: 0, 0: at} for at, each in enumerate(papers, 1)})
    told = (await lab.person("ada").slash("trending", period="week")).text
    assert "1\\. [Zebra 12]" in told
    assert "10\\. [Zebra 3]" in told
    assert "Zebra 2]" not in told


async def test_this_server_counts_its_own_votes_of_that_time_alone(lab: Lab) -> None:
    one, two, three = await shelf(lab)
    other = lab.discord.add_guild("Elsewhere")
    there = lab.discord.add_channel(other, "there")
    lin = lab.discord.add_person("lin of elsewhere", guild=other)
    await voted(lab, lab.guild.id, one, 1)
    await voted(lab, lab.guild.id, two, 2)
    await voted(lab, lab.guild.id, two, 3, days_ago=10)
    await voted(lab, other.id, three, 4)
    ada = lab.person("ada")
    week = await ada.slash("trending", where="here")
    assert "Trending this week in this server" in week.text
    assert "1\\. [Zebra 2]" in week.text
    assert "**+2 votes, 5 in all**" in week.text
    assert "**+1 vote**" in week.text
    assert "Zebra 3" not in week.text
    assert "**+5 votes**" in (await ada.slash("trending", period="month", where="here")).text
    elsewhere = await lin.slash("trending", where="here", _in=there)
    assert "**+4 votes**" in elsewhere.text
    assert "Zebra 1" not in elsewhere.text
    assert "Zebra 2" not in elsewhere.text


async def test_where_nothing_trends_it_says_what_to_do_and_leads_on(lab: Lab) -> None:
    (one,) = await shelf(lab, 1)
    await voted(lab, lab.guild.id, one, 1, days_ago=10)
    ada = lab.person("ada")
    none = await ada.slash("trending", period="today")
    assert none.private
    assert "No source is asked here, so no upvotes on Hugging Face come in. Press Vote on a paper's card" in none.text
    assert [each.label for each in none.buttons] == ["This week", "This month", "In this server"]
    await ada.press(none.message, "In this server")
    assert "Nobody has voted in this server today. Press Vote on a paper's card" in none.message.text
    await ada.press(none.message, "This month")
    assert "**+1 vote**" in none.message.text


async def test_where_nothing_is_known_everywhere_it_opens_on_what_this_server_voted_for(lab: Lab) -> None:
    (one,) = await shelf(lab, 1)
    await voted(lab, lab.guild.id, one, 2)
    ada = lab.person("ada")
    week = await ada.slash("trending")
    assert "Trending this week in this server\nNo upvotes on Hugging Face are known this week." in week.text
    assert "**+2 votes**" in week.text
    assert "Nothing trends this week" in (await ada.slash("trending", where="everywhere")).text
    assert "Nothing trends this week" in (await ada.slash("trending", _in=ada.dm)).text
    await ada.press(week.message, "Share")
    assert "No upvotes" not in (await lab.channel("papers").next_message()).text
    await upvoted(lab, {one: {8: 100, 0: 105}})
    assert "+5 upvotes" in (await ada.slash("trending")).text


async def test_where_sources_are_asked_status_tells_why_nothing_trends(lab: Lab) -> None:
    await lab.stop()
    await lab.start(asks_sources=True)
    none = await lab.person("ada").slash("trending", period="today")
    assert "I have seen no paper gain upvotes on Hugging Face today. `/status` says" in none.text


async def test_what_trends_no_more_is_not_shared(lab: Lab) -> None:
    (one,) = await shelf(lab, 1)
    await voted(lab, lab.guild.id, one, 1)
    ada = lab.person("ada")
    shown = await ada.slash("trending", where="here")
    lab.now = NOW + timedelta(days=8)
    assert "Nothing of that is trending any more" in (await ada.press(shown.message, "Share")).text


async def test_outside_a_server_there_is_no_this_server(lab: Lab) -> None:
    ada = lab.person("ada")
    refused = await ada.slash("trending", where="here", _in=ada.dm)
    assert refused.text == "I count votes only in servers that I was added to: ask in one, or choose everywhere."
    none = await ada.slash("trending", _in=ada.dm)
    assert [each.label for each in none.buttons] == ["This month"]
    away = lab.discord.add_guild("Away", with_bot=False)
    talk = lab.discord.add_channel(away, "talk")
    lin = lab.discord.add_person("lin", guild=away, permissions=(1 << 3), has_app=True)
    assert "I count votes only in" in (await lin.slash("trending", where="here", _in=talk)).text


def test_hostile_papers_make_lists_that_discord_takes() -> None:
    random = Random(5)
    for at in range(40):
        papers = [known(hostile_paper(random), number=10**17 + each) for each in range(10)]
        gains = tuple(Gain(known=each, trend=Trend(paper_id=each.id, gained=10**6, total=10**7)) for each in papers)
        found = Trending(period=Period.MONTH, is_here=at % 2 == 0, first_day=date(2026, 5, 1), gains=gains)
        links = [page_url(each.paper) for each in papers]
        assert faults(trending(found, in_server=True), links=links) == []
        assert faults(trending(found, in_server=True, shared_by=2**62), links=links, people=[2**62]) == []
