"""Finds the papers whose titles a half-typed text may mean, the newest that fit, and the best known of them.

The index is asked for few words, the rarest, and what it finds is looked through for the rest: to read the long lists
of common words takes the most time. Only where that tells too little, and while there is time or nothing was found, it
is asked for all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from math import prod
from typing import NamedTuple

from bot.domain.analysis import STOP_WORDS, term, terms_of
from bot.domain.conditions import condition
from bot.domain.query import Field, Words, all_of
from bot.domain.ranking import Candidate, Found
from storage.commonness import Commonness
from storage.dialects.conditions import where
from storage.dialects.finding import (
    EVERY,
    Numbers,
    numbers_of_the_newest,
    popular_titles,
    titles_holding,
    upvoted,
    words_of_titles,
)
from storage.readers import OutOfTime, Turn

COMPLETED = 64
"""How many of the newest titles, and of the well-known ones, a half-typed text chooses from."""
_ENOUGH = 64
"""Titles of which none are looked for that are older."""
_LOOKED_THROUGH = 300
"""Titles that are looked through for the words for which the index was not asked."""
_TELLING = 3
"""Words that are asked of the index, where more are typed."""
_TOGETHER = 10
"""Words stand in one title so many times more often than by chance."""
_READ = 40_000
"""Papers on the lists of words that are read at once: some two milliseconds."""
_BRIEF = 4
"""Letters for which it is remembered which well-known papers' titles hold a word that begins so."""
_PREFIXES = 3
"""Letters for which the index of titles has lists of all that begins so; what begins with more is some words."""
_SPANS = (0.1, 0.3, 0.6)
"""Shares of all papers, the newest, in which the index is searched before it is in all, one after the other."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Words that titles hold, and one of the ends, a `*` after which is any further letter, where there are ends."""

    words: tuple[str, ...]
    ends: tuple[str, ...]
    is_vague: bool = False
    """Whether of the last word so little is typed that any title that fits will do."""
    fits_all: bool = False
    """Whether all that is found fits."""


class _Rarity(NamedTuple):
    """Those of the words before the last that tell something."""

    rarest: Sequence[str]
    """Those first that the fewest titles hold."""
    counts: Mapping[str, int]
    """How many do; nothing where there is but one word."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Candidates, and whether there are no others."""

    candidates: list[Candidate]
    are_all: bool


def titles_fitting(turn: Turn, common: Commonness, typed: Sequence[str]) -> Fitting:
    """The newest papers whose titles hold these words, the last of them begun, and the best known ones.

    Where time is over, those that were found until then. Raises OutOfTime where that is before any is looked for.
    """
    *before, last = typed
    rarity = _by_rarity(turn, common, before) if before else _Rarity((), {})
    found, are_all = _newest(turn, common, rarity, before, last)
    newest, are_all = sorted(found, reverse=True)[:COMPLETED], are_all and len(found) <= COMPLETED
    upvotes = upvoted(turn, newest)
    candidates = [Candidate(number, found[number], upvotes.get(number, 0)) for number in newest]
    with suppress(OutOfTime):
        if not are_all and not turn.is_cut:
            candidates += _best_known(turn, common, rarity, before, last)
    return Fitting(candidates, are_all)


def _newest(
    turn: Turn, common: Commonness, rarity: _Rarity, before: Sequence[str], last: str
) -> tuple[dict[int, str], bool]:
    """The words of the newest titles that fit, by number, and whether these are all there are."""
    found = dict[int, str]()
    with suppress(OutOfTime):  # what was found by then is offered
        return found, _find_newest(turn, _steps(turn, common, rarity, before, last), _fitting(before, last), found)
    return found, False


def _find_newest(turn: Turn, steps: Iterable[_Asked], fits: Callable[[str], bool], found: dict[int, str]) -> bool:
    """Add the newest titles that fit to those that were found; whether these are all. Raises OutOfTime."""
    for at, asked in enumerate(steps):
        left = COMPLETED if asked.fits_all else _LOOKED_THROUGH
        for span in _spans(turn) if at else (EVERY,):
            numbers = titles_holding(turn, asked.words, asked.ends, left, span)
            titles = words_of_titles(turn, [each for each in numbers if each not in found])
            found.update((number, words) for number, words in titles if fits(words))
            left -= len(numbers)
            if left and not span.lowest and not turn.is_cut:
                return True
            if (found and turn.is_late) or turn.is_cut or len(found) >= _ENOUGH:
                return False
            if not left:
                break
        if found and asked.is_vague:
            break
    return False


def _fitting(before: Sequence[str], last: str) -> Callable[[str], bool]:
    begun, whole = f" {last}", [f" {each} " for each in dict.fromkeys(before)]

    def fits(title: str) -> bool:
        title = f" {title} "
        return begun in title and all(each in title for each in whole)

    return fits


def _steps(turn: Turn, common: Commonness, rarity: _Rarity, before: Sequence[str], last: str) -> Iterator[_Asked]:
    """What is asked of the index, the quickest first and the strictest last."""
    if not before:
        yield _Asked((), _ends(turn, common, last), fits_all=True)
        return
    rarest, counts = rarity
    few, telling, every = _few(rarest, counts), tuple(rarest[:_TELLING]), tuple(dict.fromkeys([*rarest, *before]))
    is_vague = len(last) < _PREFIXES
    if is_vague or (counts and _are_few(few, counts, common.papers(turn))):
        yield _Asked(few, (), is_vague and few == every)
    if is_vague:
        if telling != few:
            yield _Asked(telling, (), is_vague)
        if telling != every:
            yield _Asked(every, (), is_vague)
    if not is_vague and telling != few and _are_few(telling, counts, common.papers(turn)):
        yield _Asked(telling, ())
    ends = _ends(turn, common, last)
    if not is_vague and telling != every:
        yield _Asked(telling, ends)
    yield _Asked(every, ends, fits_all=True)


def _are_few(words: Sequence[str], counts: Mapping[str, int], papers: int) -> bool:
    """Whether so few titles hold all these words that all of them are looked through."""
    if len(words) == 1:
        return counts.get(words[0], 0) < _LOOKED_THROUGH
    return _TOGETHER * _expected(words, counts, papers, papers) < _LOOKED_THROUGH


def _expected(words: Iterable[str], counts: Mapping[str, int], papers: int, among: int) -> float:
    """How many titles of so many hold all these words, were they strewn by chance."""
    return among * prod(min(1.0, counts.get(each, 0) / (papers or 1)) for each in words)


def _few(rarest: Sequence[str], counts: Mapping[str, int]) -> tuple[str, ...]:
    """The rarest words whose lists are quickly read; one that few papers hold is enough."""
    read, many = counts.get(rarest[0], 0), 1
    while counts.get(rarest[0], 0) >= _LOOKED_THROUGH and many < len(rarest):
        read += counts.get(rarest[many], 0)
        if read > _READ:
            break
        many += 1
    return tuple(rarest[:many])


def _ends(turn: Turn, common: Commonness, last: str) -> tuple[str, ...]:
    if len(last) <= _PREFIXES:
        return (f"{last}*",)
    return tuple(dict.fromkeys([last, *common.beginning(turn, last)]))


def _by_rarity(turn: Turn, common: Commonness, asked: Sequence[str]) -> _Rarity:
    """How rare these words are. Raises OutOfTime."""
    some = [each for each in dict.fromkeys(asked) if each not in STOP_WORDS] or list(dict.fromkeys(asked))
    if len(some) == 1:
        return _Rarity(some, {})
    counts = common.in_titles(turn, some)
    return _Rarity(sorted(some, key=lambda each: counts.get(each, 0)), counts)


def _spans(turn: Turn) -> Iterator[Numbers]:
    """The spans in which papers are looked for, the newest first."""
    if turn.kind != "sqlite":  # it reads what it needs of its lists, or all of them
        yield EVERY
        return
    end = EVERY.end
    for lowest in (*numbers_of_the_newest(turn, _SPANS), 0):
        yield Numbers(lowest, end)
        end = lowest


def _best_known(turn: Turn, common: Commonness, rarity: _Rarity, before: Sequence[str], last: str) -> list[Candidate]:
    few = rarity.rarest[:_TELLING]
    parts = [Words((each,), Field.TITLE) for each in few]
    if not few or len(last) >= _PREFIXES:
        parts.append(Words((last,), Field.TITLE, prefix=True))

    def known() -> list[Found]:
        return popular_titles(turn, where(turn, condition(all_of(list(parts))), date.min).among_known(), COMPLETED)

    if not before and len(last) <= _BRIEF:  # everybody types the same first letters, and many words begin so
        numbers = common.best_known(turn, last, lambda: [each.id for each in known()])
        titles, upvotes, fits = words_of_titles(turn, numbers), upvoted(turn, numbers), _fitting((), last)
        return [Candidate(number, title, upvotes.get(number, 0)) for number, title in titles if fits(title)]
    found = known()
    fits = _fitting(list(map(term, before)), last)
    stems = terms_of([each.words for each in found])
    return [
        Candidate(each.id, each.words, each.upvotes)
        for each, stem in zip(found, stems, strict=True)
        if fits(f"{stem} {each.words}")
    ]
