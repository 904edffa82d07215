"""Papers about some words: order by rare words, by words side by side, by length, and by what the best share."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rarity import Rarity
from bot.domain.resemblance import Resemblance, Text

RARITY = Rarity(1000, {"graph": 300, "molecul": 5, "learn": 600})


def text(number: int, title: str, abstract: str = "") -> Text:
    return Text(id=number, title=title.split(), abstract=abstract.split())


def ranked(sought: str, *texts: Text) -> list[int]:
    weighed = Resemblance(sought.split(), texts, RARITY)
    weighed.reconsider(RARITY)
    return weighed.best_first()


def test_rare_words_titles_and_short_texts_count_most() -> None:
    assert ranked("graph molecul", text(9, "x", "graph"), text(1, "x", "molecul")) == [1, 9]
    assert ranked("graph", text(9, "x", "graph y"), text(1, "graph", "x y")) == [1, 9]
    assert ranked("graph", text(9, "x", "graph " + "y " * 90), text(1, "x", "graph y")) == [1, 9]


def test_words_side_by_side_count_more_and_the_newer_of_equals_comes_first() -> None:
    assert ranked("graph learn", text(9, "x", "graph y learn"), text(1, "x", "graph learn y")) == [1, 9]
    assert ranked("graph", text(1, "graph"), text(9, "graph")) == [9, 1]


def test_what_the_best_share_finds_more_of_the_same() -> None:
    about = [text(number, "molecul bond") for number in (1, 2, 3)]
    assert ranked("molecul", *about, text(8, "y graph"), text(7, "bond energi")) == [3, 2, 1, 7, 8]


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=6), max_size=9), st.lists(st.sampled_from("abcxy")))
def test_every_paper_has_one_place(texts: list[list[str]], sought: list[str]) -> None:
    shelf = [Text(id=number, title=each[:2], abstract=each) for number, each in enumerate(texts)]
    weighed = Resemblance(sought, shelf, RARITY)
    weighed.reconsider(RARITY)
    assert sorted(weighed.best_first()) == list(range(len(texts)))
