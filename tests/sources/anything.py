"""Values that a server may send and nobody expects."""

from collections.abc import Sequence

from hypothesis import strategies as st

AWKWARD = [
    "",
    " ",
    "\x00",
    "\ud800",
    "NA",
    "10.1/x",
    "9" * 30,
    "2024-02-30",
    "0001-01-01T00:00:00+23:59",
    "http://[",
    "{{{",
]


def any_json(fields: Sequence[str]) -> st.SearchStrategy[object]:
    """Any value that JSON can hold; its objects have some of these fields."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(AWKWARD)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(fields), inner, max_size=4),
        max_leaves=6,
    )


def any_rows(fields: Sequence[str]) -> st.SearchStrategy[list[object]]:
    """Rows as a list of records holds them: mostly objects with these fields, of any type."""
    value = any_json(fields)
    return st.lists(st.dictionaries(st.sampled_from(fields), value, max_size=8) | value, max_size=4)
