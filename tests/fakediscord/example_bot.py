"""A small bot made with discord.py as it comes, which uses everything the pretend Discord must do."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import discord
import yarl
from discord import app_commands, ui
from discord.ext import commands

from bot.fakediscord.server import FakeDiscord
from tests.fakediscord.api import SOME_TOKEN

Interaction = discord.Interaction[Any]


class Counter(ui.DynamicItem[ui.Button[Any]], template=r"count:(\d+)"):
    """A button whose whole state is in its custom_id."""

    def __init__(self, count: int) -> None:
        super().__init__(ui.Button(label=f"Pressed {count}", custom_id=f"count:{count}"))
        self.count = count

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(int(match[1]))

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.edit_message(view=counter(self.count + 1))


def counter(count: int) -> ui.View:
    return ui.View(timeout=None).add_item(Counter(count))


class Form(ui.Modal, title="Tell me"):
    name: ui.TextInput[Any] = ui.TextInput(label="Your name", max_length=20)
    colour: ui.Label[Any] = ui.Label(
        text="Colour", component=ui.Select(options=[discord.SelectOption(label=each) for each in ("red", "blue")])
    )

    async def on_submit(self, interaction: Interaction) -> None:
        assert isinstance(self.colour.component, ui.Select)
        await interaction.response.send_message(f"{self.name.value} likes {self.colour.component.values[0]}")


def card() -> ui.LayoutView:
    """A layout with every kind of component that a paper might use."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.Container(
            ui.Section(ui.TextDisplay("**A title**"), ui.TextDisplay("Some authors"), accessory=Counter(7)),
            ui.Section("With a picture", accessory=ui.Thumbnail("https://example.org/a.png", description="a picture")),
            ui.Separator(spacing=discord.SeparatorSpacing.large),
            ui.ActionRow(ui.Button(label="Page", url="https://example.org/"), ui.Button(label="No", custom_id="no")),
            accent_colour=0x336699,
        )
    )
    return layout.add_item(ui.TextDisplay("-# the end"))


class Menus(ui.View):
    @ui.select(
        placeholder="A fruit",
        options=[discord.SelectOption(label="Fig", value="f"), discord.SelectOption(label="Pear")],
    )
    async def fruit(self, interaction: Interaction, select: ui.Select[Any]) -> None:
        await interaction.response.send_message(f"fruit {select.values[0]}", ephemeral=True)

    @ui.select(cls=ui.ChannelSelect, placeholder="A channel", max_values=2)
    async def channel(self, interaction: Interaction, select: ui.ChannelSelect[Any]) -> None:
        await interaction.response.send_message(" ".join(each.name for each in select.values), ephemeral=True)


class Paper(app_commands.Group):
    """A group with subcommands."""

    @app_commands.command(description="Show one")
    @app_commands.describe(paper="Which")
    async def show(self, interaction: Interaction, paper: str) -> None:
        await interaction.response.send_message(f"paper {paper}", ephemeral=True)

    @show.autocomplete("paper")
    async def _papers(self, _: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current} {number}", value=f"{current}{number}") for number in range(3)]


class ExampleBot(commands.Bot):
    """Registers its commands when it starts; `heard` lists the events it was told of."""

    def __init__(self) -> None:
        super().__init__(
            command_prefix="!",
            intents=discord.Intents.default(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.01,
        )
        self.heard: list[str] = []
        self.add_dynamic_items(Counter)
        self.tree.add_command(Paper(name="paper", description="Papers"))
        slash: list[app_commands.Command[Any, ..., Any]]
        slash = [_echo, _where, _later, _count, _card, _menus, _form, _nothing, _admin, _twice, _sum]
        for command in slash:
            self.tree.add_command(command)
        self.tree.add_command(_quote)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without the 5 seconds that discord.py waits before it identifies again."""

    async def on_socket_event_type(self, event: str) -> None:
        self.heard.append(event)

    async def on_message(self, message: discord.Message, /) -> None:
        """No text commands."""


@app_commands.command(name="echo", description="Say it again")
async def _echo(interaction: Interaction, text: str, private: bool = True) -> None:
    await interaction.response.send_message(text, ephemeral=private)


@app_commands.command(name="where", description="Who and where")
async def _where(
    interaction: Interaction, channel: discord.TextChannel, member: discord.Member, role: discord.Role
) -> None:
    allowed = channel.permissions_for(member)
    await interaction.response.send_message(f"#{channel.name} {member.name} {role.name} {allowed.manage_channels}")


@app_commands.command(name="sum", description="Add up")
async def _sum(
    interaction: Interaction, a: app_commands.Range[int, 1, 10], b: float, kind: app_commands.Choice[str]
) -> None:
    await interaction.response.send_message(f"{a + b} {kind.value}")


_sum = app_commands.choices(kind=[app_commands.Choice(name="Plain", value="p")])(_sum)


@app_commands.command(name="later", description="Answer later")
async def _later(interaction: Interaction, private: bool = True, followup: bool = False) -> None:
    await interaction.response.defer(ephemeral=private)
    if followup:
        await interaction.followup.send("at last")
        await interaction.followup.send("one more", ephemeral=True)
    else:
        await interaction.edit_original_response(content="at last")


@app_commands.command(name="count", description="A button that counts")
async def _count(interaction: Interaction) -> None:
    await interaction.response.send_message("counting", view=counter(0))


@app_commands.command(name="card", description="A layout")
async def _card(interaction: Interaction) -> None:
    await interaction.response.send_message(view=card())


@app_commands.command(name="menus", description="Menus")
async def _menus(interaction: Interaction) -> None:
    await interaction.response.send_message("choose", view=Menus())


@app_commands.command(name="form", description="A modal")
async def _form(interaction: Interaction) -> None:
    await interaction.response.send_modal(Form())


@app_commands.command(name="nothing", description="Never answers")
async def _nothing(interaction: Interaction) -> None:
    """Leaves the person waiting."""


@app_commands.command(name="admin", description="For some")
@app_commands.default_permissions(manage_channels=True)
@app_commands.guild_only()
async def _admin(interaction: Interaction) -> None:
    await interaction.response.send_message("well done")


@app_commands.command(name="twice", description="Answers twice")
async def _twice(interaction: Interaction) -> None:
    await interaction.response.send_message("first", ephemeral=True)
    interaction.response._response_type = None
    try:
        await interaction.response.send_message("second", ephemeral=True)
    except discord.HTTPException as error:
        await interaction.followup.send(f"refused {error.status} {error.code}", ephemeral=True)


@app_commands.context_menu(name="Quote")
async def _quote(interaction: Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"{message.author.name} said {message.content}", ephemeral=True)


def point_at(fake: FakeDiscord) -> None:
    discord.http.Route.BASE = fake.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(fake.gateway_url)


@asynccontextmanager
async def connected(
    fake: FakeDiscord, bot: ExampleBot | None = None, token: str = SOME_TOKEN
) -> AsyncIterator[ExampleBot]:
    """A bot, by default the example, ready on this Discord; closed with the block.

    Raises what ended its connection, at once or when the block ends.
    """
    point_at(fake)
    client = bot or ExampleBot()
    async with client:
        await client.login(token)
        connection = asyncio.create_task(client.connect())
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait({connection, ready}, return_when=asyncio.FIRST_COMPLETED)
            if not connection.done():
                yield client
        finally:
            ready.cancel()
            await client.close()
            await asyncio.wait({connection, ready})
        connection.result()
