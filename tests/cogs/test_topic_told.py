"""The form about who is told of a topic's papers, and the law that a form which nobody touched changes nothing."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.posting import Cadence, Posting
from bot.domain.topic_drafts import TopicDraft
from bot.fakediscord.answers import Answer
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import Channel
from bot.services.zones import Zones
from cogs._topic_choices import change_form, filled_in, told_form, told_so
from tests.cogs.following import follow, saving
from tests.lab import Lab

THREAD, LOUD = "A thread for each paper", "With a notification"


async def posting(lab: Lab) -> Posting:
    (topic,) = await lab.app.storage.list_subscriptions()
    return topic.posting


async def opened(person: Person, preview: Answer) -> Answer:
    return await person.press(preview.message, "Who is told …")


async def test_a_role_threads_and_sound_are_chosen_in_a_form_and_stay_as_they_are_if_nobody_touches_it(
    lab: Lab,
) -> None:
    ada, readers = lab.person("ada", manage_channels=True), lab.discord.add_role(lab.guild, "readers", mentionable=True)
    await asyncio.sleep(0.1)
    await follow(ada, "graph", most_per_day=2)
    shown = await ada.slash("topic show", topic="graph")
    preview = await ada.press(shown.message, "Change …")
    form = await opened(ada, preview)
    assert form.modal is not None
    assert [each.chosen for each in form.modal.fields] == [[], []]
    changed = await ada.submit(form.modal, role=[readers], how=[THREAD, LOUD])
    assert changed.message.id == preview.message.id
    assert f"with a notification · a thread for each paper · pings <@&{readers.id}>" in changed.text
    await ada.press(changed.message, "Save")
    chosen = await posting(lab)
    assert chosen == Posting(most_per_day=2, role_id=readers.id, has_threads=True, is_silent=False)
    again = await opened(ada, await ada.slash("topic edit", topic="graph"))
    untouched = await ada.submit(again.modal)
    await ada.press(untouched.message, "Save")
    assert await posting(lab) == chosen
    form = await opened(ada, await ada.slash("topic edit", topic="graph"))
    await ada.press((await ada.submit(form.modal, role=[], how=[])).message, "Save")
    assert await posting(lab) == Posting(most_per_day=2)


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_what_a_person_or_the_bot_may_not_is_refused_and_the_preview_stays(lab: Lab, kind: str) -> None:
    secret = lab.discord.add_role(lab.guild, "secret")
    place = lab.channel("general") if kind == "text" else lab.discord.add_channel(lab.guild, "reading", "forum")
    ada = lab.person("ada", manage_channels=True)
    await asyncio.sleep(0.1)
    preview = await ada.slash("topic follow", query="graph", channel=place)
    refused = await ada.submit((await opened(ada, preview)).modal, role=[secret])
    assert refused.private
    assert "You may not mention the role secret" in refused.text
    everyone = await ada.submit((await opened(ada, preview)).modal, role=[lab.guild.everyone])
    assert "Name another role than everyone" in everyone.text
    threads = await ada.submit((await opened(ada, preview)).modal, how=[THREAD])
    assert ("Leave threads out" in threads.text) == (kind == "forum")
    await ada.press(preview.message, saving(preview))
    assert await posting(lab) == Posting(has_threads=kind == "text")


async def test_what_is_lost_between_the_form_and_saving_counts(lab: Lab) -> None:
    ada, general = lab.person("ada"), lab.channel("general")
    readers = lab.discord.add_role(lab.guild, "readers", mentionable=True)
    lab.discord.set_overwrite(general, ada, allow=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    preview = await ada.slash("topic follow", query="graph", channel=general)
    changed = await ada.submit((await opened(ada, preview)).modal, role=[readers])
    await lost(lab, general, ada)
    assert "Manage Channels" in (await ada.submit((await opened(ada, changed)).modal, how=[LOUD])).text
    assert "Manage Channels" in (await ada.press(changed.message, saving(changed))).text
    assert await lab.app.storage.list_subscriptions() == []


async def lost(lab: Lab, channel: Channel, person: Person) -> None:
    lab.discord.set_overwrite(channel, person)
    await asyncio.sleep(0.1)


ROLES = (10**17, 10**18)
MINUTES = st.integers(0, 24 * 60 - 1)
quiet = st.one_of(st.just((None, None)), st.tuples(MINUTES, MINUTES).filter(lambda hours: hours[0] != hours[1]))
postings = st.builds(
    lambda hours, **told: Posting(quiet_from=hours[0], quiet_until=hours[1], **told),
    quiet,
    cadence=st.sampled_from(Cadence),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"]),
    digest_at=MINUTES,
    weekday=st.integers(0, 6),
    most_per_day=st.integers(1, 50),
    role_id=st.sampled_from([None, *ROLES]),
    has_threads=st.booleans(),
    is_silent=st.booleans(),
)


def untouched(form: discord.ui.Modal) -> dict[str, str]:
    """What a form sends that nobody has touched."""
    told: dict[str, str] = {}
    for each in form.to_dict()["components"]:
        field: dict[str, Any] = each["component"]
        chosen = [one["value"] for one in field.get("options", ()) if one.get("default")]
        chosen += [str(one["id"]) for one in field.get("default_values", ())]
        told[field["custom_id"]] = field.get("value") or ",".join(chosen)
    return told


@given(postings)
def test_a_form_that_nobody_touches_changes_nothing(chosen: Posting) -> None:
    draft = TopicDraft(
        guild_id=1, channel_id=2, person_id=3, query="graph", made_at=datetime(2026, 6, 2, tzinfo=UTC), posting=chosen
    )
    assert told_so(untouched(told_form(draft, ROLES)), chosen) == chosen
    fields = untouched(change_form(draft))
    assert asyncio.run(filled_in(fields, chosen, Zones(lambda: draft.made_at))) == chosen
    weekday = chosen.weekday if chosen.cadence is Cadence.WEEKLY else None
    assert fields["when"] == (chosen.cadence.value if weekday is None else f"weekly {weekday}")
