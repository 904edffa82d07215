"""What is said to whoever may have meant something else."""

import pytest

from bot.domain.hints import date_tip


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
