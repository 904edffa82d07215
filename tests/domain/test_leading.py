"""What is looked for first: words of titles, of which one may name the first author."""

import pytest

from bot.domain.analysis import lead_label, terms
from bot.domain.conditions import TEXT_COLUMNS, AllOf, AnyOf, Column, Has, condition
from bot.domain.leading import in_titles, leading, phrases
from bot.domain.parsing import parse_query


def test_what_is_looked_for_first_stands_in_titles_or_names_authors() -> None:
    anywhere = Has((Column.TITLE, Column.ABSTRACT, Column.AUTHORS), ("deep",))
    titled = Has((Column.TITLE, Column.AUTHORS), ("deep",))
    bound = condition(parse_query("abstract:neural cat:cs.LG").root)
    assert in_titles(AllOf((anywhere, bound), (anywhere,))) == AllOf((titled, bound), (anywhere,))
    assert in_titles(AnyOf((anywhere, titled))) == AnyOf((titled, titled))


def test_a_word_of_a_title_may_name_the_first_author_instead() -> None:
    def either(word: str) -> AnyOf:
        return AnyOf((Has(TEXT_COLUMNS, (word,)), Has(TEXT_COLUMNS, (lead_label(word),))))

    label = Has(TEXT_COLUMNS, ("·category·cs·cl",))
    assert leading(parse_query("vaswani graph cat:cs.CL")) == AllOf((either("vaswani"), either("graph"), label))
    assert leading(parse_query("title:graph")) == Has(TEXT_COLUMNS, ("graph",))
    assert leading(parse_query("author:vaswani")) == Has(TEXT_COLUMNS, (lead_label("vaswani"),))
    assert leading(parse_query("gra*")) == Has(TEXT_COLUMNS, ("gra",), prefix=True)
    many = leading(parse_query("all of these many words that can name no author at hand here"))
    assert isinstance(many, AllOf)
    assert all(isinstance(part, Has) for part in many.parts)


@pytest.mark.parametrize("query", ["graph -deep", "graph id:2401.00001", "graph abstract:deep", 'author:"Yann LeCun"'])
def test_titles_and_first_authors_do_not_tell_everything(query: str) -> None:
    assert leading(parse_query(query)) is None


@pytest.mark.parametrize(
    ("query", "held"),
    [
        ('"deep graph"', True),
        ('"graph deep"', False),
        ('"deep gr*"', False),
        ('"graph deep" OR models', True),
        ("deep-graph cat:cs.LG kipf", True),
        ("deep-graph chen", False),
    ],
)
def test_a_phrase_is_looked_for_in_the_titles_found(query: str, held: bool) -> None:
    holds_phrases = phrases(parse_query(query))
    assert holds_phrases
    assert holds_phrases([f" {' '.join(terms('Deep graphs, models'))} "], ["kipf"]) == [held]
