"""/help and /about, as people read them."""

import re

from bot.domain.parsing import parse_query
from bot.fakediscord.layout import walk
from tests.lab import Lab, found_paper


async def test_help_names_every_command_there_is(lab: Lab) -> None:
    answer = await lab.person("ada").slash("help")
    assert answer.private
    for command in lab.discord.world.commands[None].values():
        subcommands = [each["name"] for each in command.get("options", ()) if each["type"] == 1]
        for name in [f"{command['name']} {each}" for each in subcommands] or [command["name"]]:
            assert f"/{name}" in answer.text or name == "help" or (command["type"] == 3 and name in answer.text)


async def test_help_shows_every_field_and_only_queries_that_can_be_typed(lab: Lab) -> None:
    text = (await lab.person("ada").slash("help")).text
    searches = text.partition("Searches to try")[2].partition("Who sees it")[0]
    for each in re.findall(r"`([^`]+)`", searches):
        parse_query(f"x {each}")
    for field in ("title", "abstract", "author", "cat", "after", "before", "has", "source"):
        assert f"{field}:" in searches


async def test_about_thanks_arxiv_and_counts_the_papers(lab: Lab) -> None:
    await lab.import_papers([found_paper(title="One"), found_paper(title="Two")])
    answer = await lab.person("ada").slash("about")
    assert answer.private
    assert "Thank you to arXiv for use of its open access interoperability." in answer.text
    assert "It keeps 2 papers." in answer.text


async def test_commands_can_be_used_everywhere_and_installed_by_anyone(lab: Lab) -> None:
    """But what posts by itself: that needs the bot in the server."""
    for command in lab.discord.world.commands[None].values():
        is_for_servers = command["name"] in ("topic", "daily", "settings", "Nominate paper")
        assert command["contexts"] == ([0] if is_for_servers else [0, 1, 2])
        assert command["integration_types"] == ([0] if is_for_servers else [0, 1])
        for each in walk(command.get("options", ())):
            assert each["description"][0].isupper()
