"""What points at the place of an error, for a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.query_errors import pointer

LONG = f"{'word ' * 30}athor:x{' word' * 20}"


@pytest.mark.parametrize(
    ("text", "place", "line", "carets"),
    [
        ("deep athor:bengio x", "athor:bengio", "deep athor:bengio x", "     ^^^^^^^^^^^^"),
        ("学习 athor:a", "athor:a", "学习 athor:a", "     ^^^^^^^"),
        ("机器 x", "机器", "机器 x", "^^^^"),
        ("a\tb\u202e athor:x", "athor:x", "a b athor:x", "    ^^^^^^^"),
        ("", "", "", "^"),
        ("cats OR", "OR", "cats OR", "     ^^"),
        (LONG, "athor:x", f"ord {'word ' * 4}athor:x{' word' * 8}", " " * 24 + "^" * 7),
    ],
)
def test_the_carets_stand_below_the_place(text: str, place: str, line: str, carets: str) -> None:
    start = text.index(place)
    shown = pointer(text, start, start + len(place)).split("\n")
    assert (shown[0].strip(), shown[1]) == (line, carets)


@given(st.text(st.characters(exclude_categories=()), max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_any_place_of_any_text_takes_two_short_lines(text: str, one: int, other: int) -> None:
    start, end = sorted(min(each, len(text)) for each in (one, other))
    line, carets = pointer(text, start, end).split("\n")
    assert line.isprintable()
    assert "^" in carets
    assert len(line) <= 72
    assert len(carets) <= 73
