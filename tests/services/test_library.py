"""The library service: the paper one means, however one says it."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.labels import LONGEST, units
from bot.errors import UserError
from bot.services.library import Library
from storage import open_storage
from tests.empty import NewDatabase
from tests.services.test_search import ODD_TITLES
from tests.storage.shelf import clock, number, paper, put

SHELF = (
    paper("Attention Is All You Need", "arxiv:1706.03762"),
    paper("Attention Is Not All You Need", "arxiv:2103.03404"),
    paper("Deep Residual Learning for Image Recognition", "arxiv:1512.03385", "doi:10.1109/x"),
    paper("Deep Learning"),
)


@pytest.fixture
async def library(new_database: NewDatabase) -> AsyncIterator[Library]:
    async with await open_storage(new_database()) as storage:
        await put(storage, *SHELF)
        yield Library(storage, clock)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1706.03762", "Attention Is All You Need"),
        ("https://arxiv.org/abs/2103.03404v2", "Attention Is Not All You Need"),
        ("https://doi.org/10.1109/X", "Deep Residual Learning for Image Recognition"),
        ("attention is all you need!", "Attention Is All You Need"),
        ("Attention is not", "Attention Is Not All You Need"),
        ("Atention is all you need", "Attention Is All You Need"),
        ("residual lear", "Deep Residual Learning for Image Recognition"),
        ("deep learning", "Deep Learning"),
    ],
)
async def test_the_paper_that_is_meant(library: Library, said: str, meant: str) -> None:
    assert (await library.resolve(said)).paper.title == meant


async def test_a_misspelt_title_is_known_among_many_that_share_its_words(new_database: NewDatabase) -> None:
    async with await open_storage(new_database()) as storage:
        shelf = [paper(f"Identifying Effects of a Variable {n}", f"arxiv:{n}") for n in range(60)]
        meant = paper("Identifying Causal Effects Using a Single Proxy Variable", "arxiv:meant")
        await put(storage, meant, *shelf)
        library = Library(storage, clock)
        for typed in (
            "identifying causal efects using a singel proxy variable",
            "identifying causaleffects using a single proxy variable",
        ):
            assert (await library.resolve(typed)).paper.title == meant.title


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("arxiv:2401.99999", "I don't have arxiv:2401.99999. Check the number"),
        ("https://arxiv.org/abs/hello", "That address holds no arXiv id"),
        ("https://arxiv.org/abs/9999.99999", "no month is 99. Check it."),
        ("attention", "Did you mean: Attention Is "),
        ("residual learning images", "Did you mean: Deep Residual"),
        ("deep things nobody wrote", "No paper has the title deep things nobody wrote. Type fewer words"),
        ("zebra crossings", "No paper has the title zebra crossings. Type fewer words"),
        ("?!", "Type a paper's title"),
        ("", "Type a paper's title"),
        ("\ud800\x00", "Type a paper's title"),
    ],
)
async def test_what_is_said_where_it_is_not_clear(library: Library, said: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        await library.resolve(said)


async def test_a_paper_by_its_number(new_database: NewDatabase) -> None:
    async with await open_storage(new_database()) as storage:
        await put(storage, *SHELF)
        library = Library(storage, clock)
        known = await library.require(await number(storage, "arxiv:1706.03762"))
        assert known.paper == SHELF[0]
        with pytest.raises(UserError, match="no longer in the library"):
            await library.require(1)
        assert await library.count() == 4


async def test_each_suggestion_leads_to_the_paper_it_names(new_database: NewDatabase) -> None:
    async with await open_storage(new_database()) as storage:
        await put(storage, *SHELF, *(paper(title) for title in ODD_TITLES))
        library = Library(storage, clock)
        for suggestion in await library.suggest(""):
            assert 0 < units(suggestion.value) <= LONGEST
            if suggestion.value != "1706.03762" or suggestion.label.startswith("Attention"):
                assert suggestion.label.startswith((await library.resolve(suggestion.value)).paper.title[:20])
