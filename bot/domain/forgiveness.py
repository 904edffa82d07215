"""What may have been meant where a query, as it stands, finds nothing: other spellings, or only some of its words.

For searches that a person waits for; what a channel follows is never read so freely.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.analysis import STOP_WORDS, name_terms, term, terms
from bot.domain.papers import Paper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.query import And, Field, Node, Or, Query, Words, all_of, any_of

SHORTEST = 4
"""Letters of a word that may be misspelt: shorter ones are too much alike."""
MOST_WORDS = 24
"""Words of which spellings are looked up."""
_LONG = 8
"""Letters of a word in which two may be wrong."""
_MOST_ALIKE = 16
_MOST_NAMES = 3
"""Names that are looked up."""
_WRONG_IN_NAMES = 2
"""Letters of a whole name that may be wrong."""
_MOST_BEGUN = 5
"""Words of a query that may be half-typed: a longer one is a sentence."""
_SHORTEST_CUT = 5
"""Letters of a word of which the beginning alone still tells something."""
_SHORTEST_BEGUN, _SHORTEST_LAST = 3, 2
"""Letters of a word that may be the start of another, and of the last one."""
_PER_LETTER = 3.0
"""What a wrong letter takes away: the right spelling must be e³, about 20 times, as common."""
SENTENCE = 4
"""Words from which on those around one tell what it should be."""
_SO_FEW = 3
"""Papers that may all have the same misspelt word."""
_FAR = 20
"""So many times as many papers hold the right spelling of that."""
_SHORTEST_SO_FEW = 5
"""Letters of such a word: shorter ones are too much like right ones."""
_ONE_IN = 10_000
"""One paper in so many may have a long word misspelt as many people misspell it."""
_VERY_FAR = 500
"""So many times as many papers hold the right spelling of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """A query of which a paper need hold only some words."""

    words: tuple[str, ...]
    """Folded and unstemmed, as typed: one that is repeated counts twice; never empty."""
    kept: tuple[Node, ...]
    """What still must hold: categories, authors, dates, and what is left out."""


def loosened(query: Query, typed: Sequence[str]) -> Loose | None:
    """The query with its words set free, also those of phrases; None where a single word is all it asks for.

    `typed` are all the words as they were typed: a query does not tell how often somebody said a word.
    """
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    free = [part for part in parts if _is_free(part)]
    found = {word for part in free for word in _words(part)}
    telling = [word for word in typed if word in found and word not in STOP_WORDS] or sorted(found)
    if len(set(telling)) < 2:
        return None
    return Loose(words=tuple(telling), kept=tuple(part for part in parts if part not in free))


def doubtful(query: Query) -> tuple[str, ...]:
    """The words of a query that may be misspelt, excluded ones left out."""
    found = dict.fromkeys(word for each in query.sought() if not each.prefix for word in each.words)
    return tuple(islice((word for word in found if len(word) >= SHORTEST and word.isalpha()), MOST_WORDS))


def further(word: str) -> int:
    """How many letters may be wrong in a word."""
    return 2 if len(word) >= _LONG else 1


def alike(word: str, spellings: Sequence[str]) -> list[str]:
    """Those spellings that differ from a word in as few letters as may be wrong, swapped neighbours counting once."""
    near = process.extract(word, spellings, scorer=OSA.distance, score_cutoff=further(word), limit=_MOST_ALIKE)
    return [spelling for spelling, _, _ in near]


def likeliest(word: str, spellings: Sequence[str], counts: Mapping[str, int], written: Mapping[str, int]) -> str:
    """The spelling that was meant: `word` itself where it is one of them, or where no other is far commoner.

    `counts` tells of terms in about how many papers they stand, and `written` of spellings how many titles hold just
    this, or first authors are called so: the stem of "numeral" is that of "numerical", which nobody meant.
    """

    def likelihood(spelling: str) -> tuple[float, str]:
        common = written.get(spelling, 0)
        if spelling == word:
            common = max(common, counts.get(term(word), 0), counts.get(word, 0))
        return (log(1 + common) - _PER_LETTER * OSA.distance(word, spelling), spelling)

    if word in spellings:
        return word
    known = counts.get(term(word), 0) or counts.get(word, 0)
    return max([*spellings, *([word] if known else [])], key=likelihood, default=word)


def outnumbered(word: str, held: int, papers: int) -> int | None:
    """How many papers must hold another spelling for a word that `held` of all papers hold to be a mistake; None: it is
    none, however many do.

    Up to `_SO_FEW` papers may make any; of a long word, which is like few others, one in `_ONE_IN` may.
    """
    if len(word) < _SHORTEST_SO_FEW:
        return None
    if held <= _SO_FEW:
        return _FAR * max(1, held)
    return _VERY_FAR * held if len(word) >= _LONG and held * _ONE_IN <= papers else None


def far_commoner(
    word: str, spellings: Sequence[str], counts: Mapping[str, int], written: Mapping[str, int], papers: int
) -> str | None:
    """What may have been meant by a word that next to none of all the papers hold, and they by mistake; else None.

    It begins alike, as mistakes do and many a made name does not, has one letter wrong, and far more papers hold it.
    `counts` tells of words and terms in about how many papers they stand, `written` is as `likeliest` has it.
    """
    least = outnumbered(word, held_by(word, counts), papers)
    near = [
        each
        for each in spellings
        if each[0] == word[0] and term(each) != term(word) and OSA.distance(word, each, score_cutoff=1) == 1
    ]
    meant = max(near, key=lambda each: (written.get(each, 0), each), default=word)
    return meant if least is not None and held_by(meant, counts) >= least else None


def written_right(word: str, spellings: Sequence[str], written: Mapping[str, int]) -> str | None:
    """How titles write a word that differs in a letter and has the same stem: what it finds is the same, but it reads
    as if nobody had seen the mistake. None where they write it so, or only with another ending."""
    near = [
        each
        for each in spellings
        if term(each) == term(word)
        and not (each.startswith(word) or word.startswith(each))
        and written.get(each, 0) >= _FAR * max(1, written.get(word, 0))
    ]
    return max(near, key=lambda each: (written[each], each), default=None)


def held_by(word: str, counts: Mapping[str, int]) -> int:
    """About how many papers hold a word, as a text has it or as a name has it."""
    return max(counts.get(term(word), 0), counts.get(word, 0))


def only_named(query: Query, typed: Sequence[str], papers: Sequence[Paper]) -> int | None:
    """Where among the `typed` words the one stands that all these papers hold as a name alone, and no title; else None.

    It may be a misspelt word of a title that somebody is called like. Only in a sentence of plain words.
    """
    parts = query.root.parts if isinstance(query.root, And) else ()
    plain = {each.words[0] for each in parts if isinstance(each, Words) and not each.field and len(each.words) == 1}
    if not papers or len(plain) < len(parts) or not SENTENCE <= len(typed) <= MOST_WORDS:
        return None
    titled = {each for paper in papers for each in terms(paper.title)}
    named = {word for word in typed if word in plain and word.isalpha() and term(word) not in titled}
    for paper in papers:
        named &= set(name_terms(" ".join(each.name for each in paper.authors))) if named else set()
    return typed.index(named.pop()) if len(named) == 1 else None


def beside(typed: Sequence[str], at: int) -> Query:
    """What finds the titles that hold what stands before this word, and what stands after it."""
    around = (tuple(typed[:at]), tuple(typed[at + 1 :]))
    return Query(all_of([Words(each, Field.TITLE) for each in around if each]))


def mended(typed: Sequence[str], at: int, title: Sequence[str]) -> tuple[str, ...] | None:
    """The words with this one as a title has it that holds all the others around it, where it is nearly the same."""
    before, word, after = tuple(typed[:at]), typed[at], tuple(typed[at + 1 :])
    for start in range(len(title) - len(typed) + 1):
        here = tuple(title[start : start + len(typed)])
        if here[:at] == before and here[at + 1 :] == after and alike(word, [here[at]]):
            return here
    return None


def doubtful_names(query: Query) -> tuple[Words, ...]:
    """The authors a query names, of whom another spelling may be meant."""
    named = (each for each in query.sought() if each.field is Field.AUTHOR and not each.prefix)
    return tuple(islice((each for each in named if len(each.words) > 1 or len(each.words[0]) >= SHORTEST), _MOST_NAMES))


def likeliest_name(words: Sequence[str], names: Sequence[str]) -> tuple[str, ...] | None:
    """The words of the first of these names, likeliest first, that may be this one with a letter or two wrong; this
    one itself where somebody is called so.

    A word alone may be any of a name.
    """
    typed, is_whole = " ".join(words), len(words) > 1
    folded = [name_terms(name) for name in names]
    written = [" ".join(each) for each in folded] if is_whole else [word for each in folded for word in each]
    wrong = _WRONG_IN_NAMES if is_whole else further(typed)
    found = process.extractOne(typed, written, scorer=OSA.distance, score_cutoff=wrong)
    return tuple(found[0].split()) if found else None


def renamed(query: Query, named: Words, words: tuple[str, ...]) -> Query:
    """The query with an author called otherwise."""
    return Query(_changed(query.root, lambda each: replace(each, words=words) if each == named else each))


def with_author(query: Query, named: Words) -> Query:
    """The query with this author instead of its free words: categories, dates and what is left out stay."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    return Query(all_of([named, *(part for part in parts if not _is_free(part))]))


def respelt(query: Query, spellings: Mapping[str, str]) -> Query:
    """The query with words spelt otherwise, or parted in two; what it leaves out stays as it is."""
    return Query(
        _changed(
            query.root,
            lambda each: replace(each, words=tuple(" ".join(spellings.get(word, word) for word in each.words).split())),
        )
    )


def as_typed(query: Query, meant: Query, typed: Sequence[str]) -> str:
    """What to type for what was meant: the typed words with those changed that are spelt otherwise, where that is the
    same; else its canonical form, which leaves out words that tell nothing."""
    before, after = list(query.sought()), list(meant.sought())
    changed = {old.words: new.words for old, new in zip(before, after, strict=False)}
    if len(before) == len(after) and meant.is_plain:
        written = " ".join(" ".join(changed.get((word,), (word,))) for word in typed)
        with suppress(QueryError):
            if parse_query(written) == meant:
                return written
    return str(meant)


def last_begun(query: Query) -> str:
    """The last word that is looked for, where it may be only begun; empty where it may not."""
    *_, last = [None, *query.sought()]
    return last.words[0] if last and as_begun(query) and _may_be_begun(last, _SHORTEST_LAST) else ""


def as_begun(query: Query, known: Container[str] = ()) -> list[Query]:
    """The query as somebody types it who is not done: with its last word only begun, and with each of them but those
    that are `known` to be whole."""
    sought = list(query.sought())
    if len(sought) > _MOST_BEGUN:
        return []
    last = [each for each in sought[-1:] if _may_be_begun(each, _SHORTEST_LAST)]
    every = [*last, *(each for each in sought if _may_be_begun(each, _SHORTEST_BEGUN) and each.words[0] not in known)]
    found = [_begun(query, some) for some in (last, every)]
    return [each for each in dict.fromkeys(found) if each != query]


def _begun(query: Query, some: Container[Words]) -> Query:
    return Query(_changed(query.root, lambda each: replace(each, prefix=True) if each in some else each))


def _may_be_begun(words: Words, shortest: int) -> bool:
    return len(words.words) == 1 and not words.prefix and len(words.words[0]) >= shortest and words.words[0].isalpha()


def _changed(node: Node, change: Callable[[Words], Words]) -> Node:
    """The same with its words changed; what it leaves out stays as it is."""
    match node:
        case Words():
            return change(node)
        case And(parts):
            return all_of([_changed(part, change) for part in parts])
        case Or(parts):
            return any_of([_changed(part, change) for part in parts])
        case _:
            return node


def _is_free(node: Node) -> bool:
    if isinstance(node, And | Or):
        return all(map(_is_free, node.parts))
    return isinstance(node, Words) and node.field is not Field.AUTHOR


def _words(node: Node) -> Iterator[str]:
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _words(part)
    elif isinstance(node, Words):
        yield from node.words


def begun_like(words: Words) -> list[Words]:
    """What may find words that begin like this one: two thirds of it and a star, and fewer letters. None for phrases
    and short words."""
    (word, *more) = words.words
    if more or words.prefix or len(word) < _SHORTEST_CUT:
        return []
    longest, shortest = len(word) * 2 // 3, min(_SHORTEST_BEGUN + 1, len(word) * 2 // 3)
    return [replace(words, words=(word[:letters],), prefix=True) for letters in range(longest, shortest - 1, -1)]
