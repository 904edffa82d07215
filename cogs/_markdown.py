"""Discord's markdown, made safe: cleans outside text, escapes it, cuts it to a budget and makes our links.

Refuses to let outside text mean anything: only code of ours makes a link, a mention or bold words.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from urllib.parse import quote

MOST_MARKS = 3
"""How many combining marks one character keeps; more is decoration that runs over its neighbours."""

_LONGEST = 16_000
"""How many characters of a text are looked at; a message holds 4,000, so the rest could never be shown."""

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are not spaces
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufffc\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # of no width
    "\ud800-\udfff"  # halves of a pair, which UTF-8 cannot hold
    "]"
)
_SPACES = re.compile(r"\s+")
_SYMBOLS = re.compile(r"[^\w\s\x00-\x7f\u2010-\u2027\ue000\ue001]+")
"""Runs of what is no letter, digit, space or common punctuation: every combining mark stands in one."""

_MEANS_SOMETHING = re.compile(
    r"""
      [\\`*_~|<>\[\]\#@]          # code, bold, italic, underline, strike, spoiler, quote, links, headings, mentions
    | :(?!\s)                     # schemes of bare links, emoji codes, times
    | (?<=\])\(                   # after an earlier link of ours `](` would begin a target, escaped bracket or not
    | (?<=discord)\. | (?<=discordapp)\.   # invitations, found without a scheme
    | \A[\s\ue000]*[-+]           # lists and small print
    | (?:\A|\ue000)[\s\ue000]*[0-9]+\.   # numbered lists; what is bold is read as a text of its own
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GROUP_MENTION = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s[^a-z])|[。！？]")
_ADDRESS = re.compile(
    r"(https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](?::[0-9]{1,4})?)([/?#].*)?",
    re.IGNORECASE,
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BRACKETS = str.maketrans("[]", "［］")
_BOLD, _END = "\ue000", "\ue001"
_ASTRAL = "\uffff".__lt__
_NEVER_PARTED = "\u00a0"
"""A blank at which no line ends."""
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def units(text: str) -> int:
    """What a text counts against a budget: its UTF-16 units, or half its UTF-8 bytes where that is more.

    Discord's limits are in characters, at worst UTF-16 units, but a layout whose 4,000 characters take
    over about 10,000 bytes is refused as well (discord-api-docs issue 8554).
    """
    if text.isascii():
        return len(text)
    return max(len(text) + sum(map(_ASTRAL, text)), (len(text.encode()) + 1) // 2)


def clean(text: str) -> str:
    """The text on one line, in NFC, without characters that are invisible, reverse text or pile up.

    Only the first 16,000 characters are read; spaces at either end stay. Cleaning twice changes nothing.
    """
    visible = _SPACES.sub(" ", _INVISIBLE.sub("", text[:_LONGEST]))
    if visible.isascii():
        return visible
    # The piles go first: sorting a long run of marks, as NFC does, takes quadratic time.
    return _without_piles(unicodedata.normalize("NFC", _SPACES.sub(" ", _without_piles(visible))))


def _without_piles(text: str) -> str:
    return _SYMBOLS.sub(_few_marks, text)


def _few_marks(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    marks = 0 if before.strip() else MOST_MARKS  # alone, a mark would sit on whatever we wrote there
    kept = []
    for character in match.group():
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _is_mark(character: str) -> bool:
    return character > "\u02ff" and unicodedata.category(character)[0] == "M"


def escape(text: str) -> str:
    """Markdown that shows this text, cleaned, as it is, wherever it is put on a line.

    A backslash before punctuation shows the punctuation (Discord's parser: `\\\\([^0-9A-Za-z\\s])`).
    """
    return _escape_clean(clean(text))


def _escape_clean(text: str) -> str:
    return _MEANS_SOMETHING.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    found = match.group()
    backslashed = f"{found[:-1]}\\{found[-1]}"
    return f"{backslashed}\u200b" if _GROUP_MENTION.match(match.string, match.start()) else backslashed


def cut(text: str, limit: int) -> str:
    """The escaped text in at most `limit` units (at least 2): see `fit`."""
    return fit(text, limit)[0]


def fit(text: str, limit: int) -> tuple[str, bool]:
    """The escaped text in at most `limit` units (at least 2), and whether something was cut off.

    Cuts after a sentence where one ends in the last half, else after a word, else after a character
    with its marks, and ends in an ellipsis.
    """
    whole = clean(text).strip()
    if len(whole) <= limit and units(shown := _unparted(_escape_clean(whole))) <= limit:
        return shown, False
    whole = whole[:limit]
    room = limit - units(" …")
    longest = bisect_right(range(1, len(whole) + 1), room, key=lambda end: units(_escape_clean(whole[:end])))
    return _ended(whole, longest, limit), True


def _ended(whole: str, longest: int, limit: int) -> str:
    ends = [each.end() for each in _SENTENCE_END.finditer(whole[: longest + 2], longest // 2)]
    sentences = [end for end in ends if end <= longest]
    told = f"{_escape_clean(whole[: sentences[-1]])}{_NEVER_PARTED}…" if sentences else ""
    if told and units(told) <= limit:  # the blank takes a byte more than others
        return told
    space = whole.rfind(" ", longest // 2, longest + 1)
    end = space if space > 0 else _character_end(whole, longest)
    return f"{_escape_clean(whole[:end].rstrip())}…"


def _unparted(shown: str) -> str:
    """The text, at whose end an ellipsis is never on a line by itself."""
    return f"{shown.removesuffix(' …')}{_NEVER_PARTED}…" if shown.endswith(" …") else shown


def _character_end(whole: str, end: int) -> int:
    while 0 < end < len(whole) and _joins(whole, end):
        end -= 1
    return end


def _joins(whole: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it: a mark, a skin tone, half a flag, a jamo."""
    character = whole[at]
    if character in _FLAG_LETTERS:
        before = whole[:at]
        return (len(before) - len(before.rstrip(_FLAG_LETTERS))) % 2 == 1
    return _is_mark(character) or "\U0001f3fb" <= character <= "\U0001f3ff" or "\u1160" <= character <= "\u11ff"


def plain(text: str, limit: int) -> str:
    """The text, cleaned but not escaped, for places without markdown; at most `limit` units (at least 2)."""
    whole = clean(text).strip()
    if units(whole) <= limit:
        return whole
    whole = whole[:limit]
    longest = bisect_right(range(1, len(whole) + 1), limit - units("…"), key=lambda end: units(whole[:end]))
    return f"{whole[: _character_end(whole, longest)].rstrip()}…"


def address(url: str | None, limit: int = 512) -> str | None:
    """The web address as it may stand in a link or on a button, or None for anything else.

    Has at most `limit` characters (512 is what a button takes), and none that mean something in markdown.
    """
    if not url or len(url) > limit or not url.isprintable() or " " in url:
        return None
    parts = _ADDRESS.fullmatch(url)
    if parts is None:
        return None
    rest = quote(_STRAY_PERCENT.sub("%25", parts[2] or ""), safe="-._~:/?#@!$&+,;=%")
    safe = parts[1].lower() + rest
    return safe if len(safe) <= limit else None


def link(text: str, url: str | None, limit: int = 200) -> str:
    """The text, cut to `limit` units, as a link; without a usable address the escaped text alone.

    Square brackets of the text become full-width ones: Discord's parser counts escaped ones too.
    """
    target = address(url)
    label = cut(text.translate(_BRACKETS), limit)
    return f"[{label}]({target})" if target and label else cut(text, limit)


def highlight(text: str, spans: Sequence[tuple[int, int]], limit: int) -> str:
    """The text as of `cut`, in at most `limit` units, with the characters of each span in bold.

    A span is a start and an end as of a slice; what overlaps or is out of bounds is made to fit, and each begins with
    a letter or digit.
    """
    marked = clean(_marked(text[:_LONGEST].replace(_BOLD, "\ufffd").replace(_END, "\ufffd"), spans))
    marked = marked.replace(_BOLD + _END, "").replace(_END + _BOLD, "")
    asterisks = marked.count(_BOLD) + marked.count(_END) + 1
    if asterisks > limit // 2:
        return cut(text, limit)
    shown = cut(marked, limit - asterisks)
    shown += _END * (shown.count(_BOLD) - shown.count(_END))
    return shown.replace(_BOLD, "**").replace(_END, "**")


def highlighted_link(text: str, spans: Sequence[tuple[int, int]], url: str | None, limit: int) -> str:
    """The same as a link, as `link` makes one; without a usable address, and of no text, what `highlight` makes."""
    target = address(url)
    if target is None or not clean(text).strip():
        return highlight(text, spans, limit)
    return f"[{highlight(text.translate(_BRACKETS), spans, limit)}]({target})"


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for first, last in sorted(spans):
        start, end = max(first, at), min(last, len(text))
        while start < end < len(text) and _is_mark(text[end]):
            end += 1
        while start < end and not (text[start].isalnum() or (parts and start == at)):
            start += 1  # Discord reads what is bold as a text of its own: a hyphen at its beginning would be a list
        if start < end:
            parts += [text[at:start], _BOLD, text[start:end], _END]
            at = end
    return "".join([*parts, text[at:]])
