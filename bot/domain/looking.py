"""Finds all terms, phrases and beginnings that any query looks for in a batch of papers, at once. It joins nothing.

What is looked for is a tree: a phrase is a path of terms, and each end of a path, in some columns, has a number.
However much is looked for, a batch costs what its own text costs.
"""

from array import array
from collections import defaultdict

import numpy as np

from bot.domain.batches import Batch, Beginnings, Numbers, columns_bits
from bot.domain.conditions import Has

_SHIFT = 32
"""A node and the term after it are one number of 63 bits."""


class Looking:
    """What queries look for in the columns of a text index."""

    def __init__(self) -> None:
        self._nodes = 1
        self._terms: dict[str, int] = {}
        """The node of each term that begins a phrase or stands in one."""
        self._begun: dict[str, int] = {}
        self._paths: dict[int, int] = {}
        """The node behind a node and a term."""
        self._steps: dict[int, array[int]] = defaultdict(lambda: array("i"))
        """By columns, the step of each node; 0 for none."""
        self._sorted: Numbers = np.empty(0, np.int64)
        self._behind: Numbers = np.empty(0, np.int64)
        self._new = array("q")
        """Paths that are not among the sorted ones yet."""

    def add(self, asked: Has, step: int) -> int:
        """The step that finds this: `step` where nobody looks for it yet, else that of whoever does."""
        *before, last = asked.terms
        known = self._begun if asked.prefix else self._terms
        end = self._numbered(known, last)
        if before:
            node = self._numbered(self._terms, before[0])
            for each in before[1:]:
                node = self._path(node, self._numbered(self._terms, each))
            end = self._path(node, end)
        steps = self._steps[columns_bits(asked.columns)]
        if end >= len(steps):
            steps.extend(bytes(self._nodes - len(steps)))
        if not steps[end]:
            steps[end] = step
        return steps[end]

    def _numbered(self, known: dict[str, int], text: str) -> int:
        number = known.setdefault(text, self._nodes)
        self._nodes += number == self._nodes
        return number

    def _path(self, node: int, term: int) -> int:
        path = node << _SHIFT | term
        number = self._paths.setdefault(path, self._nodes)
        if number == self._nodes:
            self._nodes += 1
            self._new.append(path)
        return number

    def found_in(self, batch: Batch) -> tuple[Numbers, Numbers]:
        """Every step that finds something, with the paper; some of them several times."""
        nodes, places = self._ends(batch)
        steps, papers = [], []
        columns, where = batch.columns[places], batch.papers[places]
        for bits, known in self._steps.items():
            step_of = np.zeros(self._nodes, np.int64)
            step_of[: len(known)] = np.frombuffer(known, np.int32)
            found = step_of[nodes]
            meant = np.flatnonzero((found != 0) & (columns & bits != 0))
            steps.append(found[meant])
            papers.append(where[meant])
        nothing = np.empty(0, np.int64)
        return np.concatenate([nothing, *steps]), np.concatenate([nothing, *papers])

    def _ends(self, batch: Batch) -> tuple[Numbers, Numbers]:
        """Every node that some text of the batch reaches, and the place where it ends."""
        self._sort()
        terms = np.fromiter((self._terms.get(each, 0) for each in batch.vocabulary), np.int64, len(batch.vocabulary))
        at = terms[batch.terms]
        begun = Beginnings(batch.vocabulary, self._begun)
        where, first = begun.of(batch.terms)
        places = np.flatnonzero(at)
        nodes = at[places]
        all_nodes, all_places = [nodes, first], [places, where]
        while len(nodes) and len(self._sorted):
            within = places + 1 < len(at)
            nodes, after = nodes[within], places[within] + 1
            which, ends = begun.of(batch.terms[after])
            found, kept = self._behind_of(nodes[which] << _SHIFT | ends)
            all_nodes.append(found)
            all_places.append(after[which[kept]])
            is_term = at[after] != 0
            nodes, after = nodes[is_term], after[is_term]
            nodes, kept = self._behind_of(nodes << _SHIFT | at[after])
            places = after[kept]
            all_nodes.append(nodes)
            all_places.append(places)
        return np.concatenate(all_nodes), np.concatenate(all_places)

    def _behind_of(self, paths: Numbers) -> tuple[Numbers, Numbers]:
        """The nodes behind those of the paths that there are, and which these are."""
        order = np.argsort(paths)
        at = np.searchsorted(self._sorted, paths[order])
        at[at == len(self._sorted)] = 0
        is_there = self._sorted[at] == paths[order]
        return self._behind[at[is_there]], order[is_there]

    def _sort(self) -> None:
        """Put what was added since in its place."""
        if not self._new:
            return
        new = np.sort(np.array(self._new, np.int64))
        behind = np.fromiter(map(self._paths.__getitem__, new.tolist()), np.int64, len(new))
        at = np.searchsorted(self._sorted, new)
        self._sorted = np.insert(self._sorted, at, new)
        self._behind = np.insert(self._behind, at, behind)
        self._new = array("q")
