"""Checks the names of feeds that an operator writes. What it complains of is one sentence, as a ValueError."""

from collections.abc import Mapping, Sequence

from bot.domain.categories import archive_of, category_name, closest_category, known_category
from bot.sources.loose_json import web_address

LONGEST_NAME = 60


def categories_for(feeds: Sequence[str]) -> tuple[str, ...]:
    """arXiv's categories as arXiv writes them, each once."""
    return tuple(dict.fromkeys(map(_category, feeds)))


def announcements_for(feeds: Sequence[str]) -> tuple[str, ...]:
    """Feeds of arXiv's announcements, each once: categories or archives, or several with a plus between them."""
    return tuple(dict.fromkeys("+".join(map(_category_or_archive, feed.split("+"))) for feed in feeds))


def sets_for(feeds: Sequence[str]) -> tuple[str, ...]:
    """Sets of arXiv's OAI-PMH, each once: categories or archives, or sets by their own name such as `cs:cs:AI`."""
    return tuple(dict.fromkeys(feed if ":" in feed else _category_or_archive(feed) for feed in feeds))


def one_of(feeds: Sequence[str], *known: str) -> tuple[str, ...]:
    """Feeds of which there are only these, each once."""
    for feed in feeds:
        if feed not in known:
            raise ValueError(f"there is no feed {feed!r}, only {' and '.join(known)}")
    return tuple(dict.fromkeys(feeds))


def addresses_of(feeds: Mapping[str, str]) -> dict[str, str]:
    """Feeds with a name of their own, and the web address of each."""
    for name, address in feeds.items():
        if not (name.isprintable() and 0 < len(name.strip()) <= LONGEST_NAME):
            raise ValueError(f"a feed's name has 1 to {LONGEST_NAME} characters that can be seen")
        if web_address(address) is None:
            raise ValueError(f"the feed {name!r} needs an address that begins with https:// or http://")
    return dict(feeds)


def _category_or_archive(text: str) -> str:
    code = text.strip()
    return code if category_name(code) and archive_of(code) == code else _category(code)


def _category(text: str) -> str:
    code = text.strip()
    known = known_category(code)
    if known:
        return known
    guess = closest_category(code)
    raise ValueError(f"{code!r} is no arXiv category" + (f"; did you mean {guess}?" if guess else ""))
