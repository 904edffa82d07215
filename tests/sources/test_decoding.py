"""Packed bodies: whole, cut and made up."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.decoding import PIECE, CutBodyError, PackedBodyError, unpacker


def unpacked(packed: bytes, coding: str, *, size: int = 100) -> bytes:
    """Unpack a body that arrives in chunks of this size."""
    unpack = unpacker(coding)
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    pieces = [piece for chunk in chunks for piece in unpack.feed(chunk)]
    assert all(len(piece) <= PIECE for piece in pieces)
    return b"".join([*pieces, unpack.finish()])


@given(body=st.binary(max_size=5_000), coding=st.sampled_from(["gzip", "deflate", ""]), size=st.integers(1, 700))
def test_a_body_unpacks_the_same_however_it_is_cut_up(body: bytes, coding: str, size: int) -> None:
    packed = gzip.compress(body) if coding == "gzip" else zlib.compress(body) if coding == "deflate" else body
    assert unpacked(packed, coding, size=size) == body


@given(body=st.binary(min_size=1, max_size=500), kept=st.integers(1, 500), coding=st.sampled_from(["gzip", "deflate"]))
def test_a_packed_body_that_was_cut_is_never_taken_for_a_whole_one(body: bytes, kept: int, coding: str) -> None:
    packed = gzip.compress(body) if coding == "gzip" else zlib.compress(body)
    with pytest.raises(CutBodyError):
        unpacked(packed[: min(kept, len(packed) - 1)], coding)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_unpack_or_are_refused(packed: bytes, coding: str) -> None:
    try:
        unpacked(packed, coding)
    except PackedBodyError as error:
        complaint = str(error)
    else:
        complaint = ""
    assert complaint in {"", "cut off", f"not {coding}, although it says so"}
