"""Queries as people type them, of one to four parts made of what stands in some papers, whatever papers they are."""

import re
from collections.abc import Callable, Sequence
from random import Random

from bot.domain.papers import Paper

_WORD = re.compile(r"[A-Za-z]{3,}")


def question(papers: Sequence[Paper], chance: Random) -> str:
    """One text that is a query; some of these papers meet it, more often than not."""
    parts = [_part(chance.choice(papers), chance) for _ in range(chance.choice((1, 1, 2, 2, 3, 4)))]
    match chance.randrange(4):
        case 0:
            return " OR ".join(parts)
        case 1 if len(parts) > 2:
            return f"{parts[0]} ({' OR '.join(parts[1:])})"
        case 2 if len(parts) > 1:
            return f"{' '.join(parts[:-1])} -{parts[-1]}"
        case _:
            return " ".join(parts)


def _part(paper: Paper, chance: Random) -> str:
    """One part of a query that this paper meets."""
    text = chance.choice((paper.title, paper.abstract or paper.title))
    words = _WORD.findall(text.lower()) or ["learning"]
    start = chance.randrange(len(words))
    year = paper.published_at.year if paper.published_at else 2020
    author = chance.choice(paper.authors).name if paper.authors else "Chen"
    kinds: tuple[Callable[[], str], ...] = (
        lambda: words[start],
        lambda: words[start],
        lambda: f'"{" ".join(words[start : start + chance.randint(2, 3)])}"',
        lambda: f"{words[start][:4]}*",
        lambda: f"{chance.choice(('title', 'abstract'))}:{words[start]}",
        lambda: f'author:"{author}"'.replace("\\", ""),
        lambda: f"cat:{chance.choice(paper.categories or ('cs.LG',))}",
        lambda: f"cat:{chance.choice(paper.categories or ('cs.LG',)).partition('.')[0]}",
        lambda: f"{chance.choice(('after', 'before'))}:{year}-{chance.randint(1, 12):02}",
        lambda: f"after:{chance.choice(('7d', '3m', '1y', '15y'))}",
        lambda: f"id:{paper.ids[0].value}" if paper.ids else "has:code",
        lambda: f"source:{chance.choice(paper.sources or ('arxiv',))}",
        lambda: "has:code",
    )
    return chance.choice(kinds)()
