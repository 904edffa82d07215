"""Text written as TeX: what people expect to see, and that reading it gives the text back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tex_writing import written_as_tex
from bot.domain.text import readable

SIGNS = "αβεφςΓΔΩħℓ∂∇∞·•±×÷∘⊕⊗⋆∑∏∫√≤≥≠≈∝≪≲∈⊂⊆⊥∀∃¬←→⇒↦⟨⟩⌈ℝℕℤ°⁰¹²³⁴⁻⁺ⁿ₀₁₂₋ₐₓ"
LETTERS = "áàäâãāȧçőąḇḍåŭšßæÆœøØÅłŁıđðþíìïîĩīįĵńžİǖễ"
PUNCTUATION = "–—‘’“”…§%#&$_|<>~^{}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Erdős–Rényi graphs", r"Erd{\H{o}}s--R{\'e}nyi graphs"),
        ("Schrödinger, Łukasz, Nguyễn, ĩ", r"Schr{\"o}dinger, {\L}ukasz, Nguy{\~{\^e}}n, {\~{\i}}"),
        ("CO₂ at 10⁻¹² and α-decay", r"CO$_{2}$ at 10$^{-12}$ and $\alpha$-decay"),
        ("Γ → ℝ²", r"{$\Gamma$} $\rightarrow$ {$\mathbb{R}^{2}$}"),
        ("50% of $5 & #1 in a_b", r"50\% of \$5 \& \#1 in a\_b"),
        ("a {b} ~c ^d <e> |f|", r"a \textbraceleft{}b\textbraceright{} \textasciitilde{}c \textasciicircum{}d "
                                 r"\textless{}e\textgreater{} \textbar{}f\textbar{}"),
        ("--verbose, c – d, e — f, 3 – 4", "-{}-verbose, c -- d, e --- f, 3 -- 4"),
        ("Привет 研究 𝒩 ‘so’", "Привет 研究 𝒩 ‘so’"),
    ],
)  # fmt: skip
def test_how_text_is_written(text: str, written: str) -> None:
    assert written_as_tex(text) == written


def test_spans_are_put_into_braces() -> None:
    assert written_as_tex("α-GAN–BERT", [(2, 5), (6, 10)]) == r"$\alpha$-{GAN}--{BERT}"


@pytest.mark.parametrize("before", ["", "a", "a ", "1"])
@pytest.mark.parametrize("after", ["", "b", " b", "2"])
def test_every_sign_reads_back_wherever_it_stands(before: str, after: str) -> None:
    for sign in SIGNS + LETTERS:
        text = readable(before + sign + after, limit=99)
        assert readable(written_as_tex(text), limit=99) == text


@given(st.text(SIGNS + LETTERS + PUNCTUATION + "ab -'\u0301研", max_size=30))
def test_braces_are_balanced_and_what_is_read_is_what_was_written(text: str) -> None:
    text = readable(text, limit=999)
    written = written_as_tex(text)
    depth = 0
    for each in written:
        depth += {"{": 1, "}": -1}.get(each, 0)
        assert depth >= 0
    assert depth == 0
    if "\\" in written:
        assert readable(written, limit=999) == text
