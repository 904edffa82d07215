"""Papers and pages to show: one as papers are, and hostile ones from a seeded generator."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from bot.domain.papers import Author, DateKind, ExternalId, KnownPaper, Paper
from bot.services.search import Hit, SearchPage, Snippet
from tests.cogs.hostility import hostile_text

_SEEN_AT = datetime(2026, 5, 22, 20, tzinfo=UTC)
_URLS = (
    None,
    "",
    "https://evil.example/a_(b)",
    "javascript:alert(1)",
    "https://a.example/" + "x" * 480,
    "http://b.example/\u202e",
)

_IDS = (
    (),
    (ExternalId("arxiv", "2207.12598"),),
    (ExternalId("arxiv", "hep-th/9901001"), ExternalId("doi", "10.1000/a(b)[c]_d*e")),
    (ExternalId("doi", "10.1000/" + "研究<>" * 40),),
)


def paper(**changes: Any) -> Paper:
    """Classifier-Free Diffusion Guidance, changed in these fields."""
    fields: dict[str, Any] = {
        "title": "Classifier-Free Diffusion Guidance",
        "abstract": "Guidance without a classifier trades diversity for fidelity. It needs no second model.",
        "authors": (Author(family="Ho", given="Jonathan"), Author(family="Salimans", given="Tim")),
        "categories": ("cs.LG", "cs.AI"),
        "ids": (ExternalId("arxiv", "2207.12598"),),
        "published_at": datetime(2022, 7, 26, 1, 42, tzinfo=UTC),
        "published_kind": DateKind.SUBMITTED,
    }
    return Paper(**fields | changes)


def known(of: Paper | None = None, number: int = 7) -> KnownPaper:
    return KnownPaper(id=number, paper=of or paper(), first_seen_at=_SEEN_AT)


def page(*, count: int = 5, total: int = 212, page: int = 0, **changes: Any) -> SearchPage:
    """A page of `count` hits, all of the same paper under different numbers."""
    snippet = Snippet(text="trades diversity for fidelity", spans=((7, 16),))
    hits = tuple(
        Hit(number=page * 5 + index, known=known(number=index), title_spans=(), snippet=snippet)
        for index in range(1, count + 1)
    )
    fields: dict[str, Any] = {
        "query": "diffusion",
        "hits": hits,
        "total": total,
        "exact": True,
        "page": page,
        "pages": -(-total // 5),
    }
    return SearchPage(**fields | changes)


def hostile_paper(random: Random) -> Paper:
    """A paper of which nothing can be trusted but the types."""
    most = random.choice((0, 1, 3, 40, 5_000)) if random.random() < 0.1 else random.randint(0, 8)
    return Paper(
        title=hostile_text(random),
        abstract=hostile_text(random, 60),
        authors=tuple(_hostile_author(random) for _ in range(most)),
        categories=tuple(hostile_text(random, 4) * random.choice((1, 1, 50)) for _ in range(random.randint(0, 8))),
        ids=random.choice(_IDS),
        published_at=random.choice((None, _SEEN_AT, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))),
        published_kind=random.choice(list(DateKind)),
        comment=hostile_text(random),
        journal_ref=hostile_text(random),
        page_url=random.choice((*_URLS, f"https://c.example/{hostile_text(random, 3)}")),
        pdf_url=random.choice(_URLS),
        code_url=random.choice((*_URLS, f"https://c.example/{hostile_text(random, 3)}")),
        upvotes=random.choice((None, 0, 1, 2**62)),
        withdrawn=random.random() < 0.2,
    )


def _hostile_author(random: Random) -> Author:
    return Author(family=hostile_text(random, 2), given=hostile_text(random, 2))


def hostile_page(random: Random) -> SearchPage:
    """A page of hostile papers for a hostile query."""
    count, number = random.randint(0, 5), random.randint(0, 999_000)
    hits = tuple(
        Hit(
            number=number * 5 + index,
            known=known(hostile_paper(random), random.randint(1, 10**17) * 5 + index),
            title_spans=(),
            snippet=Snippet(text=hostile_text(random, 30), spans=_spans(random)),
        )
        for index in range(1, count + 1)
    )
    pages = number + random.randint(1, 3)
    total = (pages - 1) * 5 + count
    return SearchPage(
        query=hostile_text(random, 20)[:400],
        hits=hits,
        total=total,
        exact=random.random() < 0.5,
        perhaps=hostile_text(random, 20),
        page=number,
        pages=pages,
    )


def _spans(random: Random) -> tuple[tuple[int, int], ...]:
    starts = [random.randint(-2, 200) for _ in range(random.randint(0, 5))]
    return tuple((start, start + random.randint(-1, 20)) for start in starts)
