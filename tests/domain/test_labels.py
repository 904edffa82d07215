"""Labels: short enough for Discord, and never without the author and the year."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.labels import LONGEST, paper_label, units
from bot.domain.papers import Author, Paper

IN_2017 = datetime(2017, 6, 12, tzinfo=UTC)
people = tuple(Author(family=name) for name in ("Vaswani", "Shazeer", "Parmar"))


@pytest.mark.parametrize(
    ("paper", "label"),
    [
        (
            Paper(title="Attention Is All You Need", authors=people, published_at=IN_2017),
            "Attention Is All You Need — Vaswani et al., 2017",
        ),
        (Paper(title="Two", authors=people[:2], published_at=IN_2017), "Two — Vaswani and Shazeer, 2017"),
        (Paper(title="One", authors=people[:1]), "One — Vaswani"),
        (Paper(title="None", published_at=IN_2017), "None — 2017"),
        (Paper(title="Nothing"), "Nothing"),
    ],
)
def test_a_label(paper: Paper, label: str) -> None:
    assert paper_label(paper) == label


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=120), max_size=4), st.booleans())
def test_a_label_fits_and_keeps_its_end(title: str, names: list[str], dated: bool) -> None:
    authors = tuple(Author(family=name) for name in names)
    label = paper_label(Paper(title=title, authors=authors, published_at=IN_2017 if dated else None))
    assert units(label) == len(label.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST
    assert not dated or label.endswith("2017")
    assert len(names) < 3 or "et al." in label
