"""What every database must do: keep papers whole, know them again, number them by date, and write all or nothing."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.analysis import prepare
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, DateKind, Paper
from bot.domain.parsing import parse_query
from bot.domain.patience import Patience
from bot.domain.query import Field, Words
from bot.interfaces import PutOutcome, Storage
from storage import numbering, searching
from tests.storage.shelf import NOW, number, paper, put, titles

LOST = [prepare(paper("Lost", "arxiv:2")), prepare(paper("Lost", "arxiv:1"))]
ADDED, REVISED, UNCHANGED = PutOutcome.ADDED, PutOutcome.REVISED, PutOutcome.UNCHANGED


async def test_a_paper_comes_back_as_it_was_put(storage: Storage) -> None:
    whole = Paper(
        title="Größe “quoted” 🦜",
        abstract="Line\u2028 of text",
        authors=(Author(family="LeCun", given="Yann"), Author(family="OpenAI")),
        categories=("cs.CL", "cs.LG"),
        ids=(ExternalId("arxiv", "2401.00001"), ExternalId("doi", "10.1000/a(b)c")),
        published_at=datetime(2024, 1, 1, 2, 3, 4, 567890, tzinfo=UTC),
        published_kind=DateKind.ANNOUNCED,
        updated_at=datetime(1, 1, 1, tzinfo=UTC),
        version=3,
        comment="5 pages",
        journal_ref="J. 1",
        page_url="https://a.example",
        pdf_url="https://b.example",
        code_url="https://c.example",
        links=("https://d.example",),
        sources=("a feed", "arxiv"),
        upvotes=0,
    )
    assert await put(storage, whole, Paper(title="Bare")) == [ADDED, ADDED]
    known = await storage.find_paper(ExternalId("doi", "10.1000/a(b)c"))
    assert known is not None
    assert known.paper == whole
    assert known.first_seen_at == NOW
    assert await storage.get_papers([known.id]) == [known]
    assert await storage.count_papers() == 2
    assert await put(storage, whole, Paper(title="Bare"), now=NOW + timedelta(days=1)) == [UNCHANGED, UNCHANGED]
    assert await storage.get_papers([known.id]) == [known]


async def test_papers_come_in_the_order_asked_without_the_unknown(storage: Storage) -> None:
    await put(storage, *(paper(f"Paper {each}", f"arxiv:{each}") for each in "abc"))
    a, b, c = [await number(storage, f"arxiv:{each}") for each in "abc"]
    assert [each.id for each in await storage.get_papers([c, 1, a, b, a])] == [c, a, b, a]
    assert await storage.get_papers([]) == []
    known, unknown = ExternalId("arxiv", "b"), ExternalId("doi", "b")
    assert await storage.find_numbers([unknown, known]) == {known: b}
    assert await storage.find_numbers([]) == {}
    assert await storage.find_paper(ExternalId("arxiv", "d")) is None


async def test_of_papers_with_one_title_the_oldest_is_found_by_it(storage: Storage) -> None:
    years = {"new": datetime(2024, 1, 1, tzinfo=UTC), "old": datetime(2014, 1, 1, tzinfo=UTC), "undated": None}
    for value, at in years.items():
        await put(storage, paper("Graph Networks", f"arxiv:{value}", published_at=at, authors=value))
    found = await storage.find_titled("GRAPH-networks!")
    assert found is not None
    assert found.paper.ids == (ExternalId("arxiv", "old"),)
    assert await storage.find_titled("Graph Network") is None


@pytest.mark.parametrize(
    ("first", "second", "outcome", "count"),
    [
        (paper("A", "arxiv:1"), paper("B", "arxiv:1"), REVISED, 1),
        (paper("A", "arxiv:1", "doi:x"), paper("A", "arxiv:2", "doi:x"), ADDED, 2),
        (paper("A", "doi:x"), paper("B", "arxiv:1", "doi:x"), REVISED, 1),
        (paper("A", "arxiv:1"), paper("A", "doi:x"), ADDED, 2),
        (paper("A B", "arxiv:1"), paper("a-b!"), REVISED, 1),
        (paper("A B"), paper("a-b!", "arxiv:1"), REVISED, 1),
        (paper("A B", authors="Ada Bob"), paper("A B", "arxiv:1", authors="Bob"), REVISED, 1),
        (paper("A B", authors="Ada"), paper("A B", "arxiv:1", authors="Bob"), ADDED, 2),
        (paper("A B", "arxiv:1"), paper("A B", "arxiv:2"), ADDED, 2),
        (paper("???"), paper("!!!"), ADDED, 2),
    ],
)
@pytest.mark.parametrize("together", [True, False])
async def test_which_records_are_one_paper(
    storage: Storage, first: Paper, second: Paper, outcome: PutOutcome, count: int, together: bool
) -> None:
    if together:
        assert await put(storage, first, second) == [ADDED, outcome]
    else:
        assert await put(storage, first) + await put(storage, second) == [ADDED, outcome]
    assert await storage.count_papers() == count
    assert await put(storage, first, second) == [UNCHANGED, UNCHANGED] or outcome is REVISED
    assert await storage.count_papers() == count


async def test_an_id_leads_to_the_merged_paper_and_stays_with_its_first_owner(storage: Storage) -> None:
    await put(storage, paper("A", "doi:x"), paper("A", "arxiv:1", "doi:x"), paper("Other", "arxiv:2", "doi:x"))
    assert await number(storage, "doi:x") == await number(storage, "arxiv:1") != await number(storage, "arxiv:2")


async def test_the_newest_of_equal_titles_is_meant(storage: Storage) -> None:
    old, new = (paper("Same", f"arxiv:{year}", published_at=datetime(year, 1, 1, tzinfo=UTC)) for year in (2001, 2020))
    await put(storage, new, old)
    assert await put(storage, paper("same", journal_ref="J.")) == [REVISED]
    known = await storage.find_paper(ExternalId("arxiv", "2020"))
    assert known is not None
    assert known.paper.journal_ref == "J."


async def test_numbers_follow_the_date_and_stay(storage: Storage) -> None:
    days = [datetime(2020, 5, day, tzinfo=UTC) for day in (3, 1, 2)]
    await put(storage, *(paper(f"Paper {day.day}", f"arxiv:{day.day}", published_at=day) for day in days))
    before = [await number(storage, f"arxiv:{day}") for day in (1, 2, 3)]
    assert before == sorted(before)
    await put(storage, paper("Paper 1 revised", "arxiv:1", published_at=datetime(2019, 1, 1, tzinfo=UTC)))
    assert await number(storage, "arxiv:1") == before[0]


async def test_dates_nobody_can_believe_still_give_a_number(storage: Storage) -> None:
    far = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), None, NOW]
    await put(storage, *(paper(f"Paper {place}", f"arxiv:{place}", published_at=day) for place, day in enumerate(far)))
    first, *others = [await number(storage, f"arxiv:{place}") for place in range(4)]
    assert 0 < first < min(others)
    assert max(others) - min(others) < 4


async def test_a_full_day_goes_on_in_the_next_with_room(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "PER_DAY", 4)
    first, next_day = (datetime(2020, 5, day, tzinfo=UTC) for day in (1, 2))
    await put(storage, *(paper(f"Day two {each}", published_at=next_day) for each in range(3)))
    await put(storage, *(paper(f"Day one {each}", published_at=first) for each in range(9)))
    await put(storage, *(paper(f"Day two again {each}", published_at=next_day) for each in range(3)))
    assert await storage.count_papers() == 15


async def test_a_write_that_fails_leaves_nothing(storage: Storage) -> None:
    await put(storage, paper("Kept words", "arxiv:1"))

    async def fail() -> None:
        async with storage.write() as transaction:
            await transaction.put_papers([], now=NOW)
            await transaction.put_papers(LOST, now=NOW)
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await fail()
    assert await storage.count_papers() == 1
    assert await titles(storage, "lost") == []
    assert await titles(storage, "kept") == ["Kept words"]


async def test_readers_see_only_what_is_committed_and_never_wait_for_a_writer(storage: Storage) -> None:
    async with storage.write() as transaction:
        await transaction.put_papers(LOST, now=NOW)
        async with asyncio.timeout(5):
            assert await storage.count_papers() == 0
            assert await titles(storage, "lost") == []
    assert await storage.count_papers() == 2


async def test_a_cancelled_write_leaves_nothing_and_the_next_goes_on(storage: Storage) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with storage.write() as transaction:
            await transaction.put_papers(LOST, now=NOW)
            inside.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(hang())
    await inside.wait()
    waiting = asyncio.create_task(put(storage, paper("Next", "arxiv:3")))
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert await waiting == [ADDED]
    assert await storage.count_papers() == 1


async def test_readings_given_up_keep_no_connection(storage: Storage) -> None:
    await put(storage, *(paper(f"Graph paper {each}", f"arxiv:{each}") for each in range(50)))
    for turns in range(12):
        readings = [asyncio.create_task(titles(storage, "graph OR paper")) for _ in range(6)]
        for _ in range(turns * 3):
            await asyncio.sleep(0)
        for each in readings:
            each.cancel()
        await asyncio.gather(*readings, return_exceptions=True)
    assert len(await titles(storage, "graph")) == 50


async def test_concurrent_updates_lose_nothing(storage: Storage) -> None:
    """Each update reads what is there, adds a link and writes; one that overwrote another would lose a link."""
    links = [f"https://example.org/{each}" for each in range(200)]
    updates = [paper(f"P {each % 40}", f"arxiv:{each % 40}", links=(link,)) for each, link in enumerate(links)]
    await asyncio.gather(*(put(storage, each) for each in updates))
    kept = [await storage.find_paper(ExternalId("arxiv", str(each))) for each in range(40)]
    assert sorted(link for known in kept if known for link in known.paper.links) == sorted(links)


async def test_many_readers_are_all_served(storage: Storage) -> None:
    await put(storage, *(paper(f"Graph paper {each}", f"arxiv:{each}") for each in range(20)))
    found = await asyncio.gather(*(titles(storage, "graph", limit=3) for _ in range(200)))
    assert {len(each) for each in found} == {3}


async def test_a_long_batch_is_put_whole(storage: Storage) -> None:
    many = [paper(f"Paper number {each}", f"arxiv:{each}") for each in range(700)]
    assert await put(storage, *many) == [ADDED] * 700
    assert await put(storage, *many) == [UNCHANGED] * 700
    found = await storage.search_papers(parse_query("paper"), now=NOW, limit=5, offset=650)
    assert (len(found.papers), found.total) == (5, 700)


@pytest.mark.parametrize("most", [300, 5])
async def test_names_are_told_from_words_by_what_texts_hold(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Bell is said in texts as often as people are called so; nobody's family name is Yoshua or Nobody."""
    monkeypatch.setattr(searching, "_HELD", most)
    shelf = [
        paper(f"On {n}", f"arxiv:{n}", authors=(Author("Bengio", "Yoshua"),), published_at=NOW - timedelta(n))
        for n in range(20)
    ]
    shelf += [
        replace(each, ids=(ExternalId("arxiv", f"b{n}"),), authors=(Author("Bell", "John"),))
        for n, each in enumerate(shelf)
    ]
    shelf += [
        paper(
            f"Of Bell {n}",
            f"arxiv:s{n}",
            abstract="Stanford; Bengio." if not n % 9 else "",
            published_at=each.published_at,
        )
        for n, each in enumerate(shelf[:20])
    ]
    await put(storage, *shelf)
    told = [
        "bengio",
        "yoshua bengio",
        "bengio yoshua",
        "ilya bengio",
        "yoshua",
        "bell",
        "bell bengio",
        "stanford",
        "on",
    ]
    names = [Words(tuple(each.split()), Field.AUTHOR) for each in told]
    assert await storage.likely_names(names) == names[:4]
    assert await storage.likely_names(names, within=Patience(0)) == []
    assert await storage.likely_names([]) == []
