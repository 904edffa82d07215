"""A page of results: what it says, which buttons it has, and that no page makes a message Discord would refuse."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.identifiers import page_url
from bot.domain.papers import Author
from bot.fakediscord.layout import Button, buttons
from bot.services.search import Hit, SearchPage, Snippet
from bot.terminal import search_lines
from cogs._custom_ids import asked
from cogs._layout import Layout
from cogs._markdown import clean
from cogs._results import results
from tests.cogs.hostility import hostile_text
from tests.cogs.judging import components, faults, text
from tests.cogs.samples import hostile_page, known, page, paper


def row(layout: Layout) -> list[Button]:
    return [each for each in buttons(components(layout)) if each.label != "Details"]


def state(layout: Layout) -> list[tuple[str, bool]]:
    return [(each.label, each.disabled) for each in row(layout)]


def test_a_page_says_what_was_found_with_the_matching_words_in_bold() -> None:
    shown = text(results(page(), "diffusion guidance"))
    assert "### Results for diffusion guidance\n-# 1–5 of 212, the most relevant first" in shown
    assert "1\\. **[Classifier-Free Diffusion Guidance](https://arxiv.org/abs/2207.12598)**" in shown
    assert "Ho, Salimans · 2022 · cs.LG" in shown
    assert "trades **diversity** for fidelity" in shown


def test_many_authors_are_the_first_and_others_and_code_is_linked() -> None:
    hit = page(count=1).hits[0]
    changed = paper(authors=paper().authors * 2, code_url="https://github.com/a/b")
    shown = text(results(page(hits=(replace(hit, known=known(changed)),)), "diffusion"))
    assert "Ho et al. · 2022 · cs.LG · [code](https://github.com/a/b)" in shown


def test_a_snippet_is_cut_at_a_word_however_little_room_there_is() -> None:
    hit = page(count=1).hits[0]
    words = "retrieval-conditioned anticipation of multi-institutional documentation, explored quantitatively. " * 2
    found = page(hits=(replace(hit, snippet=Snippet(text=f"… {words.strip()} …")),))
    for length in range(250):
        shown = text(results(found, "diffusion", homes={hit.known.id: "h" * length}))
        for word in shown.partition("… ")[2].partition("\n")[0].split():
            assert word.rstrip("…") in {*words.split(), ""}


def test_each_hit_has_its_details_button() -> None:
    ids = [
        each.custom_id for each in buttons(components(results(page(count=3), "diffusion"))) if each.label == "Details"
    ]
    assert ids == ["paper:1:card", "paper:2:card", "paper:3:card"]


def test_the_ends_have_no_way_further() -> None:
    assert state(results(page(), "diffusion")) == [("Previous", True), ("Next", False), ("Share", False)]
    assert state(results(page(page=20), "diffusion")) == [("Previous", False), ("Next", False), ("Share", False)]
    assert state(results(page(page=42, count=2), "diffusion")) == [
        ("Previous", False),
        ("Next", True),
        ("Share", False),
    ]
    assert state(results(page(total=3, count=3), "diffusion")) == [("Share", False)]


def test_a_shared_page_names_who_shared_it_and_can_be_browsed() -> None:
    layout = results(page(), "diffusion", shared_by=42)
    assert "Shared by <@42>" in text(layout)
    assert state(layout) == [("Browse", False)]


def test_what_was_stopped_says_so_and_how_to_be_quicker() -> None:
    stopped = text(results(page(total=7, exact=False, in_time=False), "d* f*"))
    assert "only what was found until then. Write more letters before each star" in stopped
    empty = text(results(page(count=0, total=0, exact=False, in_time=False, is_certain=False), "d* f*"))
    assert "Nothing was found in time for d\\* f\\*" in empty
    assert "rarer word" in empty
    assert "star" not in text(results(page(count=0, total=0, exact=False, in_time=False, is_certain=False), "graph"))


def test_that_there_was_no_time_for_other_spellings_is_told_of_what_is_not_there() -> None:
    shown = text(results(page(count=0, total=0, in_time=False), "netwroks"))
    assert "### No paper matches netwroks\n- Try again in a moment: there was no time" in shown


def test_a_count_that_is_not_exact_says_so() -> None:
    assert "1–5 of at least 1,000" in text(results(page(total=1_000, exact=False), "diffusion"))


def test_nothing_found_says_what_to_try_with_the_persons_own_words() -> None:
    shown = text(results(page(count=0, total=0), '"graph networks" transformers'))
    assert 'No paper matches "graph networks" transformers' in shown
    assert "Leave out the quotes" in shown
    assert "Leave out a word" in shown
    assert "pick one from the list" in shown


@pytest.mark.parametrize(
    ("typed", "told", "untold"),
    [
        ("author:hintn", "`author:hin*` finds Hinton", "Leave out"),
        ('author:"y lecun"', "Check the name", "quotes"),
        ('author:"y lecun" graphs', "Leave out `author:` with what stands after it", "quotes"),
        ("title:graphz", "Leave out `title:` to look everywhere", "with what stands"),
        ("cat:cs.GL", "whole archive with `cat:cs.*` (Computer Science)", "Leave out"),
        ("BERT: zebras", "Leave out a word", "`BERT"),
        ("zebras 16:9", "joined by a hyphen", "`author:`"),
        ("zebra", "end it in a star: `zeb*`", "Leave out"),
        ("zebra after: 2015", "Leave out `after:` with what stands after it", "for papers of that year"),
        ("zebras Author: hinton", "Leave no blank after `author:`", "what stands"),
        ("zebras or lions", "Write `OR` in capitals", "minus"),
        ("zebras not lions", "Write `NOT` in capitals", "minus"),
        ('"zebras or lions"', "quotes", "capitals"),
        ("zebras source:zzz", "`source:huggingface`, a feed's own name", "Leave out a word"),
        ("zebras (2015)", "`after:2015 before:2016`", "minus"),
        ('"zebras 2015" title:2016 2017.01', "Leave out", "for papers of that year"),
        ("zebras -lions", "after a minus", "Leave out a word"),
    ],
)
def test_advice_fits_what_was_typed(typed: str, told: str, untold: str) -> None:
    shown = text(results(page(count=0, total=0, begun="zeb*"), typed))
    assert told in shown
    assert untold not in shown


def test_no_star_is_advised_that_finds_nothing() -> None:
    assert "Try another word for the same." in text(results(page(count=0, total=0), "zebra"))


def test_a_request_in_words_is_told_as_it_was_read_and_its_buttons_remember_that() -> None:
    read = "author:hinton after:2012"
    shown = results(page(query=read, written=read, is_said=True), "papers by hinton from 2012", can_follow=True)
    assert "I read that as **author\\:hinton after\\:2012**." in text(shown)
    assert "`2012` alone" not in text(shown)
    ids = [str(each.custom_id) for each in row(shown)]
    assert asked(ids[0], ids).query == "author:hinton after:2012"


def test_where_no_paper_is_by_all_who_are_named_it_is_told() -> None:
    read = "author:hinton OR author:young"
    shown = results(page(query=read, written=read, is_said=True, is_by_any=True), "hinton and young")
    assert "No paper that fits is by all of them. These are by any of them.\nI read that as" in text(shown)


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        ("No paper matches", {}),
        ("No paper can match", {"impossible": "No day is so."}),
        ("Nothing was found in time for", {"is_certain": False}),
    ],
)
def test_a_request_that_finds_nothing_says_how_it_was_read(told: str, changes: dict[str, Any]) -> None:
    read = "author:hinton after:2012"
    nothing = page(count=0, total=0, query=read, written=read, is_said=True, **changes)
    shown = text(results(nothing, "papers by hinton from 2012"))
    assert f"{told} author\\:hinton after\\:2012" in shown
    undone = "I read your words as that request. To look for the words themselves, put them in quotes."
    assert undone in shown
    assert any(undone in line for line in search_lines(nothing, "papers by hinton from 2012"))
    assert undone not in text(results(replace(nothing, is_said=False), read))


@pytest.mark.parametrize("found", [page(), page(count=0, total=0)])
def test_a_quote_that_is_not_closed_is_told_with_how_it_was_read(found: SearchPage) -> None:
    told = "The quote is not closed, so I read it to the end."
    assert told in text(results(found, 'cat:cs.LG "graph neural'))
    assert told not in text(results(found, 'cat:cs.LG "graph neural"'))


def test_how_a_query_was_read_is_told_above_what_it_finds() -> None:
    shown = text(results(page(instead="diffusion"), '"difusion cs.LG'))
    assert shown.startswith(
        '### Results for "difusion cs.LG\nNothing matches that as it is written. Did you mean **diffusion**?\n'
        "-# The quote is not closed, so I read it to the end.\n-# 1–5 of 212"
    )


def test_a_small_or_is_told_where_little_is_found() -> None:
    assert "-# Write `OR` in capitals" in text(results(page(count=2, total=2), "cats or dogs"))
    assert "capitals" not in text(results(page(), "cats or dogs"))


def test_a_bare_year_is_told_always() -> None:
    assert "-# Write `after:2015 before:2016`" in text(results(page(whole=0), "lecun et al. 2015"))
    assert "-# Write `after:2015 before:2016`" in text(results(page(), "lecun 2015"))
    assert "after:2015" not in text(results(page(), '"lecun 2015"'))


def test_a_bare_category_is_told_how_to_be_written() -> None:
    assert "Write `cat:hep-th` for papers in High Energy Physics - Theory" in text(results(page(), "hep-th branes"))
    assert "Write `cat:cs.LG`" in text(results(page(count=0, total=0), "cs.lg, zebras"))
    assert "cat:" not in text(results(page(), '"cs.LG" cs LG econometrics'))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("gans since last month", "Write `after:1m` instead of “since last month”"),
        ("gans of the past 2 Weeks", "Write `after:2w` instead of “of the past 2 weeks”"),
    ],
)
def test_a_time_in_words_is_told_how_to_be_written(typed: str, told: str) -> None:
    assert told in text(results(page(), typed))
    assert told in text(results(page(count=0, total=0), typed))


def test_one_paper_has_no_order() -> None:
    assert "-# 1 of 1\n" in text(results(page(count=1, total=1), "diffusion"))


@given(st.text(min_size=1, max_size=120).filter(lambda query: clean(query).strip(" ␣")), st.booleans())
def test_the_buttons_of_a_page_remember_its_query(query: str, shared: bool) -> None:
    layout = results(page(total=12), query, shared_by=42 if shared else None)
    for each in row(layout):
        ids = [found.custom_id or "" for found in buttons(components(layout))]
        try_again = results(page(total=12), asked(each.custom_id or "", ids).query, shared_by=42 if shared else None)
        assert row(try_again) == row(layout)


@pytest.mark.parametrize("brim", [False, True])
@pytest.mark.parametrize("letter", ["x", "é", "研", "\U0001d400", "_", ":"])
def test_a_page_filled_to_the_brim_fits(letter: str, brim: bool) -> None:
    much, url = letter * 2_000, "https://a.example/" + "x" * 82
    full = paper(
        title=much,
        authors=(Author(family=much),) * 2,
        categories=(much,),
        ids=(),
        page_url=url,
        code_url=url,
    )
    snippet = Snippet(text=much, spans=tuple((start, start + 2) for start in range(0, 60, 3)))
    hits = tuple(
        Hit(number=999_990 + index, known=known(full, 10**17 + index), title_spans=(), snippet=snippet)
        for index in range(5)
    )
    told: dict[str, Any] = {"instead": much, "perhaps": much, "whole": 3} if brim else {}
    filled = page(hits=hits, total=1_000_000, page=199_998, exact=False, **told)
    for typed in (letter * 200, letter * 100, "x" * 200, "cs.LG 2015 since last month "):
        assert faults(results(filled, typed), links=[url]) == []
        homes = {hit.known.id: f"[posted]({_POSTED}) <t:1780000000:R> in <#{2**63}>" for hit in filled.hits}
        found = faults(results(filled, typed, homes=homes, can_follow=True), links=[url, _POSTED])
        assert [each for each in found if f"<#{2**63}>" not in each] == []  # the channel is ours to name
        assert faults(results(filled, typed, shared_by=2**63), links=[url], people=[2**63]) == []


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_any_page_fits_in_a_message_with_only_our_links(random: Random) -> None:
    hostile = hostile_page(random)
    typed = hostile_text(random, 20)
    assert faults(results(hostile, typed), links=_links(hostile)) == []
    assert faults(results(hostile, typed, shared_by=42), links=_links(hostile), people=[42]) == []


_POSTED = f"https://discord.com/channels/{2**63}/{2**63}/{2**63}"


def _links(of: SearchPage) -> list[str | None]:
    papers = [each.known.paper for each in of.hits]
    return [link for each in papers for link in (page_url(each), each.code_url)]
