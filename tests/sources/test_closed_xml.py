"""XML from outside: bounded, closed to entities, and shared fairly with other threads."""

import pytest

from bot.sources import closed_xml
from bot.sources.closed_xml import XmlError, read_xml, text_of, texts_of


def test_names_are_local_and_text_is_whole() -> None:
    root = read_xml(b'<a xmlns="u:1" xmlns:b="u:2"> <b:c b:d="1">one <i>two</i> three</b:c><c> </c><c>four</c></a>')
    assert root.tag == "a"
    assert root[0].attrib == {"d": "1"}
    assert text_of(root, "c") == "one two three"
    assert texts_of(root, "c") == ["one two three", "four"]
    assert text_of(root, "missing") == ""


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf\n  <?xml version="1.0"?><a>\xc3\xa9</a>',
        '<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>',
        b'<?xml version="1.0" encoding="windows-1252"?><a>\xe9</a>',
        b"<a>&#233;</a>",
        b"<a><![CDATA[\xc3\xa9]]></a>",
    ],
)
def test_what_is_well_formed_is_read(body: bytes) -> None:
    assert text_of(read_xml(body), ".") == "é"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<a>R&D \x0b</a>", "R&D"),
        (b"<a>x &nbsp; y</a>", "x &nbsp; y"),
        (b"<a>x &#0; &#xB; &#xD800; &#99999999; y</a>", "x       &#99999999; y"),
        (b"<a>caf\xe9</a>", "caf\ufffd"),
        (b"<a>&amp;&lt;&#65;& b\x01</a>", "&<A& b"),
        (b"<a>" + b"x" * 65_530 + "é&".encode() + b"</a>", "x" * 65_530 + "é&"),  # across the end of a piece
    ],
)
def test_what_costs_only_a_character_is_forgiven(body: bytes, text: str) -> None:
    assert text_of(read_xml(body), ".") == text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "nothing"),
        (b" \n", "nothing"),
        (b"{}", "something that is not XML"),
        (b"<a>\n<b>", "XML that ends in the middle, on line 2"),
        (b"<a>\n</b>", "XML that is not well-formed: mismatched tag on line 2"),
        (b"<a/><b/>", "XML that is not well-formed: junk after document element on line 1"),
        (b"<HTML><br></HTML>", "a web page, not XML"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "XML with a document type, which I don't read"),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><a>&x;</a>',
            "XML with a document type, which I don't read",
        ),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "XML in an encoding that I don't read"),
        (
            b'<?xml version="1.0" encoding="iso-8859-1"?><a>\x01</a>',
            "XML that is not well-formed: not well-formed (invalid token) on line 1",
        ),
    ],
)
def test_what_is_not_read_says_what_it_is(body: bytes, words: str) -> None:
    with pytest.raises(XmlError) as caught:
        read_xml(body)
    assert str(caught.value) == words


def test_the_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(XmlError, match="more than 64 deep"):
        read_xml(b"<a>" * 65 + b"</a>" * 65)
    monkeypatch.setattr(closed_xml, "MOST_ELEMENTS", 10)
    monkeypatch.setattr(closed_xml, "MOST_BYTES", 1_000)
    read_xml(b"<a>" + b"<b/>" * 9 + b"</a>")
    with pytest.raises(XmlError, match="more than 10 elements"):
        read_xml(b"<a>" + b"<b/>" * 10 + b"</a>")
    with pytest.raises(XmlError, match="more than 0 MB"):
        read_xml(b"<a>" + b"x" * 1_000 + b"</a>")
