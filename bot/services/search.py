"""Searches the library for what a person typed, a page at a time, and completes it while they type."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from bot.domain.analysis import words
from bot.domain.categories import categories_beginning
from bot.domain.forgiveness import (
    as_begun,
    as_typed,
    begun_like,
    doubtful,
    doubtful_names,
    last_begun,
    likeliest_name,
    loosened,
    renamed,
    respelt,
)
from bot.domain.identifiers import ExternalId, parse_identifier
from bot.domain.labels import LONGEST, paper_label, units
from bot.domain.papers import Author, KnownPaper, Paper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.patience import SEARCH_SECONDS, Patience
from bot.domain.periods import no_such_day
from bot.domain.query import And, Field, Query, WithId, Words, any_of
from bot.domain.ranking import Order
from bot.domain.snippets import Snippet, Span, snippet, sought_authors, title_spans
from bot.domain.spoken import as_spoken
from bot.interfaces import Storage
from bot.searching_interfaces import Matches
from bot.services.second_thoughts import SecondThoughts

__all__ = ["Hit", "Search", "SearchPage", "Snippet", "Suggestion"]

_LAST_RESULT = 1_000_000
"""Nobody turns pages further than this, whatever a button claims."""

_SENTENCE = 3
"""From so many telling words on, a query is a sentence: few papers hold all of it, and the best often do not."""
_LETTERS = "[A-Za-z0-9À-ÖØ-öø-ɏ]+(?:['’][A-Za-z0-9]+)?"
_PLAIN = re.compile(
    r"(?!.*\b(?:AND|OR|NOT)\b)(?!.*\b(?:title|abstract|author|cat|category|after|before):)"
    rf"{_LETTERS}(?:(?:[-+–—,]|[.,;?!:]? ){_LETTERS}){{0,20}}[.?!]?"
)
"""A title that is plainly just words, as nearly all are: to parse it takes a hundred times longer."""
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT)\b")
_SURE_OF = 2
"""Letters at the end of a family name without which others are looked for."""
_NAMES = 200
"""People among whom the one who was meant is looked for."""
_FEW = 10
"""Fewer papers than this are not all that somebody looks for who typed a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One paper that was found, and why."""

    number: int
    """Its place in the whole result, from 1."""
    known: KnownPaper
    title_spans: tuple[Span, ...]
    """What to mark in the title: start and end in characters."""
    snippet: Snippet
    named: tuple[Author, ...] = ()
    """The authors who were looked for as such, or whose name the words may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of a search."""

    query: str
    """What was searched for, in the query's canonical form."""
    is_said: bool = False
    """Whether that is what the text says as a request, "papers by Hinton", and not its words."""
    hits: tuple[Hit, ...]
    total: int
    exact: bool
    """Whether every match was seen, so that the order and the total are exact; else the total is at least so many."""
    page: int
    """From 0; a page that does not exist has become the nearest one that does."""
    pages: int
    identifier: ExternalId | None = None
    """The id that was looked for, where the text was one."""
    chosen: KnownPaper | None = None
    """The one paper that the text names, by its id or letter by letter by its title."""
    library_is_empty: bool = False
    """Whether nothing was found because there is no paper at all."""
    instead: str | None = None
    """The query that was searched for instead, where the one that was asked finds nothing: to be typed."""
    perhaps: str | None = None
    """What else may have been meant, to be typed, where what was searched for finds papers: it may be a mistake that
    others have made too."""
    order: Order = Order.RELEVANCE
    """Which papers come first, as it was asked for."""
    in_time: bool = True
    """Whether the search ended by itself; else this is what was found, and looked for, before it was stopped."""
    is_certain: bool = True
    """Whether all papers were looked at for the query as it is written, if not for what else may be meant."""
    whole: int | None = None
    """How many of the papers, which come first, hold all the words, where the others hold some; None: all do."""
    begun: str = ""
    """What finds papers by the beginning of a word that was looked for, where nothing was found; empty where none."""
    impossible: str = ""
    """Why no paper can match the query, and what to do, in a sentence; empty where one can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which part of what is found, in which order, and how long that may take."""

    order: Order
    now: datetime
    limit: int
    offset: int
    patience: Patience


@dataclass(frozen=True, slots=True)
class _Searched:
    """What was found, and for which query: the one asked, or one that was meant or is freer; as SearchPage has them."""

    query: Query
    found: Matches
    instead: Query | None = None
    whole: int | None = None
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a person may pick while typing: what they see, and what is then typed for them."""

    label: str
    value: str


class Search:
    """Finds papers."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime], *, seconds: float | None = None) -> None:
        """`clock` tells the time, for spans back from now; one search takes so many seconds at most.

        Unless they are named, they are as many as a person who waits is asked for.
        """
        self._storage = storage
        self._clock = clock
        self._seconds = SEARCH_SECONDS if seconds is None else seconds

    async def search(self, text: str, *, page: int, page_size: int = 5, order: Order = Order.RELEVANCE) -> SearchPage:
        """One page of what matches. An arXiv id, a DOI or an address of either finds that paper.

        Raises QueryError, which says what to type instead, where the text is no query.
        """
        page = min(max(page, 0), _LAST_RESULT // page_size)
        patience = Patience(self._seconds)
        wanted = _Wanted(order=order, now=self._clock(), limit=page_size, offset=page * page_size, patience=patience)
        query = await self._as_title(text, wanted) or parse_query(text)
        understood, searched = await self._understood(query, text, wanted)
        pages = _pages(searched.found, page_size)
        if page and page >= pages:
            page = max(pages - 1, 0)
            searched = await self._searched(understood, words(text), replace(wanted, offset=page * page_size))
            pages = _pages(searched.found, page_size)
        found, first = searched.found, page * page_size + 1
        chosen = _chosen(query, text, found)
        looked_for = tuple(filter(None, (searched.query, found.named)))
        hits = tuple(_hit(looked_for, known, number) for number, known in enumerate(found.papers, start=first))
        return SearchPage(
            query=str(understood),
            is_said=understood != query,
            hits=hits,
            total=found.total,
            order=order,
            exact=found.exact,
            page=page,
            pages=pages,
            identifier=query.root.id if isinstance(query.root, WithId) else None,
            chosen=chosen,
            perhaps=await self._perhaps(understood, words(text), searched, wanted)
            if found.total and chosen is None
            else None,
            in_time=not patience.is_over(),
            is_certain=searched.is_certain,
            library_is_empty=not found.total and await self._storage.count_papers() == 0,
            instead=as_typed(understood, searched.instead, words(text)) if searched.instead else None,
            whole=searched.whole,
            begun="" if found.total else await self._begun_like(understood, wanted),
            impossible=no_such_day(understood, wanted.now.astimezone(UTC).date()),
        )

    async def _as_title(self, text: str, wanted: _Wanted) -> Query | None:
        """The query for the words of a text with an operator, "ATTENTION IS NOT ALL YOU NEED", that is a title here."""
        small = _OPERATOR.sub(lambda found: found[0].lower(), text)
        if small == text:
            return None
        with suppress(QueryError):
            plain = parse_query(small)
            called = await self._strictly(plain, replace(wanted, offset=0), words(text))
            if plain.is_plain and _is_called_so(called, words(text)):
                return plain
        return None

    async def _understood(self, query: Query, text: str, wanted: _Wanted) -> tuple[Query, _Searched]:
        """What the text asks for and what that finds: the query, or where it is a request in words, what that says."""
        spoken = as_spoken(text)
        if spoken:
            found = await self._strictly(query, replace(wanted, offset=0), words(text))
            if not found.total or (spoken.is_sure and _chosen(query, text, found) is None):
                searched = await self._searched(spoken.query, words(text), wanted)
                if searched.found.total or (spoken.is_sure and not found.total):
                    return spoken.query, searched
        return query, await self._searched(query, words(text), wanted)

    async def _searched(self, query: Query, typed: Sequence[str], wanted: _Wanted) -> _Searched:
        """What the query finds; where that is nothing, what it finds spelt otherwise, and else by some of its words.

        Where time is over, what was found until then.
        """
        found = await self._strictly(query, wanted, typed)
        if found.total >= _FEW or wanted.patience.is_over() or (found.total and wanted.order is not Order.RELEVANCE):
            return _Searched(query, found, is_certain=found.in_time)
        return replace(await self._freely(query, typed, found, wanted), is_certain=found.in_time)

    async def _freely(self, query: Query, typed: Sequence[str], found: Matches, wanted: _Wanted) -> _Searched:
        """What is found otherwise where the query finds only this, or nothing."""
        patience, named = wanted.patience, found.named
        spellings = {} if found.total else await self._storage.likely_spellings(doubtful(query), within=patience)
        meant = respelt(query, spellings)
        if spellings:
            meant, found = await self._meant(query, spellings, wanted)
        if not found.total and (others := respelt(await self._renamed(query, patience), spellings)) != meant:
            meant, found = others, await self._strictly(others, wanted)
        if not found.total and named and (theirs := await self._by_some_of(named, wanted)):
            return theirs
        if not found.total:
            meant, found = await self._begun(query, meant, found, wanted)
        instead = meant if meant != query and found.total else None
        strictly = _Searched(meant if instead else query, found, instead=instead)
        loose = loosened(meant, [spellings.get(word, word) for word in typed])
        if loose is None or found.total >= _FEW or (found.total and len(loose.words) < _SENTENCE):
            return strictly
        whole = found
        if wanted.offset or wanted.limit < found.total:
            whole = await self._strictly(meant, replace(wanted, limit=_FEW, offset=0))
        if patience.is_over():
            return strictly
        first = [known.id for known in whole.papers]
        some = await self._storage.search_loosely(
            loose, now=wanted.now, first=first, limit=wanted.limit, offset=wanted.offset, within=patience
        )
        if some.total == len(first) or _is_called_so(whole, typed):
            return strictly
        freed = Query(any_of([Words((word,)) for word in loose.words]))
        some = replace(some, named=found.named)
        return _Searched(freed, some, instead=meant if meant != query else None, whole=len(first))

    async def _perhaps(self, query: Query, typed: Sequence[str], searched: _Searched, wanted: _Wanted) -> str | None:
        """What else may have been meant."""
        if wanted.patience.is_over():
            return None
        thoughts = SecondThoughts(self._storage, wanted.now, wanted.patience)
        few = searched.found.total if searched.whole is None else searched.whole
        if few and not searched.instead and not wanted.offset:
            holding = [known.paper for known in searched.found.papers[:few]]
            if meant := await thoughts.on_names(query, typed, holding):
                return meant
        if searched.whole == 0 and not searched.instead and (meant := await thoughts.on_titles(query, typed)):
            return meant
        respelt = await thoughts.on_spelling(searched.instead or query, few) if few < _FEW else None
        return as_typed(query, respelt, typed) if respelt else None

    async def _meant(self, query: Query, spellings: Mapping[str, str], wanted: _Wanted) -> tuple[Query, Matches]:
        """What is found with words spelt otherwise; but the last one as it begins, where commoner words begin so."""
        word = last_begun(query)
        if word in spellings and await self._storage.begins_commoner(word, spellings[word], within=wanted.patience):
            others = {each: spelling for each, spelling in spellings.items() if each != word}
            begun = as_begun(respelt(query, others))[0]
            if (found := await self._strictly(begun, wanted)).total:
                return begun, found
        meant = respelt(query, spellings)
        return meant, await self._strictly(meant, wanted)

    async def _by_some_of(self, named: Query, wanted: _Wanted) -> _Searched | None:
        """What the first of these people wrote who wrote anything."""
        for each in named.sought():
            only = Query(each)
            if (theirs := await self._strictly(only, wanted)).total:
                return _Searched(only, theirs, instead=only)
        return None

    async def _begun(self, query: Query, meant: Query, found: Matches, wanted: _Wanted) -> tuple[Query, Matches]:
        """What is found where words are only begun, of a query that finds nothing; what there is already, else."""
        for others in as_begun(query):
            if wanted.patience.is_over():
                break
            if (begun := await self._strictly(others, wanted)).total:
                return others, begun
        return meant, found

    async def _begun_like(self, query: Query, wanted: _Wanted) -> str:
        """The longest beginning of one of the words that finds any paper, with a star."""
        for sought in query.sought():
            for begun in begun_like(sought):
                if wanted.patience.is_over():
                    return ""
                if (await self._strictly(Query(begun), replace(wanted, limit=1, offset=0))).total:
                    return str(begun)
        return ""

    async def _renamed(self, query: Query, patience: Patience) -> Query:
        """The query with its authors called as people are called whom it may mean."""
        for named in doubtful_names(query):
            family = named.words[-1]
            for begun in dict.fromkeys((family, family[:-_SURE_OF] or family)):
                names = await self._storage.suggest_authors(begun, limit=_NAMES, within=patience)
                if meant := likeliest_name(named.words, names):
                    query = renamed(query, named, meant)
                    break
        return query

    async def _strictly(self, query: Query, wanted: _Wanted, called: Sequence[str] = ()) -> Matches:
        return await self._storage.search_papers(
            query,
            now=wanted.now,
            limit=wanted.limit,
            offset=wanted.offset,
            order=wanted.order,
            called=called,
            within=wanted.patience,
        )

    async def suggest(self, text: str, limit: int = 25, *, within: Patience | None = None) -> list[Suggestion]:
        """Papers whose title continues what is being typed; the best known ones while nothing is."""
        return [
            Suggestion(label=paper_label(known.paper), value=_query_for(known.paper))
            for known in await suggested_papers(self._storage, text, limit, within=within)
        ]

    async def suggest_categories(self, text: str, limit: int = 25) -> list[Suggestion]:
        """Categories and archives whose name, or a word of what they are about, begins like this."""
        return [Suggestion(label=label, value=name) for name, label in categories_beginning(text)[:limit]]


async def suggested_papers(
    storage: Storage, text: str, limit: int, *, within: Patience | None = None
) -> list[KnownPaper]:
    """The papers that a half-typed text may mean: the one with this id, or those whose title continues it."""
    identifier = parse_identifier(text)
    if identifier is not None:
        known = await storage.find_paper(identifier)
        return [known] if known else []
    return await storage.suggest_papers(text, limit=limit, within=within)


def _is_called_so(found: Matches, typed: Sequence[str]) -> bool:
    """Whether one of these papers has just these words as its title."""
    return any(words(known.paper.title) == list(typed) for known in found.papers)


def _pages(found: Matches, page_size: int) -> int:
    return -(-found.total // page_size)


def _chosen(query: Query, text: str, found: Matches) -> KnownPaper | None:
    title = " ".join(text.split())
    titled = [known for known in found.papers if " ".join(known.paper.title.split()) == title]
    candidates = found.papers if isinstance(query.root, WithId) else titled
    return candidates[0] if len(candidates) == 1 else None


def _hit(looked_for: Sequence[Query], known: KnownPaper, number: int) -> Hit:
    """One paper as it was found: by the first of these queries, and others of its authors by the other."""
    query = looked_for[0]
    return Hit(
        number=number,
        known=known,
        title_spans=title_spans(query, known.paper.title),
        snippet=snippet(query, known.paper.abstract),
        named=sought_authors(looked_for, known.paper.authors),
    )


def _query_for(paper: Paper) -> str:
    """What to type to find this paper: its title if that means just its words, else an id, else some of its words."""
    if units(paper.title) <= LONGEST and _is_plain(paper.title):
        return paper.title
    for each in paper.ids:
        if units(each.value) <= LONGEST and parse_identifier(each.value) == each:
            return each.value
    return words_within(paper.title, LONGEST)


def words_within(title: str, limit: int) -> str:
    """The first words of a title, folded, as many as fit into `limit` UTF-16 units."""
    fitting = ""
    for word in words(title):
        longer = f"{fitting} {word}".lstrip()
        if units(longer) > limit:
            break
        fitting = longer
    return fitting


@lru_cache(maxsize=1 << 12)
def _is_plain(title: str) -> bool:
    """Whether a title, typed as a query, looks for nothing but its own words."""
    if _PLAIN.fullmatch(title):
        return True
    try:
        root = parse_query(title).root
    except QueryError:
        return False
    parts = root.parts if isinstance(root, And) else (root,)
    return all(isinstance(part, Words) and part.field is Field.ANY for part in parts)
