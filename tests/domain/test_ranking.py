"""Order: titles decide between texts that match about as well, and typed beginnings come first."""

from bot.domain.analysis import words
from bot.domain.parsing import parse_query
from bot.domain.ranking import Candidate, Found, best_first, closest_titles, likeness


def found(number: int, title: str, score: float = 0.0, upvotes: int = 0) -> Found:
    return Found(id=number, words=" ".join(words(title)), score=score, upvotes=upvotes)


def test_the_title_that_is_what_was_typed_comes_first() -> None:
    candidates = [
        found(9, "A Survey of Everything", score=5.0),
        found(8, "Attention Is All You Need for Tables and Other Things", score=4.9),
        found(1, "Attention Is All You Need", score=4.8),
    ]
    assert best_first(parse_query("attention is all you need"), candidates) == [1, 8, 9]


def test_among_equals_the_newer_comes_first() -> None:
    candidates = [found(number, "Graphs", score=1.0) for number in (3, 7, 5)]
    assert best_first(parse_query("graphs"), candidates) == [7, 5, 3]
    assert best_first(parse_query("cat:cs.LG"), [found(1, "")]) == [1]


def test_among_titles_alike_the_better_known_comes_first() -> None:
    candidates = [found(9, "Graph Networks Today"), found(1, "Graph Networks Once", upvotes=300)]
    assert best_first(parse_query("graph networks"), candidates) == [1, 9]
    exact = [*candidates, found(5, "Graph Networks")]
    assert best_first(parse_query("graph networks"), exact) == [1, 5, 9]


def test_the_first_author_counts_as_much_as_a_title_word() -> None:
    candidates = [found(9, "Attention Elsewhere"), found(1, "Attention Is Needed")._replace(lead="vaswani")]
    assert best_first(parse_query("vaswani attention"), candidates) == [1, 9]


def test_a_begun_title_comes_before_one_that_holds_the_words() -> None:
    candidates = [
        Candidate(id=9, words="guidance for diffusion models"),
        Candidate(id=2, words="diffusion guidance"),
        Candidate(id=3, words="classifier free diffusion guidance", upvotes=200),
    ]
    assert closest_titles("diffusion guid", candidates) == [2, 3, 9]


def test_likeness_looks_past_case_and_punctuation() -> None:
    assert likeness("BERT: pre-training", "Bert Pre Training!") == 100
    assert likeness("atention is all you ned", "Attention Is All You Need") > 90
    assert likeness("graphs", "Attention Is All You Need") < 50


def test_a_title_in_the_form_typed_comes_before_one_in_another() -> None:
    typed, other = found(1, "Graph Models"), found(2, "Graph Model")
    assert best_first(parse_query("graph models"), [other, typed]) == [1, 2]


def test_a_word_that_is_begun_counts_in_the_title_where_it_goes_on() -> None:
    candidates = [found(1, "Transformers in Vision Today"), found(9, "Vision")]
    assert best_first(parse_query("vision transf*"), candidates) == [1, 9]
    named = found(3, "On Sight")._replace(lead="transfaglione")
    assert best_first(parse_query("transf*"), [named, candidates[0]]) == [1, 3], "nobody is cited by half a name"


def test_what_they_wrote_comes_first_whose_name_the_words_are() -> None:
    theirs = found(1, "Other Things")._replace(by_them=True)
    candidates = [theirs, found(2, "Residuals", score=3.0)._replace(lead="he"), found(3, "Kaiming Starts", score=5.0)]
    assert best_first(parse_query("kaiming he"), candidates)[0] == 1
    assert best_first(parse_query("he"), [theirs, found(2, "Residuals", score=3.0)]) == [1, 2]
    assert best_first(parse_query("kaiming"), candidates)[:2] == [3, 1], "a title says it better than a single name"


def test_a_title_that_begins_as_was_typed_comes_first_and_then_one_that_goes_on_so() -> None:
    candidates = [
        found(9, "Synthesis in High Resolution", score=3.0),
        found(8, "Fast High Resolution Synthesis of Images", score=2.5),
        found(1, "High Resolution Synthesis of Images", score=2.5),
    ]
    assert best_first(parse_query("high resolution synthesis"), candidates, "high resolution synthesis") == [1, 8, 9]
