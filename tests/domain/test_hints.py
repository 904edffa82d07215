"""What is said to whoever may have meant something else."""

import pytest

from bot.domain.hints import date_tip, how_it_was_read


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("diffusion since 2022", "after:2022"),
        ("mixture of experts before 2022", "before:2022"),
        ("dropout until 2014.", "before:2015"),
        ("hinton in 2015", "after:2015 before:2016"),
        ("llms since last week", "after:1w"),
    ],
)
def test_a_time_in_words_is_told_as_a_query_says_it(typed: str, written: str) -> None:
    assert f"Write `{written}`" in date_tip(typed)


@pytest.mark.parametrize("typed", ["graphs after:2022", '"since 2022"', "since 20223", "u-net"])
def test_other_texts_hold_none(typed: str) -> None:
    assert date_tip(typed) == ""


@pytest.mark.parametrize("typed", ["(gan", "(gan OR vae diffusion", "graphs -(gan", "((a OR b) c"])
def test_a_group_that_nothing_closes_is_told(typed: str) -> None:
    assert "The parenthesis is not closed, so I read it to the end." in how_it_was_read(typed)


@pytest.mark.parametrize("typed", ["(gan)", "O(n log n", 'a "(b"', "smile :)", "f(x"])
def test_parentheses_that_group_nothing_are_not_told(typed: str) -> None:
    assert not any("parenthesis" in each for each in how_it_was_read(typed))


def test_a_year_is_told_once_where_what_is_offered_says_it() -> None:
    assert [*how_it_was_read("devlin 2019", offered="author:devlin after:2018 before:2020")] == []
    assert len([*how_it_was_read("devlin 2019", offered="devlins 2019")]) == 1
