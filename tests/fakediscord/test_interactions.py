"""Commands, buttons, menus and modals, typed by people and answered by discord.py."""

from typing import Any

import pytest

from bot.fakediscord.answers import Refused, Unanswered
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild
from tests.fakediscord.example_bot import ExampleBot, connected


async def test_a_command_is_answered_privately(example: ExampleBot, ada: Person, lin: Person, papers: Channel) -> None:
    answer = await ada.slash("echo", text="hello")
    assert answer.text == "hello"
    assert answer.private
    assert ada.sees(papers) == [answer.message]
    assert lin.sees(papers) == []


async def test_a_public_answer_is_seen_by_all_and_arrives(
    example: ExampleBot, ada: Person, lin: Person, papers: Channel
) -> None:
    answer = await ada.slash("echo", text="hello", private=False)
    assert lin.sees(papers) == [answer.message]
    assert await papers.next_message() is answer.message
    with pytest.raises(TimeoutError):
        await papers.next_message(timeout=0.01)


async def test_options_are_people_channels_and_roles(
    example: ExampleBot, fake: FakeDiscord, guild: Guild, ada: Person, papers: Channel
) -> None:
    chair = fake.add_role(guild, "chair")
    boss = fake.add_person("boss", guild=guild, permissions=1 << 4)
    answer = await ada.slash("where", channel=papers, member=boss, role=chair)
    assert answer.text == "#papers boss chair True"


async def test_numbers_and_choices(example: ExampleBot, ada: Person) -> None:
    answer = await ada.slash("sum", a=2, b=0.5, kind="Plain")
    assert answer.text == "2.5 p"


@pytest.mark.parametrize(
    ("command", "options", "says"),
    [
        ("ehco", {}, "no command 'ehco'"),
        ("paper", {}, "not a whole command; it goes on with: show"),
        ("paper hide", {}, "no subcommand 'hide'"),
        ("echo", {}, "/echo needs text"),
        ("echo", {"txt": "a"}, "no option 'txt'; it has: text, private"),
        ("echo", {"text": ""}, "text must be text"),
        ("echo", {"text": "a" * 6001}, "1 to 6000 characters"),
        ("echo", {"text": "a", "private": "yes"}, "must be true or false"),
        ("sum", {"a": 11, "b": 1, "kind": "p"}, "between 1 and 10"),
        ("sum", {"a": 1.5, "b": 1, "kind": "p"}, "must be a whole number"),
        ("sum", {"a": 1, "b": 1, "kind": "fancy"}, "must be one of: Plain"),
        ("where", {"channel": 1, "member": 2, "role": 3}, "must be a channel"),
        ("admin", {}, "may not use /admin: that needs Manage Channels"),
    ],
)
async def test_a_client_does_not_send_what_is_wrong(
    example: ExampleBot, ada: Person, command: str, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        await ada.slash(command, **options)


async def test_a_channel_of_the_wrong_type_cannot_be_chosen(
    example: ExampleBot, fake: FakeDiscord, guild: Guild, ada: Person
) -> None:
    forum = fake.add_channel(guild, "forum", "forum")
    with pytest.raises(Refused, match="cannot be #forum"):
        await ada.slash("where", channel=forum, member=ada, role=guild.everyone)


async def test_commands_for_some_and_for_servers_only(example: ExampleBot, fake: FakeDiscord, guild: Guild) -> None:
    boss = fake.add_person("boss", guild=guild, permissions=1 << 4)
    assert (await boss.slash("admin")).text == "well done"
    with pytest.raises(Refused, match="no command 'admin'"):
        await boss.slash("admin", _in=boss.dm)


async def test_autocomplete(example: ExampleBot, ada: Person) -> None:
    offered = await ada.complete("paper show", option="paper", text="dif")
    assert [(each.name, each.value) for each in offered] == [("dif 0", "dif0"), ("dif 1", "dif1"), ("dif 2", "dif2")]
    with pytest.raises(Refused, match="no autocomplete"):
        await ada.complete("echo", option="text", text="a")


async def test_a_deferred_answer_comes_later(example: ExampleBot, ada: Person, papers: Channel) -> None:
    answer = await ada.slash("later")
    assert (await answer.final()).text == "at last"
    assert answer.private
    public = await ada.slash("later", private=False)
    assert await papers.next_message() is public.message
    assert not public.message.is_loading


async def test_the_first_followup_of_a_deferred_answer_is_the_answer(
    example: ExampleBot, ada: Person, lin: Person, papers: Channel
) -> None:
    answer = await (await ada.slash("later", private=False, followup=True)).final()
    assert answer.text == "at last"
    assert await papers.next_message() is answer.message
    while not answer.followups:
        await done_with(example)
    assert [(each.text, each.visible_to) for each in answer.followups] == [("one more", ada.id)]
    assert lin.sees(papers) == [answer.message]


async def test_a_button_counts_in_place(example: ExampleBot, ada: Person, lin: Person) -> None:
    counting = await ada.slash("count")
    pressed = await lin.press(counting.message, "Pressed 0")
    assert pressed.message is counting.message
    assert [each.label for each in counting.buttons] == ["Pressed 1"]
    with pytest.raises(Refused, match="there are: 'Pressed 1'"):
        await ada.press(counting.message, "Pressed 0")


async def test_a_button_outlives_the_bot(fake: FakeDiscord, ada: Person) -> None:
    async with connected(fake):
        counting = await ada.slash("count")
    fake.interactions.answer_within = 0.01
    with pytest.raises(Unanswered, match="did not respond"):
        await ada.press(counting.message, "Pressed 0")
    fake.interactions.answer_within = 3.0
    async with connected(fake):
        await ada.press(counting.message, "Pressed 0")
        await ada.press(counting.message, "count:1")
    assert [each.label for each in counting.buttons] == ["Pressed 2"]


async def test_a_layout_is_read_and_pressed(example: ExampleBot, ada: Person) -> None:
    shown = await ada.slash("card")
    assert shown.text == "**A title**\nSome authors\nWith a picture\n-# the end"
    assert [each.label for each in shown.buttons] == ["Pressed 7", "Page", "No"]
    with pytest.raises(Refused, match=r"is a link to https://example\.org/"):
        await ada.press(shown.message, "Page")


async def test_menus(example: ExampleBot, ada: Person, papers: Channel) -> None:
    shown = await ada.slash("menus")
    assert (await ada.choose(shown.message, "A fruit", "Fig")).text == "fruit f"
    assert (await ada.choose(shown.message, "A channel", [papers])).text == "papers"
    with pytest.raises(Refused, match="not among: Fig, Pear"):
        await ada.choose(shown.message, "A fruit", "Plum")
    with pytest.raises(Refused, match="one chooses 1 to 1 here, not 2"):
        await ada.choose(shown.message, "A fruit", ["Fig", "Pear"])
    with pytest.raises(Refused, match="no select menu 'A nut'"):
        await ada.choose(shown.message, "A nut", "Fig")


async def test_a_modal_is_filled_in(example: ExampleBot, ada: Person) -> None:
    opened = await ada.slash("form")
    assert opened.modal is not None
    assert [each.label for each in opened.modal.fields] == ["Your name", "Colour"]
    with pytest.raises(Refused, match="no field 'age'"):
        await ada.submit(opened.modal, age="9")
    with pytest.raises(Refused, match="'Your name' takes 1 to 20 characters"):
        await ada.submit(opened.modal, your_name="", colour="red")
    answer = await ada.submit(opened.modal, your_name="Ada", colour="red")
    assert answer.text == "Ada likes red"
    with pytest.raises(Refused, match="not open"):
        await ada.submit(opened.modal, your_name="Ada", colour="red")


async def test_a_menu_command_gets_the_message_it_was_used_on(
    example: ExampleBot, ada: Person, lin: Person, papers: Channel
) -> None:
    said = await lin.say(papers, "look at this")
    assert (await ada.menu("Quote", said)).text == "lin said look at this"


async def test_direct_messages(example: ExampleBot, ada: Person, lin: Person) -> None:
    answer = await ada.slash("echo", text="psst", _in=ada.dm)
    assert answer.message in ada.sees(ada.dm)
    assert lin.sees(ada.dm) == []


async def test_nobody_waits_for_ever(fake: FakeDiscord, guild: Guild, papers: Channel, ada: Person) -> None:
    fake.interactions.answer_within = 0.05
    async with connected(fake):
        with pytest.raises(Unanswered, match="the application did not respond"):
            await ada.slash("nothing")


async def test_only_one_answer_counts(example: ExampleBot, ada: Person, papers: Channel) -> None:
    answer = await ada.slash("twice")
    while not answer.followups:
        await done_with(example)
    assert answer.text == "first"
    assert [each.text for each in answer.followups] == ["refused 400 40060"]


async def done_with(example: ExampleBot) -> None:
    """Let the bot go on for as long as a request takes."""
    await example.application_info()


async def test_hidden_channels_hide_everything(
    example: ExampleBot, fake: FakeDiscord, guild: Guild, papers: Channel, ada: Person, lin: Person
) -> None:
    shown = await ada.slash("count")
    fake.set_overwrite(papers, lin, deny=1 << 10)
    assert lin.sees(papers) == []
    with pytest.raises(Refused):
        await lin.press(shown.message, "Pressed 0")
    with pytest.raises(Refused):
        await lin.slash("echo", text="a", _in=papers)
