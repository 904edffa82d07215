"""Which few of many titles one is compared with."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lookalikes import MOST_COMPARED, MOST_HOLDERS, common_threes, shortlist, sought_words
from bot.domain.sameness import SHARED_WORDS

titles = st.sets(st.sampled_from("abcdefghijkl"), min_size=1, max_size=9)


def holders(shelf: list[set[str]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for number, words in enumerate(shelf):
        for word in words:
            found[word].add(number)
    return found


@given(titles, st.lists(titles, max_size=MOST_COMPARED))
def test_no_title_that_shares_enough_is_missing(title: set[str], shelf: list[set[str]]) -> None:
    alike = {number for number, words in enumerate(shelf) if len(title & words) >= SHARED_WORDS * len(title | words)}
    assert alike <= set(shortlist(title, holders(shelf)))


def test_of_many_the_few_that_share_most_and_of_those_the_newest() -> None:
    shelf = [{"common", "word", f"w{number}"} for number in range(50)] + [{"common", "word", "rare"}]
    found = shortlist({"common", "word", "rare"}, holders(shelf))
    assert found[0] == 50
    assert len(found) == MOST_COMPARED
    assert set(found[1:]) == set(range(43, 50))


def test_numbers_may_come_as_texts() -> None:
    assert shortlist({"a", "b"}, {"a": {"9", "10"}, "b": {"9", "10"}}) == ["10", "9"]


def test_where_most_words_are_common_they_are_looked_for_together() -> None:
    common = set(range(MOST_HOLDERS))
    rare = {"cats": {1}, "dogs": {2}, "birds": {1}}
    assert common_threes({"deep", *rare}, {"deep": common, **rare}) == []
    held = {"deep": common, "learning": common, "networks": common, "images": {1}}
    assert {"images", "learning", "networks"} in map(set, common_threes(set(held), held))
    assert common_threes({"deep"}, {}) == []


def test_a_title_is_looked_for_by_what_tells_it_from_others() -> None:
    assert sought_words("on the theory of the firm") == ("theory", "firm")
    assert sought_words("to be or the be") == ("to", "be", "or", "the")
    assert len(sought_words(" ".join(map(str, range(500))))) <= 40
