"""How many votes a paper promises to get, learned from papers whose votes are in. It asks nobody for any.

A linear model of six things, most of which are what earlier papers by the same people and in the same words got; each
paper that is learned from is described by what was known before it. It costs some 0.2 ms a paper.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import expm1, log1p, sqrt

from bot.domain.analysis import words
from bot.domain.papers import Paper
from bot.domain.picks import Expectation

ENOUGH = 300
"""Papers that must be learned from before anything is said."""

_AUTHOR_DOUBT, _WORD_DOUBT = 10, 100
"""As many papers of an average outcome are taken to be known besides, of each team and of each word."""
_RIDGE = 50.0
_MEMORY = 500
"""Over about so many papers the votes of an average paper are taken: they rise with the years."""
_MOST_AUTHORS = 200
_LONGEST_READ = 5_000
"""Characters of an abstract that are looked at."""
_LEAST = 0.1
"""What a trait must raise the expected votes by, as a share, to be named."""

Vector = list[float]


@dataclass(frozen=True, slots=True)
class _Traits:
    """What is known of a paper before its votes are in, each as one number."""

    authors: float
    """How far above the average the earlier papers of its authors were."""
    known: float
    """How many of its authors have earlier papers."""
    words: float
    """How far above the average the papers were that share its words."""
    code: float
    team: float
    """How many people wrote it."""
    title: float
    """How long its title is: short ones draw more votes."""


_NAMES = {
    "authors": "what its authors' earlier papers got",
    "known": "authors who were voted for before",
    "words": "its subject",
    "code": "its code",
}
"""What people are told of the traits; the others are no reason to read a paper."""


class Experience:
    """What is learned from papers and their votes, one after the other, the earliest first. The same always teaches
    the same.
    """

    def __init__(self) -> None:
        self.papers = 0
        """How many were learned from."""
        size = len(_Traits.__slots__)
        self._mean_votes = 0.0
        self._mean = [0.0] * size
        self._products = [[0.0] * size for _ in range(size)]
        self._outcomes = [0.0] * size
        self._authors = _Record(_AUTHOR_DOUBT)
        self._words = _Record(_WORD_DOUBT)
        self._weights: Vector | None = None

    def learn(self, paper: Paper, votes: int) -> None:
        """Take in how many votes a paper got; their logarithms are compared: two to four is as ten to twenty."""
        people, said = _people(paper), _said(paper)
        traits, outcome = self._traits(paper, people, said), log1p(votes)
        if not self.papers:
            self._mean, self._mean_votes = traits.copy(), outcome
        surprise = outcome - self._mean_votes
        beyond = [each - usual for each, usual in zip(traits, self._mean, strict=True)]
        share = max(1 / (self.papers + 1), 1 / _MEMORY)
        self._mean_votes += share * surprise
        for place, each in enumerate(beyond):
            self._mean[place] += share * each
            self._outcomes[place] += each * surprise
            row = self._products[place]
            for other, further in enumerate(beyond):
                row[other] += each * further
        self._authors.note(people, surprise)
        self._words.note(said, surprise)
        self.papers += 1
        self._weights = None

    def expect(self, paper: Paper) -> Expectation | None:
        """What this paper promises; None before there is enough experience."""
        if self.papers < ENOUGH:
            return None
        if self._weights is None:
            self._weights = self._solved()
        traits = self._traits(paper, _people(paper), _said(paper))
        raised = (
            (each - usual) * weight for each, usual, weight in zip(traits, self._mean, self._weights, strict=True)
        )
        raises = dict(zip(_Traits.__slots__, raised, strict=True))
        votes = max(0.0, expm1(self._mean_votes + sum(raises.values())))
        named = sorted((each for each in _NAMES if raises[each] >= _LEAST), key=lambda each: -raises[each])
        return Expectation(
            votes=votes, because=tuple(_NAMES[each] for each in named) if sum(raises.values()) > 0 else ()
        )

    def _solved(self) -> Vector:
        """The weights of a ridge regression on traits of unit variance."""
        size = range(len(self._mean))
        spread = [sqrt(self._products[each][each] / self.papers) + 1e-9 for each in size]
        system = [
            [self._products[row][column] / (spread[row] * spread[column]) + _RIDGE * (row == column) for column in size]
            for row in size
        ]
        solved = _solution(system, [self._outcomes[each] / spread[each] for each in size])
        return [each / wide for each, wide in zip(solved, spread, strict=True)]

    def _traits(self, paper: Paper, people: Sequence[str], said: Sequence[str]) -> Vector:
        traits = _Traits(
            authors=self._authors.together(people),
            known=log1p(self._authors.known(people)),
            words=self._words.each(said),
            code=float(paper.code_url is not None),
            team=log1p(len(people)),
            title=len(paper.title) / 100,
        )
        return [getattr(traits, each) for each in _Traits.__slots__]


def _solution(system: Sequence[Sequence[float]], outcomes: Sequence[float]) -> Vector:
    """What solves these equations, by elimination; their matrix is symmetric and, thanks to the ridge, well away from
    being singular, so that no rows need to change places. Six unknowns are too few for a library of arrays.
    """
    rows = [[*row, outcome] for row, outcome in zip(system, outcomes, strict=True)]
    for pivot, row in enumerate(rows):
        for below in rows[pivot + 1 :]:
            factor = below[pivot] / row[pivot]
            for column in range(pivot, len(row)):
                below[column] -= factor * row[column]
    solved = [0.0] * len(rows)
    for place in reversed(range(len(rows))):
        row = rows[place]
        known = sum(row[later] * solved[later] for later in range(place + 1, len(rows)))
        solved[place] = (row[-1] - known) / row[place]
    return solved


class _Record:
    """How far above the average the papers were that had something in common, such as an author."""

    def __init__(self, doubt: int) -> None:
        self._doubt = doubt
        self._sums: defaultdict[str, float] = defaultdict(float)
        self._counts: defaultdict[str, int] = defaultdict(int)

    def note(self, names: Sequence[str], surprise: float) -> None:
        sums, counts = self._sums, self._counts
        for each in names:
            sums[each] += surprise
            counts[each] += 1

    def known(self, names: Sequence[str]) -> int:
        return sum(each in self._counts for each in names)

    def together(self, names: Sequence[str]) -> float:
        """The average over all the papers of these names, less the fewer there are."""
        known = [each for each in names if each in self._counts]
        return sum(self._sums[each] for each in known) / (sum(self._counts[each] for each in known) + self._doubt)

    def each(self, names: Sequence[str]) -> float:
        """The averages of the single names, added up so that long and short texts compare."""
        sums, counts, doubt = self._sums, self._counts, self._doubt
        known = [sums[each] / (counts[each] + doubt) for each in names if each in counts]
        return sum(known) / sqrt(len(known)) if known else 0.0


def _people(paper: Paper) -> list[str]:
    """Once each, and in the order of the paper, so that sums come out the same in every process."""
    return list(dict.fromkeys(each.name.casefold() for each in paper.authors[:_MOST_AUTHORS]))


def _said(paper: Paper) -> list[str]:
    return list(dict.fromkeys(words(f"{paper.title} {paper.abstract[:_LONGEST_READ]}")))
