"""What a query asks of finished terms: columns, stems, beginnings of words, and names."""

import pytest

from bot.domain.analysis import id_label
from bot.domain.conditions import TEXT_COLUMNS, AllOf, AnyOf, Column, Has, condition
from bot.domain.days import Ago
from bot.domain.identifiers import ExternalId
from bot.domain.parsing import parse_query
from bot.domain.query import Not, Published, Side, Words

AUTHORS = (Column.AUTHORS,)
TEXT = (Column.TITLE, Column.ABSTRACT)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("graph", Has(TEXT_COLUMNS, ("graph",))),
        ("graphs", AnyOf((Has(TEXT, ("graph",)), Has(AUTHORS, ("graphs",))))),
        ("transf*", Has(TEXT_COLUMNS, ("transf",), prefix=True)),
        ("trans*", AnyOf((Has(TEXT_COLUMNS, ("trans",), prefix=True), Has(TEXT, ("tran",))))),
        ("title:networks*", AnyOf((Has(TEXT[:1], ("networks",), prefix=True), Has(TEXT[:1], ("network",))))),
        ('abstract:"deep nets"', Has(TEXT[1:], ("deep", "net"))),
        ("author:lecun", Has(AUTHORS, ("lecun",))),
        ("cat:cs.*", Has((Column.LABELS,), ("·category·cs",))),
        ("graph -tree", AllOf((Has(TEXT_COLUMNS, ("graph",)),), (Has(TEXT_COLUMNS, ("tree",)),))),
    ],
)
def test_what_is_asked(text: str, asked: object) -> None:
    assert condition(parse_query(text).root) == asked


def test_a_name_is_asked_for_in_either_order_and_by_its_initial() -> None:
    asked = condition(parse_query('author:"Yann LeCun"').root)
    assert isinstance(asked, AnyOf)
    assert {each.terms for each in asked.parts if isinstance(each, Has)} == {
        ("yann", "lecun"),
        ("lecun", "·y", "yann"),
        ("lecun", "·y", "y"),
        ("yann", "·l", "lecun"),
    }


def test_what_is_no_word_is_a_label_or_a_date() -> None:
    asked = condition(parse_query("id:1706.03762 source:hf has:code after:7d").root)
    assert asked == AllOf(
        (
            Has((Column.LABELS,), (id_label(ExternalId("arxiv", "1706.03762")),)),
            Has((Column.LABELS,), ("·source·huggingface",)),
            Has((Column.LABELS,), ("·has·code",)),
            Published(Side.AFTER, Ago(7, "d")),
        )
    )


def test_a_single_not_asks_nothing() -> None:
    with pytest.raises(ValueError, match="no condition"):
        condition(Not(Words(("graph",))))
