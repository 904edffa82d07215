"""Which of a forum's tags a post gets. Knows nothing of Discord but that a post has five at most."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.categories import category_name
from bot.domain.papers import KnownPaper

MOST_TAGS = 5

_FOR_ANY = (
    "paper of the day",
    "paper",
    "papers",
    "daily paper",
    "research",
    "new paper",
    "new papers",
    "general",
    "other",
    "misc",
)
"""What a tag may be called that fits every paper, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumTag:
    id: int
    name: str


def fitting_tags(tags: Sequence[ForumTag], papers: Sequence[KnownPaper], *, is_required: bool) -> tuple[int, ...]:
    """Those that name a category of the papers, or the archive of one, by its code or in words, in the papers' order.

    Where a tag is required and none fits, one that fits every paper; none, then, means that nothing can be posted.
    """
    by_name = _by_name(tags)
    wanted = [name for known in papers for code in known.paper.categories for name in _names(code)]
    fitting = list(dict.fromkeys(by_name[each] for each in wanted if each in by_name))[:MOST_TAGS]
    if not fitting and is_required and (any_one := tag_for_any(tags)) is not None:
        fitting = [any_one]
    return tuple(fitting)


def tag_for_any(tags: Sequence[ForumTag]) -> int | None:
    """The one that fits every paper, by its name or because there is no other; None where there is none such."""
    by_name = _by_name(tags)
    named = next((by_name[each] for each in _FOR_ANY if each in by_name), None)
    return tags[0].id if named is None and len(tags) == 1 else named


def _by_name(tags: Sequence[ForumTag]) -> dict[str, int]:
    """Of several of one name, the first."""
    return {each.name.strip().casefold(): each.id for each in reversed(tags)}


def _names(code: str) -> list[str]:
    """What a tag for this category may be called, folded: cs.CL, computation and language, cs."""
    named = [code, category_name(code), code.partition(".")[0]]
    return [each.casefold() for each in named if each]
