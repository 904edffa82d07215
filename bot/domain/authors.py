"""People's names as papers write them, parted into family and given names. It guesses, and never loses a word."""

import re
import unicodedata
from collections.abc import Sequence

from bot.domain.text import readable

LONGEST_NAME = 200
"""Characters a name may have."""

_PARTICLES = frozenset(
    """af al an ap av bin bint binti da dal dalla de dei del dela della den der des di do dos du el ibn la las le los op
    san st. 't te ten ter the vanden vander van vom von zu zum zur 'd ul ur uz""".split()  # noqa: SIM905
)
"""Small words that begin a family name, written small."""
_CAPITAL_PARTICLES = frozenset(
    {"Al", "Da", "Dal", "Dalla", "De", "Del", "Della", "Den", "Der", "Di", "Dos", "El", "La"}
)
_JOINING = frozenset({"y", "e", "i"})
"""Small words between two family names."""
_SUFFIX = re.compile(r"(?:jr|sr|[js]unior|senior|i{2,3}|iv|v|ph\.?\s?d|m\.?d)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?i:v\.?|m\.?\s?d\.?)|[JS]R")
"""What is no suffix where no other given name is left: `Salahuddin, Md`."""
_SURE_SUFFIX = re.compile(r"(?:[JS]r\.?|II|III|IV)")
_VIETNAMESE = frozenset(
    """Nguyen Tran Le Pham Hoang Huynh Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Dao Truong Dinh Trinh Mai Ma Luong Cao Ha
    Ta""".split()  # noqa: SIM905
)
"""Family names beside which `Van` is a given name (the commonest ones, without their accents)."""
_GROUP_WORDS = frozenset(
    """behalf collaboration collaborations committee consortium for foundation group initiative institute laboratory
    network organization project society team the university""".split()  # noqa: SIM905
)
_GIVEN = frozenset(
    """Adriana Alberto Alejandra Alejandro Ana Andrea Andres Angel Angela Antonio Beatriz Camila Carlos Carmen Carolina
    Claudia Cristina Cristobal Daniela Diego Eduardo Elena Enrique Ernesto Esteban Eugenia Felipe Fernanda Fernando
    Francisco Gabriel Gabriela Gerardo Guadalupe Guillermo Gustavo Hector Ignacio Ines Isabel Jaime Javier Jesus Joaquin
    Jorge Jose Josefa Juan Juana Julio Laura Leonardo Leticia Lucia Luis Luisa Manuel Manuela Mar Marcela Marcelo Maria
    Mariana Mario Marta Mauricio Mercedes Miguel Monica Natalia Nicolas Pablo Patricia Paula Pedro Pilar Rafael Ramon
    Raquel Raul Ricardo Roberto Rocio Rodrigo Rosa Salvador Santiago Sebastian Sergio Silvia Sofia Susana Teresa
    Valentina Veronica Vicente Victoria Ximena""".split()  # noqa: SIM905
)
"""Given names, without their accents, where people have two family names and mostly two given ones."""
_AFFILIATION = re.compile(r"\s*\^?\([^()]*\)|\s*\S+@\S+|[\s*†‡§¶#^\d⁰¹²³⁴-⁹]+$")
_BETWEEN = re.compile(r",?\s+(?:and|&)\s+")
_OTHERS = re.compile(r",?\s+et\s+al\b\.?$")
_INITIAL = re.compile(r"[^\W\d_]\.(?:-?[^\W\d_]\.)*|[A-Z]{1,2}")


def names_in(text: str) -> tuple[str, ...]:
    """The names in one text of authors, such as `Ada Lovelace, C. Babbage and G. Hopper` or `Lovelace, A.; Hopper, G.`

    It parts them where it is plain that they are several, and where two or more words stand on both sides of a comma:
    `Ann Lee, Bo Chen` are two. One is whom initials or Spanish and Portuguese given names alone follow the comma of:
    `García Márquez, Gabriel José`; and so is a group.
    """
    text = _OTHERS.sub("", " ".join(text.split()))
    if "(" in text:
        return (text,)
    if ";" in text:
        return tuple(name for each in text.split(";") if (name := each.strip().removeprefix("and ")))
    pieces = _BETWEEN.split(text)
    if "&" in text and all(len(each.split()) == 1 for each in pieces):  # `Procter & Gamble`
        return (text,)
    if "," in pieces[-1] and len(pieces) > 1:  # `Lovelace, Ada and Hopper, Grace`, as BibTeX has it
        return tuple(pieces)
    groups = [_is_group(each.split()) for each in pieces]
    if "," not in text and any(groups) and not all(groups):  # `Institute of Science and Technology`
        return (text,)
    return tuple(name for each in pieces for name in _between_commas(each))


def _between_commas(text: str) -> list[str]:
    """The names between these commas; all of it as one name where a comma may stand before given names."""
    parts: list[str] = []
    for each in filter(None, map(str.strip, text.split(","))):
        if parts and _SUFFIX.fullmatch(each):
            parts[-1] += f", {each}"
        else:
            parts.append(each)
    if len(parts) >= 4 and len(parts) % 2 == 0 and all(map(_is_given, parts[::2], parts[1::2])):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    may_be_one = len(parts) == 2 and (
        _is_given(*parts)
        or parts[0].split()[0].lower() in _PARTICLES
        or "," in parts[0]  # `King, Jr., Martin Luther`
        or any(_is_group(each.split()) for each in parts)
    )
    return [text] if may_be_one or any(len(each.split()) == 1 for each in parts) else parts


def _is_given(family: str, text: str) -> bool:
    """Whether this text can only be the given names of who has this family name."""
    words = text.split()
    if all(map(_INITIAL.fullmatch, words)):
        return True
    return not _is_given_name(family.split(maxsplit=1)[0]) and all(
        _INITIAL.fullmatch(each) or _is_given_name(each) for each in words
    )


def _is_given_name(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word)
    return "".join(each for each in letters if not unicodedata.combining(each)) in _GIVEN


def split_names(texts: Sequence[str]) -> list[tuple[str, str]]:
    """What `split_name` says of each of these names; looks at plain ones together, which takes a third of the time."""
    together = " ".join(texts)
    if not _is_plain(together) or _is_group(together.split()) or max(map(len, texts)) > LONGEST_NAME:
        return list(map(split_name, texts))
    parted: list[tuple[str, str]] = []
    for text in texts:
        words = text.split()
        if len(words) == 2 and words[0][0].isalpha():
            parted.append((words[1], words[0]))
        else:
            parted.append(split_name(text))
    return parted


def split_name(text: str) -> tuple[str, str]:
    """A name's family and given parts, readable; the given part is empty for a group or a single name, both if nothing
    is left. `Lovelace, Ada`, `Ada Lovelace`, `Ludwig van Beethoven` and `Martin Luther King Jr.` are all understood.
    """
    if _is_plain(text) and len(text) <= LONGEST_NAME:
        words = text.split()
    else:
        name = _AFFILIATION.sub("", readable(text, limit=LONGEST_NAME)).strip(" ,;")
        if not any(map(str.isalpha, name)):
            return "", ""
        if "," in name:
            return _inverted(name)
        words = name.split()
    if len(words) == 1 or _is_group(words):
        return " ".join(words), ""
    suffix = f" {words.pop()}" if len(words) > 2 and _SURE_SUFFIX.fullmatch(words[-1]) else ""
    start = _family_start(words) if len(words) > 2 else 1
    return " ".join(words[start:]) + suffix, " ".join(words[:start])


def _is_plain(text: str) -> bool:
    """Whether it holds nothing but ASCII letters, with blanks, full stops and single hyphens between."""
    letters = text.replace(" ", "").replace(".", "").replace("-", "")
    return letters.isalpha() and text.isascii() and "--" not in text


def _is_group(words: list[str]) -> bool:
    return not _GROUP_WORDS.isdisjoint(map(str.lower, words))


def _inverted(name: str) -> tuple[str, str]:
    """A name with its family name first, before a comma."""
    family, *rest = [each.strip() for each in name.split(",")]
    if _is_group(name.replace(",", " ").split()):
        return " ".join([*rest, family]).strip(), ""
    suffixes = [each for each in rest if _SUFFIX.fullmatch(each)]
    if len(suffixes) == len(rest):
        suffixes = [each for each in suffixes if not _INITIALS.fullmatch(each)]
    given = [each for each in rest if each and each not in suffixes]
    if not family:
        return split_name(" ".join(given))
    if not given and suffixes and " " in family:
        family, first = split_name(family)
        given = [first]
    return " ".join([family, *suffixes]), " ".join(given)


def _family_start(words: list[str]) -> int:
    """The index of the word with which the family name begins."""
    for at in range(1, len(words) - 1):
        word = words[at]
        if word in _JOINING and at > 1:
            return at - 1
        if word in _PARTICLES or word in _CAPITAL_PARTICLES:
            return at
        if word in {"Van", "Von"} and not _VIETNAMESE.intersection(words):
            return at
    return len(words) - 1


def family_parts(family: str) -> tuple[str, str, str]:
    """A family name's particle, core and suffix: `van den`, `Oord` and nothing; nothing, `King` and `Jr.`."""
    words = family.split()
    suffix = words.pop() if len(words) > 1 and _SURE_SUFFIX.fullmatch(words[-1]) else ""
    start = next((at for at, word in enumerate(words[:-1]) if not _is_small(word)), max(0, len(words) - 1))
    return " ".join(words[:start]), " ".join(words[start:]), suffix


def _is_small(word: str) -> bool:
    return next(filter(str.isalpha, word), "").islower()
