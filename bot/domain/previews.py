"""What a topic would have brought: its days, how to tighten or loosen its query, and when to warn. Counts nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.domain.analysis import stop_terms, term, words
from bot.domain.arrivals import Span, TriedOut, by_day
from bot.domain.forgiveness import with_author
from bot.domain.naming import may_name
from bot.domain.papers import Author, KnownPaper, Paper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.query import And, Field, InCategory, Node, Not, Or, Query, WithId, Words, all_of
from bot.domain.snippets import Snippet, snippet, sought_authors, title_spans

DAYS = 30
"""How many days a preview looks back."""
EXAMPLES = 3
SAMPLE = 200
"""Papers among which words and categories to tighten a query with are looked for: those that came last."""
FLOOD = 50
"""Papers a working day from which on a topic is a wall that nobody reads."""

_MOST_WORDS, _MOST_CATEGORIES, _MOST_PARTS = 6, 3, 6
_SHOWN = 3
LONGEST_STEP = 90
"""Characters of a step, which a menu's value holds."""
_NEARLY_ALL = 0.5
_ENOUGH_TO_TELL = 20
_SMALL, _LARGE = 0.05, 0.7
"""A word or a category that fewer, or more, of the papers have tells little about the others."""
_LOOKED_THROUGH = 20
"""Papers whose texts are looked through for what matches in them: a millisecond each."""
_NAMING = (Field.ANY, Field.AUTHOR)
_BARS = "▁▂▃▄▅▆▇█"
_IDLE = (
    "analysis approach approaches based case data deep efficient empirical enhanced framework from general improved "
    "improving into large learning method methods model modeling models network networks neural new novel paper "
    "problem problems study system systems task tasks theory through toward towards understanding unified using via "
    "without"
)
"""Words so common in titles that leaving them out would take away anything and everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One way to change a query: what is added to it, or which of its parts is dropped."""

    added: str = ""
    dropped: str = ""
    query: Query
    """The query after it."""

    @property
    def value(self) -> str:
        """By which `stepped` finds it again."""
        return f"+{self.added}" if self.added else f"-{self.dropped}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A step, and how many papers there would be after it."""

    step: Step
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A paper that would have come, and what to mark in it."""

    known: KnownPaper
    title_spans: tuple[tuple[int, int], ...]
    snippet: Snippet | None
    """Of its abstract, where the title holds none of the words."""
    named: tuple[Author, ...] = ()
    """Authors whose names match, where nothing else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a query would have brought."""

    query: str
    span: Span
    days: tuple[int, ...]
    """How many on each day of the span."""
    all_days: tuple[int, ...]
    """How many papers arrived at all."""
    examples: tuple[Example, ...] = ()
    tighter: tuple[Offer, ...] = ()
    looser: tuple[Offer, ...] = ()
    author: str = ""
    """The query for papers by somebody, where only their name matches of late; empty where that is asked already."""
    is_old: bool = False
    """Whether no paper arrived of late, and the span is the newest that papers arrived in."""

    @property
    def total(self) -> int:
        return sum(self.days)

    @property
    def known_from(self) -> date | None:
        """The first day of the span that papers are known of; None where none arrived in it."""
        if self.is_old:
            return self.span.first
        return next((day for day, count in zip(self.span.dates(), self.all_days, strict=True) if count), None)

    @property
    def working_days(self) -> list[tuple[date, int]]:
        """How many came on each day from Monday to Friday, since papers arrive."""
        first = self.known_from
        days = zip(self.span.dates(), self.days, strict=True)
        return [] if first is None else [(day, count) for day, count in days if day >= first and day.weekday() < 5]

    @property
    def per_working_day(self) -> float:
        return self.total / max(1, len(self.working_days))

    @property
    def is_flood(self) -> bool:
        return self.per_working_day > FLOOD

    @property
    def is_nearly_everything(self) -> bool:
        arrived = sum(self.all_days)
        return arrived >= _ENOUGH_TO_TELL and self.total >= _NEARLY_ALL * arrived

    @property
    def chart(self) -> str:
        """A bar a day; the lowest is a day without any."""
        most = max(self.days, default=0)
        return "".join(_BARS[-(-each * (len(_BARS) - 1) // most) if most else 0] for each in self.days)


def previewed(query: Query, span: Span, tried: TriedOut, offers: Sequence[Offer], *, is_old: bool = False) -> Preview:
    """The preview of what was tried out; `offers` are what came of its steps."""
    total = sum(tried.matched.values())
    tighter = [each for each in offers if each.step.added and 0 < each.total < total]
    looser = [each for each in offers if each.step.dropped and each.total > total]
    return Preview(
        query=str(query),
        span=span,
        days=tuple(by_day(tried.matched, span)),
        all_days=tuple(by_day(tried.arrived, span)),
        examples=tuple(_example(query, each) for each in tried.newest[:EXAMPLES]),
        tighter=tuple(sorted(tighter, key=lambda each: each.total)[:_SHOWN]),
        looser=tuple(sorted(looser, key=lambda each: each.total)[:_SHOWN]),
        author=_by_author(query, [each.paper for each in tried.newest]),
        is_old=is_old,
    )


def _example(query: Query, known: KnownPaper) -> Example:
    spans = title_spans(query, known.paper.title)
    shown = None if spans else _marked(query, known.paper)
    named = () if spans or shown else sought_authors([query], known.paper.authors, fields=_NAMING)
    return Example(known=known, title_spans=spans, snippet=shown, named=named)


def _marked(query: Query, paper: Paper) -> Snippet | None:
    """The part of the abstract that holds words of the query."""
    shown = snippet(query, paper.abstract, limit=140) if paper.abstract else None
    return shown if shown and shown.spans else None


def _is_by_name(query: Query, papers: Sequence[Paper]) -> bool:
    """Whether all that matches in the first of these papers is names of their authors."""
    return bool(papers) and all(
        not title_spans(query, each.title)
        and not _marked(query, each)
        and sought_authors([query], each.authors, fields=_NAMING)
        for each in papers[:_LOOKED_THROUGH]
    )


def _by_author(query: Query, papers: Sequence[Paper]) -> str:
    """The query for its words as one author's name, where that is what matches in the first of these papers."""
    named = next(iter(may_name(query)), None)
    if named is None or not _is_by_name(query, papers):
        return ""
    meant = with_author(query, named)
    is_one = all(sought_authors([meant], each.authors) for each in papers[:_LOOKED_THROUGH])
    return str(meant) if is_one and len(named.words) == len(list(query.sought())) else ""


def steps(query: Query, papers: Sequence[Paper]) -> list[Step]:
    """Ways to tighten the query, by the words and categories of papers it matches, and to loosen it."""
    return [*_narrower(query, papers), *_wider(query)]


def stepped(query: Query, value: str) -> Query | None:
    """The query after the step with this value; None where there is no such step. After `=` stands a whole query."""
    if value.startswith("="):
        with suppress(QueryError):
            return parse_query(value[1:])
    if value.startswith("+"):
        with suppress(QueryError):
            added = _parts(parse_query(f"x {value[1:]}").root)[1:]  # what is only excluded is no query by itself
            return _valid(all_of([query.root, *added])) if added else None
    return next((each.query for each in _wider(query) if each.value == value), None)


def is_by_id(query: Query) -> bool:
    """Whether the query can match a single paper at most, the one whose id it names."""
    return any(isinstance(each, WithId) for each in _parts(query.root))


def _narrower(query: Query, papers: Sequence[Paper]) -> Iterator[Step]:
    common = () if _is_by_name(query, papers) else _common_words(query, papers)  # of a person all papers are wanted
    added: list[Node] = [Not(Words((word,))) for word in common]
    if not any(isinstance(each, InCategory) for each in _leaves(query.root)):
        added += [InCategory(name) for name in _common_categories(papers)]
    for node in added:
        tighter = _valid(all_of([query.root, node]))
        if tighter is not None and len(str(node)) <= LONGEST_STEP:
            yield Step(added=str(node), query=tighter)


def _wider(query: Query) -> Iterator[Step]:
    parts = _parts(query.root)
    for at, part in enumerate(parts[:_MOST_PARTS]):
        rest = [*parts[:at], *parts[at + 1 :]]
        written = f"({part})" if isinstance(part, Or) else str(part)
        if any(not isinstance(each, Not) for each in rest) and len(written) <= LONGEST_STEP:
            yield Step(dropped=written, query=Query(all_of(rest)))


def _valid(root: Node) -> Query | None:
    """The query with this root, if somebody could have typed it: there are limits."""
    with suppress(QueryError):
        return parse_query(str(Query(root)))
    return None


def _parts(root: Node) -> list[Node]:
    return list(root.parts) if isinstance(root, And) else [root]


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case _:
            yield node


def _common_words(query: Query, papers: Sequence[Paper]) -> list[str]:
    """The words that stand in most of these titles, each as it is written most often, but for idle ones."""
    asked = {term(word) for leaf in _leaves(query.root) if isinstance(leaf, Words) for word in leaf.words}
    held = Counter[str]()
    spelt: dict[str, Counter[str]] = {}
    for paper in papers:
        found = {term(word): word for word in words(paper.title)}
        held.update(found.keys() - asked - _idle_terms() - stop_terms())
        for stem, word in found.items():
            spelt.setdefault(stem, Counter())[word] += 1
    telling = [
        (stem, count)
        for stem, count in held.items()
        if len(stem) > 2 and stem.isalpha() and max(2, _SMALL * len(papers)) <= count <= _LARGE * len(papers)
    ]
    telling.sort(key=lambda each: (-each[1], each[0]))
    return [spelt[stem].most_common(1)[0][0] for stem, _ in telling[:_MOST_WORDS]]


@cache
def _idle_terms() -> frozenset[str]:
    return frozenset(map(term, _IDLE.split()))


def _common_categories(papers: Sequence[Paper]) -> list[str]:
    first = Counter(paper.categories[0] for paper in papers if paper.categories)
    telling = [(name, count) for name, count in first.items() if _SMALL <= count / len(papers) <= 1 - _SMALL]
    telling.sort(key=lambda each: (-each[1], each[0]))
    return [name for name, _ in telling[:_MOST_CATEGORIES]]
