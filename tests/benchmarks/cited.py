"""Writes papers down as bibliographies cite them, in the styles that are pasted most."""

from collections.abc import Sequence
from random import Random

from bot.domain.papers import Author, Paper

_MOST = 4
"""People who are named before "et al."."""


def reference(paper: Paper, chance: Random) -> str | None:
    """A reference to a paper in one of these styles; None where nobody wrote it, or nobody knows when."""
    if not paper.authors or paper.published_at is None:
        return None
    people, title, year = paper.authors[:_MOST], paper.title, paper.published_at.year
    turned, straight = _turned(people), ", ".join(f"{_initials(each)} {each.family}".strip() for each in people)
    whole = ", ".join(each.name for each in people)
    first = people[0].family
    return chance.choice(
        [
            f"{turned} ({year}). {title}. arXiv preprint.",
            f"{straight}, “{title},” in Proc. ICML, {year}, pp. 1–9.",
            f"{whole}. {year}. {title}. In Proceedings of ICML.",
            f'{first}, {people[0].given}, et al. "{title}." arXiv ({year}).',
            f"{turned}: {title}. In: ICML ({year})",
            f"{turned} {title}. Nature 5, 1 ({year})",
            f"{straight}, {title}, Nature 5 ({year}) 34–56.",
            f"{first} {_initials(people[0]).replace('.', '').replace(' ', '')}. {title}. {year};5(2):1-9.",
            f"[3] {straight}. {title}. {year}.",
            f"@article{{{first}{year}, title={{{title}}}, year={{{year}}}}}",
            f"{title} | OpenReview",
            f"{title} ({year})",
        ]
    )


def _initials(person: Author) -> str:
    return " ".join(f"{word[0]}." for word in person.given.replace("-", " ").split())


def _turned(people: Sequence[Author]) -> str:
    return ", ".join(f"{each.family}, {_initials(each)}".removesuffix(", ") for each in people)
