"""Words and terms: the same text gives the same terms whoever wrote it and however."""

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.analysis import (
    LONGEST_TERM,
    WELL_KNOWN,
    author_terms,
    id_label,
    label,
    prepare,
    source_label,
    source_words,
    term,
    terms,
    title_key,
    words,
    words_with_spans,
)
from bot.domain.papers import Author, ExternalId, Paper

anything = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Attention Is All You Need", "attention is all you need"),
        ("state-of-the-art, GPT-4 and C++", "state of the art gpt 4 and cpp"),
        ("C#, f# and .NET's; “c++”", "csharp fsharp and dotnet cpp"),
        ("C++11, C+++, H++, x.net and ASP.NET", "cpp 11 c h x net and asp net"),
        ("α-divergence, Hα, ΛCDM, γ–ray, π⁰", "alpha divergence halpha lambdacdm gamma ray pi0"),
        ("Ελλάς αβ", "ελλασ αβ"),
        ("Łukasz Jørgensen, Đorđe, Þór, ISIK and ışık", "lukasz jorgensen dorde thor isik and isik"),
        ("Schrödinger’s cat, Erdős's number", "schrodinger cat erdos number"),
        ("don't", "don t"),
        ("Straße ﬁne ½ x² Å", "strasse fine 1 2 x2 a"),
        ("e\u0301tude na\u00efve", "etude naive"),
        ("super\u00adhuman zero\u200bwidth", "superhuman zerowidth"),
        ("深度学习 learning", "深 度 学 习 learning"),
        ("한국어 コーヒー", "한국어 コーヒー"),
        ("snake_case a/b", "snake case a b"),
        ("\ud800 \x00 ‖ · …", ""),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert [*map(fold_hangul, words(text))] == [*map(fold_hangul, expected.split())]


def fold_hangul(word: str) -> str:
    """Words are compared decomposed, the way `words` gives them."""
    return "".join(words(word)) if not word.isascii() else word


def test_terms_are_stems() -> None:
    assert " ".join(terms("Learning transformers generates networks")) == "learn transform generat network"


def test_plurals_of_acronyms_have_the_term_of_one() -> None:
    one = "llm GNN svm lstm GPU pde FPGA mri"
    assert terms(" ".join(f"{each}s" for each in one.split())) == terms(one)
    alone = ["this", "thus", "plus", "css", "dns", "lms", "gps", "loss", "class", "gas", "keys"]
    assert [each for each in alone if term(each) not in {each, "key"}] == []


@given(anything)
@example("x" * (LONGEST_TERM - 1) + "αβ")
def test_folding_again_changes_nothing(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(anything)
def test_no_tokenizer_can_split_or_change_a_term(text: str) -> None:
    people = author_terms([Author(family=text, given=text)]).split()
    labels = [label("x", text), id_label(ExternalId("doi", text)), source_label(source_words(text))]
    for each in [*terms(text), *people, *labels]:
        each.encode()
        assert 0 < len(each) <= (1_000 if each in labels else LONGEST_TERM)
        assert all(not character.isascii() or character.isdigit() or "a" <= character <= "z" for character in each)
        assert not any(character.isspace() for character in each)


@given(anything)
def test_spans_hold_the_words_they_are_of(text: str) -> None:
    found = words_with_spans(text)
    assert [word for word, _, _ in found] == words(text)
    for word, start, end in found:
        assert word in words(text[start:end])


def test_a_span_takes_the_marks_of_its_letters_along() -> None:
    assert words_with_spans("cafe\u0301 noir") == [("cafe", 0, 5), ("noir", 6, 10)]


def test_a_title_has_one_key_in_every_spelling() -> None:
    spellings = ("BERT: Pre-training of Deep…", "Bert pretraining of deep", "  bert — PRE TRAINING of deep! ")
    assert len({title_key(each) for each in spellings}) == 1
    assert title_key("BERT: Pre-training of Shallow") != title_key(spellings[0])
    assert title_key("???") == title_key("???") != title_key("!!!")
    assert 0 <= title_key("x") < 2**63


def test_names_stand_family_first_and_apart() -> None:
    people = [Author(family="LeCun", given="Yann A."), Author(family="van den Oord", given="B."), Author(family="AI")]
    assert author_terms(people) == "lecun ·y yann a ‖ van den oord ·b b ‖ ai ‖"
    assert author_terms([]) == ""


def test_labels_say_what_else_a_paper_is() -> None:
    paper = Paper(title="x", categories=("math.IT",), sources=("arxiv",), code_url="https://x.example", upvotes=20)
    found = set(prepare(paper).terms.labels.split())
    assert {label("category", each) for each in ("math.IT", "cs.IT", "math", "cs")} <= found
    assert {label("source", "arxiv"), label("has", "code"), WELL_KNOWN} <= found
    assert prepare(Paper(title="x", upvotes=19)).terms.labels == ""


def test_an_id_has_a_label_of_its_own_whatever_its_signs() -> None:
    ids = [ExternalId(*each) for each in (("doi", "10.1/a.b"), ("doi", "10.1/a-b"), ("arxiv", "10.1/a.b"))]
    assert len(set(map(id_label, ids))) == 3
    assert prepare(Paper(title="x", ids=(ids[0],))).terms.labels == id_label(ids[0])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("arxiv_rss", [("arxiv",), ("arxiv", "rss")]),
        ("Hugging Face papers", [("huggingface",), ("huggingface", "papers")]),
        ("hf", [("huggingface",)]),
        ("???", []),
    ],
)
def test_a_source_is_found_by_the_beginning_of_its_name(name: str, found: list[tuple[str, ...]]) -> None:
    assert prepare(Paper(title="x", sources=(name,))).terms.labels == " ".join(map(source_label, found))


def test_a_prepared_paper_travels_between_processes() -> None:
    paper = Paper(title="A title", abstract="An abstract", published_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert pickle.loads(pickle.dumps(prepare(paper))) == prepare(paper)  # noqa: S301 (our own)
