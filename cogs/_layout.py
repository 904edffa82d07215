"""The frame of every message of ours: one accent colour, texts and buttons; never kept by the library."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from cogs._markdown import address

ACCENT = 0x2A9D8F
"""The one colour of all messages; it says whose they are and nothing else."""

Part = ui.Item["Layout"]


class Layout(ui.LayoutView):
    """One message: these parts, top to bottom, in one frame.

    Presses are answered by their custom_id alone (`PaperboyClient.answer_presses`), so the view is
    finished from the start: the library would otherwise hold every private one for 15 minutes.
    """

    def __init__(self, *parts: Part) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container[Any](*parts, accent_colour=ACCENT))
        self.stop()


def lines(*texts: str) -> ui.TextDisplay[Any]:
    """The texts that are not empty, one below the other."""
    return ui.TextDisplay("\n".join(filter(None, texts)))


def button(label: str, custom_id: str, *, disabled: bool = False, main: bool = False) -> ui.Button[Any]:
    """A button; the main one, of which a message has one at most, stands out."""
    style = discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary
    return ui.Button(label=label, custom_id=custom_id, disabled=disabled, style=style)


def menu(placeholder: str, custom_id: str, options: Sequence[discord.SelectOption]) -> list[Part]:
    """A menu of which one is chosen, in a row of its own, or nothing where there is nothing to choose."""
    if not options:
        return []
    return [ui.ActionRow[Any](ui.Select(custom_id=custom_id, placeholder=placeholder, options=list(options)))]


def link_buttons(**urls: str | None) -> list[ui.Button[Any]]:
    """A button for each address that a button can take, labelled by its keyword."""
    targets = [(label, address(url)) for label, url in urls.items()]
    return [ui.Button(label=label, url=target) for label, target in targets if target]


def row(buttons: Sequence[ui.Button[Any]]) -> list[Part]:
    """The buttons in a row (five at most), or nothing where there are none: Discord refuses an empty row."""
    return [ui.ActionRow[Any](*buttons)] if buttons else []
