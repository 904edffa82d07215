"""What TeX's names stand for: symbols, accents, and the shapes of commands. Tables only; it reads no text."""

import unicodedata
from functools import cache


def _names(text: str) -> list[str]:
    return text.split()


RAISED = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW−∘*∗⋆†‡′⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ⁻°***†‡′ᵀ",
)
LOWERED = str.maketrans("0123456789+-=()aehijklmnoprstuvx−βγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₋ᵦᵧᵨᵩᵪ")
DOUBLE_STRUCK = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))

ACCENTS = {
    "'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "H": "\u030b", "k": "\u0328", "b": "\u0331", "d": "\u0323", "r": "\u030a", "u": "\u0306",
    "v": "\u030c", "acute": "\u0301", "grave": "\u0300", "ddot": "\u0308", "hat": "\u0302", "widehat": "\u0302",
    "tilde": "\u0303", "Tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304", "overline": "\u0304",
    "dot": "\u0307", "mathring": "\u030a", "breve": "\u0306", "check": "\u030c", "vec": "\u20d7",
}  # fmt: skip

SPACES = frozenset({*_names(", ; : > / \\ quad qquad enspace thinspace newline linebreak par space"), " ", "\n", "\t"})

SILENT = frozenset(
    _names(
        """! - @ ( ) [ ] emph textbf textit textrm textsf texttt textsc textsl textup textmd textnormal text mathrm
        mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm bold boldmath unboldmath pmb Cal
        cal frak it bf rm em sl sc sf tt scr mbox hbox vbox fbox makebox mathop mathbin mathrel mathord operatorname
        ensuremath underline uline ul uwave sout st hl underbrace overbrace overrightarrow overleftarrow big Big bigg
        Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm left right middle displaystyle textstyle scriptstyle
        scriptscriptstyle limits nolimits small footnotesize scriptsize tiny normalsize large Large LARGE huge Huge
        noindent indent centering raggedright protect xspace allowbreak nobreak break smallskip medskip bigskip relax
        strut null leavevmode ac acp acf acl acs gls glspl Gls Glspl num unit mathstrut nonumber hfill url path
        nolinkurl maketitle lowercase uppercase bfseries itshape rmfamily ttfamily sffamily scshape upshape mdseries
        romannumeral selectfont MakeLowercase MakeUppercase"""
    )
)
"""Commands of which only the argument is read."""

DROPPED = {
    "cite": 1, "citet": 1, "citep": 1, "citealp": 1, "citealt": 1, "citeauthor": 1, "citeyear": 1, "citeyearpar": 1,
    "parencite": 1, "textcite": 1, "autocite": 1, "footcite": 1, "nocite": 1, "cref": 1, "Cref": 1, "autoref": 1,
    "eqref": 1, "ref": 1, "pageref": 1, "label": 1, "index": 1, "vspace": 1, "hspace": 1, "color": 1,
    "definecolor": 3, "includegraphics": 1, "footnotemark": 0, "thanks": 1, "ding": 1, "fontsize": 2, "phantom": 1,
    "hphantom": 1, "vphantom": 1, "begin": 1, "end": 1,
}  # fmt: skip
"""Commands that go with their arguments, and how many they take."""

STARRED = frozenset({"operatorname", "cite", "citet", "citep", "vspace", "hspace", "cref", "Cref", "ref", "mbox"})
"""Commands that also come with a star."""

SHAPES = {
    "footnote": (1, " ({0})"), "footnotetext": (1, " ({0})"), "textcolor": (2, "{1}"), "colorbox": (2, "{1}"),
    "hyperlink": (2, "{1}"), "hyperref": (1, "{0}"), "texorpdfstring": (2, "{1}"), "SI": (2, "{0} {1}"),
    "qty": (2, "{0} {1}"), "binom": (2, "({0} choose {1})"), "dbinom": (2, "({0} choose {1})"),
    "tbinom": (2, "({0} choose {1})"), "enquote": (1, "“{0}”"), "pmod": (1, " (mod {0})"), "overset": (2, "{1}"),
    "underset": (2, "{1}"), "stackrel": (2, "{1}"), "raisebox": (2, "{1}"), "resizebox": (3, "{2}"),
    "scalebox": (2, "{1}"), "bra": (1, "⟨{0}|"), "ket": (1, "|{0}⟩"), "braket": (1, "⟨{0}⟩"),
    "ketbra": (2, "|{0}⟩⟨{1}|"), "norm": (1, "‖{0}‖"), "xrightarrow": (1, " → "), "xleftarrow": (1, " ← "),
    "parbox": (2, "{1}"), "multicolumn": (3, "{2}"),
}  # fmt: skip
"""Commands with arguments: how many, and how they read."""

SCRIPTS = {"textsuperscript": True, "sp": True, "textsubscript": False, "sb": False}
"""Commands that raise their argument, or lower it."""

FRACTIONS = frozenset({"frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac", "textfrac"})

WORDS = {
    **{
        each: each
        for each in _names(
            """log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sup inf lim argmax
            argmin arg det dim ker deg gcd lcm hom Hom Pr Re Im tr Tr rank diag sgn sign poly polylog supp mod choose"""
        )
    },
    "limsup": "lim sup", "liminf": "lim inf", "bmod": "mod", "eg": "e.g.", "ie": "i.e.", "etal": "et al.",
}  # fmt: skip
"""Names that read as words and stand apart from their neighbours."""

_OURS = {
    "%": "%", "&": "&", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", "|": "‖", "backslash": "∖", "deg": "°",
    "textbackslash": "∖", "epsilon": "ε", "eps": "ε", "phi": "φ", "ast": "*", "bullet": "•", "item": "•", "prime": "′",
    "cdots": "…", "dotsb": "…", "dotsc": "…", "textellipsis": "…", "ldotp": ".", "cdotp": "·", "sim": "~",
    "textasciitilde": "~", "textasciicircum": "^", "textasciigrave": "`", "textquoteleft": "‘", "textquoteright": "’",
    "lq": "‘", "rq": "’", "leqslant": "≤", "geqslant": "≥", "lt": "<", "gt": ">", "textless": "<", "textgreater": ">",
    "lbrack": "[", "rbrack": "]", "lbrace": "{", "rbrace": "}", "colon": ":", "coloneqq": ":=", "coloneq": ":=",
    "degree": "°", "textdegree": "°", "celsius": "°C", "percent": "%", "land": "∧", "lor": "∨", "lnot": "¬",
    "neg": "¬", "iff": "⇔", "implies": "⇒", "impliedby": "⇐", "gets": "←", "owns": "∋", "longrightarrow": "→",
    "longleftarrow": "←", "Longrightarrow": "⇒", "Longleftrightarrow": "⇔", "ne": "≠", "neq": "≠", "over": "/",
    "atop": "/", "slash": "/", "models": "⊨", "Box": "□", "triangle": "△", "S": "§", "P": "¶", "copyright": "©",
    "pounds": "£", "euro": "€", "i": "ı", "j": "ȷ", "ss": "ß", "TeX": "TeX", "LaTeX": "LaTeX", "checkmark": "✓",
    "textbar": "|", "lvert": "|", "rvert": "|", "textbraceleft": "{", "textbraceright": "}", "micro": "μ",
    "textmu": "μ", "ohm": "Ω", "C": "ℂ", "CC": "ℂ", "N": "ℕ", "NN": "ℕ", "Q": "ℚ", "QQ": "ℚ", "R": "ℝ", "RR": "ℝ",
    "Z": "ℤ", "ZZ": "ℤ",
}  # fmt: skip
_NOT_THEIRS = frozenset(
    _names(
        """today id Ident image original hint hints hinweis hinweise uebung exercise male venus mercury jupiter saturn
        uranus neptune pluto aries taurus gemini cancer leo virgo libra scorpio sagittarius capricornus aquarius pisces
        recorder cancer amalg Equal Angle between smile frown male"""
    )
)
"""Names that authors more often give to their own methods than to what the library takes them for."""


@cache
def symbols() -> dict[str, str]:
    """Every name that stands for a few characters: pylatexenc's tables, with our spelling where ours differs."""
    from pylatexenc.latex2text import get_default_latex_context_db  # noqa: PLC0415 (only texts with TeX pay for it)

    theirs = {
        each.macroname: str(each.simplify_repl).strip()
        for each in get_default_latex_context_db().iter_macro_specs()
        if isinstance(each.simplify_repl, str) and each.macroname not in _NOT_THEIRS
    }
    plain = {name: text for name, text in theirs.items() if text and not any(each in text for each in "%<\\\n")}
    return {name: unicodedata.normalize("NFC", text) for name, text in plain.items()} | _OURS
