"""Completes authors from the papers the text index finds for a half-typed name, in bounded time. Changes nothing.

No list of names is kept: the newest papers by people called so, and the best known ones, say who there is.
"""

import json
from contextlib import suppress

from bot.domain.analysis import name_terms
from bot.domain.completing import names_beginning
from storage.dialects.names import best_known_authors, newest_authors
from storage.dialects.vocabulary import pages_beginning
from storage.readers import OutOfTime, Turn

_MOST_PAGES = 150
"""Pages of the index that are merged for the words that begin so: some five milliseconds."""
_MOST_WORDS = 4


def suggest_authors(turn: Turn, text: str, limit: int) -> list[str]:
    """Names of people that a half-typed name may mean, those with the most papers first; of the best known for none."""
    typed = name_terms(text)[:_MOST_WORDS]
    written: list[str] = []
    with suppress(OutOfTime):  # whoever types is better served by the names there are
        # A letter alone is an initial of somebody who is found by the other words.
        typed = [each for each in typed if len(each) > 1] or typed
        is_brief = not typed or pages_beginning(turn, typed[-1:]) > _MOST_PAGES
        if is_brief:
            written += best_known_authors(turn)
        if typed:
            written += newest_authors(turn, typed, is_begun=not is_brief)
    lists = json.loads(f"[{','.join(dict.fromkeys(written))}]")
    return names_beginning(text, lists, limit)
