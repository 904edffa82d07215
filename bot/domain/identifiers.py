"""Papers' names in other people's schemes: arXiv ids and DOIs in any spelling. It never asks whether they exist."""

import re
from datetime import date
from typing import NamedTuple, Protocol
from urllib.parse import quote, unquote

LONGEST_ID = 512
"""Characters an id may have."""
LONGEST_TEXT = 20_000
"""Characters of a running text that are looked at."""


class ExternalId(NamedTuple):
    """A paper's name in somebody's scheme, version-blind: `arxiv:2401.01234`, `doi:10.1000/xyz`.

    A tuple, for ids are looked up far more often than anything else.
    """

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Placed(Protocol):
    """What page_url and pdf_url ask of a paper."""

    @property
    def ids(self) -> tuple[ExternalId, ...]: ...
    @property
    def page_url(self) -> str | None: ...
    @property
    def pdf_url(self) -> str | None: ...


_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|"
    "funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|"
    "q-alg|q-bio|quant-ph|solv-int|supr-con"
)
# https://info.arxiv.org/help/arxiv_identifier.html: four digits from 0704 to 1412, five since 1501.
_NEW = r"(?:(?:0[89]|1[0-4])(?:0[1-9]|1[0-2])|07(?:0[4-9]|1[0-2]))\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5}"
_FIVE_DIGITS_SINCE = 15
_OLD = rf"(?:{_ARCHIVES})(?:\.[a-z]{{2,5}}(?:-[a-z]{{2,5}})?)?/(?:9[1-9]|0[0-7])(?:0[1-9]|1[0-2])\d{{3}}"
_ARXIV = rf"(?P<new>{_NEW})(?:v\d{{1,3}})?|(?P<old>{_OLD})(?:v\d{{1,3}})?"
_FLAGS = re.IGNORECASE | re.ASCII
_BARE_ARXIV = re.compile(rf"(?<![\w./$€£,-])(?:(?:oai:)?arxiv(?:\.org)?:\s?)?(?:{_ARXIV})(?![\w/]|[.,-]\d)", _FLAGS)
_ARXIV_URL = re.compile(
    r"(?:\w{1,20}\.)?(?:arxiv\.org|alphaxiv\.org|ar5iv\.org|ar5iv\.labs\.arxiv\.org|huggingface\.co|hf\.co|"
    rf"scirate\.com|papers\.cool)/(?:[\w-]{{1,20}}/){{1,2}}(?:{_ARXIV})(?!\d)",
    _FLAGS,
)
_MISCOUNTED = re.compile(
    r"(?P<named>(?:https?://)?(?:\w{1,20}\.)?arxiv\.org/\w{3,4}/|(?:oai:)?arxiv(?:\.org)?(?::\s*|\s+)|"
    r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\.)?"
    r"(?P<id>(?P<year>\d\d)(?P<month>\d\d)\.(?P<digits>\d{1,9}))(?:v\d{1,3})?(?:\.pdf)?[.,;]?",
    _FLAGS,
)
_AROUND = "()[]<>{},;:!?.|*_`~\"'“”‘’„«»"
"""What may stand around an id in a running text."""
_PLAIN_ARXIV = re.compile(_ARXIV, _FLAGS)
_DATACITE = re.compile(rf"10\.48550/arxiv\.(?:{_ARXIV})", _FLAGS)
_DOI = re.compile(
    r"(?<![\d.])10\.\d{4,9}(?:\.\d{1,9}){0,5}(?:/|%2F)[^\s\"“”«»|\\^`{}。，、；：）】]{1,600}", re.IGNORECASE
)
_PUBLISHERS_ENDING = re.compile(
    r"(?:v\d{1,2})?(?:\.full(?:-text)?|\.abstract|/full|/abstract|/e?pdf)?(?:\.pdf)?$", _FLAGS
)
_VERSION = re.compile(r"(?:[0-9]{4}\.[0-9]{4,5}|/[0-9]{7})v([1-9][0-9]{0,2})(?![0-9])")
_STARTS_AS_ONE = re.compile(r"[<(]?(?:https?://|(?:oai:|info:)?(?:arxiv|doi)\b|10\.\d|\d{4}\.\d|[\w.-]{1,60}/)", _FLAGS)


def parse_identifier(text: str) -> ExternalId | None:
    """The one id this text is, in whatever spelling; None where it is none, or is a sentence that holds one."""
    text = text.strip()
    plain = _PLAIN_ARXIV.fullmatch(text.removeprefix("https://arxiv.org/abs/"))
    if plain:
        return _arxiv(plain)
    if len(text) > 2 * LONGEST_ID or len(text.split()) > 2 or not _STARTS_AS_ONE.match(text):
        return None
    found = find_identifiers(text)
    return found[0] if len(found) == 1 else None


def miscounted_id(text: str) -> str:
    """What is said of a text that looks like an arXiv id with digits missing or too many, or with a month that is none;
    empty where it does not.

    A bare number does so only if a single digit is wrong, or the month next to right: else it is a number.
    """
    told, is_named = _miscounted(text)
    otherwise = "" if is_named else ", or put it into quotes if it is a number in a text"
    return told and f"{told}. Check it{otherwise}."


def _miscounted(text: str) -> tuple[str, bool]:
    """What is wrong with the id that this text looks like, if anything, and whether the text says that it is one."""
    found = _MISCOUNTED.fullmatch(text.strip()[:LONGEST_ID])
    if found is None:
        return "", False
    is_named = bool(found["named"])
    if not 1 <= int(found["month"]) <= 12:
        told = (
            f"{found['id']} looks like an arXiv id, but those begin with the year and the month, and no month is "
            f"{found['month']}"
        )
        is_near = 7 <= int(found["year"]) < 50 and not int(found["month"]) >= 20
        return (told if is_named or (is_near and len(found["digits"]) == 5) else ""), is_named
    if not 7 <= int(found["year"]) < 50:
        return "", is_named
    right, name = (5, "five") if int(found["year"]) >= _FIVE_DIGITS_SINCE else (4, "four")
    wrong = len(found["digits"]) - right
    if not wrong or (abs(wrong) > 1 and not is_named):
        return "", is_named
    digits = "a digit" if abs(wrong) == 1 else f"{abs(wrong)} digits"
    told = (
        f"{found['id']} looks like an arXiv id with {digits} {'missing' if wrong < 0 else 'too many'}: those of "
        f"20{found['year']} have {name} after the dot"
    )
    return told, is_named


def miscounted_ids(text: str) -> list[str]:
    """What is wrong with each word of a running text that looks like an arXiv id and is none, a sentence each."""
    told = (_miscounted(each.strip(_AROUND))[0] for each in text[:LONGEST_TEXT].split())
    return [f"{each}." for each in dict.fromkeys(told) if each]


def lists_ids(text: str) -> bool:
    """Whether this text is nothing but two or more ids, of which all but one may be mistyped."""
    chunks = [each.strip(",;") for each in text[: 2 * LONGEST_ID].split() if each.strip(",;") and each != "and"]
    known = [parse_identifier(each) for each in chunks]
    return (
        len(chunks) > 1
        and any(known)
        and all(each or _miscounted(chunk)[0] for each, chunk in zip(known, chunks, strict=True))
    )


def find_identifiers(text: str) -> list[ExternalId]:
    """Every id in a running text of at most LONGEST_TEXT characters, in order, each once."""
    text = text[:LONGEST_TEXT]
    found = [(match.span(), _arxiv(match)) for match in _BARE_ARXIV.finditer(text)]
    if "/" in text:
        found += [(match.span(), _arxiv(match)) for match in _ARXIV_URL.finditer(text)]
    if "10." in text:
        dois = ((match.span(), _doi(text, match)) for match in _DOI.finditer(text))
        found += [(span, known) for span, known in dois if known]
    ids: dict[ExternalId, None] = {}
    end = 0
    for (start, stop), known in sorted(found):
        if start >= end:
            ids[known] = None
            end = stop
    return list(ids)


def arxiv_version(text: str) -> int | None:
    """The version that an arXiv id or its address names, such as 3 for `2401.01234v3`."""
    found = _VERSION.search(text[:LONGEST_ID])
    return int(found[1]) if found else None


def arxiv_month(value: str) -> date | None:
    """The first day of the month in which this arXiv id was given out."""
    digits = value.rpartition("/")[2]
    if not re.fullmatch(r"[0-9]{7}|[0-9]{4}\.[0-9]{4,5}", digits):
        return None
    year, month = int(digits[:2]), int(digits[2:4])
    if not 1 <= month <= 12:
        return None
    return date(1900 + year if "/" in value and year > 90 else 2000 + year, month, 1)


def page_url(paper: Placed) -> str | None:
    """Where to read about the paper: its arXiv page, else its DOI, else what the source gave."""
    for each in paper.ids:
        if each.scheme == "arxiv":
            return id_url(each)
    for each in paper.ids:
        if each.scheme == "doi":
            return id_url(each)
    return paper.page_url


def id_url(identifier: ExternalId) -> str | None:
    """The page of whatever has this arXiv id or DOI; None for another scheme."""
    match identifier.scheme:
        case "arxiv":
            return f"https://arxiv.org/abs/{identifier.value}"
        case "doi":
            return f"https://doi.org/{quote(identifier.value, safe='/:;.-_~')}"
    return None


def pdf_url(paper: Placed) -> str | None:
    """Where its PDF is: at arXiv, else where the source said."""
    for each in paper.ids:
        if each.scheme == "arxiv":
            return f"https://arxiv.org/pdf/{each.value}"
    return paper.pdf_url


def _arxiv(match: re.Match[str]) -> ExternalId:
    if match["new"]:
        return ExternalId("arxiv", match["new"])
    archive, _, number = match["old"].lower().partition("/")
    return ExternalId("arxiv", f"{archive.partition('.')[0]}/{number}")


def _doi(text: str, match: re.Match[str]) -> ExternalId | None:
    """A DOI as DOIs are compared: in lower case, without what the sentence or the address put after it."""
    value = match[0].partition("</")[0]
    before = text[max(0, match.start() - 300) : match.start()].rpartition(" ")[2]
    if "://" in before:
        value = unquote(re.split(r"[?#&]", value, maxsplit=1)[0])
        if "doi.org" not in before:
            value = _PUBLISHERS_ENDING.sub("", value)
    datacite = _DATACITE.match(value)
    if datacite:
        return _arxiv(datacite)
    value = _trimmed(value)
    if len(value) > LONGEST_ID or value.endswith("/") or not value.isprintable() or " " in value:
        return None
    return ExternalId("doi", value.lower())


def _trimmed(text: str) -> str:
    """The text without closing punctuation that it did not open."""
    while text:
        last = text[-1]
        opener = {")": "(", "]": "[", ">": "<"}.get(last)
        if last not in ".,;:!?'’*" and (opener is None or text.count(last) <= text.count(opener)):
            break
        text = text[:-1]
    return text
