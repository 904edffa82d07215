"""What a search gives that finds nothing: other spellings of its words, and papers that hold some of them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import term, terms
from bot.domain.conditions import AllOf, AnyOf, Condition, condition
from bot.domain.forgiveness import Loose, alike, further, likeliest
from bot.domain.query import Not, Words
from bot.domain.ranking import Found
from bot.domain.resemblance import Rarity, Resemblance, Text
from bot.interfaces import Matches
from storage.dialects.conditions import where
from storage.dialects.fts5 import abstracts, best_matches, newest_titles
from storage.dialects.vocabulary import count_terms, spelt_alike
from storage.papers import get_papers

_CANDIDATES = 150
"""Papers that are read whole and compared."""
_POSTINGS = 30_000
"""Papers that the rarer words may stand in, all together: these words find the candidates, all words order them."""
_SENTENCE = 4
_FEWER = 40
_POSTINGS_FEWER = 10_000
"""The same for fewer words, and where papers with all the words are there already: nobody waits for it gladly."""


async def likely_spellings(connection: AsyncConnection, words: Sequence[str]) -> dict[str, str]:
    """What each of these words was meant to be, those left out that are right as far as anybody knows."""
    near = {word: alike(word, await spelt_alike(connection, word, further(word))) for word in words}
    known = {spelling for word in words for spelling in (word, *near[word])}
    _, counts = await count_terms(connection, known | set(map(term, known)))
    meant = {word: likeliest(word, near[word], counts) for word in words}
    return {word: spelling for word, spelling in meant.items() if spelling != word}


async def search_loosely(
    connection: AsyncConnection, loose: Loose, first: Sequence[int], limit: int, offset: int, today: date
) -> Matches:
    """One page of the papers numbered `first` and then of those that have the most to do with some words.

    There are at most `_CANDIDATES` of these, and `_FEWER` where that is no sentence or there are first ones.
    """
    sought = list(map(term, loose.words))
    papers, counts = await count_terms(connection, {*sought, *loose.words})
    most, postings = (_CANDIDATES, _POSTINGS) if len(sought) >= _SENTENCE and not first else (_FEWER, _POSTINGS_FEWER)
    found = await _candidates(connection, loose, counts, most, postings, today)
    abstract = await abstracts(connection, [each.id for each in found])
    weighed = await asyncio.to_thread(_weighed, sought, found, abstract, Rarity(papers, counts))
    _, further_counts = await count_terms(connection, weighed.shared_terms())
    await asyncio.to_thread(weighed.reconsider, Rarity(papers, {**counts, **further_counts}))
    ranked = list(dict.fromkeys([*first, *weighed.best_first()]))
    page = await get_papers(connection, ranked[offset : offset + limit])
    return Matches(papers=tuple(page), total=len(ranked), exact=False)


async def _candidates(
    connection: AsyncConnection, loose: Loose, counts: Mapping[str, int], most: int, allowed: int, today: date
) -> list[Found]:
    rarest: list[str] = []
    postings = 0
    for count, word in sorted((counts.get(term(each), 0) + counts.get(each, 0), each) for each in set(loose.words)):
        postings += count
        if postings > allowed and rarest:
            break
        rarest.append(word)
    any_word = _any_of([condition(Words((word,))) for word in rarest])
    kept = [condition(each) for each in loose.kept if not isinstance(each, Not)]
    without = [condition(each.part) for each in loose.kept if isinstance(each, Not)]
    asked = AllOf((any_word, *kept), tuple(without)) if kept or without else any_word
    find = best_matches if postings <= allowed or len(rarest) > 1 else newest_titles
    return await find(connection, where(asked, today), most)


def _any_of(parts: list[Condition]) -> Condition:
    return AnyOf(tuple(parts)) if len(parts) > 1 else parts[0]


def _weighed(
    sought: Sequence[str], found: Sequence[Found], abstracts: Mapping[int, str], rarity: Rarity
) -> Resemblance:
    texts = [Text(id=each.id, title=each.title, abstract=terms(abstracts.get(each.id, ""))) for each in found]
    return Resemblance(sought, texts, rarity)
