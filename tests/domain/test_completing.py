"""Half-typed queries: what they may become, that labels say what is then typed, and whom half-typed names mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.completing import (
    authors_named,
    field_names,
    field_values,
    named_categories,
    names_beginning,
    under_way,
)
from bot.domain.labels import LONGEST, units
from bot.domain.papers import Author
from bot.domain.parsing import parse_query
from bot.domain.query import Field, Words

PEOPLE = [
    [Author("LeCun", "Yann"), Author("Bengio", "Yoshua")],
    [Author("LeCun", "Yann"), Author("Lechner", "Mathias")],
    [Author("Müller", "Léa"), Author("O'Brien", "Jean-Luc")],
    [Author("ATLAS Collaboration"), Author("", "")],
]


def values(text: str) -> list[str]:
    typed = under_way(text)
    return [each.value for each in field_values(typed)] if typed else []


@pytest.mark.parametrize(
    ("text", "head", "value"),
    [
        ("author:lec", "", "lec"),
        ("graphs -AU:lec", "graphs -", "lec"),
        ('(au:"yann le', "(", "yann le"),
        ("author:", "", ""),
    ],
)
def test_the_field_typed_last_is_completed(text: str, head: str, value: str) -> None:
    typed = under_way(text)
    assert typed is not None
    assert (typed.head, typed.value, typed.is_author) == (head, value, True)


@pytest.mark.parametrize("text", ["", "author", "author:lecun graphs", 'author:"Yann LeCun"', "BERT: Pre-training"])
def test_plain_words_are_no_field(text: str) -> None:
    assert under_way(text) is None


def test_categories_are_completed_by_code_and_by_name() -> None:
    assert values("graphs cat:cs.l")[:2] == ["graphs cat:cs.LG", "graphs cat:cs.LO"]
    assert values("cat:mach") == ["cat:cs.LG", "cat:stat.ML"]
    assert values("category:quantum p") == []
    assert values('category:"quantum p') == ["category:quant-ph"]
    assert "cat:cs.*" in values("cat:")
    assert [each.value for each in named_categories("graphs machine lea")] == ["graphs cat:cs.LG", "graphs cat:stat.ML"]
    assert named_categories("machine lea")[0].label == "cat:cs.LG — Machine Learning"
    assert [each.value for each in named_categories("graphs CS.l")] == ["graphs cat:cs.LG", "graphs cat:cs.LO"]
    assert [each.value for each in named_categories("hep-th")] == ["cat:hep-th"]
    assert [each.value for each in named_categories("netw")] == ["cat:cs.NI"]
    assert named_categories("graph neural netw") == named_categories("soft robotics") == []
    assert named_categories("mac") == named_categories("machine learning ") == named_categories("") == []


def test_fields_with_few_values_offer_them() -> None:
    assert values("has:") == ["has:code"]
    assert values("x after:7") == ["x after:7d"]
    assert "before:1y" in values("before:")
    assert values("has:x") == values("title:a") == values("http://a") == []


def test_a_field_is_offered_by_the_beginning_of_its_name() -> None:
    assert [(each.value, each.label) for each in field_names("graphs aut")] == [
        ("graphs author:", "graphs author: — a person's name")
    ]
    assert [each.value for each in field_names("ca")] == ["category:"]
    assert field_names("a") == field_names("autumn") == field_names("") == []


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("le", ["Yann LeCun", "Mathias Lechner", "Léa Müller"]),
        ("yann le", ["Yann LeCun"]),
        ("lecun, y", ["Yann LeCun"]),
        ("y lecu", ["Yann LeCun"]),
        ("mull", ["Léa Müller"]),
        ("brien", ["Jean-Luc O'Brien"]),
        ("luc", ["Jean-Luc O'Brien"]),
        ("yan lecun", []),
        ("atlas c", ["ATLAS Collaboration"]),
    ],
)
def test_half_typed_names_mean_people_with_the_most_papers_first(typed: str, names: list[str]) -> None:
    assert names_beginning(typed, PEOPLE, 25) == names


def test_no_name_means_those_with_the_most_papers() -> None:
    assert names_beginning("", PEOPLE, 2) == ["Yann LeCun", "ATLAS Collaboration"]


@given(st.text(max_size=120), st.text(max_size=60))
def test_whatever_is_offered_fits_says_what_it_types_and_can_be_read(text: str, name: str) -> None:
    offered = [*field_names(text), *named_categories(text)]
    if typed := under_way(text):
        offered += [*field_values(typed), *authors_named(typed, [name])]
    for each in offered:
        assert units(each.label) <= LONGEST
        assert units(each.value) <= LONGEST
        assert each.label.startswith(each.value)


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_an_author_that_is_offered_is_one_name_of_a_query(family: str, given_name: str) -> None:
    typed = under_way("author:x")
    assert typed is not None
    for name in names_beginning("", [[Author(family, given_name)]], 5):
        for each in authors_named(typed, [name]):
            root = parse_query(each.value).root
            assert isinstance(root, Words)
            assert root.field is Field.AUTHOR
