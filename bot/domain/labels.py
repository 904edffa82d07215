"""How a paper is called in a list one picks from: its title, who wrote it and when, within Discord's length."""

from bot.domain.papers import Author, Paper

LONGEST = 100
"""UTF-16 units that Discord allows in a choice's name and in its value (docs.discord.com, application commands)."""

_LONGEST_NAME = 24
_CUT = "…"


def paper_label(paper: Paper) -> str:
    """`Attention Is All You Need — Vaswani et al., 2017`; a long title is cut, never the author or the year."""
    year = str(paper.published_at.year) if paper.published_at else ""
    told = ", ".join(filter(None, [_authors(paper.authors), year]))
    tail = f" — {told}" if told else ""
    return cut_to_units(paper.title, LONGEST - units(tail)) + tail


def units(text: str) -> int:
    """The length of a text as Discord counts it: in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut_to_units(text: str, limit: int) -> str:
    """The text in at most `limit` UTF-16 units, an ellipsis where it was cut."""
    if units(text) <= limit:
        return text
    text = text[: limit - 1]
    while units(text) > limit - 1:
        text = text[:-1]
    return text.rstrip() + _CUT


def _authors(authors: tuple[Author, ...]) -> str:
    names = [cut_to_units(each.family or each.given, _LONGEST_NAME) for each in authors[:2]]
    return f"{names[0]} et al." if len(authors) > 2 else " and ".join(names)
