"""Fields that records in all formats have: the ids they name a paper by, and where it appeared."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.identifiers import find_identifiers, parse_identifier
from bot.domain.links import sound_link
from bot.sources.dates import is_whole, publication_date
from bot.sources.loose_json import text

MOST_IDS = 20


def undated(name: str, parts: Sequence[object]) -> Iterator[str]:
    """What is said of a date of which these parts were found, if something is wrong with it."""
    if not parts or publication_date(*parts)[0] is None:
        yield f"{name} holds no date"
    elif not is_whole(*parts):
        yield f"{name} is a date only in part"


def unaddressed(name: str, value: str | None) -> Iterator[str]:
    """What is said of an address that is none, and no id of a paper either."""
    if value and not sound_link(value.strip()) and not parse_identifier(value):
        yield f"{name} is no address such as https://example.org/paper"


def known_ids(*values: object) -> tuple[str, ...]:
    """The arXiv ids and DOIs among these values, as they are written, each once.

    A value counts when it is an id, bare or as an address, or begins like `arXiv preprint arXiv:1706.03762`.
    """
    found: dict[str, None] = {}
    for value in values[:500]:
        written = text(value)
        if written[:5].lower() == "arxiv":
            found |= dict.fromkeys(str(each) for each in find_identifiers(written)[:1])
        elif written and parse_identifier(written):
            found[written] = None
    return tuple(found)[:MOST_IDS]


def journal_reference(
    journal: str, *, volume: str = "", issue: str = "", pages: str = "", published_at: datetime | None = None
) -> str | None:
    """Where a paper appeared, as people cite it: `Science 169(3946), 635–641 (1970)`.

    None without a journal; an arXiv preprint has appeared in none.
    """
    if not journal or journal[:5].lower() == "arxiv":
        return None
    numbers = f" {volume}" if volume else ""
    numbers += f"({issue})" if issue else ""
    numbers += f", {pages}" if pages else ""
    return journal + numbers + (f" ({published_at.year})" if published_at else "")
