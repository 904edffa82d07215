"""Other ways to write the same words: joined, apart, or with an umlaut spelt otherwise. Finds nothing itself."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, pairwise, product

MOST = 4
"""Other ways that are looked for."""

_PREFIXES = frozenset(
    "anti auto bi co cross hyper meta micro multi nano non post pre pseudo quasi semi sub super".split()  # noqa: SIM905
)
"""What stands before a word with a hyphen as often as without."""
_ONLY_JOINED = _PREFIXES | frozenset({"de", "e", "inter", "intra", "macro", "re", "self", "ultra"})
"""Those, and others that too many words merely begin with."""
_SHORTEST_REST = 4
_PREFIXED = re.compile(rf"({'|'.join(sorted(_PREFIXES))})([a-z]{{{_SHORTEST_REST},}})")
_NUMBERED = re.compile(r"([a-z]{2,})([0-9]+[a-z]?)")
"""A name with its number: `gpt4`, `resnet50`, `gpt4o`."""
_DIMENSIONS = re.compile(r"([0-9])(d)")
_LINED = re.compile(r"(h|ly)(alpha|beta|gamma)")
"""Lines of hydrogen: `halpha`, as Hα is read."""
_NUMBER = re.compile(r"[0-9]+[a-z]?")

_WITHOUT_UMLAUTS = """
    bjoern boehm boehmer boettcher buechner buehler buettiker buettner doerfler doerr duesseldorf erdoes foerster
    froehlich fuerst goebel goedel goettingen goetz groebner gruenwald guennemann guenter guenther haensch hoefler
    hoelder hoelscher huebner hyperkaehler hyvaerinen jaeger jaekel joerg joergensen joern juergen kaehler kaehlerian
    kaempfer koebler koehler koelle koenig koerner koester koethe kraemer kroeger krueger kuehn kuehne kuenneth kuester
    loeffler loewner luescher moebius moeller moessbauer mueller muench muenster noerdlinger pluecker poeppel pueschel
    roentgen roesch roessler rueckert ruediger ruehle schaefer schlueter schoelkopf schroedinger schroeder schroeter
    schuermann schuetz schuetze soeren soerensen stueckelberg teichmueller tuebingen voelker voigtlaender wuensch
    wuerzburg wuest zoellner zuercher zuerich
"""
"""Words written with umlauts, as those write them who have none."""
_EXPANDED = re.compile(r"(?<!a)([aou])e")


@lru_cache(maxsize=1 << 12)
def written_otherwise(words: tuple[str, ...], *, is_name: bool = False) -> tuple[tuple[str, ...], ...]:
    """Other ways to write these words, which stand together; none in the usual case. A name is never joined or parted.

    Whoever is written in another way is found by it too: `schroedinger` by `schrodinger`, as Schrödinger is folded.
    """
    spelt = product(*((each, *_other_umlaut(each)) for each in words))
    ways = dict.fromkeys(spelt)
    if not is_name:
        for each in list(ways):
            ways.update(dict.fromkeys((*_joined(each), *_parted(each))))
    return tuple(islice((each for each in ways if each != words), MOST))


def _other_umlaut(word: str) -> tuple[str, ...]:
    other = _umlauts().get(word)
    return (other,) if other else ()


@lru_cache(maxsize=1)
def _umlauts() -> Mapping[str, str]:
    """Each of these words as it is folded, by the word without umlauts, and the other way round."""
    folded = {each: _EXPANDED.sub(r"\1", each) for each in _WITHOUT_UMLAUTS.split()}
    return folded | {each: expanded for expanded, each in folded.items()}


def _joined(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at, (one, other) in enumerate(pairwise(words)):
        is_numbered = one.isalpha() and _NUMBER.fullmatch(other)
        has_dimensions = one.isdigit() and other == "d"
        if is_numbered or has_dimensions or _LINED.fullmatch(one + other) or (one in _ONLY_JOINED and other.isalpha()):
            yield (*words[:at], one + other, *words[at + 2 :])


def _parted(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at, word in enumerate(words):
        for form in (_NUMBERED, _DIMENSIONS, _LINED, _PREFIXED):
            if parts := form.fullmatch(word):
                yield (*words[:at], *parts.groups(), *words[at + 1 :])
                break
