"""Answers queries from the text index, in bounded time. Changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

from bot.domain.analysis import WELL_KNOWN, term, terms_of
from bot.domain.closeness import Written, closeness, sought_terms
from bot.domain.conditions import AllOf, AnyOf, Column, Condition, Has, condition
from bot.domain.leading import in_titles, leading, phrases
from bot.domain.naming import likely_names, may_name, sure_names, words_of
from bot.domain.query import Field, Query, Words, any_of
from bot.domain.ranking import Found, Order, best_first
from bot.domain.rarity import Rarity
from bot.searching_interfaces import Matches
from storage.commonness import Commonness
from storage.dialects.conditions import Where, where
from storage.dialects.finding import (
    among_the_newest,
    best_matches,
    count_matches,
    newest_matches,
    newest_titles,
    popular_titles,
    since,
    titles_called,
    titles_of,
    whole_texts,
)
from storage.effort import Effort, affordable, effort
from storage.papers import read_papers
from storage.readers import OutOfTime, Turn

RERANKED = 200
"""How many of the best matches are ordered by their titles; the rest keep the order they were found in."""

POPULAR = 1_000
"""Well-known papers that are put in the order of their upvotes; others follow, the newest first."""

SCORED = 30_000
"""Matches that can be scored at all: of more than these, the newest come first."""

_ALL = 1 << 62
"""More than there are."""

SCORED_FIRST = 2_000
"""Matches that are all scored, whatever their titles are."""

ENOUGH = 50
"""Papers with all the words in their title, of many that match: the others follow them, the newest first."""

CANDIDATES = 64
"""Papers that a search of which not all can be seen chooses from: the newest, and half as many of the best known."""

ENOUGH_SEEN = 25
"""The same where not all can be seen: others are not looked for then."""

_OF_ONE_TITLE = 5
"""Papers with the very title that was typed."""

PHRASED = 300
"""Titles with all the words of a phrase that are looked through for the phrase itself."""

_HELD = 300
"""The newest papers that hold a word, by which it is told whether it is rather a name: as many in any library."""

_SAID_IN = 3
"""At most one in so many of them says what surely is a name in its title or abstract."""

_SAID_ALONE_IN = 2
"""The same of a word that is typed alone, which more often than not is a name."""

_NO_DAY = date.min
"""Today, where no date is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for, and in which order."""

    query: Query
    order: Order
    called: str
    """The words of the title that a plain query may be, with blanks between them; empty for others."""
    today: date
    """Spans back from now are counted from this day (in UTC)."""


def search_papers(turn: Turn, common: Commonness, asked: Asked, limit: int, offset: int) -> Matches:
    """One page of the papers a query matches, in its order.

    By relevance, where there are many, those with all the words in their title, or naming an author, come before
    others; where the index is too large to see every match, the newest and the best known of each kind are seen, and
    the total is what was seen. Where time is over, what was found until then is what there is.
    """
    search = _Search(turn, common, asked)
    try:
        numbers = search.ranked(asked.order, offset + limit)
    except OutOfTime:
        numbers = search.so_far(asked.order)
    turn.end_hurry()
    page = read_papers(turn, numbers[offset : offset + limit])
    is_known = search.total is not None
    return Matches(
        papers=tuple(page),
        total=len(numbers) if search.total is None else search.total,
        exact=is_known and not turn.is_cut,
        in_time=not turn.is_cut,
        named=search.named,
    )


def names_among(turn: Turn, common: Commonness, names: Sequence[Words]) -> list[Words]:
    """Those of these that may be somebody's name. Raises OutOfTime."""
    sought = words_of(names)
    return likely_names(names, common.in_titles(turn, sought), common.leads(turn, sought), common.papers(turn))


def people_among(turn: Turn, common: Commonness, names: Sequence[Words]) -> list[Words]:
    """Those of these that surely are somebody's name here. Raises OutOfTime."""
    leads = common.leads(turn, words_of(names))
    named = [each for each in names if leads[each.words[0]] or leads[each.words[-1]]]
    called = {word for word in words_of(named) if _is_rather_a_name(turn, word, _SAID_IN)}
    return [] if turn.is_cut else sure_names(named, leads, called)


def _is_rather_a_name(turn: Turn, word: str, said_in: int) -> bool:
    """Whether of the newest papers that hold a word at most one in so many has it in its text, and not only as an
    author's name."""
    said: Condition = Has((Column.TITLE, Column.ABSTRACT), (term(word),))
    either = where(turn, AnyOf((said, Has((Column.AUTHORS,), (word,)))), _NO_DAY)
    held = newest_matches(turn, either, _HELD)
    if not held:
        return True
    saying = newest_matches(turn, since(turn, where(turn, said, _NO_DAY), held[-1]), _HELD)
    return len(saying) * said_in <= len(held)


class _Search:
    """One search in its turn, and what it has found so far."""

    def __init__(self, turn: Turn, common: Commonness, asked: Asked) -> None:
        self._turn = turn
        self._common = common
        self._query = asked.query
        self._called = asked.called
        self._today = asked.today
        self._found: dict[int, Found] = {}
        self._numbers: list[int] = []
        self.total: int | None = None
        """How many papers match, once that is known."""
        self.named: Query | None = None
        """What finds the papers of those whose name the words are, once it is known that they may be one."""
        self._by_them: frozenset[int] = frozenset()

    def ranked(self, order: Order, wanted: int) -> list[int]:
        """The numbers of the best so many papers, or of a few more, best first. Raises OutOfTime."""
        asked = condition(self._query.root)
        planned = effort(self._turn, self._common, asked)
        if not planned.may_repeat and planned.is_whole:
            return self._in_one_go(asked, order)
        if order is Order.RELEVANCE and not planned.may_count:
            return self._among_some(affordable(self._turn, self._common, asked, planned), planned)
        if order is Order.POPULAR:
            return self._most_popular(asked, wanted, planned)
        if order is Order.NEWEST or all(each.field is Field.AUTHOR for each in self._query.sought()):
            is_cited = order is Order.RELEVANCE and self._query.is_citation
            return self._cited(asked, wanted, planned) if is_cited else self._newest(asked, wanted, planned)
        return self._most_relevant(asked, wanted, planned)

    def so_far(self, order: Order) -> list[int]:
        """The numbers of what was found before time was over, in the order that can be made of it."""
        first = [] if order is Order.NEWEST else self._best_first(list(self._found.values())[:RERANKED])
        return list(dict.fromkeys([*first, *self._numbers]))

    def _newest(self, asked: Condition, wanted: int, planned: Effort) -> list[int]:
        self._numbers = newest_matches(self._turn, self._where(asked), wanted + 1, gathered=planned.is_whole)
        self._count(asked, planned, unless=self._numbers if len(self._numbers) <= wanted else None)
        return self._numbers

    def _cited(self, asked: Condition, wanted: int, planned: Effort) -> list[int]:
        """What people wrote in some time, as papers are cited: first those whose first authors they are."""
        numbers = self._newest(asked, max(wanted, RERANKED), planned)
        return list(dict.fromkeys([*self._best_first(titles_of(self._turn, numbers[:RERANKED])), *numbers]))

    def _most_popular(self, asked: Condition, wanted: int, planned: Effort) -> list[int]:
        known = self._well_known(asked, POPULAR)
        self._numbers = [each.id for each in known]
        newest = newest_matches(self._turn, self._where(asked), wanted + len(known) + 1)
        self._numbers = list(dict.fromkeys([*self._numbers, *newest]))
        self._count(asked, planned, unless=newest if len(newest) <= wanted + len(known) else None)
        return self._numbers

    def _most_relevant(self, asked: Condition, wanted: int, planned: Effort) -> list[int]:
        """Of few papers the whole texts are compared. Of more, each is scored by the index, and of many those with all
        the words in their title are found first and leave little room for others."""
        is_quick = not planned.merged
        self._numbers = newest_matches(self._turn, self._where(asked), RERANKED + 1, gathered=True) if is_quick else []
        self._count(asked, planned, unless=self._numbers if is_quick and len(self._numbers) <= RERANKED else None)
        many = SCORED + 1 if self.total is None else self.total
        if many <= RERANKED:
            self._numbers = self._numbers or newest_matches(self._turn, self._where(asked), RERANKED, gathered=True)
            self._find_named(RERANKED, planned)
            return self._best_first(self._compared(self._numbers))
        most = max(RERANKED, wanted)
        called = self._keep(self._called_so())
        titled, _ = self._leading(most, planned)
        first = _each_once([*called, *self._keep(self._find_named(RERANKED // 2, planned)), *self._keep(titled)])
        if many > SCORED_FIRST and len(first) >= RERANKED:
            first = _each_once([*self._keep(self._well_known(in_titles(asked), RERANKED // 2)), *first])
            if len(first) >= most:
                return self._rank(first)
        is_scored = planned.may_score and many <= SCORED and (many <= SCORED_FIRST or len(first) < ENOUGH)
        rest = best_matches if is_scored else newest_titles
        further = {each.id: each for each in rest(self._turn, self._where(asked), most)}
        return self._rank([*(further.get(each.id, each) for each in first), *further.values()])

    def _leading(self, limit: int, planned: Effort) -> tuple[list[Found], bool]:
        """The newest papers with all the words in their title, where one may name the first author instead; and whether
        there are no others."""
        asked, holds_phrases = leading(self._query), phrases(self._query)
        if asked is None:
            titled = affordable(self._turn, self._common, in_titles(condition(self._query.root)), planned)
            return newest_titles(self._turn, self._bounded(titled, planned), limit), False
        asked = affordable(self._turn, self._common, asked, planned)
        most = max(PHRASED, limit) if holds_phrases else limit
        found = newest_titles(self._turn, self._where(asked).among_titles(), most)
        are_all = len(found) < most and not self._turn.is_cut
        if holds_phrases:
            titles = [f" {each} " for each in terms_of([each.words for each in found])]
            found = list(compress(found, holds_phrases(titles, [each.lead for each in found])))
        return found[:limit], are_all

    def _called_so(self) -> list[Found]:
        """The papers with just the title that was typed, which may be older than all that are looked at."""
        return titles_called(self._turn, self._called, _OF_ONE_TITLE) if self._called else []

    def _find_named(self, limit: int, planned: Effort) -> list[Found]:
        """The newest papers of those whose name the words are, as far back as may be read, and remember that they are
        theirs; none else."""
        names = may_name(self._query)
        if not names:
            return []
        likely = [
            each
            for each in names_among(self._turn, self._common, names)
            if len(each.words) > 1 or _is_rather_a_name(self._turn, each.words[0], _SAID_ALONE_IN)
        ]
        if not likely:
            return []
        self.named = Query(any_of([*likely]))
        theirs = AllOf((condition(self._query.root), condition(self.named.root)))
        if not planned.is_whole:
            planned = effort(self._turn, self._common, condition(self.named.root))
        found = newest_titles(self._turn, self._bounded(theirs, planned), limit)
        self._by_them = frozenset([each.id for each in found])
        return found

    def _best_first(self, found: Sequence[Found]) -> list[int]:
        """The numbers, best first."""
        if self._by_them:
            found = [each._replace(by_them=each.id in self._by_them) for each in found]
        return best_first(self._query, found, self._called)

    def _compared(self, numbers: list[int]) -> list[Found]:
        """These papers, scored by title and abstract."""
        found = whole_texts(self._turn, numbers)
        sought = sought_terms(self._query)
        rarity = Rarity(
            self._common.papers(self._turn), self._common.counts(self._turn, sought) if len(sought) > 1 else {}
        )
        written = [Written(title=each.words, abstract=abstract) for each, abstract in found]
        scores = closeness(self._query, written, rarity)
        return [each._replace(score=score) for (each, _), score in zip(found, scores, strict=True)]

    def _in_one_go(self, asked: Condition, order: Order) -> list[int]:
        """Where asking once takes as long as may be, the newest count as the best, ordered by their titles."""
        self._numbers = newest_matches(self._turn, self._where(asked), _ALL)
        if not self._turn.is_cut:
            self.total = len(self._numbers)
        if order is Order.NEWEST:
            return self._numbers
        self._turn.end_hurry()
        first = _each_once([*self._called_so(), *titles_of(self._turn, self._numbers[:RERANKED])])
        return list(dict.fromkeys([*self._best_first(first), *self._numbers]))

    def _among_some(self, asked: Condition, planned: Effort) -> list[int]:
        """Those with all the words in their title, the newest and the best known, however old; where these are few, the
        newest others, as far back as may be read, and the whole texts are compared."""
        self._keep(self._called_so())
        first, are_all = self._leading(CANDIDATES, planned)
        self._keep([*first, *self._find_named(CANDIDATES // 2, planned)])
        known = [] if are_all else self._keep(self._well_known(in_titles(asked), CANDIDATES // 2))
        if len(first) < ENOUGH_SEEN:
            if len(known) < CANDIDATES // 2:
                self._keep(self._well_known(asked, CANDIDATES // 2))
            self._numbers = newest_matches(self._turn, self._bounded(asked, planned), CANDIDATES)
            if len(self._numbers) < CANDIDATES:
                if planned.share_read >= 1 and asked == condition(self._query.root) and not self._turn.is_cut:
                    self.total = len(self._numbers)
                return self._best_first(self._compared(list({*self._numbers, *self._found})))
            self._keep(titles_of(self._turn, [each for each in self._numbers if each not in self._found]))
        return self._best_first(list(self._found.values()))

    def _bounded(self, asked: Condition, planned: Effort) -> Where:
        """Where to look for all this as far back as may be read."""
        found = self._where(asked)
        if planned.is_whole or planned.share_read >= 1:
            return found
        return among_the_newest(self._turn, found, planned.share_read)

    def _count(self, asked: Condition, planned: Effort, unless: Sequence[object] | None = None) -> None:
        """Find out how many match; `unless` these are all of them."""
        if unless is not None and not self._turn.is_cut:
            self.total = len(unless)
        elif planned.may_count:
            self.total = count_matches(self._turn, self._where(asked))

    def _well_known(self, asked: Condition, limit: int) -> list[Found]:
        known = self._where(asked)
        if not known.is_matched:  # dates alone
            known = self._where(AllOf((asked, Has((Column.LABELS,), (WELL_KNOWN,)))))
        return popular_titles(self._turn, known.among_known(), limit)

    def _rank(self, found: Iterable[Found]) -> list[int]:
        """The first few hundred in the order people expect, the others as they come."""
        all_of_them = _each_once(found)
        return [*self._best_first(all_of_them[:RERANKED]), *(each.id for each in all_of_them[RERANKED:])]

    def _keep(self, found: list[Found]) -> list[Found]:
        for each in found:
            self._found.setdefault(each.id, each)
        return found

    def _where(self, asked: Condition) -> Where:
        return where(self._turn, asked, self._today)


def _each_once(found: Iterable[Found]) -> list[Found]:
    """The same papers, each as it is found first."""
    once: dict[int, Found] = {}
    for each in found:
        once.setdefault(each.id, each)
    return list(once.values())
