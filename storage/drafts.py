"""The papers that a batch is about, in memory, before anything is written: which is which, and what became of each.

It knows only the stored papers it was told of, and asks nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Self

from bot.domain.analysis import PreparedPaper, prepare, title_key
from bot.domain.changes import Change, changes
from bot.domain.flat import authors_of
from bot.domain.identifiers import ExternalId
from bot.domain.lookalikes import MOST_OF_ONE_TITLE, shortlist, sought_words
from bot.domain.merging import merge
from bot.domain.papers import KnownPaper, Paper
from bot.domain.sameness import (
    SAME,
    Heading,
    Signature,
    are_one,
    arxiv_ids,
    authors_agree,
    heading,
    may_share_id,
    title_likeness,
)
from bot.interfaces import PutOutcome

Ids = tuple[ExternalId, ...]


class Draft:
    """One paper on its way in: what storage holds of it, if anything, and what it is to hold."""

    def __init__(self, title_key: int, newness: tuple[bool, int], *, known: KnownPaper | None = None) -> None:
        self.known = known
        self.title_key = title_key
        self.newness = newness
        """Greater is newer: every paper of this batch after every known one."""
        self.number = known.id if known else 0
        """Its number in storage, once it is written."""
        self.other_titles: dict[int, str] = {}
        """By their keys, titles that it came with and does not go by."""
        self.changes: list[Change] = []
        self.absorbed: list[KnownPaper] = []
        """Papers that storage holds, and that turned out to be this one."""
        self._paper = known.paper if known else None
        self._prepared: PreparedPaper | None = None
        self._heading: Heading | None = None
        self._joined: Draft | None = None

    @classmethod
    def of(cls, new: PreparedPaper, newness: tuple[bool, int]) -> Self:
        """A paper that nobody knew."""
        draft = cls(new.title_key, newness)
        draft._prepared = new
        return draft

    @property
    def paper(self) -> Paper:
        """What it is to hold; a new paper is unfolded only once somebody asks."""
        if self._paper is None:
            self._paper = self.prepare().paper
        return self._paper

    @property
    def heading(self) -> Heading:
        if self._heading is None:
            self._heading = heading(self.paper.title)
        return self._heading

    @property
    def signature(self) -> Signature:
        return Signature(self.paper.ids, self.paper.authors)

    @property
    def title_words(self) -> str:
        return self._prepared.terms.title_words if self._prepared else " ".join(self.heading.words)

    @property
    def survivor(self) -> "Draft":
        """The draft that this one turned out to be."""
        return self._joined.survivor if self._joined else self

    def prepare(self) -> PreparedPaper:
        return self._prepared or prepare(self.paper)

    def has_title(self, key: int) -> bool:
        """Whether it goes, or ever went, by the title with this key."""
        return key == self.title_key or key in self.other_titles

    def knows_title(self, key: int, title: str) -> None:
        """Remember that it came with this title."""
        if key != self.title_key:
            self.other_titles[key] = title

    def learn(self, new: PreparedPaper) -> bool:
        """Merge what a record says; whether that changed anything."""
        changed = self._become(merge(self.paper, new.paper))
        self.knows_title(new.title_key, new.flat.title)
        return changed

    def absorb(self, other: "Draft") -> None:
        """Let the other be this paper too: of the two the one with an arXiv id, or else the newer, is believed."""
        first, second = sorted((self, other), key=lambda draft: (bool(arxiv_ids(draft.paper.ids)), draft.newness))
        self._become(merge(first.paper, second.paper))
        for key, title in ((other.title_key, other.paper.title), *other.other_titles.items()):
            self.knows_title(key, title)
        self.changes += other.changes
        self.absorbed += [*other.absorbed, *([other.known] if other.known else [])]
        other._joined = self

    def _become(self, paper: Paper) -> bool:
        before = self.paper
        if paper == before:
            return False
        self.changes += changes(before, paper)
        self._paper, self._prepared = paper, None
        if paper.title != before.title:
            self._heading, old, self.title_key = None, self.title_key, title_key(paper.title)
            self.other_titles.pop(self.title_key, None)
            self.knows_title(old, before.title)
        return True


class Drafts:
    """Every paper that a batch may be about, by number, id and title."""

    def __init__(self) -> None:
        self._all: list[Draft] = []
        self._by_number: dict[int, Draft] = {}
        self._by_id: dict[ExternalId, Draft] = {}
        self._by_title: dict[int, list[Draft]] = defaultdict(list)
        self._by_word = _ByWord()
        self._apart = _ByWord()
        """Of the papers without an arXiv id alone: a paper with one may be no other."""
        self._claimed: dict[ExternalId, Draft] = {}

    def __iter__(self) -> Iterator[Draft]:
        return (each for each in self._all if each.survivor is each)

    @property
    def claimed(self) -> list[tuple[ExternalId, Draft]]:
        """The ids that no paper had, each with the first that came with it: it stays theirs."""
        return [(identifier, draft.survivor) for identifier, draft in self._claimed.items()]

    def unknown_ids(self, ids: Iterable[ExternalId]) -> set[ExternalId]:
        """Those of these ids that have to be looked up."""
        return {each for each in ids if each not in self._by_id}

    def unknown(self, numbers: Iterable[int]) -> list[int]:
        """Those of these stored papers that have to be told of."""
        return sorted({each for each in numbers if each not in self._by_number})

    def know(self, known: Iterable[KnownPaper], numbers: dict[ExternalId, int] | None = None) -> None:
        """Take in stored papers, and which of these ids is whose."""
        for each in known:
            draft = Draft(title_key(each.paper.title), (False, each.id), known=each)
            self._by_number[each.id] = draft
            self._all.append(draft)
            self._entitle(draft, apart=not arxiv_ids(each.paper.ids))
        for identifier, number in (numbers or {}).items():
            self._by_id.setdefault(identifier, self._by_number[number])

    def brings_title(self, new: PreparedPaper, ids: Ids) -> bool:
        """Whether this paper comes with a title by which the one with its ids is not known."""
        return _is_title_new(new, self._with_ids(ids))

    def put(self, new: PreparedPaper, ids: Ids, stored: Mapping[int, bool]) -> tuple[PutOutcome, Draft]:
        """Merge one paper, which has these ids, into the draft that it is, or make it one.

        `stored` are the numbers of papers that storage found by its title, and whether they ever went by it.
        """
        for number, has_title in stored.items():
            if has_title:
                self._by_number[number].survivor.knows_title(new.title_key, new.flat.title)
        same = self._with_ids(ids)
        alike = self._with_title(new, ids, stored) if _is_title_new(new, same) else []
        if not same and not alike:
            draft = Draft.of(new, (True, len(self._all)))
            self._all.append(draft)
            self._claim(ids, draft)
            self._entitle(draft, apart=not arxiv_ids(ids))
            return PutOutcome.ADDED, draft
        draft, joined = self._joined(same or alike[:1], alike, ids)
        self._claim(ids, draft)
        title = draft.title_key
        changed = draft.learn(new)
        if joined or title != draft.title_key or new.title_key != title:
            self._entitle(draft, apart=not arxiv_ids(draft.paper.ids))
        return PutOutcome.REVISED if joined or changed else PutOutcome.UNCHANGED, draft

    def _with_ids(self, ids: Ids) -> list[Draft]:
        """The papers that have these ids and may be one, the one with the arXiv id first."""
        found: list[Draft] = []
        for identifier in sorted(ids, key=lambda each: each.scheme != "arxiv"):
            draft = self._by_id.get(identifier)
            if draft and draft.survivor not in found and may_share_id(ids, draft.survivor.paper.ids):
                found.append(draft.survivor)
        return found

    def _with_title(self, new: PreparedPaper, ids: Ids, stored: Iterable[int]) -> list[Draft]:
        """The papers that are this one by title and authors, as far as ids leave it open; the likeliest first.

        Titles that are only alike count where none is the very same.
        """
        told = {self._by_number[each].survivor: None for each in stored}
        told |= {each.survivor: None for each in self._by_title.get(new.title_key, ())[-MOST_OF_ONE_TITLE:]}
        named = [each for each in told if each.has_title(new.title_key)]
        found = _same(new, ids, named) if named else []
        index = self._apart if arxiv_ids(ids) else self._by_word
        if not found and (told or index):
            found = _same(new, ids, {**told, **dict.fromkeys(index.shortlist(sought_words(new.terms.title_words)))})
        return found

    def _joined(self, same: Sequence[Draft], alike: Sequence[Draft], ids: Ids) -> tuple[Draft, bool]:
        """The one paper that these are, and whether they were several.

        An id joins papers whose authors do not contradict each other, and a title only those with an author in common.
        """
        draft, joined = same[0], False
        for other in dict.fromkeys([*same[1:], *alike]):
            mine, theirs = Signature((*draft.paper.ids, *ids), draft.paper.authors), other.signature
            if other in same:
                may = may_share_id(mine.ids, theirs.ids) and authors_agree(mine.authors, theirs.authors)
            else:
                may = bool(mine.authors and theirs.authors) and are_one(SAME, mine, theirs)
            if may and other is not draft:
                draft, gone = sorted((draft, other), key=_stays)
                draft.absorb(gone)
                joined = True
        return draft, joined

    def _claim(self, ids: Iterable[ExternalId], draft: Draft) -> None:
        """Every id of a batch has been looked up, so one that leads nowhere is free."""
        for identifier in ids:
            if identifier not in self._by_id:
                self._by_id[identifier] = self._claimed[identifier] = draft

    def _entitle(self, draft: Draft, *, apart: bool) -> None:
        """Let the draft be found by the titles it has now."""
        for key in (draft.title_key, *draft.other_titles):
            if draft not in self._by_title[key]:
                self._by_title[key].append(draft)
        self._by_word.add(draft)
        if apart:
            self._apart.add(draft)


def _same(new: PreparedPaper, ids: Ids, drafts: Iterable[Draft]) -> list[Draft]:
    """Those of these papers that the new one is by title and authors, the likeliest first."""
    named, signature = heading(new.flat.title), Signature(ids, authors_of(new.flat.authors))
    likely: dict[Draft, float] = {}
    for each in drafts:
        likeness = SAME if each.has_title(new.title_key) else title_likeness(named, each.heading)
        if likeness and are_one(likeness, signature, each.signature):
            likely[each] = likeness
    return sorted(likely, key=lambda each: (likely[each], each.newness), reverse=True)


def _is_title_new(new: PreparedPaper, same: Sequence[Draft]) -> bool:
    return not same or not same[0].has_title(new.title_key)


def _stays(draft: Draft) -> tuple[bool, bool, tuple[bool, int]]:
    """Least for the draft whose number stays: known ones before new ones, then arXiv's, then the older."""
    return draft.known is None, not arxiv_ids(draft.paper.ids), draft.newness


class _ByWord:
    """Which drafts hold which words in their titles. Words are read only once somebody looks for one."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []
        self._read = 0
        self._holders: dict[str, set[int]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._drafts)

    def add(self, draft: Draft) -> None:
        self._drafts.append(draft)

    def shortlist(self, telling: Collection[str]) -> list[Draft]:
        """The few drafts that share most of these words."""
        for place in range(self._read, len(self._drafts)):
            for word in sought_words(self._drafts[place].title_words):
                self._holders[word].add(place)
        self._read = len(self._drafts)
        return [self._drafts[place].survivor for place in shortlist(telling, self._holders)]
