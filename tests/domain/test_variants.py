"""Other ways to write the same words, and that each finds the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.analysis import prepare
from bot.domain.closeness import Written, closeness
from bot.domain.leading import phrases
from bot.domain.matching import Matcher
from bot.domain.papers import Author, Paper
from bot.domain.parsing import parse_query
from bot.domain.ranking import Found, best_first
from bot.domain.rarity import Rarity
from bot.domain.snippets import title_spans
from bot.domain.variants import MOST, written_otherwise
from tests.domain.query_trees import NOW

some_words = st.lists(
    st.sampled_from(["gpt", "4", "gpt4", "non", "linear", "nonlinear", "muller", "mueller", "3", "d", "3d", "re"]),
    min_size=1,
    max_size=5,
).map(tuple)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gpt-4", "gpt4"),
        ("resnet-50", "resnet50"),
        ("gpt-4o", "gpt4o"),
        ("3-d", "3d"),
        ("pre-training", "pretraining"),
        ("non-linear", "nonlinear"),
        ("auto-encoder", "autoencoder"),
        ("h-alpha", "halpha"),
        ("schroedinger", "schrodinger"),
        ("moessbauer", "mossbauer"),
    ],
)
def test_each_is_the_other(one: str, other: str) -> None:
    first, second = tuple(one.split("-")), tuple(other.split("-"))
    assert written_otherwise(first) == (second,)
    assert written_otherwise(second) == (first,)


def test_most_words_have_one_way_to_be_written() -> None:
    assert written_otherwise(("graph",)) == written_otherwise(("deep", "learning")) == ()
    assert written_otherwise(("gpt4",), is_name=True) == ()


@given(some_words)
def test_there_are_few_and_none_is_what_was_written(words: tuple[str, ...]) -> None:
    ways = written_otherwise(words)
    assert len(set(ways)) == len(ways) <= MOST
    assert words not in ways


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("GPT4 agents", "Agents of GPT-4"),
        ("GPT-4 agents", "Agents of GPT4"),
        ("pretraining", "Pre-training of Transformers"),
        ('"language model pre-training"', "Language Model Pretraining"),
        ("Schroedinger", "The Schrödinger Equation"),
        ("Schrödinger", "The Schroedinger Equation"),
        ("alpha-divergence", "An α-Divergence"),
        ("author:Mueller", "By one"),
        ('author:"Klaus Müller"', "By one"),
        ("author:Jorgensen", "By another"),
        ("author:Joergensen", "By another"),
    ],
)
def test_what_is_written_otherwise_is_found_and_marked_and_counts(query: str, title: str) -> None:
    authors = {"By one": (Author("Müller", "Klaus"),), "By another": (Author("Jørgensen", "Bo"),)}
    found = parse_query(query)
    paper = prepare(Paper(title=title, authors=authors.get(title, ())))
    assert Matcher([found]).match([paper], now=NOW).matching() == [0]
    if title not in authors:
        assert title_spans(found, title)
        assert best_first(found, [Found(id=2, words="other"), Found(id=1, words=paper.terms.title_words)]) == [1, 2]
        scores = closeness(found, [Written(paper.terms.title_words, ""), Written("other", "")], Rarity(9, {}))
        assert scores[0] > scores[1] == 0


def test_words_apart_are_a_phrase_in_a_title_too() -> None:
    assert phrases(parse_query("pretraining")) is not None
    assert phrases(parse_query("training")) is None
