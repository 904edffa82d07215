"""Turns text into the terms that papers are indexed by and queries are matched with, one way for both.

Of ASCII a term holds lower-case letters and digits only, so that no engine's tokenizer can split or change it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

import Stemmer

from bot.domain.categories import archive_of, canonical_category
from bot.domain.flat import FlatPaper, flat, unfolded
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, Paper

ANALYSIS_VERSION = 4
"""Raise it whenever a change below gives any paper other terms: storage then builds its index anew."""

STOP_WORDS = frozenset({
    "a", "about", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "do", "for",
    "from", "had", "has", "have", "how", "in", "into", "is", "it", "its", "may", "of", "on", "or", "our", "such",
    "than", "that", "the", "their", "then", "there", "these", "they", "this", "those", "to", "using", "via", "was",
    "we", "were", "what", "when", "where", "which", "who", "will", "with",
})  # fmt: skip
"""Words that say nothing alone: a query skips them outside phrases unless nothing else is left."""

LONGEST_TERM = 64
BOUNDARY = "‖"
"""Stands after each author in the terms, so that no phrase reaches from one person into the next."""
JOINER = "·"
"""Stands between the parts of a label, where people write a full stop, a hyphen or a colon."""

KNOWN_FROM = 20
"""A paper with at least this many upvotes carries the label of a well-known one."""
_ID = f"{JOINER}id{JOINER}"
WELL_KNOWN = f"{JOINER}is{JOINER}known"

MOST_SOURCE_WORDS = 8
"""Words of a source's name that count."""
_HUGGING_FACE = (("hf",), ("hugging", "face"))
"""Other ways to begin the name `huggingface`."""

_ACRONYMS = re.compile(r"(?!this$|thus$|plus$)[^\W\daeiouy]{2,}(?:[aeiou]|[^\W\daeiouys])s", re.ASCII)
"""Plurals of what is spelt letter by letter, such as `llms` and `gpus`, which English stems leave as they are: two or
more consonants and then a vowel or another consonant. Few other words look so."""
_APOSTROPHES = "'’ʼ＇"
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}](?<=[^\W_].)[sS](?![^\W_])")
"""It looks for the apostrophe first and back only then: the other way round took a quarter of all analysis."""
_WRITTEN = re.compile(r"[A-Za-z0-9\x80-\U0010ffff]+")
_SIGNS = MappingProxyType({"c++": "cpp", "c#": "csharp", "f#": "fsharp", ".net": "dotnet"})
"""Names that would lose what tells them from others, and the words they count as."""
_NAMED = re.compile(r"(?<![^\W_])(?:c\+\+(?!\+)|[cf]#)|(?<![^\W_])(?<![.)\]])\.net(?![^\W_])", re.IGNORECASE)
_SIMPLER = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that Unicode does not take apart, as those write them who have none."""
_GREEK = MappingProxyType(
    dict(
        zip(
            "αβγδεζηθικλμνξοπρστυφχψω",
            """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon
            phi chi psi omega""".split(),  # noqa: SIM905
            strict=True,
        )
    )
)
_GREEK_LETTER = re.compile(r"(?<![α-ω])[α-ω](?![α-ω])")
"""One that stands alone: several are a word, or a product of which nobody writes the letters' names."""
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_IDEOGRAPH = re.compile(
    r"[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00017000-\U00018dff\U0001b170-\U0001b2ff\U00020000-\U0003ffff]"
)
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)} | {9: "\t", 10: "\n"}
_UTF_8 = bytes(ord(_ASCII[code]) if code in _ASCII else code for code in range(256))
"""The same for the bytes of a text: translating those takes a tenth of the time."""
_MOST_STEMS = 1 << 17
_SHORT = 2
"""Characters of words that are few in number, whatever they hold."""


class PaperTerms(NamedTuple):
    """The finished terms of one paper, separated by blanks, as the text index keeps them."""

    title: str
    abstract: str
    authors: str
    """Names unstemmed, person by person, as `author_terms` has them."""
    labels: str
    """Exact labels: first author, categories and their archives, ids, sources, `has:code`, well known or not."""
    title_words: str
    """The title's words as written, folded and unstemmed: what a half-typed title is completed from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPaper:
    """A paper with everything storage needs to keep and find it, worked out beforehand."""

    flat: FlatPaper
    terms: PaperTerms
    title_key: int

    @property
    def paper(self) -> Paper:
        """The paper itself, unfolded anew each time."""
        return unfolded(self.flat)


def prepare(paper: Paper) -> PreparedPaper:
    """Analyse one paper. Takes some 50 µs; the outcome is picklable."""
    title = words(paper.title)
    authors = author_terms(paper.authors)
    return PreparedPaper(
        flat=flat(paper),
        title_key=_key(title, paper.title),
        terms=PaperTerms(
            title=" ".join(map(term, title)),
            abstract=" ".join(terms(paper.abstract)),
            authors=authors,
            labels=" ".join([*map(lead_label, first_author(authors).split()), *_labels(paper)]),
            title_words=" ".join(title),
        ),
    )


def terms(text: str) -> list[str]:
    """The terms of a text, in order: its words, stemmed as English."""
    return list(map(_stems().__getitem__, _folded_text(text).split()))


def terms_of(texts: Sequence[str]) -> list[str]:
    """For each of these texts, words with blanks between them, its terms, likewise; in one go, which is quick."""
    if not texts:
        return []
    apart = " \n "
    return " ".join(map(_stems().__getitem__, apart.join(texts).split(" "))).split(apart)


def term(word: str) -> str:
    """The term of one word that `words` gave."""
    return _stems()[word]


def name_terms(text: str) -> list[str]:
    """The terms of a person's name, in order: its words, unstemmed."""
    return words(text)


def words(text: str) -> list[str]:
    """The words of a text, in order: compatibility forms, case, marks and English `'s` taken away, unstemmed.

    A word is a run of letters and digits, of `LONGEST_TERM` characters at most; an ideograph is a word of its own. A
    Greek letter counts as its name, `α` as `alpha`, and C++, C#, F# and .NET as one word each.
    """
    return [_cut(word) for word in _folded_text(text).split()]


def words_with_spans(text: str, beginnings: frozenset[str] | None = None) -> list[tuple[str, int, int]]:
    """The words of a text as `words` gives them, each with the start and end of what it was written as.

    Where `beginnings`, ASCII letters and digits in lower case, are given, words that begin otherwise may be left out.
    """
    found: list[tuple[str, int, int]] = []
    text = _without_possessives(text)
    if _may_name(text):
        found += [(_SIGNS[each[0].lower()], *each.span()) for each in _NAMED.finditer(text)]
        text = _NAMED.sub(lambda each: " " * len(each[0]), text)
    named = len(found)
    pattern = _WRITTEN if beginnings is None or not text.isascii() else _beginning_with(beginnings)
    for match in pattern.finditer(text):
        written = match[0]
        if written.isascii():
            found.append((_cut(written.lower()), *match.span()))
        else:
            found += _words_within(written, match.start())
    return sorted(found, key=itemgetter(1)) if named else found


@lru_cache(maxsize=1 << 8)
def _beginning_with(beginnings: frozenset[str]) -> re.Pattern[str]:
    # The first letter is looked for before what stands around it: that takes half the time.
    first = "".join(sorted({f"{each[0]}{each[0].upper()}" for each in beginnings}))
    rest = "|".join("".join(f"[{letter}{letter.upper()}]" for letter in each[1:]) for each in sorted(beginnings))
    return re.compile(rf"[{first}](?<![A-Za-z0-9].)(?:{rest})[A-Za-z0-9]*")


def _words_within(written: str, offset: int) -> Iterator[tuple[str, int, int]]:
    """The same for what stands between blanks or ASCII punctuation, character by character, which takes long."""
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, character in enumerate(written, offset):
        piece = _ASCII[ord(character)] if character.isascii() else _folded(character)
        folded.append(piece)
        starts.extend([position] * len(piece))
        ends.extend([position + 1] * len(piece))
        if not piece and ends:
            ends[-1] = position + 1  # a combining mark is part of the letter before it
    plain = "".join(folded)
    for letter in reversed(list(_GREEK_LETTER.finditer(plain))):
        at, name = letter.start(), _GREEK[letter[0]]
        plain = plain[:at] + name + plain[at + 1 :]
        starts[at : at + 1], ends[at : at + 1] = [starts[at]] * len(name), [ends[at]] * len(name)
    for match in re.finditer(r"\S+", plain):
        yield _cut(match[0]), starts[match.start()], ends[match.end() - 1]


def title_key(title: str) -> int:
    """A 63-bit digest of a title's words: the same title in other case, markup or punctuation has the same key.

    Blanks and hyphens do not count: "pre-training" is "pretraining". A title without any word counts as it is written.
    """
    return _key(words(title), title)


@lru_cache(maxsize=1 << 12)
def label(kind: str, value: str) -> str:
    """The term of a label, such as category `cs.CL`: other punctuation and case give the same term.

    It begins as no word does, so that no word or beginning of one ever finds it.
    """
    return JOINER.join(["", kind, *words(value)])


def source_words(name: str) -> tuple[str, ...]:
    """The words a source's name counts as: `hf_daily` and "Hugging Face daily" are `huggingface daily`."""
    found = tuple(words(name)[:MOST_SOURCE_WORDS])
    other = next((each for each in _HUGGING_FACE if found[: len(each)] == each), None)
    return ("huggingface", *found[len(other) :]) if other else found


def source_label(found: Sequence[str]) -> str:
    """The term of all sources whose names begin with these words."""
    return label("source", " ".join(found))


def id_label(identifier: ExternalId) -> str:
    """The term of an id: a digest, for ids differ in signs that no term may hold, and some are long."""
    return f"{_ID}{_digest(str(identifier)):016x}"


def shared_labels(labels: str) -> str:
    """Of a paper's labels those that other papers may have: all but its ids."""
    return " ".join([each for each in labels.split(" ") if not each.startswith(_ID)])


def _key(found: list[str], written: str) -> int:
    return _digest("".join(found) or written)


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest(), "big") >> 1


def initial(name: str) -> str:
    """The term that stands before a given name, for finding it by its first letter."""
    return JOINER + name[0]


def author_terms(authors: Iterable[Author]) -> str:
    """The terms of a paper's authors: family name, initial, given names and a boundary each: `lecun ·y yann ‖`."""
    # All names are folded in one go, kept apart by characters that folding leaves alone: half the time of one by one.
    folded = _folded_text("\n".join([f"{author.family}\t{author.given}" for author in authors]))
    found: list[str] = []
    for person in folded.split("\n") if folded else ():
        family, _, given = person.partition("\t")
        names = given.split()
        found += [*family.split(), *([initial(names[0])] if names else []), *names, BOUNDARY]
    return " ".join(map(_cut, found))


def first_author(authors: str) -> str:
    """The words of the first one's family name, of what `author_terms` gave; empty where there is none."""
    family = authors.partition(f" {BOUNDARY}")[0].partition(f" {JOINER}")[0]
    return "" if family.startswith((JOINER, BOUNDARY)) else family


def lead_label(word: str) -> str:
    """The term of all papers whose first author's family name holds this word: that is how papers are cited."""
    return f"{JOINER}lead{JOINER}{word}"


def _labels(paper: Paper) -> list[str]:
    is_known = paper.upvotes is not None and paper.upvotes >= KNOWN_FROM
    shared = _shared_labels(paper.categories, paper.sources, paper.code_url is not None, is_known)
    return sorted(dict.fromkeys(map(id_label, paper.ids))) + shared


@lru_cache(maxsize=1 << 12)
def _shared_labels(categories: tuple[str, ...], sources: tuple[str, ...], has_code: bool, is_known: bool) -> list[str]:
    """The labels that many papers have, and in few combinations."""
    found = set[str]().union(*map(_category_labels, categories), *map(_source_labels, sources))
    if has_code:
        found.add(label("has", "code"))
    if is_known:
        found.add(WELL_KNOWN)
    return sorted(found)


@lru_cache(maxsize=1 << 10)
def _category_labels(category: str) -> frozenset[str]:
    spelled = {category, canonical_category(category)}
    return frozenset(label("category", each) for each in {*spelled, *map(archive_of, spelled)})


@lru_cache(maxsize=1 << 10)
def _source_labels(source: str) -> frozenset[str]:
    found = source_words(source)
    return frozenset(source_label(found[:count]) for count in range(1, len(found) + 1))


def _folded_text(text: str) -> str:
    """The text with each word folded, and only blanks, tabs and line ends between words."""
    if _may_name(text):
        text = _NAMED.sub(lambda each: f" {_SIGNS[each[0].lower()]} ", _without_possessives(text))
    if not text.isascii():
        text = _NON_ASCII.sub(_folded_run, _without_possessives(text))
    elif "'" in text:
        text = _without_possessives(text)
    return text.encode().translate(_UTF_8).decode()


def _without_possessives(text: str) -> str:
    """The same text, as long as before, with blanks for each English `'s`."""
    return _POSSESSIVE.sub("  ", text) if any(map(text.__contains__, _APOSTROPHES)) else text


def _cut(word: str) -> str:
    """The word, as long as one may be; never so that of two Greek letters one is left, which would have a name."""
    if len(word) <= LONGEST_TERM:
        return word
    return word[: LONGEST_TERM - 1 if _GREEK_LETTER.match(word, LONGEST_TERM - 1, LONGEST_TERM) else LONGEST_TERM]


def _may_name(text: str) -> bool:
    # Asked of every text: one by one takes half the time of any().
    return "#" in text or "++" in text or ".N" in text or ".n" in text


def _folded_run(match: re.Match[str]) -> str:
    return _GREEK_LETTER.sub(lambda letter: _GREEK[letter[0]], "".join(map(_folded, match[0])))


@lru_cache(maxsize=1 << 13)
def _folded(character: str) -> str:
    """What one character adds to the words: nothing for a mark, a blank for what separates words."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()).translate(_SIMPLER)
    kept = (each for each in plain if unicodedata.category(each) not in ("Mn", "Mc", "Me", "Cf"))
    return "".join(" " if not each.isalnum() else f" {each} " if _IDEOGRAPH.match(each) else each for each in kept)


@lru_cache(maxsize=1)
def stop_terms() -> frozenset[str]:
    """The terms of the words that say nothing alone."""
    return frozenset(map(term, STOP_WORDS))


class _Stems(dict[str, str]):
    """Stems by word, found when first asked for; the first words, which are the common ones, are remembered."""

    def __init__(self) -> None:
        super().__init__()
        self._stemmer = Stemmer.Stemmer("english", maxCacheSize=0)

    def __missing__(self, word: str) -> str:
        stem = str(self._stemmer.stemWord(_cut(word)))
        if stem == word and _ACRONYMS.fullmatch(word):
            stem = word[:-1]
        # Long numbers hardly come twice; what keeps many texts apart, and 3d, come all the time.
        if (len(word) <= _SHORT or word.isalpha()) and len(word) <= LONGEST_TERM and len(self) < _MOST_STEMS:
            self[word] = stem
        return stem


@lru_cache(maxsize=1)
def _stems() -> _Stems:
    return _Stems()
