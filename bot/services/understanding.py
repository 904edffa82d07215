"""Understands what a text asks for, and finds it: what it says, what was meant, or what has the most to do with it."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.domain.analysis import words
from bot.domain.forgiveness import (
    as_begun,
    as_typed,
    begun_like,
    doubtful,
    doubtful_names,
    last_begun,
    likeliest_name,
    loosened,
    renamed,
    respelt,
    with_author,
)
from bot.domain.named_requests import authors_of, by_any_of, may_be_sure
from bot.domain.papers import KnownPaper
from bot.domain.parsing import MAX_LENGTH, QueryError, parse_query, query_or_none
from bot.domain.patience import Patience
from bot.domain.query import Query, WithId, Words, any_of
from bot.domain.ranking import Order
from bot.domain.references import Cited, cited, ids_among
from bot.domain.spoken import Spoken, as_spoken
from bot.interfaces import Storage
from bot.searching_interfaces import Matches
from bot.services.findings import Searched, Understood, Wanted
from bot.services.naming import naming_people
from bot.services.referring import referred_paper, to_type
from bot.services.second_thoughts import SecondThoughts

_SENTENCE = 3
"""From so many telling words on, a query is a sentence: few papers hold all of it, and the best often do not."""
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT)\b")
_SHOUTED = 4
"""Words from which on a text in capitals alone is a title, and not two names with an operator between."""
_SURE_OF = 2
"""Letters at the end of a family name without which others are looked for."""
_NAMES = 200
"""People among whom the one who was meant is looked for."""
_FEW = 10
"""Fewer papers than this are not all that somebody looks for who typed a sentence."""


class Understanding:
    """Searches one library for what people may mean."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def understood(self, text: str, wanted: Wanted) -> Understood:
        """The query that the text is, or what it says as a request in words; of a title, the query for its words.

        A request is read so where that finds something, or nothing else does; one that names people without saying so
        only where its words find nothing, and it finds something. Raises QueryError, which says what to type instead,
        where the text is no query.

        Of a reference as a bibliography has it, the paper is what is meant, where it is here; else its title, where
        neither all of the words nor a request in them find anything.
        """
        reference = cited(text)
        text = await self._as_cited(text, reference) or await self._as_title(text, wanted) or text
        guess = reference.guess if reference and reference.guess != text and query_or_none(reference.guess) else ""
        if len(text) > MAX_LENGTH and (shorter := guess or await self._as_ids(text)):
            return replace(await self.understood(shorter, wanted), is_said=True)
        query, typed = parse_query(text), words(text)
        found = await self._strictly(query, wanted, typed)
        if (
            not found.total
            and not isinstance(query.root, WithId)
            and (ids := await self._as_ids(text)) not in ("", text)
        ):
            return replace(await self.understood(ids, wanted), is_said=True)
        said = await self._as_request(text, wanted, query, found)
        is_found = found.total or (said and said.searched.whole is None and said.searched.found.total)
        if guess and not is_found:
            titled = await self.understood(guess, wanted)  # shorter each time
            if titled.searched.found.total:
                return replace(titled, is_said=True)
        return said or Understood(query, text, await self.searched(query, typed, wanted, found), order=wanted.order)

    async def _as_request(self, text: str, wanted: Wanted, query: Query, found: Matches) -> Understood | None:
        """What a text says as a request; None where it is none, or where its words, which find this, were meant."""
        may_name = not found.total or may_be_sure(text)
        if may_name and (named := await self._as_named(text, wanted, is_sure=found.total > 0)):
            return named
        spoken = as_spoken(text)
        if spoken is None or (found.total and not spoken.is_sure):
            return None
        if found.total and await self._is_title(query, words(text), wanted, found):
            return None
        if spoken.order and wanted.order is Order.RELEVANCE:
            wanted = replace(wanted, order=spoken.order)
        asked, read = await self._read(spoken, wanted)
        is_only_when = not any(spoken.query.sought())
        if asked == query or ((found.total or spoken.must_find) and not read.total and not is_only_when):
            return None
        searched = Searched(asked, read) if read.total else await self.searched(asked, words(str(asked)), wanted, read)
        if not searched.found.total and not spoken.is_sure:
            return None
        return Understood(
            asked,
            str(asked),
            searched,
            is_said=True,
            order=wanted.order,
            is_by_any=asked == by_any_of(spoken.query),
            is_whenever=spoken.query.is_dated and not asked.is_dated,
        )

    async def _as_named(self, text: str, wanted: Wanted, *, is_sure: bool) -> Understood | None:
        """What a text asks for that names people without saying so, surely where asked; None where no such request
        finds anything."""
        requests = await naming_people(
            self._storage, text, wanted.patience, wanted=lambda each: each.is_sure or not is_sure
        )
        for each in requests:
            if each.is_less:
                continue
            read = await self._strictly(each.query, wanted, words(str(each.query)))
            if read.total:
                found = Searched(each.query, read, is_certain=read.in_time)
                return Understood(each.query, str(each.query), found, is_said=True, order=wanted.order)
        for each in requests:
            if is_sure or (each.is_sure and each.query.is_dated):  # the words find papers, or nobody said it was people
                continue
            asked, read = await self._read(Spoken(each.query, is_sure=False), wanted)
            if not read.total:
                continue
            found = Searched(asked, read, is_certain=read.in_time)
            return Understood(
                asked,
                str(asked),
                found,
                is_said=True,
                order=wanted.order,
                is_by_any=asked == by_any_of(each.query),
                is_whenever=each.is_less and any(other.query.is_dated for other in requests),
            )
        return None

    async def _as_cited(self, text: str, reference: Cited | None) -> str | None:
        """What to type for the one paper that a text refers to; None where it is not here, or the text is a title."""
        if known := await referred_paper(self._storage, text, reference):
            return to_type(known.paper)
        if reference is None or len(reference.ids) != 1 or await self._storage.find_titled(text):
            return None
        return reference.ids[0].value

    async def _as_ids(self, text: str) -> str:
        """The ids of papers that are here which a text holds among other words, to be typed: as many as a query may."""
        ids = ids_among(text)
        known = await self._storage.find_numbers(ids)
        typed = ""
        for each in ids:
            longer = f'{typed} OR id:"{each.value}"'.removeprefix(" OR ")
            typed = longer if each in known and len(longer) <= MAX_LENGTH else typed
        return typed

    async def _have_all_written(self, query: Query, wanted: Wanted) -> bool:
        for each in authors_of(query):
            if not await self._finds(Query(each), wanted):
                return False
        return True

    async def _is_title(self, query: Query, typed: Sequence[str], wanted: Wanted, found: Matches) -> bool:
        """Whether a paper is called so: the first page tells, whichever was wanted and found."""
        first = await self._strictly(query, replace(wanted, offset=0), typed) if wanted.offset else found
        return _is_called_so(first, typed)

    async def _read(self, spoken: Spoken, wanted: Wanted) -> tuple[Query, Matches]:
        """What a request asks for, and what it finds: among new papers where it asks for these and there are enough,
        and by any of the people it names where there is nothing by all of them."""
        if spoken.recently:
            recent = await self._strictly(spoken.recently, wanted, words(str(spoken.recently)))
            if recent.total >= _FEW:
                return spoken.recently, recent
        read = await self._strictly(spoken.query, wanted, words(str(spoken.query)))
        any_of_them = None if read.total else by_any_of(spoken.query)
        if any_of_them and await self._have_all_written(spoken.query, wanted):
            by_any = await self._strictly(any_of_them, wanted, words(str(any_of_them)))
            return (any_of_them, by_any) if by_any.total else (spoken.query, read)
        for other in () if read.total else spoken.otherwise:
            otherwise = await self._strictly(other, wanted, words(str(other)))
            if otherwise.total:
                return other, otherwise
        return spoken.query, read

    async def _as_title(self, text: str, wanted: Wanted) -> str | None:
        """A text with an operator that is a title here, without it: "GPT-4 Is NOT Enough" as it is written, or any in
        capitals alone, "ATTENTION IS NOT ALL YOU NEED"."""
        small = _OPERATOR.sub(lambda found: found[0].lower(), text)
        if small == text:
            return None
        is_shouted = text == text.upper() and len(text.split()) >= _SHOUTED
        with suppress(QueryError):
            plain, typed = parse_query(small), words(text)
            called = await self._strictly(plain, replace(wanted, offset=0), typed)
            titles = [known.paper.title for known in called.papers if words(known.paper.title) == typed]
            operators = _OPERATOR.findall(text)
            if plain.is_plain and any(is_shouted or _OPERATOR.findall(title) == operators for title in titles):
                return small
        return None

    async def searched(
        self, query: Query, typed: Sequence[str], wanted: Wanted, found: Matches | None = None
    ) -> Searched:
        """What the query finds, `found` where that is known; where that is nothing, what it finds spelt otherwise, and
        else by some of its words. Where time is over, what was found until then.
        """
        if found is None:
            found = await self._strictly(query, wanted, typed)
        if found.total >= _FEW or wanted.patience.is_over() or (found.total and wanted.order is not Order.RELEVANCE):
            return Searched(query, found, is_certain=found.in_time)
        return replace(await self._freely(query, typed, found, wanted), is_certain=found.in_time)

    async def _freely(self, query: Query, typed: Sequence[str], found: Matches, wanted: Wanted) -> Searched:
        """What is found otherwise where the query finds only this, or nothing."""
        patience, named = wanted.patience, found.named
        spellings = {} if found.total else await self._storage.likely_spellings(doubtful(query), within=patience)
        meant = respelt(query, spellings)
        if spellings:
            meant, found = await self._meant(query, spellings, wanted)
        if not found.total and (others := respelt(await self._renamed(query, patience), spellings)) != meant:
            meant, found = others, await self._strictly(others, wanted)
        if not found.total and named and (theirs := await self._by_some_of(named, query, wanted)):
            return theirs
        if not found.total:
            meant, found = await self._begun(query, meant, found, wanted)
        instead = meant if meant != query and found.total else None
        strictly = Searched(meant if instead else query, found, instead=instead)
        loose = loosened(meant, " ".join(spellings.get(word, word) for word in typed).split())
        if loose is None or found.total >= _FEW or (found.total and len(loose.words) < _SENTENCE):
            return strictly
        whole = found
        if wanted.offset or wanted.limit < found.total:
            whole = await self._strictly(meant, replace(wanted, limit=_FEW, offset=0))
        if patience.is_over():
            return strictly
        first = [known.id for known in whole.papers]
        some = await self._storage.search_loosely(
            loose, now=wanted.now, first=first, limit=wanted.limit, offset=wanted.offset, within=patience
        )
        if some.total == len(first) or _is_called_so(whole, typed):
            return strictly
        freed = Query(any_of([Words((word,)) for word in loose.words]))
        some = replace(some, named=found.named)
        return Searched(freed, some, instead=meant if meant != query else None, whole=len(first))

    async def perhaps(self, query: Query, text: str, searched: Searched, wanted: Wanted) -> str | None:
        """What else may have been meant, to be typed; None where it is what was searched for."""
        if wanted.patience.is_over():
            return None
        thoughts = SecondThoughts(self._storage, wanted.now, wanted.patience)
        typed, few = words(text), searched.found.total if searched.whole is None else searched.whole
        if few and not searched.instead and not wanted.offset:
            holding = [known.paper for known in searched.found.papers[:few]]
            if meant := await thoughts.on_names(query, typed, holding):
                return meant
        if searched.whole == 0 and not searched.instead and (meant := await thoughts.on_titles(query, typed)):
            return meant
        respelt = await thoughts.on_spelling(searched.instead or query, few) if few < _FEW else None
        if respelt:
            return as_typed(query, respelt, typed)
        is_as_written = few and not searched.instead and not wanted.offset
        return await thoughts.on_people(text) if is_as_written and not _is_called_so(searched.found, typed) else None

    async def _meant(self, query: Query, spellings: Mapping[str, str], wanted: Wanted) -> tuple[Query, Matches]:
        """What is found with words spelt otherwise; but the last one as it begins, where commoner words begin so."""
        word = last_begun(query)
        if word in spellings and await self._storage.begins_commoner(word, spellings[word], within=wanted.patience):
            others = {each: spelling for each, spelling in spellings.items() if each != word}
            begun = as_begun(respelt(query, others))[0]
            if (found := await self._strictly(begun, wanted)).total:
                return begun, found
        meant = respelt(query, spellings)
        return meant, await self._strictly(meant, wanted)

    async def _by_some_of(self, named: Query, query: Query, wanted: Wanted) -> Searched | None:
        """What the first of these people wrote who wrote anything, within what else the query asks for."""
        for each in named.sought():
            theirs = with_author(query, each)
            if (found := await self._strictly(theirs, wanted)).total:
                return Searched(theirs, found, instead=theirs)
        return None

    async def _begun(self, query: Query, meant: Query, found: Matches, wanted: Wanted) -> tuple[Query, Matches]:
        """What is found where words are only begun, of a query that finds nothing; what there is already, else."""
        known = [each for each in doubtful(query) if await self._is_known(each, wanted)] if as_begun(query) else []
        for others in as_begun(query, known):
            if wanted.patience.is_over():
                break
            if (begun := await self._strictly(others, wanted)).total:
                return others, begun
        return meant, found

    async def _is_known(self, word: str, wanted: Wanted) -> bool:
        """Whether any paper holds this very word, which is then no beginning of another."""
        return await self._finds(Query(Words((word,))), wanted)

    async def _finds(self, query: Query, wanted: Wanted) -> bool:
        """Whether a query finds any paper; not where time is over before."""
        if wanted.patience.is_over():
            return False
        return bool((await self._strictly(query, replace(wanted, limit=1, offset=0))).total)

    async def begun_like(self, query: Query, wanted: Wanted) -> str:
        """The longest beginning of the one word that was looked for that finds any paper, with a star; else nothing."""
        begun = begun_like(query.root) if isinstance(query.root, Words) else []
        longest = ""
        while begun and not wanted.patience.is_over():  # what a beginning finds, fewer letters find too
            middle = len(begun) // 2
            if (await self._strictly(Query(begun[middle]), replace(wanted, limit=1, offset=0))).total:
                longest, begun = str(begun[middle]), begun[:middle]
            else:
                begun = begun[middle + 1 :]
        return longest

    async def _renamed(self, query: Query, patience: Patience) -> Query:
        """The query with its authors called as people are called whom it may mean."""
        for named in doubtful_names(query):
            family = named.words[-1]
            for begun in dict.fromkeys((family, family[:-_SURE_OF] or family)):
                names = await self._storage.suggest_authors(begun, limit=_NAMES, within=patience)
                if meant := likeliest_name(named.words, names):
                    query = renamed(query, named, meant)
                    break
        return query

    async def _strictly(self, query: Query, wanted: Wanted, called: Sequence[str] = ()) -> Matches:
        return await self._storage.search_papers(
            query,
            now=wanted.now,
            limit=wanted.limit,
            offset=wanted.offset,
            order=wanted.order,
            called=called,
            within=wanted.patience,
        )


def _is_called_so(found: Matches, typed: Sequence[str]) -> bool:
    """Whether one of these papers has just these words as its title."""
    return any(words(known.paper.title) == list(typed) for known in found.papers)


def chosen(query: Query, texts: Sequence[str], found: Matches) -> KnownPaper | None:
    """The one paper found that one of these texts names, by its id or letter by letter by its title; None where none
    does."""
    titles = [" ".join(text.split()) for text in texts]
    titled = [known for known in found.papers if " ".join(known.paper.title.split()) in titles]
    candidates = found.papers if isinstance(query.root, WithId) else titled
    return candidates[0] if len(candidates) == 1 else None
