"""Reads requests that name people without saying that they are people: "Hinton and Bengio", "bengio attention papers".

Whether the words are names a library tells; this knows no paper. What a channel follows is never read so freely.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.analysis import STOP_WORDS, words
from bot.domain.parsing import query_or_none
from bot.domain.query import And, Field, Query, Words, all_of, any_of
from bot.domain.spoken import JOINED, NAME_WORD, PAPERS, PRAISE, WHICH, request, without_chosen
from bot.domain.spoken_limits import limits_behind, since_the_year_before

_MOST_NAMES = 4
_MOST_IN_A_NAME = 3
_SHORTEST_GIVEN = 3
"""Letters of a given name that may be a short form of another."""
_MOST_WORDS = 8
"""More words than this before "papers" are a sentence."""

_PRONOUNS = frozenset(["he", "her", "hers", "him", "his", "i", "me", "my", "she", "them", "us", "you", "your"])
"""Words that alone name nobody, though some are called so: Kaiming He is."""
_TURNED = re.compile(r"[^,&]+,(?:(?! and )[^,&])+")
"""What may be a family name and the given names of one person, whom the words find as they are."""
_A_NAME = re.compile(rf"{NAME_WORD}(?: {NAME_WORD})*")
_OTHERS = re.compile(r",? et\.? al\.?$", re.IGNORECASE)
_CAPITAL = re.compile(r"\W*(?-i:[A-ZÀ-ÖØ-Þ])")
_WRITTEN = re.compile(r"[.,0-9]")
_INITIALS = re.compile(r"[^\W\d_](?:[ .-]+[^\W\d_])*\.?")
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.")
_THEIR_PAPERS = re.compile(
    rf"(?P<name>{_A_NAME.pattern})['’]s? {PRAISE}(?P<topic>(?:\S+ ){{0,{_MOST_WORDS}}}?){PAPERS}"
    rf"(?P<rest> {WHICH}\S.*)?",
    re.IGNORECASE,
)
_THEY_WROTE = re.compile(
    rf"(?:what )?(?:did|do|does|has|have) (?P<people>\S.*?) (?:ever )?"
    rf"(?:write|written|publish|published|say|said|work|worked)(?P<rest> {WHICH}\S.*)?",
    re.IGNORECASE,
)
_PAPERS_OF = re.compile(rf"{PRAISE}(?P<people>\S.*?) {PAPERS}(?P<rest> {WHICH}\S.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedRequest:
    """What a text asks for, if some of its words are people's names."""

    names: list[Words]
    """What must be names, unless it is sure."""
    query: Query
    is_sure: bool = False
    """Whether the words are written as names are, so that they are hardly anything else."""
    is_less: bool = False
    """Whether it leaves out when the papers were to be published."""
    mistyped: Words | None = None
    """A name of two words, of which the query has one and a letter: the other may be short for another, or wrong."""


def may_be_sure(text: str) -> bool:
    """Whether any request of a text can be sure: names written as nothing else is have points, commas or years."""
    return bool(_WRITTEN.search(text))


def named_requests(text: str) -> list[NamedRequest]:
    """What a text may ask for, the likeliest first: a few, or none. It may be a title, or only words, all the same."""
    plain = without_chosen(text) if len(text.split()) > 1 else None
    if plain is None:
        return []
    told, chosen = plain
    if wrote := _THEY_WROTE.fullmatch(told):
        return _about(_people(wrote["people"]), "", wrote["rest"], chosen)
    if theirs := _THEIR_PAPERS.fullmatch(told):
        return _about(_people(theirs["name"]), theirs["topic"], theirs["rest"], chosen)
    if of := _PAPERS_OF.fullmatch(told):
        splits = _splits(of["people"].split())
        return [each for name, topic in splits for each in _about(_people(name), topic, of["rest"], chosen)]
    return _joined_or_dated(told, chosen)


def _about(people: Sequence[Words], topic: str, rest: str | None, chosen: str) -> list[NamedRequest]:
    """What these people wrote on a topic, and on what else is said of it; nothing where that is not plain."""
    asked = request(rest) if rest else ""
    query = query_or_none(" ".join([topic, asked, *map(str, people), chosen])) if people else None
    return [] if query is None or (rest and not asked) else [NamedRequest(_whole(people), query)]


def _joined_or_dated(told: str, chosen: str) -> list[NamedRequest]:
    """What several people wrote together, or anybody in a year or more, or whoever is named by initials."""
    limited = limits_behind(told)
    named, limits = (limited.words, limited.limits) if limited.limits else (told, ())
    named, is_of_several = _OTHERS.subn("", named)
    turned = _turned(named)
    people = turned or ([] if _TURNED.fullmatch(named) else _people(named))
    are_initialled = bool(turned or _INITIAL.search(told)) and all(len(each.words[0]) == 1 for each in people)
    earlier = since_the_year_before(limits)
    is_cited = bool(earlier) and len(people) > 1 and all(map(_CAPITAL.match, JOINED.split(named)))
    is_sure = are_initialled or is_cited
    whole = _whole(people)[: 1 if limits else None]
    if len(people) == 1 and not limits and not is_sure:
        return _by_initial(people[0], chosen)
    if not people:
        return []

    def written(when: Sequence[str], *, is_less: bool = False) -> Iterator[NamedRequest]:
        if query := query_or_none(" ".join([*map(str, people), *when, chosen])):
            yield NamedRequest([] if are_initialled else whole, query, is_sure and not is_less, is_less)

    whenever = [each for each in limits if each.startswith("(")]
    less = written(whenever, is_less=True) if len(whenever) < len(limits) else ()
    first = earlier if is_of_several and earlier else limits
    return [*written(first), *(written(earlier) if earlier and first is limits else ()), *less]


def _by_initial(person: Words, chosen: str) -> list[NamedRequest]:
    """What somebody wrote whose given name is written otherwise, such as Geoff Hinton: by its first letter."""
    *given, family = person.words
    if len(given) != 1 or len(given[0]) < _SHORTEST_GIVEN:
        return []
    query = query_or_none(f'author:"{given[0][0]} {family}" {chosen}')
    return [NamedRequest([Words((family,), Field.AUTHOR)], query, mistyped=person)] if query else []


def _turned(told: str) -> list[Words]:
    """The people of "Bengio, Y., LeCun, Y."; none where any of it is written otherwise."""
    parts = JOINED.split(told)
    families, given = parts[::2], parts[1::2]
    if len(families) != len(given) or not all(map(_INITIALS.fullmatch, given)):
        return []
    return _people(" and ".join(f"{initials} {family}" for family, initials in zip(families, given, strict=True)))


def by_any_of(query: Query) -> Query | None:
    """What finds the papers of any of the people a query names, within what else it asks for; None where it names one
    or nobody, or where that would be longer than a query may be."""
    parts = query.root.parts if isinstance(query.root, And) else ()
    people = authors_of(query)
    others = [each for each in parts if each not in people]
    return query_or_none(str(Query(all_of([any_of([*people]), *others])))) if len(people) > 1 else None


def authors_of(query: Query) -> list[Words]:
    """The people all of whom a paper must be by."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    return [each for each in parts if isinstance(each, Words) and each.field is Field.AUTHOR]


def _people(told: str) -> list[Words]:
    """The names that are joined so; none where one of these can be no name, or all are pronouns."""
    parts = JOINED.split(told)
    found = [name for each in parts if (name := _name(each))]
    are_named = any(word not in _PRONOUNS for each in found for word in each.words)
    return found if are_named and len(found) == len(parts) <= _MOST_NAMES else []


def _name(told: str) -> Words | None:
    found = tuple(words(told))
    tells = 0 < len(found) <= _MOST_IN_A_NAME and STOP_WORDS.isdisjoint(found) and all(map(str.isalpha, found))
    return Words(found, Field.AUTHOR) if tells and len(max(found, key=len)) > 1 and _A_NAME.fullmatch(told) else None


def _whole(people: Sequence[Words]) -> list[Words]:
    return [replace(each, words=tuple(word for word in each.words if len(word) > 1)) for each in people]


def _splits(said: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The first words as a name and the others as a topic, and the other way round, the longest names first."""
    if len(said) > _MOST_WORDS:
        return
    for count in range(min(len(said), _MOST_IN_A_NAME), 0, -1):
        yield " ".join(said[:count]), " ".join(said[count:])
    for count in range(min(len(said) - 1, _MOST_IN_A_NAME), 0, -1):
        yield " ".join(said[-count:]), " ".join(said[:-count])
