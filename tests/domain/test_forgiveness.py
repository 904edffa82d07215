"""What may have been meant: spellings that are near and common, and queries with their words set free."""

import pytest

from bot.domain.analysis import term, words
from bot.domain.forgiveness import (
    alike,
    doubtful,
    doubtful_names,
    far_commoner,
    likeliest,
    likeliest_name,
    loosened,
    renamed,
    respelt,
)
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
    counts = {"network": 900, "transform": 500}
    written = {"network": 300, "transformers": 90, "transforms": 9}
    assert likeliest(word, alike(word, spellings), counts, written) == meant


def test_a_rare_word_is_left_alone_unless_another_is_far_commoner() -> None:
    assert likeliest("modle", ["model"], {"modl": 2, "model": 70_000}, {"model": 9_000}) == "model"
    assert likeliest("lore", ["lora"], {"lore": 30, "lora": 200}, {"lora": 100}) == "lore"


def test_a_word_of_a_title_is_right() -> None:
    assert (
        likeliest("godel", ["godel", "model"], {"godel": 9, "model": 70_000}, {"godel": 2, "model": 9_000}) == "godel"
    )


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("languge", "language"),
        ("hintn", "hinton"),
        ("language", None),
        ("tanguage", None),
        ("latent", None),
        ("modl", None),
        ("languages", None),
        ("zebra", None),
    ],
)
def test_a_word_of_a_paper_or_two_may_be_their_mistake(word: str, meant: str | None) -> None:
    counts = {
        "languag": 900,
        "langug": 2,
        "tanguag": 1,
        "hintn": 1,
        "hinton": 20,
        "latent": 1,
        "patent": 99,
        "model": 999,
    }
    spellings = ["language", "languge", "hinton", "hintn", "patent", "model"]
    assert far_commoner(word, alike(word, spellings), counts, {"language": 300, "hinton": 9}, 2_000) == meant


def test_a_word_of_more_papers_or_not_far_rarer_is_no_mistake() -> None:
    assert far_commoner("langue", ["language"], {"langu": 4, "languag": 900}, {"language": 300}, 2_000) is None
    assert far_commoner("languge", ["language"], {"langug": 2, "languag": 39}, {"language": 30}, 2_000) is None


@pytest.mark.parametrize(
    ("word", "others", "meant", "papers", "told"),
    [
        ("langauge", 6, "language", 32_751, True),
        ("retrival", 4, "retrieval", 7_114, True),
        ("avaliable", 15, "available", 14_842, False),
        ("retrival", 4, "retrieval", 1_999, False),
        ("spores", 5, "scores", 11_071, False),
        ("evacuation", 30, "evaluation", 35_304, False),
    ],
)
def test_what_many_people_misspell_stands_in_more_papers_of_a_big_library(
    word: str, others: int, meant: str, papers: int, told: bool
) -> None:
    counts = {term(word): others, term(meant): papers}
    assert far_commoner(word, [meant], counts, {meant: papers}, 108_959) == (meant if told else None)
    assert far_commoner(word, [meant], counts, {meant: papers}, 30_000) is None


def test_what_counts_is_how_often_just_this_is_written() -> None:
    counts, written = {"numer": 9_000, "neural": 5_000}, {"numeral": 3, "neural": 2_000}
    assert likeliest("nueral", ["numeral", "neural"], counts, written) == "neural"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yan lecunn", ("yann", "lecun")),
        ("yann lecun", ("yann", "lecun")),
        ("y lecun", None),
        ("lecunn", ("lecun",)),
        ("bengio", ("bengio",)),
        ("leccum", None),
        ("jan leccun", None),
        ("Yosua Bengio", ("yoshua", "bengio")),
    ],
)
def test_a_name_with_a_letter_or_two_wrong_is_somebodys(typed: str, meant: tuple[str, ...] | None) -> None:
    assert likeliest_name(words(typed), ["Yann LeCun", "Yoshua Bengio", "Samy Bengio"]) == meant


def test_an_author_is_called_otherwise_where_the_query_names_them() -> None:
    query = parse_query('(author:"yan lecun" OR cats) -author:"yan lecun"')
    (named,) = doubtful_names(query)
    assert str(renamed(query, named, ("yann", "lecun"))) == '(author:"yann lecun" OR cats) -author:"yan lecun"'
    assert [str(each) for each in doubtful_names(parse_query('author:lecunn author:lec* author:yu "yan lecun"'))] == [
        "author:lecunn"
    ]


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
