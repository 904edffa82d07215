"""How close a few papers are to a query: words in titles, rare words and short texts count for more."""

from bot.domain.closeness import Written, closeness, sought_terms
from bot.domain.parsing import parse_query
from bot.domain.rarity import Rarity

RARITY = Rarity(1_000, {"graph": 500, "classifi": 5, "diffus": 50})


def scores(query: str, *texts: tuple[str, str]) -> list[float]:
    written = [Written(title=title, abstract=abstract) for title, abstract in texts]
    return closeness(parse_query(query), written, RARITY)


def test_a_word_in_the_title_counts_for_more_than_in_the_abstract() -> None:
    titled, mentioned, absent = scores("graph", ("graphs today", "Some."), ("today", "Graphs."), ("today", "Trees."))
    assert titled > mentioned > absent == 0


def test_other_forms_of_a_word_count_also_where_the_stem_is_no_beginning() -> None:
    (one,) = scores("classify", ("a note", "We have classified and will be classifying what classification is."))
    (other,) = scores("classify", ("a note", "We have sorted and will be classifying what order is."))
    assert one > other > 0


def test_a_rare_word_counts_for_more_than_a_common_one() -> None:
    rare, common = scores("graph classify", ("a note", "We classify."), ("a note", "We graph it."))
    assert rare > common


def test_fields_count_only_in_their_place_and_authors_not_at_all() -> None:
    assert scores("title:graph", ("a note", "Graphs.")) == [0]
    assert scores("abstract:graph", ("graphs", "Trees.")) == [0]
    assert scores("author:graph", ("graphs", "Graphs.")) == [0]
    assert sought_terms(parse_query("title:graphs diffusion author:ho -trees")) == ["graph", "diffus"]


def test_nothing_is_compared_without_harm() -> None:
    assert closeness(parse_query("graph"), [], RARITY) == []
    assert scores("graph", ("", "")) == [0]
