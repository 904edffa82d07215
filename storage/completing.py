"""Completes titles and authors from the papers the text index finds for what is half typed, in bounded time.

No list of names is kept: the newest papers by people called so, and the best known ones, say who there is. Changes
nothing.
"""

import json
from contextlib import suppress
from datetime import date

from bot.domain.analysis import name_terms, words
from bot.domain.completing import names_beginning
from bot.domain.conditions import condition
from bot.domain.papers import KnownPaper
from bot.domain.query import Field, Words, all_of
from bot.domain.ranking import LONGEST_COMPARED, Candidate, closest_titles
from bot.domain.variants import written_otherwise
from storage.commonness import Commonness
from storage.dialects.conditions import where
from storage.dialects.finding import popular_titles, titles_holding
from storage.dialects.names import best_known_authors, newest_authors
from storage.dialects.vocabulary import pages_beginning
from storage.papers import best_known, read_papers
from storage.readers import OutOfTime, Turn

_MOST_PAGES = 150
"""Pages of the index that are merged for the words that begin so: some five milliseconds."""
_MOST_WORDS = 4


COMPLETED = 100
"""How many of the newest titles, and of the well-known ones, a half-typed text chooses from."""
_LOOKED_THROUGH = 300
"""Titles with the whole words that are looked through for a word of which a letter or two are typed."""
_PREFIXES = 3
"""Letters for which the index of titles has lists of all that begins so; what begins with more is some words."""


def suggest_papers(turn: Turn, common: Commonness, text: str, limit: int) -> list[KnownPaper]:
    """Papers whose title may be what is being typed, best first; the best known for an empty text."""
    typed = words(text[:LONGEST_COMPARED])
    numbers = _suggested(turn, common, text, typed, limit) if typed else best_known(turn, limit)
    turn.end_hurry()
    return read_papers(turn, numbers)


def _suggested(turn: Turn, common: Commonness, text: str, typed: list[str], limit: int) -> list[int]:
    with suppress(OutOfTime):
        found = _newest_beginning(turn, common, typed)
        if len(found) >= COMPLETED:
            found += _known_beginning(turn, typed)
        elif len(found) < limit:
            for other in written_otherwise(tuple(typed[-_MOST_WORDS:])):
                found += _newest_beginning(turn, common, [*typed[:-_MOST_WORDS], *other])
        return closest_titles(text, {each.id: each for each in found}.values())[:limit]
    return []


def _newest_beginning(turn: Turn, common: Commonness, typed: list[str]) -> list[Candidate]:
    *before, last = typed
    if len(last) > _PREFIXES:
        ends = dict.fromkeys([last, *common.beginning(turn, last)])
        return titles_holding(turn, before, list(ends), COMPLETED)
    if before and len(last) < _PREFIXES:
        holding = titles_holding(turn, before, [], _LOOKED_THROUGH)
        found = [each for each in holding if f" {last}" in f" {each.words}"]
        if found or len(holding) < _LOOKED_THROUGH:
            return sorted(found, key=lambda each: each.id, reverse=True)[:COMPLETED]
    return titles_holding(turn, before, [f"{last}*"], COMPLETED)


def _known_beginning(turn: Turn, typed: list[str]) -> list[Candidate]:
    parts = [Words((each,), Field.TITLE, prefix=at == len(typed)) for at, each in enumerate(typed, 1)]
    asked = where(turn, condition(all_of(list(parts))), date.min)
    known = popular_titles(turn, asked.among_known(), COMPLETED)
    return [Candidate(id=each.id, words=each.words, upvotes=each.upvotes) for each in known]


def suggest_authors(turn: Turn, text: str, limit: int) -> list[str]:
    """Names of people that a half-typed name may mean, those with the most papers first; of the best known for none."""
    typed = name_terms(text)[:_MOST_WORDS]
    others = written_otherwise(tuple(typed), is_name=True)
    written: list[str] = []
    with suppress(OutOfTime):  # whoever types is better served by the names there are
        # A letter alone is an initial of somebody who is found by the other words.
        typed = [each for each in typed if len(each) > 1] or typed
        is_brief = not typed or pages_beginning(turn, typed[-1:]) > _MOST_PAGES
        if is_brief:
            written += best_known_authors(turn)
        if typed:
            written += newest_authors(turn, typed, is_begun=not is_brief)
        for each in others:
            written += newest_authors(turn, each, is_begun=False)
    lists = json.loads(f"[{','.join(dict.fromkeys(written))}]")
    names = (names_beginning(each, lists, limit) for each in (text, *map(" ".join, others)))
    return list(dict.fromkeys(name for some in names for name in some))[:limit]
