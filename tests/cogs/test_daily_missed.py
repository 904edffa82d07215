"""A nominated paper whose message never came: the line says that no day takes it again, and what can be done."""

from datetime import UTC, datetime, timedelta

from bot.domain.daily_messages import daily_delivery, daily_post
from bot.domain.deliveries import DeliveryState
from bot.domain.schedules import DailyPost, Origin
from bot.fakediscord.people import Person
from tests.cogs.schedules import manager, only_schedule, start
from tests.delivery.owing import settled
from tests.lab import Lab, found_paper

LOOMS = found_paper(title="Looms", ids=("2001.00001",), published_at=datetime(2020, 1, 5, tzinfo=UTC))
EARLY = datetime(2031, 5, 26, 6, tzinfo=UTC)
"""Eight in Berlin."""
SPENT = "No day takes it: each channel with a paper of the day had it, or missed it."


async def missed(lab: Lab, ada: Person) -> None:
    """Have a paper nominated, chosen for yesterday, and its message come to nothing."""
    lab.now = EARLY
    await lab.import_papers([LOOMS])
    await start(ada, timezone="berlin")
    assert SPENT not in (await lab.person("lin").slash("daily nominate", paper="2001.00001")).text
    assert SPENT not in (await ada.slash("daily queue")).text
    known, schedule = await lab.app.services.library.resolve("2001.00001"), await only_schedule(lab)
    on = EARLY.date() - timedelta(days=1)
    post = DailyPost(
        channel_id=schedule.channel_id,
        on=on,
        guild_id=lab.guild.id,
        planned_at=EARLY,
        paper_id=known.id,
        origin=Origin.QUEUE,
    )
    owed = daily_delivery(schedule, on, daily_post(schedule, on, known, ""), now=EARLY, until=EARLY)
    async with lab.app.storage.write() as transaction:
        await transaction.add_daily_posts([post])
        await transaction.add_deliveries([owed])
    await settled(lab.app.storage, owed.key, DeliveryState.EXPIRED)


async def test_the_line_says_that_no_day_takes_it_and_a_moderator_takes_it_out(lab: Lab) -> None:
    ada = manager(lab)
    await missed(lab, ada)
    shown = await ada.slash("daily queue")
    assert "Looms" in shown.text
    assert f"-# {SPENT} `/daily now` posts it there." in shown.text
    assert "Looms" not in (await ada.press(shown.message, "Remove")).text
    again = await lab.person("lin").slash("daily nominate", paper="2001.00001")
    assert SPENT in again.text, "whoever nominates it again is told at once"


async def test_what_a_channel_missed_is_posted_by_whoever_asks_for_it_once(lab: Lab) -> None:
    ada, papers = manager(lab), lab.channel("papers")
    await missed(lab, ada)
    offered = await ada.slash("daily now", paper="2001.00001")
    await ada.press(offered.message, "Post in #papers")
    assert "Looms" in (await papers.next_message()).text
    assert "Nothing is in line" in (await ada.slash("daily queue")).text
    assert "had this paper of the day already" in (await ada.slash("daily now", paper="2001.00001")).text


async def test_where_another_channel_can_have_it_nothing_is_said(lab: Lab) -> None:
    ada = manager(lab)
    await missed(lab, ada)
    await start(ada, channel=lab.channel("general"))
    assert SPENT not in (await ada.slash("daily queue")).text
