"""Reads XML from outside: no document type, no entities of its own, bounded in size and depth.

It forgives what costs only a character, such as a stray `&`, for one bad character must not lose a day's papers.
"""

import codecs
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache, partial
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from bot.interfaces import SourceError, SourceTrouble

MOST_BYTES = 64_000_000
MOST_ELEMENTS = 500_000
MOST_DEPTH = 64

_PIECE = 65_536
"""Parsed at once; between two pieces other threads get their turn."""

_SPACE = b" \t\r\n"
_INVALID_TOKEN, _BAD_CHARACTER_REFERENCE, _UNDEFINED_ENTITY = 4, 14, 11  # xml.parsers.expat.errors.codes
_MENDABLE = frozenset({_INVALID_TOKEN, _BAD_CHARACTER_REFERENCE, _UNDEFINED_ENTITY})
_CUT = frozenset({"no element found", "unclosed token", "unclosed CDATA section", "partial character"})
_STRAY = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)|[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)
_REFERENCE = re.compile(r"&#(x[0-9A-Fa-f]{1,6}|[0-9]{1,7});")
_OTHER_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)


class XmlError(ValueError):
    """A text that is not read as XML; `str()` says what it is instead, such as `a web page, not XML`."""


class _Tree(TreeBuilder):
    """Builds elements under their local names: servers differ in namespaces, never in what a name means."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH:
            raise XmlError(f"XML more than {MOST_DEPTH} deep")
        if self._count > MOST_ELEMENTS:
            raise XmlError(f"XML of more than {MOST_ELEMENTS:,} elements")
        return super().start(_local(tag), {_local(name): value for name, value in attrs.items()})

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(_local(tag))


def read_xml(body: bytes) -> Element:
    """The root of this document. Tags and attributes have their local names: `creator`, not `dc:creator`.

    Raises XmlError, and nothing else.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").lstrip(_SPACE)
    if not body:
        raise XmlError("nothing")
    if _is_page(body):
        raise XmlError("a web page, not XML")
    if len(body) > MOST_BYTES:
        raise XmlError(f"more than {MOST_BYTES // 1_000_000} MB of XML")
    try:
        return _parsed(body[start : start + _PIECE] for start in range(0, len(body), _PIECE))
    except ParseError as error:
        if error.code not in _MENDABLE or body[:1] != b"<" or _OTHER_ENCODING.match(body):
            raise _explained(error, body) from None
    try:
        return _parsed(_mended(body))
    except ParseError as error:
        raise _explained(error, body) from None


def read_answer(body: bytes, *, who: str, tags: Collection[str]) -> Element:
    """The root of an answer, which has one of these tags. Raises SourceError (malformed) that names `who` sent it."""
    try:
        root = read_xml(body)
    except XmlError as error:
        raise malformed(f"{who} sent {error}.") from None
    if root.tag in tags:
        return root
    raise malformed(f"{who} sent XML of another kind, <{root.tag[:40]}>.")


def malformed(sentence: str) -> SourceError:
    """The error for an answer that is not what it should be."""
    return SourceError(sentence, reason=SourceTrouble.MALFORMED)


def text_of(element: Element, path: str) -> str:
    """All text within the first element at `path`, stripped; empty where there is none."""
    found = element.find(path)
    return "" if found is None else "".join(found.itertext()).strip()


def texts_of(element: Element, path: str) -> list[str]:
    """The texts within every element at `path` that has some."""
    every = ("".join(each.itertext()).strip() for each in element.iterfind(path))
    return [each for each in every if each]


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _parsed(pieces: Iterable[bytes]) -> Element:
    parser = DefusedXMLParser(target=_Tree(), forbid_dtd=True)
    try:
        for piece in pieces:
            parser.feed(piece)
        root: Element = parser.close()
    except DefusedXmlException:
        raise XmlError("XML with a document type, which I don't read") from None
    except XmlError:
        raise
    except (ValueError, LookupError):
        raise XmlError("XML in an encoding that I don't read") from None
    return root


def _mended(body: bytes) -> Iterator[bytes]:
    """The document without what XML forbids: wrong bytes, control characters, a bare `&`, entities of HTML."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    for line in iter(partial(BytesIO(body).readline, _PIECE), b""):
        text = _STRAY.sub(_spelt_out, decoder.decode(line))
        yield _REFERENCE.sub(_allowed, text).encode()


def _spelt_out(stray: re.Match[str]) -> str:
    return "&amp;" if stray[0] == "&" else " "


def _allowed(reference: re.Match[str]) -> str:
    digits = reference[1]
    code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    is_allowed = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if is_allowed else " "


def _is_page(body: bytes) -> bool:
    return re.match(rb"<(?:!doctype\s+)?html\b", body, re.IGNORECASE) is not None


def _explained(error: ParseError, body: bytes) -> XmlError:
    if body[:1] != b"<":
        return XmlError("something that is not XML")
    line, what = error.position[0], str(error).partition(":")[0]
    if what in _CUT:
        return XmlError(f"XML that ends in the middle, on line {line}")
    return XmlError(f"XML that is not well-formed: {what} on line {line}")
