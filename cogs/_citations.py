"""A citation as people see it: text to copy, a file to keep, and the other styles one press away."""

import io
from typing import Any

import discord
from discord import ui

from bot.domain.citations import Citation, Style
from bot.domain.papers import KnownPaper
from cogs._cards import title
from cogs._custom_ids import PaperAction, paper_id
from cogs._layout import Layout, Part, button, lines, row
from cogs._markdown import units

STYLE_NAMES = {Style.BIBTEX: "BibTeX", Style.RIS: "RIS", Style.CSL_JSON: "CSL-JSON"}
STYLE_ACTIONS: dict[Style, PaperAction] = {Style.BIBTEX: "bibtex", Style.RIS: "ris", Style.CSL_JSON: "csl-json"}

_LONGEST_SHOWN = 3_000
"""Units of a citation that is shown in the message; with the title above it, all stays under the 4,000 of one."""
_FENCE = "```"


def citation(known: KnownPaper, cited: Citation) -> tuple[Layout, discord.File]:
    """The message and the file that goes with it. What does not fit into the message is in the file alone."""
    name = STYLE_NAMES[cited.style]
    shown = _code(cited.text.strip("\n"))
    told = f"As {name}, to copy or to keep:" if shown else f"As {name}. A message cannot hold it; the file does."
    others = [
        button(STYLE_NAMES[each], paper_id(known.id, STYLE_ACTIONS[each])) for each in Style if each != cited.style
    ]
    file = discord.File(io.BytesIO(cited.text.encode(errors="replace")), cited.file_name)
    parts: list[Part] = [lines(f"### {title(known.paper, 300)}", told)]
    if shown:
        parts.append(lines(shown))
    return Layout(*parts, ui.File[Any](file), *row(others)), file


def _code(text: str) -> str:
    """The text in a block of code, exactly as it is; empty where it is too long, or would end the block."""
    if units(text) > _LONGEST_SHOWN or _FENCE in text or text.endswith("`"):
        return ""
    return f"{_FENCE}\n{text}\n{_FENCE}"
