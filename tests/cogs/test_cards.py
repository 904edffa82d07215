"""The card of a paper: what it says, and that no paper makes it a message Discord would refuse."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.identifiers import page_url, pdf_url
from bot.domain.papers import Author, DateKind
from bot.fakediscord.layout import buttons
from cogs._cards import card, published, whole_abstract
from cogs._layout import Layout
from tests.cogs.judging import components, faults, text
from tests.cogs.samples import hostile_paper, known, paper


def labels(layout: Layout) -> list[str]:
    return [each.label for each in buttons(components(layout))]


def test_a_card_says_who_when_and_about_what() -> None:
    shown = text(card(known()))
    assert "[Classifier-Free Diffusion Guidance](https://arxiv.org/abs/2207.12598)" in shown
    assert "Jonathan Ho, Tim Salimans" in shown
    assert "<t:1658799720:D> · cs.LG (Machine Learning), cs.AI (Artificial Intelligence)" in shown
    assert "It needs no second model." in shown


def test_a_card_has_only_the_buttons_that_lead_somewhere() -> None:
    assert labels(card(known())) == ["Page", "PDF", "Similar", "Cite", "Share"]
    assert labels(card(known(), votes=0)) == ["Page", "PDF", "Vote", "Similar", "Cite", "Share"]
    assert labels(card(known(), votes=1_234))[2] == "Vote 1,234"
    assert labels(card(known(paper(code_url="https://github.com/a/b")))) == [
        "Page",
        "PDF",
        "Code",
        "Similar",
        "Cite",
        "Share",
    ]
    assert labels(card(known(paper(ids=())))) == ["Similar", "Cite", "Share"]
    assert labels(card(known(paper(abstract="A sentence. " * 200)))) == [
        "Page",
        "PDF",
        "Read all",
        "Similar",
        "Cite",
        "Share",
    ]


def test_six_authors_are_named_and_the_rest_counted() -> None:
    authors = tuple(Author(family=f"Author{number}") for number in range(1, 5_001))
    assert "Author5, Author6 and 4,994 more" in text(card(known(paper(authors=authors))))
    assert "Author6\n" in text(card(known(paper(authors=authors[:6]))))


def test_a_long_abstract_ends_with_a_sentence_and_can_be_read_in_full() -> None:
    whole = "This is a sentence. " * 60
    shown = text(card(known(paper(abstract=whole))))
    assert "This is a sentence.\u00a0…" in shown
    assert whole.strip() not in shown
    assert whole.strip() in text(whole_abstract(known(paper(abstract=whole))))


def test_notes_are_in_small_print() -> None:
    shown = text(card(known(paper(comment="12 pages", journal_ref="Nature 1, 2", upvotes=1))))
    assert shown.endswith("-# 12 pages\n-# Nature 1, 2\n-# 1 upvote on Hugging Face")


def test_a_withdrawn_paper_says_so_before_its_abstract() -> None:
    gone = known(paper(withdrawn=True))
    for shown in (text(card(gone)), text(card(gone, shared_by=42)), text(whole_abstract(gone))):
        assert "**This paper has been withdrawn.**\nGuidance without" in shown
    assert "withdrawn" not in text(card(known()))


def test_a_shared_card_names_who_shared_it_and_keeps_no_button_of_theirs() -> None:
    layout = card(known(paper(abstract="A sentence. " * 200)), shared_by=42)
    assert "Shared by <@42>" in text(layout)
    assert labels(layout) == ["Page", "PDF", "Read all", "Similar", "Cite"]


@pytest.mark.parametrize(
    ("at", "kind", "shown"),
    [
        (None, DateKind.UNKNOWN, ""),
        (datetime(2017, 6, 12, 17, 57, 34, tzinfo=UTC), DateKind.SUBMITTED, "<t:1497290254:D>"),
        (datetime(2017, 6, 12, tzinfo=UTC), DateKind.LISTED, "<t:1497263400:D>"),
        (datetime(2017, 6, 1, tzinfo=UTC), DateKind.MONTH, "June 2017"),
        (datetime(1, 1, 1, tzinfo=UTC), DateKind.LISTED, "<t:-62135559000:D>"),
    ],
)
def test_a_date_says_as_much_as_is_known(at: datetime | None, kind: DateKind, shown: str) -> None:
    assert published(paper(published_at=at, published_kind=kind)) == shown


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_any_paper_fits_in_a_message_with_only_our_links(random: Random) -> None:
    hostile = hostile_paper(random)
    links = (page_url(hostile), pdf_url(hostile), hostile.code_url)
    for layout in (card(known(hostile)), card(known(hostile), shared_by=42), whole_abstract(known(hostile))):
        assert faults(layout, links=links, people=[42]) == []


def test_three_megabytes_everywhere_fit_too() -> None:
    huge = "\u0301]( <@1> 研究 `" * 300_000
    hostile = paper(title=huge, abstract=huge, comment=huge, journal_ref=huge, categories=(huge,) * 50)
    hostile = paper(title=huge, abstract=huge, comment=huge, authors=(Author(family=huge, given=huge),) * 5_000)
    assert faults(card(known(hostile)), links=(page_url(hostile), pdf_url(hostile))) == []
