"""What may have been meant: spellings that are near and common, and queries with their words set free."""

import pytest

from bot.domain.analysis import words
from bot.domain.forgiveness import alike, doubtful, likeliest, loosened, respelt
from bot.domain.parsing import parse_query


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("netwrok", "network"),
        ("metwork", "network"),
        ("nework", "network"),
        ("networkk", "network"),
        ("network", "network"),
        ("notwirk", "notwirk"),
        ("transfromres", "transformers"),
    ],
)
def test_a_word_is_what_is_near_and_common(word: str, meant: str) -> None:
    spellings = ["network", "networth", "transformers", "transforms"]
    assert likeliest(word, alike(word, spellings), {"network": 900, "transform": 500}) == meant


def test_a_rare_word_is_left_alone_unless_another_is_far_commoner() -> None:
    assert likeliest("lora", ["lora", "loran"], {"lora": 30, "loran": 200}) == "lora"
    assert likeliest("modle", ["modle", "model"], {"modl": 2, "model": 70_000}) == "model"


@pytest.mark.parametrize(
    ("query", "free", "kept"),
    [
        ("graph networks of molecules", ["graph", "networks", "molecules"], []),
        ('"graph networks" cat:cs.LG -survey', ["graph", "networks"], ["cat:cs.LG", "-survey"]),
        ("graph (roads OR title:streets) author:kipf", ["graph", "roads", "streets"], ["author:kipf"]),
        ("roads and more roads", ["roads", "more", "roads"], []),
    ],
)
def test_words_are_set_free_and_the_rest_still_holds(query: str, free: list[str], kept: list[str]) -> None:
    loose = loosened(parse_query(query), words(query))
    assert loose is not None
    assert (list(loose.words), list(map(str, loose.kept))) == (free, kept)


@pytest.mark.parametrize("query", ["graph", "author:kipf cat:cs.LG", "1706.03762", "the"])
def test_a_query_of_one_word_is_as_free_as_can_be(query: str) -> None:
    assert loosened(parse_query(query), words(query)) is None


def test_only_words_that_may_be_misspelt_are_respelt() -> None:
    query = parse_query("grpah netw* x2 of -grpah title:grpah")
    assert doubtful(query) == ("grpah",)
    assert str(respelt(query, {"grpah": "graph"})) == "graph netw* x2 -grpah title:graph"
