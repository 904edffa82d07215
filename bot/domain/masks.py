"""Which papers of a batch are meant, as one whole number. Whoever reads one needs no arrays."""

from collections.abc import Iterator

Mask = int
"""One bit a paper of the batch, the first paper's the lowest."""


def places(mask: Mask) -> Iterator[int]:
    """The places of the papers in a mask, from 0, in order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
