"""What a search gives that finds nothing: other spellings of its words, and papers that hold some of them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from bot.domain.analysis import STOP_WORDS, term, terms, terms_of
from bot.domain.conditions import AllOf, AnyOf, Condition, condition
from bot.domain.forgiveness import Loose, far_commoner, held_by, likeliest, outnumbered, written_right
from bot.domain.parting import cuts, cuts_in_three, parted
from bot.domain.query import Not, Words
from bot.domain.ranking import Found
from bot.domain.rarity import Rarity
from bot.domain.resemblance import Resemblance, Text
from bot.searching_interfaces import Matches
from storage.commonness import Commonness
from storage.dialects.conditions import where
from storage.dialects.finding import abstracts, best_matches, newest_titles
from storage.dialects.vocabulary import count_written
from storage.papers import read_papers
from storage.readers import OutOfTime, Turn
from storage.spellings import Spellings

_CANDIDATES = 150
"""Papers that are read whole and compared."""
_POSTINGS = 30_000
"""Papers that the rarer words may stand in, all together: these words find the candidates, all words order them."""
_SENTENCE = 4
_FEWER = 25
_POSTINGS_FEWER = 4_000
"""The same for fewer words, and where papers with all the words are there already: nobody waits for it gladly."""


class _Spelt(NamedTuple):
    """How some words may be spelt, and how common that is; as `forgiveness` asks for it."""

    near: Mapping[str, list[str]]
    counts: Mapping[str, int]
    """Of the words, and of what is near to those that next to no paper holds."""
    written: Mapping[str, int]
    parts: Mapping[str, int]
    """How many titles hold the parts of those that next to no paper holds."""
    papers: int

    def is_rare(self, word: str) -> bool:
        """Whether next to no paper holds it."""
        return outnumbered(word, held_by(word, self.counts), self.papers) is not None

    def commoner(self, word: str) -> str | None:
        """The far commoner word that it may be, and that says something: "intro" is no "into"."""
        near = [each for each in self.near[word] if each not in STOP_WORDS]
        return far_commoner(word, near, self.counts, self.written, self.papers)

    def parted(self, word: str, than: str = "") -> str | None:
        """The words it may be, where they are far commoner than it is, and than another spelling."""
        held = max(held_by(word, self.counts), self.written.get(than, 0))
        return parted(word, held, self.parts, self.papers) if self.is_rare(word) else None


def likely_spellings(turn: Turn, common: Commonness, spellings: Spellings, words: Sequence[str]) -> dict[str, str]:
    """What each of these words was meant to be, those left out that are right as far as anybody knows."""
    try:
        spelt = _spelt(turn, common, spellings, words)
    except OutOfTime:
        return {}
    meant = {}
    for word in words:
        meant[word] = written_right(word, spelt.near[word], spelt.written) or spelt.commoner(word) or word
        if meant[word] == word:
            near = likeliest(word, spelt.near[word], spelt.counts, spelt.written)
            meant[word] = spelt.parted(word, than=near) or near
    return {word: spelling for word, spelling in meant.items() if spelling != word}


def hardly_held(turn: Turn, common: Commonness, words: Iterable[str]) -> list[str]:
    """Those of these words that next to no paper holds, so that they may be mistakes; none where time is over."""
    asked = list(words)
    try:
        papers = common.papers(turn)
        counts = common.counts(turn, [*asked, *map(term, asked)])
    except OutOfTime:
        return []
    return [each for each in asked if outnumbered(each, held_by(each, counts), papers) is not None]


def commoner_spellings(turn: Turn, common: Commonness, spellings: Spellings, words: Sequence[str]) -> dict[str, str]:
    """Of these words that next to no paper holds, those that may be mistakes, and what was meant; none where time is
    over."""
    try:
        spelt = _spelt(turn, common, spellings, words)
    except OutOfTime:
        return {}
    meant = {word: spelt.commoner(word) or spelt.parted(word) for word in words}
    return {word: spelling for word, spelling in meant.items() if spelling}


def _spelt(turn: Turn, common: Commonness, spellings: Spellings, words: Sequence[str]) -> _Spelt:
    """All of it, for few words. Raises OutOfTime."""
    near: dict[str, list[str]] = {}
    for word in words:
        turn.check()
        near[word] = spellings.near(word)
    papers = common.papers(turn)
    counts = common.counts(turn, [*words, *map(term, words)])
    rare = [each for each in words if outnumbered(each, held_by(each, counts), papers) is not None]
    others = {spelling for word in rare for spelling in near[word]} - counts.keys()
    counts = {**counts, **common.counts(turn, [*others, *map(term, others)])}
    return _Spelt(
        near=near,
        counts=counts,
        written=count_written(turn, {*words, *(spelling for some in near.values() for spelling in some)}),
        parts=_parts(turn, common, rare),
        papers=papers,
    )


def _parts(turn: Turn, common: Commonness, words: Sequence[str]) -> dict[str, int]:
    """How many titles hold what these words may consist of. Raises OutOfTime."""
    halves = common.in_titles(turn, (half for word in words for cut in cuts(word) for half in cut))
    threes = [cut for word in words for cut in cuts_in_three(word, halves, common.papers(turn))]
    return halves | common.in_titles(turn, (middle for _, middle, _ in threes))


def begins_commoner(turn: Turn, common: Commonness, word: str, than: str) -> bool:
    """Whether a word that begins like this one stands in more titles than another."""
    try:
        written = count_written(turn, {than, *common.beginning(turn, word)})
    except OutOfTime:
        return False
    return max(written.values(), default=0) > written.get(than, 0)


def search_loosely(
    turn: Turn, common: Commonness, loose: Loose, first: Sequence[int], limit: int, offset: int, today: date
) -> Matches:
    """One page of the papers numbered `first` and then of those that have the most to do with some words.

    There are at most `_CANDIDATES` of these, and `_FEWER` where that is no sentence or there are first ones.
    """
    closest = _Closest(turn, common, loose, bool(first), today)
    with suppress(OutOfTime):
        closest.find()
    turn.end_hurry()
    ranked = list(dict.fromkeys([*first, *closest.numbers]))
    page = read_papers(turn, ranked[offset : offset + limit])
    return Matches(papers=tuple(page), total=len(ranked), exact=False, in_time=not turn.is_cut)


class _Closest:
    """The papers that have the most to do with some words, as far as they are found and compared."""

    def __init__(self, turn: Turn, common: Commonness, loose: Loose, are_some: bool, today: date) -> None:
        self._turn = turn
        self._common = common
        self._loose = loose
        self._sought = list(map(term, loose.words))
        self._is_sentence = len(self._sought) >= _SENTENCE and not are_some
        self._today = today
        self.numbers: list[int] = []
        """Best first, as far as anybody has looked."""

    def find(self) -> None:
        """Find them, and order them better and better. Raises OutOfTime."""
        papers = self._common.papers(self._turn)
        counts = self._common.counts(self._turn, [*self._sought, *self._loose.words])
        most, postings = (_CANDIDATES, _POSTINGS) if self._is_sentence else (_FEWER, _POSTINGS_FEWER)
        found = _candidates(self._turn, self._loose, counts, most, postings, self._today)
        self.numbers = [each.id for each in found]
        weighed = Resemblance(self._sought, self._texts(found), Rarity(papers, counts))
        self.numbers = weighed.best_first()
        if self._is_sentence:
            further = self._common.counts(self._turn, weighed.shared_terms() - counts.keys())
            weighed.reconsider(Rarity(papers, {**counts, **further}))
            self.numbers = weighed.best_first()

    def _texts(self, found: Sequence[Found]) -> list[Text]:
        told = abstracts(self._turn, self.numbers)
        texts = []
        for each, title in zip(found, terms_of([each.words for each in found]), strict=True):
            self._turn.check()
            texts.append(Text(id=each.id, title=title.split(), abstract=terms(told.get(each.id, ""))))
        return texts


def _candidates(
    turn: Turn, loose: Loose, counts: Mapping[str, int], most: int, allowed: int, today: date
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
    return find(turn, where(turn, asked, today), most)


def _any_of(parts: list[Condition]) -> Condition:
    return AnyOf(tuple(parts)) if len(parts) > 1 else parts[0]
