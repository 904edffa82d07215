"""Addresses in what papers say: found however sloppily they were typed, and kept only when they are safe to show."""

import re
from urllib.parse import SplitResult, quote, urlsplit

LONGEST_LINK = 512
"""Characters a link may have: the most that fits a button (Discord's documentation of link buttons)."""
MOST_LINKS = 50
"""Links kept of one text."""

_HOSTS = "github|gitlab|huggingface|bitbucket|codeberg|sourceforge|zenodo|gitee"
_STARTS = ("www.", "hf.co", *(f"{host}." for host in _HOSTS.split("|")))
_SPLIT_HINTS = (". com/", ". co/", ". org/", ". io/", " .com", " .co/", ".com /")
_SPLIT_SCHEME = re.compile(r"(https?)\s?:\s?/{1,3}\s?(?=[A-Za-z0-9])", re.IGNORECASE)
_SPLIT_HOST = re.compile(rf"\b({_HOSTS})(?:\s\.\s?|\.\s)(com|org|co|net|io)\s?/\s?(?=\w)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([_#%&~$])|\\(?:allowbreak|sim)\s?|\$(\.)\$")
_REST = r"[^\s<>\"“”{}\\^`|\[\]$，。、；：）]"
_LINK = re.compile(rf"https?://{_REST}{{3,1000}}")
_BARE = re.compile(
    rf"(?<![\w@./-])(?=(?:www\.)?(?:{_HOSTS})\.(?:com|org|co|net|io)/|hf\.co/|[\w-]{{1,60}}\.github\.io\b|www\.)",
    re.IGNORECASE,
)
"""Where an address begins that has no scheme."""
_GLUED_SCHEME = re.compile(r"(?<![/=?&])https?://", re.IGNORECASE)
_HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE
)
_PLAIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,63}(?:/[A-Za-z0-9._~/-]*)?")
"""An address that is fit as it stands."""
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "/:?#!$&'+,;=%-._~"

_REPOSITORY = re.compile(
    r"https?://(?:www\.)?(?:(?:github\.com|gitlab\.(?:\w[\w-]*\.)*\w+|bitbucket\.org|codeberg\.org|gitee\.com)/[\w.~-]+/[\w.~-]+"
    r"|sourceforge\.net/(?:projects|p)/[\w.~-]+|git\.sr\.ht/~?[\w.-]+/[\w.-]+|anonymous\.4open\.science/\w+/[\w.~-]+)",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?!papers/|blog/|docs/)[\w.~-]+/[\w.~-]+", re.IGNORECASE
)
_NEXT_SENTENCE = re.compile(r"(?:\.[A-Z][a-z]{3,}|[,(].*|\.\(.*)$")
"""What follows a repository's name where the writer left out the blank."""


def find_links(text: str) -> tuple[str, ...]:
    """Every http(s) link in a text as it came, markup and slips of the hand included, in order, each once."""
    lower = text.lower()
    if not (_has_telling_slash(text) or "www." in lower or ".github.io" in lower):
        return ()
    found: dict[str, None] = {}
    for match in _LINK.finditer(_mended(text, lower)):
        for part in _unglued(match[0]):
            link = sound_link(_trimmed(part))
            if link:
                found[link] = None
        if len(found) >= MOST_LINKS:
            break
    return tuple(found)[:MOST_LINKS]


def _has_telling_slash(text: str) -> bool:
    """Whether a slash stands where an address has one, after a colon or a name with a full stop; most texts have none.

    Seven characters hold the longest ending that is known here, with the slips that are mended.
    """
    at = text.find("/")
    while at >= 0:
        before = text[max(0, at - 7) : at]
        if ":" in before or "." in before:
            return True
        at = text.find("/", at + 1)
    return False


def _mended(text: str, lower: str) -> str:
    """The text with every address written out whole; each mending is tried only where there is a sign of need."""
    if "\\" in text or "$" in text:
        text = _ESCAPED.sub(lambda match: match[1] or match[2] or "", text)
    if ":// " in text or not lower.count("http") == text.count("http") == text.count("://"):
        text = _SPLIT_SCHEME.sub(lambda match: f"{match[1].lower()}://", text)
    if any(each in lower for each in _SPLIT_HINTS):
        text = _SPLIT_HOST.sub(r"\1.\2/", text)
    if text.count("://") < sum(map(lower.count, _STARTS)):
        text = _BARE.sub("https://", text)
    return text


def code_link(links: tuple[str, ...]) -> str | None:
    """The first of these that leads to a repository, else to a model or a data set; None where none does."""
    for wanted in (_REPOSITORY, _MODEL):
        for each in links:
            if wanted.match(each):
                return each
    return None


def sound_link(url: str) -> str | None:
    """This address, fit to be shown and pressed; None unless it is http(s) to a named host, without user or password.

    Whatever could end a link in Markdown is percent-encoded; the host is in lower case.
    """
    if len(url) > LONGEST_LINK or not url.isprintable():
        return None
    if _PLAIN.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme.lower() not in {"http", "https"} or not _HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    sound = _rebuilt(parts, host if port is None else f"{host}:{port}")
    return sound if len(sound) <= LONGEST_LINK else None


def _rebuilt(parts: SplitResult, netloc: str) -> str:
    path, query, fragment = (quote(_BAD_ESCAPE.sub("%25", each), safe=_SAFE) for each in parts[2:])
    return (
        f"{parts.scheme.lower()}://{netloc}{path}"
        + (f"?{query}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def _unglued(link: str) -> list[str]:
    """One address, or more where a second one begins in the middle of it."""
    starts = [match.start() for match in _GLUED_SCHEME.finditer(link, 1)]
    return [link[start:stop] for start, stop in zip([0, *starts], [*starts, len(link)], strict=True)]


def _trimmed(link: str) -> str:
    """The link without what the sentence put after it."""
    while link:
        if link[-1] == ")" and link.count(")") <= link.count("("):
            break
        if link[-1] not in ".,;:!?'’*)(…‐–—":
            break
        link = link[:-1]
    if _REPOSITORY.match(link) or _MODEL.match(link):
        link = _NEXT_SENTENCE.sub("", link)
    return link
