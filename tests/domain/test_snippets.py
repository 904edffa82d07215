"""Marks and snippets: the right words are marked, whatever the text is made of."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.analysis import term, words_with_spans
from bot.domain.parsing import parse_query
from bot.domain.query import Query, Words
from bot.domain.snippets import snippet, title_spans

FILLER = "Nothing of interest is said in this long sentence about other matters entirely. "
query = parse_query('diffus* "of guidance" author:ho -survey cat:cs.LG')


def marked(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_a_title_is_marked_where_it_was_found() -> None:
    title = "Diffusion: a Survey of Guidance, by Ho"
    assert marked(title, title_spans(query, title)) == ["Diffusion", "Guidance"]
    assert title_spans(parse_query("abstract:diffusion author:ho cat:cs.LG"), title) == ()
    assert marked("The Of", title_spans(parse_query('"of the"'), "The Of")) == ["The", "Of"]


def test_a_snippet_is_the_part_with_most_of_the_words() -> None:
    abstract = f"We study diffusion. {FILLER * 4}Guidance of a DIFFUSED\u0301 model needs guidance. {FILLER * 4}"
    found = snippet(query, abstract)
    assert marked(found.text, found.spans) == ["Guidance", "DIFFUSED\u0301", "guidance"]
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")
    assert len(found.text) <= 200


def test_a_short_abstract_is_shown_whole_and_a_long_one_from_its_beginning() -> None:
    assert snippet(query, "Short.").text == "Short."
    assert snippet(query, FILLER * 5).text.startswith("Nothing of interest")
    assert snippet(query, "").text == ""


def test_no_word_is_cut_where_the_reading_of_a_very_long_abstract_ends() -> None:
    for more in range(12):
        abstract = "x" * more + " diffusion" * 600
        found = snippet(parse_query('"' + "diffusion " * 20 + '"'), abstract, limit=5_500)
        assert set(found.text.split()) <= {"x" * more, "diffusion", "…"}


@given(
    st.lists(
        st.sampled_from(["diffusion", "guidance", "of", "é\u0301", "x" * 250, "🦜", "a, b.", "\ud800"]), max_size=80
    ),
    st.integers(20, 300),
)
def test_a_snippet_is_a_part_of_the_text_within_its_limit(pieces: list[str], limit: int) -> None:
    abstract = " ".join(pieces)
    found = snippet(query, abstract, limit=limit)
    assert len(found.text) <= limit
    assert found.text.removeprefix("… ").removesuffix(" …") in abstract
    assert all(each.lower().startswith(("diffusion", "guidance")) for each in marked(found.text, found.spans))
    assert list(found.spans) == sorted(found.spans)


WRITTEN = st.from_regex(r"[a-zA-Z]{1,9}(s|ed|ing|ies|y|ly|ic|al)?", fullmatch=True)


@given(st.lists(st.one_of(WRITTEN, st.sampled_from(["dying", "lie", "skies", "C++", "--", "3d"])), max_size=9), WRITTEN)
def test_every_word_with_the_same_stem_is_marked(pieces: list[str], sought: str) -> None:
    title = " ".join([*pieces, sought])
    (_, _), *_ = spans = title_spans(Query(Words((sought.lower(),))), title)
    assert {(start, end) for word, start, end in words_with_spans(title) if term(word) == term(sought.lower())} <= {
        *spans
    }
