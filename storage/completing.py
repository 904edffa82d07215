"""Completes titles and authors from the papers the text index finds for what is half typed, in bounded time.

No list of names is kept: the newest papers by people called so, and the best known ones, say who there is. Changes
nothing.
"""

import json
from collections.abc import Sequence
from contextlib import suppress

from bot.domain.analysis import STOP_WORDS, name_terms, words
from bot.domain.completing import names_beginning
from bot.domain.naming import may_be_given
from bot.domain.papers import KnownPaper
from bot.domain.ranking import LONGEST_COMPARED, Candidate, closest_titles
from bot.domain.variants import written_otherwise
from storage.commonness import Commonness
from storage.dialects.finding import titles_called
from storage.dialects.names import best_known_authors, newest_authors
from storage.half_typed import titles_fitting
from storage.papers import best_known, read_papers
from storage.readers import OutOfTime, Turn

_MOST_PAGES = 150
"""Pages of the index that are merged for the words that begin so: some five milliseconds."""
_MOST_READ = 50
"""Pages of the index that are read for a word that may be no name at all."""
_MOST_WORDS = 4
_LONG_BEGUN = 4
"""Letters from which on what is begun is looked up each time."""
_MOST_HOLDING = 100_000
"""Papers that hold a stop word which is looked for among names."""


def suggest_papers(turn: Turn, common: Commonness, text: str, limit: int) -> list[KnownPaper]:
    """Papers whose title may be what is being typed, best first; the best known for an empty text."""
    typed = words(text[:LONGEST_COMPARED])
    numbers = _suggested(turn, common, text, typed, limit) if typed else best_known(turn, limit)
    turn.end_hurry()
    return read_papers(turn, numbers)


def _suggested(turn: Turn, common: Commonness, text: str, typed: list[str], limit: int) -> list[int]:
    found: list[Candidate] = []
    with suppress(OutOfTime):
        if len(typed) > 1:
            found += [Candidate(each.id, each.words) for each in titles_called(turn, " ".join(typed), limit)]
        fitting = titles_fitting(turn, common, typed)
        found += fitting.candidates
        if fitting.are_all and len(found) < limit:
            for other in written_otherwise(tuple(typed[-_MOST_WORDS:])):
                found += titles_fitting(turn, common, [*typed[:-_MOST_WORDS], *other]).candidates
    return closest_titles(text, {each.id: each for each in found}.values())[:limit]


def suggest_authors(turn: Turn, common: Commonness, text: str, limit: int, is_surely_one: bool) -> list[str]:
    """Names of people that a half-typed name may mean, those with the most papers first; of the best known for none.

    For a text that may be none, nobody where its words are too common in papers to look them all through.
    """
    typed = name_terms(text)[:_MOST_WORDS]
    with suppress(OutOfTime):  # whoever types is better served by the names there are
        # A letter alone is an initial of somebody who is found by the other words.
        telling = [each for each in typed if len(each) > 1] or typed
        is_brief = not telling or common.pages_beginning(turn, telling[-1:]) > _MOST_PAGES
        whole = telling if is_brief else telling[:-1]
        if not is_surely_one and any(_is_hardly_a_name(turn, common, each) for each in whole):
            return []
        if len(typed) <= 1 and (is_brief or len(typed[0]) < _LONG_BEGUN):
            start = " ".join(typed)
            return common.names(turn, start, limit, lambda: _names(turn, common, start, typed, limit, is_brief))
        return _names(turn, common, text, telling, limit, is_brief)
    return []


def _is_hardly_a_name(turn: Turn, common: Commonness, word: str) -> bool:
    """Whether a word, or a stem, is far commoner in papers than in names, and its list is long."""
    if common.pages(turn, [word]) <= _MOST_READ:
        return False
    titled, leads = common.in_titles(turn, [word]), common.leads(turn, [word])
    return not leads[word] or not may_be_given([word], titled, leads, common.papers(turn))


def _names(turn: Turn, common: Commonness, text: str, typed: Sequence[str], limit: int, is_brief: bool) -> list[str]:
    others = written_otherwise(tuple(name_terms(text)[:_MOST_WORDS]), is_name=True)
    written: list[str] = []
    with suppress(OutOfTime):
        if is_brief:
            written += best_known_authors(turn)
        if typed:
            written += _newest_authors(turn, common, typed, is_begun=not is_brief)
        for each in others:
            written += _newest_authors(turn, common, each, is_begun=False)
    lists = json.loads(f"[{','.join(dict.fromkeys(written))}]")
    names = (names_beginning(each, lists, limit) for each in (text, *map(" ".join, others)))
    return list(dict.fromkeys(name for some in names for name in some))[:limit]


def _newest_authors(turn: Turn, common: Commonness, names: Sequence[str], *, is_begun: bool) -> list[str]:
    """`newest_authors`; none for "we", say: its list is read to the end where nobody is called so."""
    plain = [each for each in names if each in STOP_WORDS]
    if any(count > _MOST_HOLDING for count in common.counts(turn, plain).values()):
        return []
    return newest_authors(turn, names, is_begun=is_begun)
