"""Turns outside text, with its TeX, HTML and stray characters, into one readable line. It never fails."""

import html
import re
import unicodedata

from bot.domain.tex import read_tex, script

TITLE_LIMIT = 1_000
ABSTRACT_LIMIT = 20_000

_ACTIVE = ("\\", "$", "~", "^", "_", "{", "}", "<", "&", "`", "--", "''")
"""What TeX or HTML could be made of; a text with none of these holds neither."""

_MOST_ACTIVE = 3_000
"""Of these a text may hold; with more it was made to keep us busy, and all markup goes unread."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE = (
    "a|abbr|b|big|cite|code|em|font|i|mark|small|span|strike|strong|sub|sup|tt|u|bold|ext-link|inline-formula|italic|"
    "list|monospace|named-content|roman|sc|styled-content|tex-math|underline|uri|xref|alternatives"
)
_BLOCK = (
    "abstract|article|blockquote|body|br|center|dd|disp-formula|disp-quote|div|dl|dt|figure|h[1-6]|head|hr|html|img|"
    "li|list-item|meta|ol|p|pre|script|sec|section|style|table|tbody|td|th|thead|title|tr|ul"
)
_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)){0,20}\s*"""
_SCRIPT_TAG = re.compile(r"<(?:jats:)?su([bp])>([^<>]{1,40})</(?:jats:)?su[bp]>", re.IGNORECASE)
_TAG = re.compile(
    rf"<(?:!--[^<>]*--|!\[CDATA\[|/?(?:(?:jats:)?(?:({_BLOCK})|{_INLINE})|m(?:ml)?:[a-z]{{1,14}}){_ATTRIBUTES}/?)>",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"[^\w\s\x00-\x7f]{4,}")
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that draw nothing."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ASCII_CONTROLS = bytes([*range(32), 127])
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})


def readable(text: str, *, limit: int) -> str:
    """This text as one line of plain text of at most `limit` characters; a longer one is cut and ends with an ellipsis.

    TeX and HTML become the characters they stand for, in NFC; control, bidirectional, invisible and private
    characters are gone, and no more than three combining marks stand in a row. Reading the result again gives the same.
    """
    whole, text = len(text) <= limit, text[:limit]
    if not _is_plain(text):
        text = _settled(text)
    return text if whole and len(text) <= limit else _shortened(text, limit)


def _shortened(text: str, limit: int) -> str:
    """Cut the text and say so; where the cut brought markup to life, the markup goes."""
    text = text[: limit - 1].rstrip(" …") + "…"
    return text if not _is_active(text) or _settled(text) == text else _without_markup(text)[:limit]


def _is_plain(text: str) -> bool:
    return not _is_active(text) and _is_printable_ascii(text) and "  " not in text and text == text.strip()


def _is_printable_ascii(text: str) -> bool:
    """Like `isascii() and isprintable()`, in a third of the time."""
    return text.isascii() and len(text.encode("ascii").translate(None, _ASCII_CONTROLS)) == len(text)


def _is_active(text: str) -> bool:
    """Whether the text holds any of _ACTIVE; written out, as it is asked of every name and abstract."""
    if "\\" in text or "$" in text or "_" in text or "~" in text or "&" in text or "<" in text:
        return True
    if "{" in text or "}" in text or "^" in text or "`" in text:
        return True
    return ("-" in text and "--" in text) or ("'" in text and "''" in text)


def _settled(text: str) -> str:
    """Read the text until nothing changes: feeds escape what was escaped already."""
    clean = not _is_printable_ascii(text)
    if clean:
        text = cleaned(text)
    if len(text) > _MOST_ACTIVE and sum(map(text.count, _ACTIVE)) > _MOST_ACTIVE:
        return _without_markup(text)
    for _ in range(4):
        read = read_tex(_without_html(text)) if _is_active(text) else text
        if read == text:
            return text if clean else cleaned(text)
        text, clean = cleaned(read), True
    return _without_markup(text)


def _without_markup(text: str) -> str:
    for each in _ACTIVE:
        text = text.replace(each, " ")
    return cleaned(text)


def _without_html(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "<" in text:
        text = _SCRIPT_TAG.sub(lambda match: script(match[2], raised=match[1] in "pP"), text)
        text = _TAG.sub(lambda match: " " if match[1] else "", text)
    return text


def cleaned(text: str) -> str:
    """The text in NFC on one line, without characters that control, hide or pile up; markup stays as it is."""
    printable = _is_printable_ascii(text) or text.isprintable()
    if not printable or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
        printable = text.isprintable()
    if printable and text.isascii():
        return text
    kinds = {each: unicodedata.category(each) for each in set("".join(_NOT_ASCII.findall(text)))}
    dropped = {ord(each): None for each, kind in kinds.items() if _is_dropped(each, kind)}
    if dropped or not printable:
        text = " ".join(text.translate(dropped | dict.fromkeys(_ASCII_CONTROLS)).split())
    text = unicodedata.normalize("NFC", text)
    if any(kind[0] == "M" for kind in kinds.values()):
        text = _SYMBOLS.sub(lambda match: _few_marks(match[0]), text)
    return text


def _is_dropped(character: str, kind: str) -> bool:
    code = ord(character)
    not_a_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not_a_character or kind in _DROPPED or character in _BLANK_LETTERS


def _few_marks(run: str) -> str:
    kept = []
    marks = 0
    for each in run:
        marks = marks + 1 if unicodedata.category(each)[0] == "M" else 0
        if marks <= 3:
            kept.append(each)
    return "".join(kept)
