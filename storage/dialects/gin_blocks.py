"""Blocks of papers by their numbers, each with a lexeme of its own: so the newest papers are found without reading the
whole list of a common term, for an index that looks for two lexemes at once skips in the longer list.

A block is a span of days, of one of three lengths; every paper is in one block of each length. Runs nothing.
"""

from collections.abc import Iterator

from storage.numbering import PER_DAY

BLOCK_MARK = "=="
"""Begins the lexemes of blocks: no term begins with the mark of titles."""

_LENGTHS = (16, 128, 1024)
"""Days in a block of each kind."""
_MOST = 12
"""Blocks of one kind that are asked for at once, before longer ones are."""
_WIDER = 4
"""How many times longer than the one before it a span is."""


def blocks_of(number: int) -> list[str]:
    """The lexemes of the blocks that a paper is in."""
    return [_lexeme(days, number // (days * PER_DAY)) for days in _LENGTHS]


def blocks_between(first: int, end: int) -> str:
    """A tsquery that finds the papers from number `first` to before `end`, and others next to them.

    It asks for whole blocks, of the shortest kind of which a few are enough.
    """
    days = next((each for each in _LENGTHS if end - first <= _MOST * each * PER_DAY), _LENGTHS[-1])
    length = days * PER_DAY
    return " | ".join(f"'{_lexeme(days, each)}'" for each in range(first // length, -(-end // length)))


def spans_back(newest: int, recent: int, lowest: int) -> Iterator[tuple[int, int]]:
    """Spans of numbers that follow each other back in time, the first down to `recent`, each far longer than the one
    before it, until one ends at `lowest`."""
    end, width = newest + 1, max(PER_DAY, newest + 1 - recent)
    while end > lowest:
        first = max(lowest, end - width)
        yield first, end
        end, width = first, width * _WIDER


def _lexeme(days: int, block: int) -> str:
    return f"{BLOCK_MARK}{days}.{block}"
