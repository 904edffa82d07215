"""Completes titles and authors from the papers the text index finds for what is half typed, in bounded time.

No list of names is kept: the newest papers by people called so, and the best known ones, say who there is. Changes
nothing.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from bot.domain.analysis import STOP_WORDS, name_terms, term, words
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
_MOST_HOLDING = 100_000
"""Papers that hold a stop word which is looked for among names."""


COMPLETED = 100
"""How many of the newest titles, and of the well-known ones, a half-typed text chooses from."""
_LOOKED_THROUGH = 300
"""Titles with the whole words that are looked through for a word of which a letter or two are typed."""
_TELLING = 3
"""Words that are asked of the index, where more are typed."""
_ENOUGH = 25
"""Titles of which none are looked for that are older: more are never shown."""
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
        return _holding(turn, common, before, list(ends), COMPLETED)
    if before and len(last) < _PREFIXES:
        holding = _holding(turn, common, before, [], _LOOKED_THROUGH)
        found = [each for each in holding if f" {last}" in f" {each.words}"]
        if found or len(holding) < _LOOKED_THROUGH:
            return sorted(found, key=lambda each: each.id, reverse=True)[:COMPLETED]
    return _holding(turn, common, before, [f"{last}*"], COMPLETED)


def _holding(turn: Turn, common: Commonness, before: list[str], ends: list[str], most: int) -> list[Candidate]:
    """`titles_holding`. Lists of common words are long to read: a few others find some titles, which tell the rest.

    Where that leaves out too many, all words are asked for.
    """
    telling = _telling(turn, common, before)
    others = set(before).difference(telling)
    if not others:
        return titles_holding(turn, before, ends, most)
    found = titles_holding(turn, telling, ends, _LOOKED_THROUGH)
    holding = [each for each in found if others.issubset(each.words.split(" "))]
    is_enough = len(found) < _LOOKED_THROUGH or len(holding) >= _ENOUGH or turn.is_cut
    newest = sorted(holding, key=lambda each: each.id, reverse=True)[:most]
    return newest if is_enough else titles_holding(turn, before, ends, most)


def _telling(turn: Turn, common: Commonness, asked: list[str]) -> list[str]:
    """A few of these words that the fewest papers hold."""
    some = [each for each in dict.fromkeys(asked) if each not in STOP_WORDS] or asked
    if len(some) <= _TELLING:
        return some
    counts = common.counts(turn, map(term, some))
    return sorted(some, key=lambda each: counts.get(term(each), 0))[:_TELLING]


def _known_beginning(turn: Turn, typed: list[str]) -> list[Candidate]:
    parts = [Words((each,), Field.TITLE, prefix=at == len(typed)) for at, each in enumerate(typed, 1)]
    asked = where(turn, condition(all_of(list(parts))), date.min)
    known = popular_titles(turn, asked.among_known(), COMPLETED)
    return [Candidate(each.id, each.words, each.upvotes) for each in known]


def suggest_authors(turn: Turn, common: Commonness, text: str, limit: int) -> list[str]:
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
