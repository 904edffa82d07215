"""What to type instead, for whoever searched: the same hints on Discord and at a terminal. It knows no paper."""

import re
from collections.abc import Iterable, Iterator

from bot.domain.categories import archive_of, bare_code, category_name
from bot.domain.parsing import MAX_LENGTH, QueryError, parse_query
from bot.domain.query import And, Field, FromSource, Having, InCategory, Node, Not, Published, Side, WithId, Words
from bot.domain.query_fields import open_quote

_AGAIN = "Try again in a moment: there was no time to look for other spellings."
READ_AS_REQUEST = "I read your words as that request. To look for the words themselves, put them in quotes."
_QUOTED = re.compile(r'(?:\b(?P<field>\w+):)?["“”„‟«»＂][^"“”„‟«»＂]*')
_AUTHOR_FIELDS = ("author", "au")
_BARE_OPERATOR = re.compile(r"(?<=\S\s)(or|not)(?=\s\S)")
_YEAR_AND_ON = re.compile(
    r"(?<!\S)(?P<side>since|after|before|until) (?P<year>(?:19|20)[0-9]{2})(?![^\s.,;)])", re.IGNORECASE
)
_BARE_YEAR = re.compile(r"(?<!(?:after|efore):\s)(?<![^\s(])(?:19|20)[0-9]{2}(?![^\s.,;)])")
_CITED = re.compile(r"\b(?:most|highly|top)[ -]cited\b", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z0-9]")
_GROUP = re.compile(r"(?<![^\s(-])\(")
_SPAN_BACK = re.compile(
    r"\b(?:since|from|in|of|within)\s+(?:the\s+)?(?:last|past)\s+(?:([0-9]{1,3})\s+)?(day|week|month|year)s?\b",
    re.IGNORECASE,
)
_BLANK_AFTER_FIELD = re.compile(r"(?<!\S)(title|abstract|author|cat|id|source|has|after|before):\s", re.IGNORECASE)


def quicker(typed: str) -> str:
    """What makes a search quicker."""
    letters = "Write more letters before each star, or add" if "*" in typed else "Add"
    return f"{letters} a rarer word; or try again in a moment, when I am less busy."


def operator_tip(typed: str) -> str:
    """What to write instead of a small "or" or "not" between words; empty where there is none."""
    found = _BARE_OPERATOR.search(_QUOTED.sub('""', typed[:MAX_LENGTH]))
    if found is None:
        return ""
    meant = "find papers that have either" if found[1] == "or" else "leave papers out"
    return f"Write `{found[1].upper()}` in capitals to {meant}: in small letters it is a word."


def date_tip(typed: str) -> str:
    """What to write instead of a bare year, or of "since last month", which are looked for as words; empty where there
    is none."""
    text = _QUOTED.sub('""', typed[:MAX_LENGTH])
    if back := _SPAN_BACK.search(text):
        written = f"after:{back[1] or 1}{back[2][0].lower()}"
        return _instead(written, back[0])
    if side := _YEAR_AND_ON.search(text):
        year = int(side["year"])
        since, until = f"after:{year}", f"before:{year}"
        written = {"before": until, "until": f"before:{year + 1}"}.get(side["side"].lower(), since)
        return _instead(written, side[0])
    found = _BARE_YEAR.search(text)
    if found is None:
        return ""
    year = int(found[0])
    return f"Write `after:{year} before:{year + 1}` for papers of that year: `{year}` alone is a word to look for."


def _instead(written: str, said: str) -> str:
    return f"Write `{written}` instead of “{said.lower()}” if you mean when a paper was published."


def parenthesis_tip(typed: str) -> str:
    """What is said of a group that nothing closes; empty where each is closed."""
    text = _QUOTED.sub('""', typed[:MAX_LENGTH])
    is_open = len(_GROUP.findall(text)) > text.count(")")
    return "The parenthesis is not closed, so I read it to the end." if is_open else ""


def citations_tip(typed: str) -> str:
    """What comes first where the most cited papers were asked for; empty where they were not."""
    told = "I don't know how often papers are cited: the order `popular` goes by upvotes."
    return told if _CITED.search(_QUOTED.sub('""', typed[:MAX_LENGTH])) else ""


def category_tip(typed: str) -> str:
    """What to write instead of a bare category, whose parts are looked for as words; empty where there is none."""
    bare = (each.strip(",;()") for each in _QUOTED.sub('""', typed[:MAX_LENGTH]).split())
    code = next(filter(None, map(bare_code, bare)), None)
    return f"Write `cat:{code}` for papers in {category_name(code)}." if code else ""


def how_it_was_read(
    typed: str, *, with_operators: bool = True, is_said: bool = False, offered: str | None = None
) -> Iterator[str]:
    """What to write instead of what is read otherwise than it may have been meant, also of small operators if asked; of
    a request in words or one paper's name, `is_said`, all but the order was read as it was meant. What is offered says
    it itself."""
    if is_said:
        yield from filter(None, (citations_tip(typed),))
        return
    yield from filter(None, (open_quote(typed), parenthesis_tip(typed), operator_tip(typed) if with_operators else ""))
    is_dated = "after:" in (offered or "")
    yield from filter(None, ("" if is_dated else date_tip(typed), category_tip(typed), citations_tip(typed)))


def where_nothing_is_found(typed: str, begun: str, *, in_time: bool, is_said: bool = False) -> Iterator[str]:
    """What to try instead; `begun` is what finds words that begin alike, if any, `in_time` whether other spellings were
    looked for, and `is_said` whether this was what other words say as a request."""
    if is_said:
        yield READ_AS_REQUEST
    if not in_time:
        yield _AGAIN
    try:
        root = parse_query(typed).root
    except QueryError:
        parts: tuple[Node, ...] = ()
    else:
        parts = root.parts if isinstance(root, And) else (root,)
    if not _LATIN.search(typed):
        yield "Try English words: nearly all papers have their title and abstract in English."
    yield from how_it_was_read(typed)
    if blank := _BLANK_AFTER_FIELD.search(typed):
        field = blank[1].lower()
        yield f"Leave no blank after `{field}:`, or it is taken for a word."
    if any(isinstance(each, FromSource) for each in parts):
        yield "After `source:` stands where a paper was seen: `source:arxiv`, `source:huggingface`, a feed's own name."
    if len(parts) == 1:
        yield from _about_one(parts[0], typed, begun)
    else:
        yield from _about_many(parts, typed, begun)


def _about_one(part: Node, typed: str, begun: str) -> Iterator[str]:
    """How to widen the only thing that was asked for, without leaving it out."""
    if isinstance(part, InCategory) and (archive := archive_of(part.name)) + ".*" != part.name:
        yield f"Look in the whole archive with `cat:{archive}.*` ({category_name(archive)})."
    if isinstance(part, Published):
        yield f"Choose {'an earlier' if part.side is Side.AFTER else 'a later'} day: `{part.side}:2y` is two years ago."
    if not isinstance(part, Words):
        return
    if part.field is Field.AUTHOR:
        yield "Check the name, or write its beginning and a star: `author:hin*` finds Hinton."
    elif part.field:
        yield f"Leave out `{part.field}:` to look everywhere."
    if part.field is not Field.AUTHOR:
        yield _about_words(part, typed, begun)


def _about_many(parts: Iterable[Node], typed: str, begun: str) -> Iterator[str]:
    words = [each for each in parts if isinstance(each, Words) and each.field is not Field.AUTHOR]
    if phrase := next((each for each in words if len(each.words) > 1), None):
        yield _about_words(phrase, typed, begun)
    if fields := dict.fromkeys(filter(None, map(_field, parts))):
        named = " or ".join(f"`{each}:`" for each in fields)
        yield f"Leave out {named} with what stands after it, which narrows a search down."
    if any(isinstance(each, Not) for each in parts):
        yield "Leave out what stands after a minus: it takes papers away."
    if sum(not each.field for each in words) > 1:
        yield "Leave out a word: a paper must have all of them."


def _about_words(words: Words, typed: str, begun: str) -> str:
    if len(words.words) == 1:
        return f"Shorten the word and end it in a star: `{begun}`." if begun else "Try another word for the same."
    if any((quoted["field"] or "").lower() not in _AUTHOR_FIELDS for quoted in _QUOTED.finditer(typed)):
        return "Leave out the quotes: a phrase matches only words that stand side by side."
    if not typed.isascii():
        return "Put blanks between words, or look for fewer: as they stand there, they must stand side by side."
    return "Put blanks between words: joined by a hyphen or the like, they must stand side by side."


def _field(part: Node) -> str:
    """How the field of a part is written; empty for plain words and for parts that consist of others."""
    match part:
        case Words():
            return part.field
        case Published():
            return part.side
        case InCategory() | WithId() | FromSource() | Having():
            return str(part).partition(":")[0]
        case _:
            return ""
