"""Decides whether two records may be one paper: by ids first, by title only where an id is missing. Merges nothing."""

from bot.domain.analysis import name_terms
from bot.domain.papers import Author, Paper


def may_share_id(one: Paper, other: Paper) -> bool:
    """Whether two records that share an id may be one paper: not when each has an arXiv id and they differ."""
    mine, theirs = _arxiv_ids(one), _arxiv_ids(other)
    return not mine or not theirs or not mine.isdisjoint(theirs)


def may_share_title(one: Paper, other: Paper) -> bool:
    """Whether two records with the same title may be one paper: one has no id, and their authors do not contradict."""
    if one.ids and other.ids:
        return False
    return not one.authors or not other.authors or not _families(one.authors).isdisjoint(_families(other.authors))


def _arxiv_ids(paper: Paper) -> set[str]:
    return {each.value for each in paper.ids if each.scheme == "arxiv"}


def _families(authors: tuple[Author, ...]) -> set[str]:
    return {" ".join(name_terms(author.family)) for author in authors}
