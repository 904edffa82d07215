"""The escaper, judged by an independent reader of Discord's markdown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs._markdown import address, clean, cut, escape, fit, highlight, highlighted_link, link, plain, units
from tests.cogs.hostility import texts
from tests.cogs.reader import Construct, constructs, raw_constructs

PAPER = "https://arxiv.org/abs/1706.03762"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# Heading", "heading"),
        ("-# small", "small print"),
        ("- item", "list"),
        ("12. item", "list"),
        ("> quoted", "quote"),
        ("`code`", "code"),
        ("**bold**", "bold"),
        ("_italic_", "italic"),
        ("~~gone~~", "strike"),
        ("||secret||", "spoiler"),
        ("[free](https://evil.example)", "masked link"),
        (r"[a \](https://evil.example) \[b](https://good.example)", "masked link"),
        ("see https://evil.example", "bare link"),
        ("<https://evil.example>", "automatic link"),
        ("discord.gg/evil", "invitation"),
        ("<@123>", "person"),
        ("<@&123>", "role"),
        ("<#123>", "channel"),
        ("</search:123>", "command"),
        ("<t:1700000000:R>", "time"),
        ("<id:browse>", "guide"),
        ("<:cat:123>", "emoji"),
        (":cat:", "emoji"),
        ("@everyone", "everyone"),
    ],
)
def test_the_reader_sees_what_discord_would_and_the_escaper_ends_it(text: str, kind: str) -> None:
    assert kind in {each.kind for each in constructs(text)}
    assert constructs(escape(text)) == []
    assert raw_constructs(escape(text)) == []


@given(texts())
def test_nothing_in_escaped_text_means_anything(text: str) -> None:
    assert constructs(escape(text)) == []
    assert raw_constructs(escape(text)) == []


@given(texts(5), texts(5), texts(5))
def test_nor_when_texts_and_links_stand_side_by_side(first: str, second: str, third: str) -> None:
    line = f"{escape(first)} · **{link(second, PAPER)}** · {escape(third)}"
    found = [each for each in constructs(line) if each.kind != "bold"]
    assert found in ([], [Construct("masked link", PAPER)])
    assert raw_constructs(line.replace(f"]({PAPER})", "")) == []


@given(texts())
def test_the_escaped_text_reads_as_the_clean_text(text: str) -> None:
    shown = unescaped(escape(text))
    assert shown.replace("\u200b", "") == clean(text)


def unescaped(text: str) -> str:
    """What a reader sees of text without constructs: each backslash before punctuation is gone."""
    characters = iter(text)
    return "".join(next(characters) if each == "\\" else each for each in characters)


@given(texts())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts())
def test_clean_text_is_one_visible_line(text: str) -> None:
    shown = clean(text)
    assert unicodedata.is_normalized("NFC", shown)
    assert not any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in shown)
    assert not set("\u200b\u200d\u202e\u2066\ufeff\xad\u2028") & set(shown)
    shown.encode()


def test_at_most_three_marks_sit_on_a_character() -> None:
    assert clean("e" + "\u0336" * 50 + "f") == "e" + "\u0336" * 3 + "f"
    assert clean("\u0301alone") == "alone"


@given(texts(30), st.integers(2, 300))
def test_a_cut_keeps_its_budget_and_says_when_it_cuts(text: str, limit: int) -> None:
    shown, is_cut = fit(text, limit)
    assert units(shown) <= limit
    assert constructs(shown) == []
    assert (
        shown.endswith("…") if is_cut else shown == escape(text.strip()).strip() or shown == escape(clean(text).strip())
    )


@given(texts(30), st.integers(2, 200))
def test_plain_text_keeps_its_budget(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert units(shown) <= limit
    shown.encode()


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Attention Is All You Need", 40, "Attention Is All You Need"),
        ("Attention Is All You Need", 20, "Attention Is All…"),
        ("One sentence. Another one that is longer.", 26, "One sentence.\u00a0…"),
        ("As Ho et al. show. More", 20, "As Ho et al. show.\u00a0…"),
        ("As Ho et al. show it now", 16, "As Ho et al.…"),
        ("研究です。研究です。研究です。", 18, "研究です。研究です。\u00a0…"),
        ("… of attention alone …", 40, "… of attention alone\u00a0…"),
        ("Pneumonoultramicroscopic", 10, "Pneumono…"),
        ("a_b_c_d", 7, r"a\_b…"),
        ("e\u0336\u0336\u0336" * 3, 7, "e\u0336\u0336\u0336…"),
        ("\U0001f44d\U0001f3fd\U0001f44d\U0001f3fd", 7, "\U0001f44d\U0001f3fd…"),
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", 7, "\U0001f1e9\U0001f1ea…"),
        ("\U0001d400\U0001d401\U0001d402", 5, "\U0001d400…"),
    ],
)
def test_a_cut_falls_where_a_reader_would_make_it(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


@given(texts(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6), st.integers(20, 200))
def test_highlighting_adds_bold_words_and_nothing_else(text: str, spans: list[tuple[int, int]], limit: int) -> None:
    shown = highlight(text, spans, limit)
    assert units(shown) <= limit
    assert {each.kind for each in constructs(shown)} <= {"bold"}
    assert raw_constructs(shown) == []


def test_highlighted_words_are_bold() -> None:
    assert highlight("we study graph networks", [(9, 14), (15, 23)], 100) == "we study **graph** **networks**"
    assert highlight("we study graph networks", [(9, 14), (12, 23)], 100) == "we study **graph networks**"
    assert highlight("see 1. Introduction", [(4, 19)], 100) == r"see **1\. Introduction**"
    assert highlight("we study e\u0336 notation", [(9, 10)], 100) == "we study **e\u0336** notation"


@given(texts(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4), st.integers(20, 200))
def test_a_highlighted_text_is_one_link_and_nothing_else(text: str, spans: list[tuple[int, int]], limit: int) -> None:
    found = [each for each in constructs(highlighted_link(text, spans, PAPER, limit)) if each.kind != "bold"]
    assert found == ([Construct("masked link", PAPER)] if clean(text).strip() else [])
    assert highlighted_link(text, spans, None, limit) == highlight(text, spans, limit)


def test_the_words_of_a_link_are_bold() -> None:
    assert highlighted_link("[a] graph", [(4, 9)], PAPER, 99) == f"[［a］ **graph**]({PAPER})"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "javascript:alert(1)",
            "ftp://a.example",
            "https://",
            "https://localhost/",
            "https://a b.example",
            "//a.example",
        ),
        *(
            "https://user@a.example",
            "https://a.example\n",
            "https://a.example/\u202e",
            "https://a.example/" + "x" * 600,
        ),
        *(
            "https://[::1]/",
            "https://a.example\\@b.example",
            "https://-a.example",
            "https://a..example",
            "https://a.example:99999",
        ),
    ],
)
def test_only_whole_web_addresses_become_links(url: str) -> None:
    assert address(url) is None
    assert link("title", url) == "title"


def test_an_address_holds_nothing_that_ends_its_link() -> None:
    assert (
        address("HTTPS://A.example/x_(y)*[z]?q=<1>%zz%20é")
        == "https://a.example/x_%28y%29%2A%5Bz%5D?q=%3C1%3E%25zz%20%C3%A9"
    )
    assert link("[Re] a_b", PAPER) == rf"[［Re］ a\_b]({PAPER})"


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_a_made_link_leads_only_where_it_was_made_for(path: str) -> None:
    url = address(f"https://a.example/{path}")
    expected = [] if url is None else [Construct("masked link", url)]
    assert [each for each in constructs(link("title", f"https://a.example/{path}")) if each.kind != "bold"] == expected


@pytest.mark.parametrize(
    "text", ["a", "\u0301", "e\u0301\u0327\u0300", "@everyone", "[", "](x", "\U0001f1e6", "\u1160", ". ", "<"]
)
def test_three_megabytes_take_no_longer_than_sixteen_kilobytes_do(text: str) -> None:
    assert cut(text * (3_000_000 // len(text)), 700) == cut(text * (20_000 // len(text)), 700)
