"""Unpacks the bodies of answers piece by piece, so that a small packed body never becomes a large one unseen."""

import zlib
from collections.abc import Iterator
from typing import Protocol

PIECE = 65_536
"""The most bytes unpacked at once."""


class PackedBodyError(ValueError):
    """A body is not packed as its server says."""


class CutBodyError(PackedBodyError):
    """A packed body ends before its end."""


class Unpacker(Protocol):
    """Unpacks one body. A body that cannot be unpacked is a PackedBodyError."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The next pieces of the unpacked body, each at most PIECE bytes or as long as the chunk."""
        ...

    def finish(self) -> bytes:
        """The last bytes of the body, once all was fed."""
        ...


def unpacker(coding: str) -> Unpacker:
    """What unpacks a body with this Content-Encoding (RFC 9110, 8.4.1)."""
    match coding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Zlib(coding="gzip")
        case "deflate":
            return _Zlib(coding="deflate")
        case _:
            raise PackedBodyError("packed in a way that was not asked for")


class _Plain:
    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def finish(self) -> bytes:
        return b""


class _Zlib:
    """One stream of gzip (several members count as one) or deflate, with the zlib header or without."""

    _GZIP, _WRAPPED, _RAW = 31, 15, -15

    def __init__(self, *, coding: str) -> None:
        self._coding = coding
        self._stream: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        try:
            while chunk:
                if self._stream is None:
                    self._stream = zlib.decompressobj(self._kind(chunk))
                elif self._stream.eof:
                    if not self._another_follows(chunk):
                        return
                    self._stream = zlib.decompressobj(self._GZIP)
                piece = self._stream.decompress(chunk, PIECE)
                chunk = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
                yield piece
        except zlib.error:
            raise PackedBodyError(f"not {self._coding}, although it says so") from None

    def finish(self) -> bytes:
        if self._stream is None:
            return b""
        try:
            rest = self._stream.flush()
        except zlib.error:
            raise PackedBodyError(f"not {self._coding}, although it says so") from None
        if not self._stream.eof:
            raise CutBodyError("cut off")
        return rest

    def _kind(self, chunk: bytes) -> int:
        if self._coding == "gzip":
            return self._GZIP
        # A zlib header begins with method 8 in its low half (RFC 1950); some servers send deflate without one.
        return self._WRAPPED if chunk[0] & 0x0F == 8 else self._RAW

    def _another_follows(self, chunk: bytes) -> bool:
        # What follows the end and is no further member is padding, which gzip leaves unread too.
        return self._coding == "gzip" and chunk[:1] == b"\x1f"
