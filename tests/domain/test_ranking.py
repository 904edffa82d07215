"""Order: titles decide between texts that match about as well, and typed beginnings come first."""

from bot.domain.parsing import parse_query
from bot.domain.ranking import Candidate, best_first, closest_titles, likeness


def test_the_title_that_is_what_was_typed_comes_first() -> None:
    candidates = [
        Candidate(id=9, title="A Survey of Everything", score=5.0),
        Candidate(id=8, title="Attention Is All You Need for Tables and Other Things", score=4.9),
        Candidate(id=1, title="Attention Is All You Need", score=4.8),
    ]
    assert best_first(parse_query("attention is all you need"), candidates) == [1, 8, 9]


def test_among_equals_the_newer_comes_first() -> None:
    candidates = [Candidate(id=number, title="Graphs", score=1.0) for number in (3, 7, 5)]
    assert best_first(parse_query("graphs"), candidates) == [7, 5, 3]
    assert best_first(parse_query("cat:cs.LG"), [Candidate(id=1, title="")]) == [1]


def test_a_begun_title_comes_before_one_that_holds_the_words() -> None:
    candidates = [
        Candidate(id=9, title="Guidance for Diffusion Models"),
        Candidate(id=2, title="Diffusion Guidance"),
        Candidate(id=3, title="Classifier-Free Diffusion Guidance", upvotes=200),
    ]
    assert closest_titles("diffusion guid", candidates) == [2, 3, 9]


def test_likeness_looks_past_case_and_punctuation() -> None:
    assert likeness("BERT: pre-training", "Bert Pre Training!") == 100
    assert likeness("atention is all you ned", "Attention Is All You Need") > 90
    assert likeness("graphs", "Attention Is All You Need") < 50
