"""Reads a request as people say it to one another, "papers by Hinton from 2012", as the query they would write.

For searches that a person waits for; what a channel follows is never read so freely.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.analysis import STOP_WORDS, words
from bot.domain.categories import bare_code
from bot.domain.parsing import query_or_none
from bot.domain.query import And, Published, Query, Side, all_of
from bot.domain.query_fields import QUOTES
from bot.domain.ranking import Order
from bot.domain.references import without_citations
from bot.domain.spoken_limits import YEAR, limits_behind, since_the_year_before, without_limits, year_behind

PAPERS = r"(?:(?:research|scientific)\s+)?(?:papers?|articles?|publications?|preprints?)"
PRAISE = r"(?:(?:all|any|some|the|that|those|more|an?|most\s+recent|recent|latest|new|newest|best|good|top)\s+)*"
_WITH_CODE = (
    r"(?:with|having|(?:that|which)\s+ha(?:s|ve))\s+(?:(?:available|official|open|public|released|source)\s+)*code"
    r"(?:\s+available)?(?=[,;.]?(?:$|\s+(?:about|after|and|before|by|for|from|in|on|published|regarding|since|until)\s))"
)
WHICH = (
    r"(?=(?:between|by|from|of|in|about|on|regarding|concerning|related|published|written|since|after|before|like|similar\s+to)\s|"
    rf"{_WITH_CODE}|(?:(?:this|last|past)\s+(?:[0-9]+\s+)?(?:day|week|month|year)s?|today|yesterday)\b)"
)
_MOST_VOTED = r"(?:most|highly|top)[\s-](?:cited|popular|upvoted|voted)"
_MOST_KNOWN = rf"(?:{_MOST_VOTED}|most\s+(?:discussed|famous|important|influential|liked|read)|seminal)"
"""What is said of papers that many know."""
_KNOWN = rf"(?:(?P<known>(?:the\s+)?(?:{_MOST_KNOWN}|famous|influential|popular|trending|well[\s-]known))\s+)?"
_ASKED_FOR = re.compile(
    rf"(?:(?:(?:please|can\s+you|could\s+you)\s+)?(?:show|find|give|get|list|recommend|suggest)(?:\s+me)?\s+|"
    rf"(?:(?:i\s+want|i\s+need|(?:i\s*['’]?a?m\s+)?(?:looking|searching)\s+for|search\s+for)\s+)|"
    rf"(?:(?:what|which)(?:\s+(?:is|are)|['’]s)?|are\s+there|is\s+there|do\s+you\s+(?:have|know))\s+)?"
    rf"{PRAISE}{_KNOWN}{PAPERS}\s+(?:(?:(?:that|which)\s+)?(?:is|are)\s+)?{WHICH}",
    re.IGNORECASE,
)
"""How a request begins; what it asks for comes after a word that says which papers."""
_CODE = re.compile(rf"(?:^|,?\s){_WITH_CODE}", re.IGNORECASE)

_NOTHING = STOP_WORDS | {"her", "him", "it", "mine", "my", "one", "that", "them", "these", "this", "those", "yours"}
"""Words that say nothing of a topic by themselves."""
_NEW = re.compile(r"\b(?:recent|new)\b", re.IGNORECASE)
_NEWEST = re.compile(r"\b(?:latest|newest|most\s+recent)\b", re.IGNORECASE)
_BEST = re.compile(r"\b(?:best|top)\b", re.IGNORECASE)
_NEWS = re.compile(r"(?:what(?:\s+is|['’]?s)|anything)\s+new\s+(?=(?:about|in|on|with)\s)(?P<rest>\S.*)", re.IGNORECASE)
_PAPERS_ALONE = re.compile(rf"{PRAISE}{PAPERS}", re.IGNORECASE)
_QUESTION = re.compile(
    r"who\s+(?:first\s+)?(?:invented|introduced|proposed|discovered|developed|created|wrote|made|came\s+up\s+with)\s+"
    r"(?:the\s+|an?\s+)?(?P<rest>\S.*)",
    re.IGNORECASE,
)
_RESEARCH = re.compile(
    rf"(?P<asked>(?:show|give|find|get)(?:\s+me)?\s+)?(?P<praise>{PRAISE})(?:works?|research)\s+(?P<rest>{WHICH}\S.*)",
    re.IGNORECASE,
)
_LATTER = re.compile(rf"{PRAISE}(?P<rest>\S.*\S)\s+{PAPERS}(?P<code>\s+{_WITH_CODE})?", re.IGNORECASE)
_FIRST_OF = re.compile(
    rf"(?:the\s+)?(?:(?P<newest>latest|newest|most\s+recent)|{_MOST_VOTED})\s+(?P<rest>\S.*\S)\s+{PAPERS}(?P<code>\s+{_WITH_CODE})?",
    re.IGNORECASE,
)
_OPERATORS = re.compile(rf"\b(?:AND|OR|NOT)\b|[{QUOTES}()*]|(?<!\S)-\S")
_YEAR_ENCLOSED = re.compile(rf"(?<!\bal\.)(?<!\bal)\s+\(({YEAR})[a-z]?\)(?![^\s.,;])")
_ENCLOSED = re.compile(r"(?<!\S)\(([^()]*)\)(?![^\s.,;])")
"""Parentheses that change nothing of what a query without operators says."""
_FIELDS = re.compile(r"(?:(?<!\S)[A-Za-z]+:\S+\s*)+$")
"""What was chosen beside the query, as it is written behind it."""
_NO_NAME = (
    r"(?!(?:about|after|and|at|before|between|but|by|concerning|during|except|for|from|in|not|of|on|other|published|regarding|"
    r"related|since|that|this|using|which|who|with|within|without|written)\b)"
)
NAME_WORD = r"[^\W\d_][\w.'’-]*"
_NAME = rf"{_NO_NAME}{NAME_WORD}(?:\s+{_NO_NAME}{NAME_WORD}){{0,3}}"
JOINED = re.compile(r"(?:\s*,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*)", re.IGNORECASE)
"""What stands between the names of several people."""
_BY = re.compile(
    rf"(?:^|\s)(?:(?:written|published)\s+)?by\s+(?P<names>{_NAME}(?:{JOINED.pattern}{_NAME})*)", re.IGNORECASE
)
_NOT_BY = re.compile(
    rf"(?:,?\s*(?:but\s+)?(?:not|except)\s+by|(?:^|\s)by\s+(?:some|any)(?:one|body)\s+(?:other\s+than|but|except))"
    rf"\s+(?P<names>{_NAME}(?:{JOINED.pattern}{_NAME})*)",
    re.IGNORECASE,
)
_NOT_ABOUT = re.compile(
    r"(?:^|,?\s)(?:but\s+not\s+(?:(?:about|on|regarding)\s+)?|(?:and\s+)?not\s+(?:about|on|regarding)\s+)(?P<topic>\S.*)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:^|\s)(?:about|on|regarding|concerning|related\s+to|like|similar\s+to)\s+(?:the\s+topic\s+of\s+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was meant by words that are a request."""

    query: Query
    is_sure: bool
    """Whether nobody says this who looks for just these words."""
    order: Order | None = None
    """Which papers it asks for first, if it says."""
    otherwise: tuple[Query, ...] = ()
    """What it may ask for where that finds nothing: from the year before the one it names on, or whenever."""
    is_citation: bool = False
    """Whether it cites a paper."""
    must_find: bool = False
    """Whether it is only meant where it finds papers, all of it."""
    recently: Query | None = None
    """The same among papers of the last year, where it asks for new ones and says nothing else of when."""


def as_spoken(text: str) -> Spoken | None:
    """The query that a text says in a sentence; None for all that is written as a query, or only words to look for.

    The query itself says no such thing again: whoever types it gets the same.
    """
    spoken = _spoken(text)
    while spoken and (again := _spoken(str(spoken.query))) and again.query != spoken.query:
        must_find = spoken.must_find or again.must_find
        spoken = replace(again, is_sure=spoken.is_sure, order=spoken.order or again.order, must_find=must_find)
    return spoken


def _spoken(text: str) -> Spoken | None:
    plain = without_chosen(text)
    if plain is None:
        return None
    told, chosen = plain
    if code := bare_code(told):
        return _read(f"cat:{code}", chosen, is_sure=True)
    return _asked_for(told, chosen) or _citing(told, chosen) or _limited(told, chosen) or _loosely(told, chosen)


def _asked_for(told: str, chosen: str) -> Spoken | None:
    """What a sentence asks for that begins with papers or research: "new papers on dropout"."""
    if begun := _ASKED_FOR.match(told):
        asked = request(told[begun.end() :])
        if _NOTHING.issuperset(words(asked)):
            return None
        spoken = _read(asked, chosen, is_sure=True)
        recently = _recently(spoken.query) if spoken and _NEW.search(begun[0]) else None
        newest = Order.NEWEST if _NEWEST.search(begun[0]) else None
        is_any = spoken is not None and not any(spoken.query.sought())
        is_known = begun["known"] or (is_any and _BEST.search(begun[0]))
        return spoken and replace(spoken, recently=recently, order=Order.POPULAR if is_known else newest)
    if news := _NEWS.fullmatch(told):
        spoken = _read(request(news["rest"]), chosen, is_sure=True)
        return spoken and replace(spoken, order=Order.NEWEST)
    research = _RESEARCH.fullmatch(told)
    if research is None:
        return None
    newest = Order.NEWEST if _NEWEST.search(research["praise"]) else None
    is_sure = bool(newest or research["asked"] or _NEW.search(research["praise"]) or _BY.match(research["rest"]))
    spoken = _read(request(research["rest"]), chosen, is_sure=is_sure)
    return spoken and replace(spoken, order=newest)


def _limited(told: str, chosen: str) -> Spoken | None:
    """Words with a time behind them, or a category or one year among them."""
    limited = limits_behind(told)
    if not limited.limits:
        # Beside what is written as a query the number is rather one that is looked for.
        dated = _limited(moved, "") if not chosen and (moved := year_behind(told)) else None
        return dated and replace(dated, otherwise=(), must_find=True)
    limits = " ".join((*limited.limits, chosen))
    if _PAPERS_ALONE.fullmatch(limited.words):
        return _read("", limits, is_sure=True)
    spoken = _of(limited.words, limits, is_sure=limited.is_sure)
    if spoken is None or limited.is_sure:
        return spoken
    earlier = " ".join((*since_the_year_before(limited.limits), chosen))
    others = [_of(limited.words, each, is_sure=False) for each in (earlier, chosen)]
    return replace(spoken, otherwise=tuple(each.query for each in others if each))


def _loosely(told: str, chosen: str) -> Spoken | None:
    """What ends in papers, or asks whose they are."""
    if question := _QUESTION.fullmatch(told):
        return _read(question["rest"], chosen, is_sure=False)
    return _of(told, chosen, is_sure=False) if _LATTER.fullmatch(told) else None


def _of(told: str, limits: str, *, is_sure: bool) -> Spoken | None:
    """What words ask for within limits, of which the last may be papers: "latest rag papers with code"."""
    first = _FIRST_OF.fullmatch(told)
    if first and not STOP_WORDS.isdisjoint(map(str.lower, (first["rest"].split()[0], first["rest"].split()[-1]))):
        first = None
    of = first or _LATTER.fullmatch(told)
    code = "has:code" if of and of["code"] else ""
    spoken = _read(f"{of['rest'] if of else told} {code}", limits, is_sure=is_sure or bool(first or code))
    order = (Order.NEWEST if first["newest"] else Order.POPULAR) if first else None
    return spoken and replace(spoken, order=order)


def _citing(told: str, chosen: str) -> Spoken | None:
    """What cites papers, such as "Vaswani et al., 2017", with other words or none; several are any of these."""
    left, works = without_citations(told)
    cited = " OR ".join(f"({each})" for each in works)
    spoken = _read(f"{left} ({cited})" if left else cited, chosen, is_sure=True) if works else None
    return spoken and replace(spoken, is_citation=True, must_find=True)  # what is cited may not be here


def without_chosen(text: str) -> tuple[str, str] | None:
    """A text that is only words, without the punctuation at its end and what was chosen beside it, and that; None for
    one that is written as a query."""
    told = " ".join(text.split()).rstrip(" .?!")
    chosen = found[0] if (found := _FIELDS.search(told)) else ""
    told = _ENCLOSED.sub(r"\1", _YEAR_ENCLOSED.sub(r" in \1", told.removesuffix(chosen).rstrip(" .?!")))
    return None if _OPERATORS.search(told) else (told, chosen)


def still_to_come(query: Query, today: date) -> Query | None:
    """The query without days before which papers must be published and that are over: a topic brings what comes."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    left = [
        each
        for each in parts
        if not (isinstance(each, Published) and each.side is Side.BEFORE and each.first_day(today) <= today)
    ]
    return Query(all_of(left)) if left else None


def _recently(query: Query) -> Query | None:
    return None if query.is_dated else query_or_none(f"{query} after:1y")


def _read(written: str, chosen: str, *, is_sure: bool) -> Spoken | None:
    query = query_or_none(f"{written} {chosen}")
    return Spoken(query, is_sure) if query else None


def request(told: str) -> str:
    """What is asked for, written as a query; nothing where it is not plain which time is meant."""
    limited = without_limits(told)
    if limited is None:
        return ""
    told, with_code = _CODE.subn(" ", limited.words, count=1)
    authors, without = list[str](), list[str]()

    def by(found: re.Match[str]) -> str:
        authors.extend(f'author:"{name.rstrip(".")}"' for name in JOINED.split(found["names"]))
        return " "

    def not_by(found: re.Match[str]) -> str:
        without.extend(f'-author:"{name.rstrip(".")}"' for name in JOINED.split(found["names"]))
        return " "

    def not_about(found: re.Match[str]) -> str:
        without.append(f'-"{found["topic"].strip()}"')
        return " "

    for form, written in ((_NOT_BY, not_by), (_BY, by), (_NOT_ABOUT, not_about)):
        told = form.sub(written, told, count=1)
    return " ".join(
        [_ABOUT.sub(" ", told, count=1).strip(), *authors, *["has:code"] * with_code, *limited.limits, *without]
    ).strip()
