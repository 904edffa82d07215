"""Writes text as TeX that prints it: the way back from `tex`. What TeX has no plain name for stays the character."""

import re
import string
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.domain.tex_names import ACCENTS, LOWERED, RAISED

_SPECIAL = {
    "\\": r"\textbackslash{}", "∖": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
"""What means something to TeX, or prints as something else in its oldest fonts."""

_LETTERS = {
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}", "Ø": r"{\O}",
    "å": r"{\aa}", "Å": r"{\AA}", "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}", "đ": r"{\dj}", "Đ": r"{\DJ}",
    "ð": r"{\dh}", "Ð": r"{\DH}", "þ": r"{\th}", "Þ": r"{\TH}",
}  # fmt: skip

_NAMES = """
α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho
ς varsigma σ sigma τ tau υ upsilon φ phi χ chi ψ psi ω omega ϑ vartheta ϱ varrho Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi
Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega ℓ ell ħ hbar ∂ partial ∇ nabla ∞ infty ℵ aleph · cdot • bullet
± pm ∓ mp × times ÷ div ∘ circ ⊕ oplus ⊗ otimes ⊙ odot ⋆ star ∧ wedge ∨ vee ∩ cap ∪ cup ∑ sum ∏ prod ∫ int √ surd
≤ leq ≥ geq ≠ neq ≈ approx ≃ simeq ≅ cong ≡ equiv ∝ propto ≪ ll ≫ gg ≲ lesssim ≳ gtrsim ≺ prec ≻ succ
∈ in ∋ ni ⊂ subset ⊃ supset ⊆ subseteq ⊇ supseteq ⊥ perp ∥ parallel ∀ forall ∃ exists ¬ neg
← leftarrow → rightarrow ↔ leftrightarrow ⇐ Leftarrow ⇒ Rightarrow ⇔ Leftrightarrow ↑ uparrow ↓ downarrow ↦ mapsto
⟨ langle ⟩ rangle ⌈ lceil ⌉ rceil ⌊ lfloor ⌋ rfloor
""".split()  # noqa: SIM905
_SIGNS = {
    **{sign: rf"\{name}" for sign, name in zip(_NAMES[::2], _NAMES[1::2], strict=True)},
    **{sign: rf"\mathbb{{{letter}}}" for sign, letter in zip("ℂℍℕℙℚℝℤ", "CHNPQRZ", strict=True)},
    "°": r"^{\circ}",
}
"""What is printed in a formula, by names that LaTeX or amssymb has."""

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand for braces while a text is written; no text of a paper holds private characters."""

_SMALL = string.ascii_letters + string.digits + "+-=()"
_RAISED = {chr(RAISED[ord(each)]): each for each in _SMALL if ord(each) in RAISED}
_LOWERED = {chr(LOWERED[ord(each)]): each for each in _SMALL if ord(each) in LOWERED}
_ACCENTS = {mark: name for name, mark in ACCENTS.items() if len(name) == 1}

_FORMULA = rf"[{''.join([*_SIGNS, *_RAISED, *_LOWERED])}]+"
_PIECE = re.compile(rf"[{''.join(_RAISED)}]+|[{''.join(_LOWERED)}]+|.")
_FEW = re.compile(r"(?:(?![A-Za-z]{3}).){1,6}|[A-Za-z]{2}")
"""As many small characters as `tex.script` reads together."""
_WORTH_WRITING = re.compile(rf"(?P<address>https?://\S+)|(?P<formula>{_FORMULA})|(?P<twice>--+|''+|``+)|[^A-Za-z0-9 ]")
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)")
"""Between two characters of which TeX would print one."""
_DASHES = {"–": "--", "—": "---"}


def written_as_tex(text: str, kept: Iterable[tuple[int, int]] = ()) -> str:
    """TeX for this text, braces balanced and every accent in braces, as BibTeX wants them.

    `kept` are spans, in order, to put into braces. `tex.read_tex` reads it back to the same text, if it leaves the
    text itself alone and takes braces for TeX.
    """
    for start, end in reversed(list(kept)):
        text = f"{text[:start]}{_OPEN}{text[start:end]}{_CLOSE}{text[end:]}"
    return _WORTH_WRITING.sub(_written, text).replace(_OPEN, "{").replace(_CLOSE, "}")


def _written(match: re.Match[str]) -> str:
    found = match[0]
    if match["address"]:
        return _LIGATURE.sub("{}", "".join(_SPECIAL.get(each, each) for each in found))
    if match["formula"]:
        return _formula(found)
    if match["twice"]:
        return _LIGATURE.sub("{}", found)
    if found in _DASHES:
        return _dash(match)
    return _character(found)


def _formula(run: str) -> str:
    """A formula; BibTeX would put the capitals of its names in small letters unless braces keep them."""
    formula = f"${''.join(map(_piece, _PIECE.findall(run)))}$"
    return f"{{{formula}}}" if any(map(str.isupper, formula)) else formula


def _piece(run: str) -> str:
    for mark, small in (("^", _RAISED), ("_", _LOWERED)):
        if run[0] in small:
            plain = "".join(small[each] for each in run)
            return "{}".join(f"{mark}{{{few}}}" for few in _FEW.findall(plain))
    return _SIGNS[run]


def _dash(match: re.Match[str]) -> str:
    """A dash as TeX writes it; where that could be read as the hyphens of an option, the dash itself."""
    before = match.string[: match.start()].rstrip(_OPEN + _CLOSE)[-1:]
    after = match.string[match.end() :].lstrip(_OPEN + _CLOSE)[:1]
    is_option = match[0] == "–" and not before.strip() and after.isalpha()
    return match[0] if is_option or any(each in "-–—" for each in before + after) else _DASHES[match[0]]


@lru_cache(maxsize=1 << 12)
def _character(each: str) -> str:
    if each in _SPECIAL or each in _LETTERS:
        return _SPECIAL.get(each) or _LETTERS[each]
    decomposed = unicodedata.normalize("NFD", each)
    base, marks = decomposed[0], decomposed[1:]
    names = [_ACCENTS.get(mark) for mark in marks]
    if not marks or None in names or not (base.isascii() and base.isalpha()):
        return each
    written = rf"\{base}" if base in "ij" and names[0] not in {"'", "`", '"', "^", "k", "d", "c", "b"} else base
    for name in filter(None, names):
        written = rf"\{name}{written if len(written) == 1 and not name.isalpha() else f'{{{written}}}'}"
    return f"{{{written}}}"
