"""Has the picture of a recap drawn by a child program, `picture_drawer.py`, and ends it when it takes too long.

A recap without its picture is a recap still: whatever goes wrong is written to the log, and no picture comes of it.
"""

import asyncio
import contextlib
import json
import logging
import os
import sys
from pathlib import Path

from bot.domain.posts import Post

_log = logging.getLogger(__name__)

WALL_SECONDS = 30.0
"""The first time of all, matplotlib looks through the fonts of the system. A lease, and what is sent, last longer."""
MOST_BYTES = 500_000
MOST_IN_LINE = 2
"""Pictures that are drawn or wait at once: whoever sends them has other things to send."""
_DRAWER = Path(__file__).with_name("picture_drawer.py")
_HOMES = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "MPLCONFIGDIR")
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT", *_HOMES)
"""What the child is told of the environment, which holds secrets elsewhere; in a home it remembers the fonts."""
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_LONGEST_TITLE = 300
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Pictures:
    """Pictures of recaps, drawn one at a time."""

    def __init__(self, *, drawer: Path = _DRAWER, wall_seconds: float = WALL_SECONDS) -> None:
        self._drawer = drawer
        self._wall_seconds = wall_seconds
        self._line = asyncio.Lock()
        self._in_line = 0

    async def draw(self, post: Post) -> bytes | None:
        """A PNG of a recap, of `MOST_BYTES` at most; None where that could not be drawn in time, waiting included.

        Raises TooManyError where `MOST_IN_LINE` others are not done yet.
        """
        if self._in_line >= MOST_IN_LINE:
            raise TooManyError
        self._in_line += 1
        try:
            return await self._guarded(json.dumps({"heading": post.heading, "rows": [*_rows(post)]}).encode())
        finally:
            self._in_line -= 1

    async def _guarded(self, asked: bytes) -> bytes | None:
        try:
            async with asyncio.timeout(self._wall_seconds), self._line:
                return _sound(await self._drawn(asked))
        except (TimeoutError, OSError, _NoPictureError) as error:
            _log.warning("recap without a picture reason=%r", str(error) or f"not drawn in {self._wall_seconds:g} s")
            return None

    async def _drawn(self, asked: bytes) -> bytes:
        child = await asyncio.create_subprocess_exec(
            # Not `-m`: that would import the package with all its services; `-P` keeps this folder off the path.
            sys.executable,
            "-P",
            str(self._drawer),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ONE_THREAD,
            start_new_session=True,
        )
        try:
            written, told = await child.communicate(asked)
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        if child.returncode != 0:
            last = told.decode(errors="replace").strip().rpartition("\n")[2]
            raise _NoPictureError(f"the program that draws ended with {child.returncode}: {last:.200}")
        return written


class TooManyError(Exception):
    """Others are drawn first: ask again later."""


class _NoPictureError(Exception):
    """What the child wrote is no picture that can be posted."""


def _rows(post: Post) -> "list[dict[str, object]]":
    return [
        {"title": known.paper.title[:_LONGEST_TITLE], "votes": each.votes, "replies": each.replies}
        for known, each in zip(post.papers, post.recap, strict=True)
    ]


def _sound(picture: bytes) -> bytes:
    if not picture.startswith(_SIGNATURE) or len(picture) > MOST_BYTES:
        raise _NoPictureError(f"what was drawn is no PNG of {MOST_BYTES:,} bytes at most, but {len(picture):,} bytes")
    return picture
