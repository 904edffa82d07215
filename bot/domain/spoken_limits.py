"""Reads when papers are from, and of which category, as people say it: "since May 2021", "in cs.CL"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.categories import bare_code

YEAR = r"(?:19|20)[0-9]{2}"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = rf"(?:(?P<month>{_MONTH_NAME})\.?,?\s+)?"
_BETWEEN = re.compile(
    rf"(?:^|,?\s)(?:published\s+)?(?:from|between|in|of)\s+(?P<first>{YEAR})(?:\s*[-–]\s*|\s+(?:to|and|until)\s+)"
    rf"(?P<last>{YEAR})(?!\S)",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"(?:^|,?\s)(?:(?:but|and)\s+)?(?:published\s+)?(?:(?P<side>since|after|before|until)|from|in|of)\s+"
    rf"(?:the\s+year\s+)?{_MONTH}(?P<year>{YEAR})(?:\s+(?P<on>onwards?|on(?=$)))?(?!\S)",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"(?:^|,?\s)(?:published\s+)?(?:(?:since|from|in|of|within|during)\s+)?(?:the\s+)?(?:(?:last|past|this)\s+"
    r"(?:(?P<many>[0-9]{1,3})\s+)?(?P<unit>day|week|month|year)s?|(?P<named>today|yesterday))(?!\S)",
    re.IGNORECASE,
)
_SPAN = re.compile(rf",?\s(?P<first>{YEAR})(?:\s*(?:\.\.\.?|[-–])\s*|\s+to\s+)(?P<last>{YEAR})(?!\S)", re.IGNORECASE)
_ALONE = re.compile(rf",?\s{_MONTH}(?P<year>{YEAR})(?!\S)", re.IGNORECASE)
"""A year behind words, which may say when; so may two years."""
_ONE_YEAR = re.compile(rf"after:({YEAR}) before:({YEAR})")
_BARE_YEAR = re.compile(rf"(?<!\S){YEAR}(?!\S)")
_CATEGORY = re.compile(
    r"(?:^|\s)(?:(?:in|from|on|of|about)\s+)?(?P<code>[a-z]+[.-][a-z.-]*[a-z])[,;]?(?!\S)", re.IGNORECASE
)
_OPEN = frozenset("and or after before between from in of or since than to until the".split())  # noqa: SIM905
"""Words behind which a year is said of something else than papers: "before and after 2020"."""
_SAID_OF_ELSE = re.compile(rf"{'|'.join(sorted(_OPEN))}|about|over|top|version|with|{_MONTH_NAME}[.,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limited:
    """Words, and what was said beside them of which papers."""

    words: str
    limits: tuple[str, ...]
    """As a query says it; none where nothing was said."""
    is_sure: bool
    """Whether nobody says this who looks for just these words."""


def without_limits(told: str) -> Limited | None:
    """What a request says of when and of which category, wherever it stands; None where it is not plain which time."""
    limits: list[str] = []

    def written(found: re.Match[str]) -> str:
        limits.extend(_time(found))
        return " "

    for form, most in ((_BETWEEN, 1), (_DATED, 2), (_BACK, 1)):
        told = form.sub(written, told, count=most)
    is_plain = not (limits and _BARE_YEAR.search(told))
    told, category = _without_categories(told)
    return Limited(told.strip(), (*limits, *category), is_sure=True) if is_plain else None


def limits_behind(told: str) -> Limited:
    """What words say of when, at their end, and of which category among them."""
    limits: list[str] = []
    is_sure = False
    while found := next(_at_the_end(told), None):
        limits[:0] = _time(found)
        is_sure = is_sure or _is_sure(found)
        told = told[: found.start()]
    if not limits and (years := _last(_SPAN, told) or _last(_ALONE, told)):
        limits, told = list(_time(years)), told[: years.start()]
    told, category = _without_categories(told)
    words = told.split()
    is_of_else = (words[-1].lower() in _OPEN if limits else False) if words else not category
    return Limited(" ".join(words), () if is_of_else else (*limits, *category), is_sure=is_sure or bool(category))


def year_behind(told: str) -> str:
    """The words with the one year that stands before others of them behind them; nothing where there is none, or
    several, or it may be a month's or no year at all: "before and after 2020", "about 2000 neurons"."""
    words = told.split()
    years = [at for at, each in enumerate(words) if _BARE_YEAR.fullmatch(each)]
    if len(years) != 1:
        return ""
    before, year, behind = words[: years[0]], words[years[0]], words[years[0] + 1 :]
    if not behind or behind[0].lower() == "of" or (before and _SAID_OF_ELSE.fullmatch(before[-1])):
        return ""
    return " ".join([*before, *behind, year])


def _is_sure(found: re.Match[str]) -> bool:
    """Whether it says when papers are from, and not when something else was, as in "machine learning today"."""
    if found.re is _DATED:
        return bool(found["side"] or found["on"])
    return found.re is not _BACK or not found["named"]


def since_the_year_before(limits: Sequence[str]) -> tuple[str, ...]:
    """The same limits of when, from a year earlier on where they are of one year; none where they are not.

    What is cited was often a preprint in the year before.
    """
    year = _ONE_YEAR.fullmatch(" ".join(limits))
    is_one = year is not None and int(year[2]) == int(year[1]) + 1
    return (f"after:{int(year[1]) - 1}", limits[1]) if year and is_one else ()


def _at_the_end(told: str) -> Iterator[re.Match[str]]:
    return filter(None, (_last(form, told) for form in (_BETWEEN, _DATED, _BACK)))


def _last(form: re.Pattern[str], told: str) -> re.Match[str] | None:
    """Where this is said at the end of a text that begins otherwise."""
    return next((each for each in form.finditer(told) if each.end() == len(told) and each.start()), None)


def _time(found: re.Match[str]) -> list[str]:
    """A time as a query says it."""
    if found.re in (_BETWEEN, _SPAN):
        return [f"after:{found['first']}", f"before:{int(found['last']) + 1}"]
    if found.re is _BACK and found["named"]:
        return ["after:1d" if found["named"].lower() == "today" else "after:2d"]
    if found.re is _BACK:
        return [f"after:{found['many'] or 1}{found['unit'][0].lower()}"]
    first, then = _month_or_year(found)
    side = (found["side"] or ("since" if found["on"] else "")).lower() if found.re is _DATED else ""
    before, after = f"before:{then if side == 'until' else first}", f"after:{first}"
    return {"since": [after], "after": [after], "before": [before], "until": [before]}.get(
        side, [after, f"before:{then}"]
    )


def _month_or_year(found: re.Match[str]) -> tuple[str, str]:
    """The month or year that is named, and the next one."""
    year = int(found["year"])
    if not found["month"]:
        return f"{year}", f"{year + 1}"
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    return f"{year}-{month:02}", f"{year}-{month + 1:02}" if month < len(_MONTHS) else f"{year + 1}-01"


def _without_categories(told: str) -> tuple[str, tuple[str, ...]]:
    """The text without the categories it names, and a paper must be of one of them."""
    codes: list[str] = []

    def written(found: re.Match[str]) -> str:
        code = bare_code(found["code"])
        codes.extend([f"cat:{code}"] if code else [])
        return " " if code else found[0]

    told = _CATEGORY.sub(written, told)
    named = dict.fromkeys(codes)
    return told, () if not named else (f"({' OR '.join(named)})",)
