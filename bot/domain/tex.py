"""Reads TeX as it stands in titles and abstracts into plain text, in one walk over its tokens.

It expands no macros of an author's own; what needs a real TeX parser goes to pylatexenc.
"""

import logging
import re
import unicodedata
from functools import partial

from bot.domain.tex_names import (
    ACCENTS,
    DOUBLE_STRUCK,
    DROPPED,
    FRACTIONS,
    LOWERED,
    RAISED,
    SCRIPTS,
    SHAPES,
    SILENT,
    SPACES,
    STARRED,
    WORDS,
    symbols,
)
from bot.domain.tex_tokens import formulas_in, tokens_of

_LIBRARY = re.compile(r"\\(?:begin|end|def|newcommand|renewcommand|verb|let)(?![A-Za-z])")
_GLUED = re.compile(r"(https?://[^\s\\{}]{4,400})\{[^{}]{0,200}\}")
"""An address with the text of its link left behind in braces, as `\\href` leaves it on some lists."""
_DEEPEST = 40
_RAISED_BARE = re.compile(r"[-−+]?\d+(?!\w)|[A-Za-z](?!\w)")
_LOWERED_BARE = re.compile(r"\d{1,2}(?![a-z0-9_])")
_LETTER_BASE = re.compile(r"(?:^|[^A-Za-z0-9_./-])[A-Z]?[A-Za-z]$")
_DASHES = re.compile(r"--(-?)")
_QUOTED = re.compile(r"`([^`'\s][^`']{0,80})'(?!\w)")
_NOT_RAISED = re.compile(r"[A-Za-z]{3,}")


def read_tex(text: str) -> str:
    """The text with its TeX read; text that only looks like TeX (money, snake_case, JSON) stays as it is."""
    if _LIBRARY.search(text):
        text = _with_library(text)
    if "{" in text:
        text = _GLUED.sub(r"\1", text).replace("{,}", ",")
    return _Reader(text).read()


def script(text: str, *, raised: bool) -> str:
    """A superscript or subscript: in small characters where they exist and read well, else after `^` or `_`."""
    text = text.strip()
    small = text.replace(" ", "").translate(RAISED if raised else LOWERED)
    if small != text and len(small) <= 6 and not _NOT_RAISED.search(text) and _all_small(text, raised):
        return small
    if text in {"°", "*", "†", "‡", "′", "″", "'", ""}:
        return text
    mark = "^" if raised else "_"
    return mark + text if len(text) == 1 or (text.isascii() and text.isalnum()) else f"{mark}({text})"


def _all_small(text: str, raised: bool) -> bool:
    table = RAISED if raised else LOWERED
    return all(ord(each) in table for each in text if each != " ")


class _Reader:
    """One walk over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens_of(text)
        self.at = 0
        self.depth = 0
        self.math = False
        self.tight = False
        """Whether the next text loses its leading blanks."""
        self.apart = False
        """Whether a word such as `log` came last, so that a letter after it needs a blank."""
        self.cited = False
        self.dollars = formulas_in(self.tokens) if "$" in text else set()
        """The positions of the dollar signs that open or close a formula."""
        self.is_tex = bool(self.dollars) or "\\" in text

    def read(self) -> str:
        text = self.group("")
        if self.cited:
            text = re.sub(r"\(\s*\)|\[\s*\]", "", text)
            text = re.sub(r"\s+(?=[.,;:)])", "", text)
        return text

    def group(self, closer: str) -> str:
        """Read up to the token that closes this group, or to the end."""
        out: list[str] = []
        self.depth += 1
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token == closer or (closer == "$" and token[0] == "$" and self.at - 1 in self.dollars):
                break
            piece = self.piece(token, out) if token[0] in "\\{}$^_~" else self.text(token, out)
            if piece:
                out.append(piece)
        self.depth -= 1
        return "".join(out)

    def piece(self, token: str, out: list[str]) -> str:
        first = token[0]
        if first == "\\":
            return self.command(token[1:], out)
        if first in "{}":
            return self.brace(token)
        if first == "$":
            return self.formula("$") if self.at - 1 in self.dollars else token
        if first in "^_":
            return self.script(first, out)
        return "~" if _last(out) in " (" and not self.math else " "

    def brace(self, brace: str) -> str:
        if not self.is_tex and not self.math:
            return brace
        if brace == "{" and self.depth < _DEEPEST:
            return self.group("}")
        return ""

    def formula(self, closer: str) -> str:
        before, self.math = self.math, True
        text = self.group(closer) if self.depth < _DEEPEST else ""
        self.math, self.tight, self.apart = before, False, False
        return text.strip()

    def text(self, token: str, out: list[str]) -> str:
        if self.tight and (self.math or _last(out) == " "):
            token = token.lstrip()
        if self.apart and token[:1].isalnum():
            token = " " + token
        self.tight = self.apart = False
        if self.math or token.startswith(("http://", "https://")):
            return token
        if "--" in token:
            token = _DASHES.sub(partial(_dash, last=_last(out)), token)
        if "`" in token or "''" in token:
            token = _QUOTED.sub(r"‘\1’", token.replace("``", "“").replace("''", "”"))
        return token

    def script(self, mark: str, out: list[str]) -> str:
        raised = mark == "^"
        if self.math or self.next_is("{"):
            apart, self.apart = self.apart, False
            text = script(self.argument(), raised=raised)
            self.apart = apart
            return text
        following = self.tokens[self.at] if self.at < len(self.tokens) else ""
        bare = (_RAISED_BARE if raised else _LOWERED_BARE).match(following)
        if not bare or (raised and not out) or (not raised and not _LETTER_BASE.search("".join(out[-2:])[-3:])):
            return mark
        self.skip(bare.end())
        return script(bare[0], raised=raised)

    def next_is(self, start: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].startswith(start)

    def skip(self, characters: int) -> None:
        """Take the first characters off the next token."""
        rest = self.tokens[self.at][characters:]
        if rest:
            self.tokens[self.at] = rest
        else:
            self.at += 1

    def argument(self) -> str:
        """Read what a command takes: a group, a command, or one character."""
        while self.next_is(" ") or self.next_is("\n"):
            self.skip(1)
        if self.at >= len(self.tokens) or self.tokens[self.at][0] in "}$":
            return ""
        token = self.tokens[self.at]
        if token[0] in "{\\^_~":
            self.at += 1
            if self.depth >= _DEEPEST or token[0] in "^_~":
                return ""
            if token[0] == "{":
                return self.group("}")
            self.depth += 1
            text = self.command(token[1:], [])
            self.depth -= 1
            return text
        self.skip(1)
        return token[0]

    def raw_argument(self) -> str:
        """An argument as it is written, such as an address."""
        if not self.next_is("{"):
            return ""
        depth = 0
        parts: list[str] = []
        while self.at < len(self.tokens):
            piece = self.tokens[self.at]
            self.at += 1
            depth += {"{": 1, "}": -1}.get(piece, 0)
            if depth == 0:
                break
            parts.append(piece)
        return re.sub(r"\\([_%#&~$])", r"\1", "".join(parts[1:]))

    def optional(self) -> str:
        """An argument in square brackets, or nothing."""
        if not self.next_is("["):
            return ""
        parts: list[str] = []
        for _ in range(12):
            if self.at >= len(self.tokens):
                break
            token = self.tokens[self.at]
            end = token.find("]")
            if end >= 0:
                self.skip(end + 1)
                return "".join([*parts, token[:end]])[1:]
            parts.append(token)
            self.at += 1
        return "".join(parts)[1:]

    def command(self, name: str, out: list[str]) -> str:
        if name in STARRED and self.next_is("*"):
            self.skip(1)
        if name in SPACES:
            text = " "
        elif name in {"(", "["}:
            text = self.formula("\\)" if name == "(" else "\\]")
        elif name in SILENT:
            text = self.silent(name)
        elif name in WORDS and not (name == "deg" and not self.math):
            text = self.word(WORDS[name], out)
        elif name in ACCENTS:
            text = self.accent(name)
        elif name in SCRIPTS:
            text = script(self.argument(), raised=SCRIPTS[name])
        elif name in symbols():
            text = self.symbol(symbols()[name], out)
        else:
            text = self.structure(name, out)
        return text

    def structure(self, name: str, out: list[str]) -> str:
        """A command with arguments; of one that nobody knows, its name."""
        if name in FRACTIONS:
            above, below = self.argument(), self.argument()
            text = f"{_term(above)}/{_term(below)}"
        elif name == "sqrt":
            degree = script(self.optional(), raised=True)
            text = f"{degree}√{_term(self.argument())}"
        elif name in SHAPES:
            count, shape = SHAPES[name]
            self.optional()
            text = shape.format(*[self.argument().strip() for _ in range(count)])
        elif name in DROPPED:
            text = self.dropped(DROPPED[name])
        elif name == "href":
            address = self.raw_argument()
            text = self.argument() or address
        elif name in {"mathbb", "Bbb", "mathbbm", "mathds"}:
            letter = self.argument().strip()
            text = DOUBLE_STRUCK.get(letter, letter)
        elif name == "not":
            text = unicodedata.normalize("NFC", self.argument() + "\u0338")
        elif name == "unicode":
            text = _character(self.argument())
        else:
            text = self.word(name, out) if name.isalpha() else name
        return text

    def silent(self, name: str) -> str:
        if name in {"left", "right"} and self.next_is("."):
            self.skip(1)
        if name in {"url", "path", "nolinkurl"}:
            return self.raw_argument()
        self.tight = not self.next_is("{")
        return ""

    def dropped(self, count: int) -> str:
        self.optional()
        self.optional()
        for _ in range(count):
            self.argument()
        self.cited = True
        return ""

    def word(self, text: str, out: list[str]) -> str:
        glued = _last(out).isalnum() or (self.apart and not out)
        self.tight, self.apart = False, True
        return f" {text}" if glued else text

    def symbol(self, text: str, out: list[str]) -> str:
        last = _last(out)
        blank = " " if self.apart and text[0].isalnum() and last != " " else ""
        self.apart = False
        if self.math and (text[0].isalpha() or last != " "):
            self.tight = not text[0].isalpha() or (self.next_is(" ") and self.tokens[self.at][1:2].isalnum())
        return blank + text

    def accent(self, name: str) -> str:
        """A letter with its accent; a quote or apostrophe that somebody escaped stays what it is."""
        mark = name if name in "'\"" else ""
        if mark and not self.next_is("{") and (self.next_is(" ") or self.at >= len(self.tokens)):
            return mark
        bare = not self.next_is("{")
        letter = self.argument()
        base = {"ı": "i", "ȷ": "j"}.get(letter.strip(), letter.strip())
        marked = unicodedata.normalize("NFC", base + ACCENTS[name])
        if len(base) != 1 or not base.isalpha() or (len(marked) > 1 and len(name) == 1):
            return mark + letter if bare else letter
        if mark == '"' and base not in "aeiouyAEIOUY":
            return mark + letter
        return marked


def _dash(match: re.Match[str], last: str) -> str:
    """A dash as TeX writes it; the two hyphens of an option such as `--verbose` stay. `last` stands before it all."""
    before = match.string[max(0, match.start() - 1) : match.start()] or last
    after = match.string[match.end() : match.end() + 1]
    if match[1]:
        return "—"
    return match[0] if after.isalpha() and not before.strip() else "–"


def _last(out: list[str]) -> str:
    return out[-1][-1] if out else " "


def _term(text: str) -> str:
    text = text.strip()
    return text if len(text) == 1 or text.isalnum() or not re.search(r"[\s+\-−/·×±=,]", text) else f"({text})"


def _character(code: str) -> str:
    """The character that MathJax's `\\unicode{x2014}` names; nothing where it names none."""
    found = re.fullmatch(r"\s*(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))\s*", code)
    if not found:
        return ""
    number = int(found[1], 16) if found[1] else int(found[2])
    return chr(number) if number < 0x110000 else ""


def _with_library(text: str) -> str:
    """The text as pylatexenc reads it; what is too big or too broken for it stays as it is."""
    if len(text) > 4_000 or text.count("{") + text.count("\\") > 300:
        return text
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415 (one text in a thousand needs it)

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it warns of each text's faults; nobody can mend them
    escaped = re.sub(r"(?<!\\)%", r"\\%", text)
    try:
        read = LatexNodes2Text(math_mode="text").latex_to_text(escaped)
    except Exception:  # it raises what it likes on broken TeX, down to IndexError
        return text
    return str(read)
