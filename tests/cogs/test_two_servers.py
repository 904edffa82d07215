"""Two servers on one bot: whatever is typed in them, nothing of one ever shows in the other."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import Channel, Guild
from tests.lab import Lab, found_paper, opened_lab

WORDS = {"Reading group": ("zebra", "quokka", "ibex"), "Elsewhere": ("walrus", "narwhal", "okapi")}
"""Each server's own: a word of one that is read in the other has leaked."""
RIGHTS = Permission.MANAGE_CHANNELS | Permission.MANAGE_GUILD


@dataclass(frozen=True, kw_only=True)
class Side:
    """One server, with whoever may do everything in it."""

    guild: Guild
    channels: tuple[Channel, ...]
    boss: Person

    @property
    def words(self) -> tuple[str, ...]:
        return WORDS[self.guild.name]


def sides(lab: Lab) -> tuple[Side, Side]:
    other = lab.discord.add_guild("Elsewhere")
    there = tuple(lab.discord.add_channel(other, name) for name in ("papers", "general"))
    here = (lab.channel("papers"), lab.channel("general"))
    made = []
    for guild, channels in ((lab.guild, here), (other, there)):
        boss = lab.discord.add_person(f"boss of {guild.name}", guild=guild, permissions=RIGHTS)
        made.append(Side(guild=guild, channels=channels, boss=boss))
    return made[0], made[1]


step = st.tuples(
    st.integers(0, 1),
    st.integers(0, 1),
    st.integers(0, 2),
    st.sampled_from(
        [
            "follow",
            "list",
            "show",
            "pause",
            "resume",
            "unfollow",
            "status",
            "settings",
            "complete",
            "steal",
            "ingest",
            "daily",
            "daily status",
            "daily history",
            "daily queue",
            "nominate",
            "vote",
            "trending",
        ]
    ),
)


async def typed(  # noqa: PLR0911 (one for each kind of step)
    lab: Lab, mine: Side, other: Side, at: int, word: str, what: str
) -> str:
    """Everything that is read after this was typed in a server, its other texts included."""
    boss, place = mine.boss, mine.channels[at]
    topics = await lab.app.storage.list_subscriptions(guild_id=other.guild.id)
    stolen = str(topics[0].id) if topics else "1"
    match what:
        case "follow":
            answer = await boss.slash("topic follow", _in=place, query=word)
            saves = [each.label for each in answer.message.buttons if each.label.startswith("Follow")]
            return answer.text + ((await boss.press(answer.message, saves[0])).text if saves else "")
        case "complete":
            offered = await boss.complete("topic show", option="topic", text="", _in=place)
            return " ".join(each.name for each in offered)
        case "steal":
            told = [(await boss.slash(f"topic {each}", _in=place, topic=stolen)).text for each in ("show", "unfollow")]
            return " ".join(told)
        case "ingest":
            words = [*WORDS["Reading group"], *WORDS["Elsewhere"]]
            some = [
                found_paper(title=f"On {each}", abstract="About animals.", ids=(f"doi:10.1/{each}",)) for each in words
            ]
            await lab.ingest(*some)
            return ""
        case "daily":
            preview = await boss.slash("daily here", _in=place, query=word)
            saves = [each.label for each in preview.message.buttons if each.label.startswith(("Start in", "Save"))]
            return (await boss.press(preview.message, saves[0])).text
        case "nominate":
            return (await boss.slash("daily nominate", _in=place, paper=f"10.1/{word}")).text
        case "vote":
            card = await boss.slash("paper show", _in=place, paper=f"10.1/{word}")
            presses = [each.label for each in card.message.buttons if each.label.startswith("Vote")]
            return card.text + "".join([(await boss.press(card.message, each)).message.text for each in presses])
        case "trending":
            listed = await boss.slash("trending", _in=place, where="here")
            shares = [each.label for each in listed.message.buttons if each.label == "Share"]
            assert not shares or (await boss.press(listed.message, "Share")).private is False
            return listed.text
        case "status" | "settings" | "daily status" | "daily history" | "daily queue":
            return (await boss.slash(what, _in=place)).text
        case "list":
            return (await boss.slash("topic list", _in=place)).text
        case _:
            return (await boss.slash(f"topic {what}", _in=place, topic=word)).text


async def play(steps: list[tuple[int, int, int, str]]) -> None:
    """Type all this, and read everything that is said."""
    async with opened_lab() as lab:
        both = sides(lab)
        await asyncio.sleep(0.1)
        for who, at, word, what in steps:
            mine, other = both[who], both[1 - who]
            before = await kept(lab, other)
            told = await typed(lab, mine, other, at, mine.words[word], what)
            assert not [each for each in other.words if each in told], (what, told)
            assert not [each for each in other.channels if str(each.id) in told], (what, told)
            assert what == "ingest" or await kept(lab, other) == before
        for mine, other in (both, both[::-1]):
            posted = [message.text for channel in mine.channels for message in channel.messages.values()]
            because = [each.partition("This channel follows")[2] for each in posted]
            assert not [each for each in because if any(word in each for word in other.words)]


async def kept(lab: Lab, side: Side) -> tuple[object, ...]:
    """All that is remembered of a server."""
    topics = await lab.app.storage.list_subscriptions(guild_id=side.guild.id)
    schedules = await lab.app.storage.list_schedules(guild_id=side.guild.id)
    line = await lab.app.storage.list_nominations(guild_id=side.guild.id)
    votes = await lab.app.storage.trends_here(guild_id=side.guild.id, since=datetime.fromtimestamp(0, UTC), limit=99)
    return topics, schedules, line, votes, await lab.app.storage.get_server(side.guild.id)


@settings(
    max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.lists(step, min_size=6, max_size=14))
def test_nothing_of_one_server_ever_shows_in_the_other(steps: list[tuple[int, int, int, str]]) -> None:
    asyncio.run(
        play(
            [
                (0, 0, 0, "follow"),
                (1, 1, 1, "follow"),
                (0, 0, 0, "ingest"),
                (0, 0, 1, "nominate"),
                *steps,
                (0, 0, 0, "list"),
                (1, 1, 1, "steal"),
            ]
        )
    )
