"""Searches the library for what a person typed, a page at a time, and completes it while they type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.analysis import words
from bot.domain.categories import categories_beginning
from bot.domain.forgiveness import as_typed
from bot.domain.identifiers import ExternalId, parse_identifier
from bot.domain.labels import paper_label
from bot.domain.papers import Author, KnownPaper
from bot.domain.patience import SEARCH_SECONDS, Patience
from bot.domain.periods import no_such_day
from bot.domain.query import Query, WithId
from bot.domain.ranking import Order
from bot.domain.references import cited
from bot.domain.snippets import Snippet, Span, snippet, sought_authors, title_spans
from bot.interfaces import Storage
from bot.searching_interfaces import Matches
from bot.services.findings import Searched, Wanted
from bot.services.referring import called_so, referred_paper, to_type
from bot.services.understanding import Understanding, chosen

__all__ = ["Hit", "Search", "SearchPage", "Snippet", "Suggestion"]

_LAST_RESULT = 1_000_000
"""Nobody turns pages further than this, whatever a button claims."""

_RESPELT = 4
"""Letters from which on a word is looked up that may be a mistake, while it is typed."""
_MOST_RESPELT = 8
_FEW = 5
"""Fewer papers than this may be less than somebody meant to find."""


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
    written: str = ""
    """What to type for just this search: the text, or the query where the text was read otherwise."""
    is_said: bool = False
    """Whether that is what the text says as a request, "papers by Hinton", and not its words."""
    is_by_any: bool = False
    """Whether no paper is by all the people that it names, so that these are by any of them."""
    is_whenever: bool = False
    """Whether no paper that fits is of the time it names, so that these are of any."""
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
    """The one paper that the text names, by its id or letter by letter by its title; or what people call it, where
    nothing else is found."""
    nicknamed: KnownPaper | None = None
    """The paper that people call so, whether it holds that word or not; None where it is the first one found anyway."""
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

    @property
    def is_few(self) -> bool:
        """Whether fewer papers hold all that was typed than somebody may have meant."""
        return self.total < _FEW or self.whole is not None

    @property
    def is_understood(self) -> bool:
        """Whether the text was read as a request, or as one paper's name, so that it was not looked for as words."""
        return self.is_said or self.chosen is not None

    @property
    def nicknamed_at(self) -> int | None:
        """The number of the paper that people call so, where it is one of these."""
        return next((hit.number for hit in self.hits if hit.known == self.nicknamed), None)


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
        self._understanding = Understanding(storage)
        self._clock = clock
        self._seconds = SEARCH_SECONDS if seconds is None else seconds

    async def search(self, text: str, *, page: int, page_size: int = 5, order: Order = Order.RELEVANCE) -> SearchPage:
        """One page of what matches. An arXiv id, a DOI or an address of either finds that paper.

        Raises QueryError, which says what to type instead, where the text is no query.
        """
        page = min(max(page, 0), _LAST_RESULT // page_size)
        patience = Patience(self._seconds)
        wanted = Wanted(order=order, now=self._clock(), limit=page_size, offset=page * page_size, patience=patience)
        understood = await self._understanding.understood(text, wanted)
        query, searched, wanted = understood.query, understood.searched, replace(wanted, order=understood.order)
        pages = _pages(searched.found, page_size)
        if page and page >= pages:
            page = max(pages - 1, 0)
            nearest = replace(wanted, offset=page * page_size)
            searched = await self._understanding.searched(query, words(understood.written), nearest)
            pages = _pages(searched.found, page_size)
        called = await called_so(self._storage, text) if not page else None
        if called and (searched.is_in_vain or understood.is_by_any or understood.is_whenever):
            searched, pages = Searched(query, Matches(papers=(), total=0)), 0
        found, first = searched.found, page * page_size + 1
        named = chosen(query, (text, understood.written), found)
        looked_for = tuple(filter(None, (searched.query, found.named)))
        hits = tuple(_hit(looked_for, known, number) for number, known in enumerate(found.papers, start=first))
        perhaps, begun = None, ""
        if called and not found.total:
            named = called
        elif not found.total:
            begun = await self._understanding.begun_like(query, wanted)
        elif named is None and called is None:
            perhaps = await self._understanding.perhaps(query, understood.written, searched, wanted)
        return SearchPage(
            query=str(query),
            is_said=understood.is_said,
            is_by_any=understood.is_by_any,
            is_whenever=understood.is_whenever,
            written=understood.written,
            hits=hits,
            total=found.total,
            order=wanted.order,
            exact=found.exact,
            page=page,
            pages=pages,
            identifier=query.root.id if isinstance(query.root, WithId) else None,
            chosen=named,
            nicknamed=None if called is None or (hits and hits[0].known.id == called.id) else called,
            perhaps=perhaps,
            in_time=not patience.is_over(),
            is_certain=searched.is_certain,
            library_is_empty=not found.total and await self._storage.count_papers() == 0,
            instead=as_typed(query, searched.instead, words(understood.written)) if searched.instead else None,
            whole=searched.whole,
            begun=begun,
            impossible=no_such_day(query, wanted.now.astimezone(UTC).date()),
        )

    async def suggest(self, text: str, limit: int = 25, *, within: Patience | None = None) -> list[Suggestion]:
        """Papers whose title continues what is being typed; the best known ones while nothing is."""
        return [
            Suggestion(label=paper_label(known.paper), value=to_type(known.paper))
            for known in await suggested_papers(self._storage, text, limit, within=within)
        ]

    async def suggest_respelt(self, text: str, limit: int = 25, *, within: Patience | None = None) -> list[Suggestion]:
        """Papers whose title continues what is being typed once its words are spelt as titles spell them."""
        papers = await respelt_papers(self._storage, text, limit, within=within)
        return [Suggestion(label=paper_label(known.paper), value=to_type(known.paper)) for known in papers]

    async def suggest_categories(self, text: str, limit: int = 25) -> list[Suggestion]:
        """Categories and archives whose name, or a word of what they are about, begins like this."""
        return [Suggestion(label=label, value=name) for name, label in categories_beginning(text)[:limit]]


async def suggested_papers(
    storage: Storage, text: str, limit: int, *, within: Patience | None = None
) -> list[KnownPaper]:
    """The papers that a half-typed text may mean: the one with this id, the one that people call so, or those whose
    title continues it."""
    identifier = parse_identifier(text)
    if identifier is not None:
        known = await storage.find_paper(identifier)
        return [known] if known else []
    if known := await referred_paper(storage, text, cited(text)):
        return [known]
    called = await called_so(storage, text)
    papers = await storage.suggest_papers(text, limit=limit, within=within)
    return papers if called is None else [called, *(known for known in papers if known.id != called.id)][:limit]


async def respelt_papers(
    storage: Storage, text: str, limit: int, *, within: Patience | None = None
) -> list[KnownPaper]:
    """The papers whose title continues a half-typed text without its mistakes; none where it has none."""
    typed = words(text)[:_MOST_RESPELT]
    spellings = await storage.likely_spellings([each for each in typed if len(each) >= _RESPELT], within=within)
    meant = " ".join(spellings.get(each, each) for each in typed)
    return await storage.suggest_papers(meant, limit=limit, within=within) if spellings else []


def _pages(found: Matches, page_size: int) -> int:
    return -(-found.total // page_size)


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
