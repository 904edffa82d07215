"""Outside text becomes one readable line, whatever it was."""

import gzip
import json
import time
import unicodedata
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import tex
from bot.domain.text import ABSTRACT_LIMIT, TITLE_LIMIT, readable
from tests.shared import shared

READ = [
    ("plain text stays", "plain text stays"),
    ("  folded \n\t together\u00a0now ", "folded together now"),
    (r"G\"odel, Poincar\'e, Erd\H{o}s, \v{S}imko, {\L}ukasz", "Gödel, Poincaré, Erdős, Šimko, Łukasz"),
    (r"\'{\i} \c c \c{c} {\'e} \~n", "í ç ç é ñ"),
    (r"\emph{much} \textbf{bo\textit{ld}er} {\em so}", "much bolder so"),
    ("$x^2$ and $x_{t-1}$, $\\ell_p$ in $\\mathbb{R}^d$", "x² and xₜ₋₁, ℓₚ in ℝᵈ"),
    (r"$\mathcal{O}(n \log n)$ or \mathcal{O}(n\log n)", "O(n log n) or O(n log n)"),
    (r"\frac{a}{b} $\frac{a+1}{2b}$ $\sqrt{n}$ $\sqrt{a+b}$", "a/b (a+1)/2b √n √(a+b)"),
    (r"$\alpha$-decay, $n \leq 5$, 2$\times$ faster, $\sim$10", "α-decay, n ≤ 5, 2× faster, ~10"),
    (r"$\{0,1\}^n$, 5\% of \$10, R\&D", "{0,1}ⁿ, 5% of $10, R&D"),
    (r"optimize\_anything, x\textsuperscript{2}, H\textsubscript{2}O", "optimize_anything, x², H₂O"),
    (r"$T_{\max}$, $p\not=q$, $\hat{x}$, 90{\deg}", "T_max, p≠q, x̂, 90°"),
    ("O(n^2), 10^{-3}, H_2O, CO<sub>2</sub>", "O(n²), 10⁻³, H₂O, CO₂"),
    ("``quoted'' -- a pause---here, pages 1--2", "“quoted” – a pause—here, pages 1–2"),
    (r"as shown~\cite{knuth84}, see Fig.~\ref{x} there.", "as shown, see Fig. there."),
    (r"\url{https://a.org/b\_c} \href{https://x.org}{here}", "https://a.org/b_c here"),
    (r"we propose \method{}, \ours beats it", "we propose method, ours beats it"),
    ("a &lt; b &amp;amp; c&#233;", "a < b & cé"),
    ("<p>One.</p><p>Two <i>it</i>.</p><jats:p>Three</jats:p>", "One. Two it. Three"),
    (r"\begin{itemize}\item one \item two\end{itemize}", "* one * two"),
]

KEPT = [
    "from $5 and $10 to $2.5 million, or US$20",
    'snake_case, x.detach(), --verbose, C:, {"a": 1}, <think> and <eos>, Clock<D>',
    "about ~10 of ~ 20",
    "it's `code` and 5% more",
    "https://example.org/a_b/~c--d^2",
    "Владимир 李明 Ñandú ℝ² 🎉",
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_markup_is_read(text: str, expected: str) -> None:
    assert readable(text, limit=1_000) == expected


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert readable(text, limit=1_000) == text


def test_no_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("SECRET")
    text = rf"\begin{{x}}a \input{{{tmp_path}/secret.tex}} \include{{{tmp_path}/secret}} b\end{{x}}"
    assert readable(text, limit=1_000) == "a b"


def test_characters_that_hide_or_overrule_are_gone() -> None:
    assert readable("a\u202eb\u200bc\x00d\ud800e\ufffff\ufdd0g\u00adh\ue000i\U000e0041", limit=100) == "abcdefghi"
    assert readable("\u3164\u2800", limit=100) == ""


def test_zalgo_keeps_three_marks_and_letters_compose() -> None:
    assert readable("e\u0301", limit=10) == "é"
    assert readable("a" + "\u0336" * 50 + "b", limit=100) == "a" + "\u0336" * 3 + "b"
    assert readable("e\u200b\u0301", limit=10) == "é"


def test_what_is_too_long_is_cut_and_says_so() -> None:
    assert readable("word " * 1_000, limit=20) == "word word word word…"
    assert len(readable("x" * 3_000_000, limit=ABSTRACT_LIMIT)) == ABSTRACT_LIMIT
    assert readable("x" * TITLE_LIMIT, limit=TITLE_LIMIT) == "x" * TITLE_LIMIT


PIECES = st.sampled_from(
    [*"\\{}$^_~&<>`'-\"ab12 [].,%*|\n", "--", "$$", "\\alpha", "\\frac", "\\sqrt", "\\textbf{", "\\'", "\\begin{x}",
     "\\verb|", "&amp;", "&lt;", "&#36;", "<i>", "<sub>", "http://a.b/", "\\cite{", "\\(", "\\{", "\\unicode{x41}",
     "\\footnote{", "é", "\u0301", "\u202e", "\ud800", "\u1fef", "\U0001f600", "$5", "\\log ", "\\left.", "\\url{"]
)  # fmt: skip
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60), st.lists(PIECES, max_size=25).map("".join)
)


@settings(max_examples=100)
@given(ANY_TEXT, st.sampled_from([5, 40, 1_000]))
def test_any_text_gives_one_clean_line_and_reading_it_again_changes_nothing(text: str, limit: int) -> None:
    line = readable(text, limit=limit)
    assert len(line) <= limit
    assert line == " ".join(line.split())
    assert unicodedata.is_normalized("NFC", line)
    assert not any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Co"} for each in line)
    assert readable(line, limit=limit) == line


@pytest.mark.parametrize(
    "piece",
    ["\\", "{", "}", "$", "^", "_", "{\\a", "\\frac{", "\\cite[", "&amp;", "<b ", "<b a=", "`a ", "\\verb|", "\\sqrt[",
     "\\begin{a}", "\\href{", "_1", "x^", "$a", "\\left", "--", "\\not", "\u0301", "\\def\\a", "\\'", "{,", "\\("],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (ABSTRACT_LIMIT // len(piece))
    readable(text, limit=100)
    started = time.process_time()
    readable(text, limit=ABSTRACT_LIMIT)
    assert time.process_time() - started < 0.25  # 0.05 s when nothing else runs


def test_real_abstracts_read_well_and_hardly_any_needs_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = []
    library = tex._with_library

    def counted(text: str) -> str:
        needed.append(text)
        return library(text)

    monkeypatch.setattr(tex, "_with_library", counted)
    with gzip.open(shared("corpus/arxiv_papers.jsonl.gz"), "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["abstract"] for line in islice(lines, 0, 40_000, 20)]
    for text in texts:
        line = readable(text, limit=ABSTRACT_LIMIT)
        assert "\\" not in line
        assert readable(line, limit=ABSTRACT_LIMIT) == line
    assert len(needed) < len(texts) / 100
