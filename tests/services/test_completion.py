"""Completion of what is typed as a query: people, categories and fields beside titles, and each finds what it says."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import from_regex

from bot.domain.papers import Author
from bot.domain.parsing import parse_query
from bot.domain.query import And, Field, Words
from bot.interfaces import Storage
from bot.services import completion, referring
from bot.services.completion import Completions
from bot.services.library import Library
from bot.services.search import Search
from storage import completing, open_storage
from tests.empty import NewDatabase
from tests.storage.shelf import clock, paper, put

HINTON, HINZ, LI = Author("Hinton", "Geoffrey"), Author("Hinz", "Tobias"), Author("Li", "Wei")


@pytest.fixture
async def storage(new_database: NewDatabase) -> AsyncIterator[Storage]:
    async with await open_storage(new_database()) as opened:
        await put(
            opened,
            paper("Capsules", "arxiv:1", authors=(HINTON, LI), categories=("cs.LG",)),
            paper("Distillation", "arxiv:2", authors=(HINTON,)),
            paper("Machine learners", "arxiv:3", authors=(HINZ,)),
            paper("Hints to machines", "arxiv:4", authors=tuple(Author(f"Hinse{n}", "A") for n in range(600))),
        )
        yield opened


async def offered(storage: Storage, text: str) -> list[str]:
    return [each.value for each in await Completions(storage, Search(storage, clock)).suggest(text)]


async def offered_soon(storage: Storage, text: str) -> list[str]:
    """What is offered once it is known how words are spelt here, which nobody who types waits for."""
    async with asyncio.timeout(20):
        while not (found := await offered(storage, text)):
            await asyncio.sleep(0.02)
    return found


async def test_authors_are_completed_and_found(storage: Storage) -> None:
    assert await offered(storage, "author:hin") == ['author:"Geoffrey Hinton"', 'author:"Tobias Hinz"']
    assert await offered(storage, 'capsules au:"hinton, g') == ['capsules au:"Geoffrey Hinton"']
    assert (await offered(storage, "author:"))[0] == 'author:"Geoffrey Hinton"'
    assert await offered(storage, "author:l") == ['author:"Wei Li"']
    assert await offered(storage, "author:nobody") == []
    page = await Search(storage, clock).search('author:"Geoffrey Hinton"', page=0)
    assert page.total == 2


async def test_titles_come_first_and_fields_and_categories_beside_them(storage: Storage) -> None:
    assert await offered(storage, "machine lea") == ["Machine learners", "cat:cs.LG", "cat:stat.ML"]
    assert await offered(storage, "capsules aut") == ["capsules author:"]
    assert (await offered(storage, "cat:cs.lg"))[0] == "cat:cs.LG"
    assert await offered(storage, "distil") == ["Distillation"]


async def test_no_title_or_name_is_offered_that_holds_what_is_left_out(storage: Storage) -> None:
    assert await offered(storage, "machine") != []
    for text in (
        "-machine",
        "hints -machine",
        "-hinton",
        "hints -machine to",
        '-"machine lea',
        "-author:machine",
        "(-machine",
    ):
        assert await offered(storage, text) == [], text
    assert await offered(storage, "capsules -aut") == ["capsules -author:"]
    assert await offered(storage, "-author:hinto") == ['-author:"Geoffrey Hinton"']


async def test_other_spellings_are_completed_too(storage: Storage) -> None:
    await put(
        storage, paper("Agents of GPT-4", "arxiv:5", authors=(Author("Müller", "Klaus"), Author("Mueller", "B.")))
    )
    assert await offered(storage, "agents gpt4") == ["Agents of GPT-4"]
    assert await offered(storage, "author:mueller") == ['author:"B. Mueller"', 'author:"Klaus Müller"']


async def test_names_that_begin_in_too_many_places_are_looked_for_whole_and_among_the_best_known(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completing, "_MOST_PAGES", 0)
    assert await offered(storage, "author:hinton") == ['author:"Geoffrey Hinton"']
    assert await offered(storage, "author:li") == ['author:"Wei Li"']


async def test_time_is_bounded(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "SEARCH_SECONDS", -1.0)
    assert len(await offered(storage, "author:hin")) <= 2
    monkeypatch.undo()
    assert len(await offered(storage, "author:hin")) == 2


async def test_a_name_is_offered_where_hardly_a_title_goes_on_so(storage: Storage) -> None:
    assert await offered(storage, "geoffrey hint") == ['author:"Geoffrey Hinton"']
    assert 'author:"Geoffrey Hinton"' in await offered(storage, "hinto")
    assert not [each for each in await offered(storage, "machine learners of geoffrey") if each.startswith("author")]


async def test_a_name_is_completed_before_it_is_put_in_quotes(storage: Storage) -> None:
    assert await offered(storage, "author:geoffrey hint") == ['author:"Geoffrey Hinton"']
    assert await offered(storage, "machines au:geoffrey hint") == ['machines au:"Geoffrey Hinton"']
    assert 'author:"Geoffrey Hinton"' in await offered(storage, "author:geoffrey ")
    assert await offered(storage, "deep machines learn author:geoffrey hint") == [
        'deep machines learn author:"Geoffrey Hinton"'
    ]
    assert await offered(storage, "author:hinton machine lea") == [
        "author:hinton cat:cs.LG",
        "author:hinton cat:stat.ML",
    ], "the words behind a name are none"


async def test_the_title_that_is_typed_whole_comes_first_and_a_title_is_completed_behind_its_field(
    storage: Storage,
) -> None:
    await put(storage, *(paper(f"Graph machines {n}", f"arxiv:g{n}", upvotes=900) for n in range(70)))
    await put(storage, paper("Graph machines", "arxiv:g", published_at=datetime(1999, 1, 1, tzinfo=UTC)))
    first, *_ = await offered(storage, "graph machines")
    assert first == "Graph machines"
    assert await offered(storage, "title:distil") == ["Distillation"]
    assert await offered(storage, 'ti:"distil') == ["Distillation"]


async def test_words_common_in_titles_are_not_looked_for_among_names(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(storage, *(paper(f"Good machines {n}", f"arxiv:m{n}", authors=(Author("Geoffrey"),)) for n in range(9)))
    await put(storage, paper("Capsules", "arxiv:c", authors=(Author("Hintz", "Machines"),)))
    assert await offered(storage, "machines hintz") == ['author:"Machines Hintz"']
    monkeypatch.setattr(completing, "_MOST_READ", 0)
    assert await offered(storage, "machines hintz") == []
    assert await offered(storage, "geoffrey hinto") == ['author:"Geoffrey Hinton"']
    assert await offered(storage, 'author:"machines hint') == ['author:"Machines Hintz"']


async def test_first_letters_of_names_are_looked_up_anew_when_the_library_has_grown(storage: Storage) -> None:
    assert await offered(storage, "author:zw") == []
    await put(storage, *(paper(f"More {n}", f"arxiv:z{n}", authors=(Author("Zwei", "Ann"),)) for n in range(9)))
    assert await offered(storage, "author:zw") == ['author:"Ann Zwei"']


async def test_what_is_mistyped_is_offered_as_it_was_meant_where_nothing_goes_on_so(storage: Storage) -> None:
    shelf = [paper(f"Diffusion Machines {n}", f"arxiv:d{n}") for n in range(3)]
    await put(storage, *shelf, paper("Distilling the fusive", "arxiv:d9", authors=(Author("Schmidhuber", "Jürgen"),)))
    assert await offered_soon(storage, "difusion mach") == [f"Diffusion Machines {n}" for n in (2, 1, 0)]
    assert await offered(storage, "fusive") == ["Distilling the fusive"], "what is here is no mistake"
    assert await offered_soon(storage, "schmidhubr") == ['author:"Jürgen Schmidhuber"']
    assert await offered_soon(storage, "geofrey hinton") == ['author:"Geoffrey Hinton"']
    assert await offered_soon(storage, "hintton") == ['author:"Geoffrey Hinton"']
    assert await offered(storage, "difusion -machines") == []
    assert [each.value for each in await Library(storage, clock).suggest("difusion machines 1")] == [
        "Diffusion Machines 1"
    ]


async def test_a_pasted_reference_offers_its_paper(storage: Storage) -> None:
    await put(storage, paper("Machine learners of the world", "arxiv:w"))
    assert await offered(storage, "G. Hinton, W. Li. Machine learners of the world. In Proc") == [
        "Machine learners of the world"
    ]


@pytest.mark.parametrize("text", ['author:"', "author:*", "author:·", "author:‖ x", "cat:*", ":", "a:b:c", "au:" * 90])
async def test_whatever_is_typed_gives_an_answer(storage: Storage, text: str) -> None:
    await offered(storage, text)


@given(from_regex(referring._PLAIN, fullmatch=True).filter(lambda title: len(title) <= 100))
def test_what_looks_like_plain_words_is_a_query_for_just_these(title: str) -> None:
    root = parse_query(title).root
    for part in root.parts if isinstance(root, And) else (root,):
        assert isinstance(part, Words)
        assert part.field is Field.ANY
