"""Requests that name people without saying so, if the words are names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.named_requests import by_any_of, named_requests
from bot.domain.parsing import parse_query


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Ilya Sutskever and Geoffrey Hinton", 'author:"ilya sutskever" author:"geoffrey hinton"'),
        ("Hinton & Bengio", "author:hinton author:bengio"),
        ("He, Zhang, Ren, and Sun", "author:he author:zhang author:ren author:sun"),
        ("hinton and y. bengio cat:cs.LG", 'author:hinton author:"y bengio" cat:cs.LG'),
        ("what did bengio write about attention?", "attention author:bengio"),
        ("has Yoshua Bengio published anything", None),
        ("what has Yoshua Bengio written on graphs since 2015", 'graphs after:2015 author:"yoshua bengio"'),
        ("hinton's papers on dropout", "dropout author:hinton"),
        ("Geoffrey Hinton’s latest papers", 'author:"geoffrey hinton"'),
        ("hinton's dropout paper", "dropout author:hinton"),
        ("yoshua bengio 2016", 'author:"yoshua bengio" after:2016 before:2017'),
        ("hinton 2012..2014", "author:hinton after:2012 before:2015"),
        ("hinton 2012-2014", "author:hinton after:2012 before:2015"),
        ("Vaswani et al., 2017", "author:vaswani after:2016 before:2018"),
        ("Kingma and Ba 2014", "author:kingma author:ba after:2014 before:2015"),
    ],
)
def test_a_request_that_names_people_is_read_as_one(said: str, read: str | None) -> None:
    assert [each.query for each in named_requests(said)][:1] == ([parse_query(read)] if read else [])


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Y. Bengio", 'author:"y bengio"'),
        ("Bengio, Y.", 'author:"y bengio"'),
        ("Bengio, Y. and LeCun, Y.", 'author:"y bengio" author:"y lecun"'),
        ("K. He, X. Zhang, and S. Ren", 'author:"k he" author:"x zhang" author:"s ren"'),
        ("J.-Y. Zhu since 2017", 'author:"j y zhu" after:2017'),
    ],
)
def test_initials_make_names_sure(said: str, read: str) -> None:
    first, *_ = named_requests(said)
    assert (first.query, first.is_sure) == (parse_query(read), True)


@pytest.mark.parametrize("said", ["hinton 2012", "Hinton and Bengio", "k he", "q learning 2016"])
def test_without_a_point_initials_make_nothing_sure(said: str) -> None:
    assert not any(each.is_sure for each in named_requests(said))


def test_who_is_cited_with_a_year_may_have_written_it_the_year_before_or_in_another() -> None:
    assert [(str(each.query), each.is_less) for each in named_requests("Kingma & Ba (2015) cat:cs.LG")] == [
        ("author:kingma author:ba after:2015 before:2016 cat:cs.LG", False),
        ("author:kingma author:ba after:2014 before:2016 cat:cs.LG", False),
        ("author:kingma author:ba cat:cs.LG", True),
    ]
    assert [str(each.query) for each in named_requests("hinton 2012-2014")] == [
        "author:hinton after:2012 before:2015",
        "author:hinton",
    ]


def test_another_form_of_a_given_name_is_found_by_its_first_letter() -> None:
    (named,) = named_requests("Geoff Hinton cat:cs.LG")
    assert (named.query, named.is_less, named.is_sure) == (parse_query('author:"g hinton" cat:cs.LG'), False, False)
    assert [str(each) for each in named.names] == ["author:hinton"]


def test_two_names_in_capitals_with_a_year_are_cited() -> None:
    assert [each.is_sure for each in named_requests("Kingma & Ba 2015")] == [True, True, False]
    for other in ("kingma & ba 2015", "Rich and Poor since 2015", "Kingma 2015", "Kingma & Ba 2012-2015"):
        assert not any(each.is_sure for each in named_requests(other)), other


def test_before_papers_each_part_may_be_the_name() -> None:
    assert [str(each.query) for each in named_requests("bengio attention papers")] == [
        'author:"bengio attention"',
        "attention author:bengio",
        "bengio author:attention",
    ]
    assert [str(each.query) for each in named_requests("hinton papers on capsules")] == ["capsules author:hinton"]


@pytest.mark.parametrize(
    "written",
    [
        "hinton",
        "bo bengio",
        "graphs and 3d meshes",
        "the and of",
        "hinton OR bengio",
        '"hinton" 2012',
        "hinton, geoffrey",
        "hinton, geoffrey 2012",
        "her papers",
        "does she work",
        "he and she",
        "bert, 2018x",
    ],
)
def test_what_names_nobody_or_is_a_query_is_none(written: str) -> None:
    assert named_requests(written) == []


def test_by_any_of_several_people_what_else_is_asked_for_still_holds() -> None:
    assert str(by_any_of(parse_query("author:a1 author:b1 graphs"))) == "(author:a1 OR author:b1) graphs"
    assert by_any_of(parse_query("author:a1 graphs")) is None
    assert by_any_of(parse_query("author:a1")) is None


def test_by_any_of_them_is_no_longer_than_a_query_may_be() -> None:
    for letters, is_read in ((4, True), (8, False)):
        names = " ".join(f'author:"{chr(97 + at) * letters} {chr(98 + at) * letters}"' for at in range(11))
        assert (by_any_of(parse_query(names)) is not None) == is_read


@given(st.text(max_size=300) | st.text("hinton andpapers's,&20.-", max_size=80))
def test_any_text_is_read_or_not(text: str) -> None:
    for each in named_requests(text):
        assert parse_query(str(each.query)) == each.query
