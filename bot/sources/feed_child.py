"""Has a feed taken apart by a child program, `feed_reader.py`, and kills it with all it started when it takes too long.

It passes nothing on but the feed itself, and trusts nothing that comes back.
"""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from bot.sources.loose_json import malformed

WALL_SECONDS = 10.0
_READER = Path(__file__).with_name("feed_reader.py")
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""What the child is told of the environment, which holds secrets elsewhere."""


async def take_apart(body: bytes, *, wall_seconds: float = WALL_SECONDS) -> bytes:
    """The feed as the JSON that `feed_reader.read_feed` describes.

    Raises SourceError when it takes too much time or memory. The child never outlives this call.
    """
    try:
        child = await _start()
    except OSError:
        raise malformed("The feed was not read: the program that reads feeds could not be started.") from None
    try:
        async with asyncio.timeout(wall_seconds):
            written, _ = await child.communicate(body)
    except TimeoutError:
        raise malformed(f"The feed was given up: reading it takes more than {wall_seconds:g} seconds.") from None
    finally:
        await _end(child)
    if child.returncode != 0:
        raise malformed("The feed was given up: reading it takes too much time or memory.")
    return written


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        # Not `-m`: that would import the package with all its sources; `-P` keeps this folder off the path.
        sys.executable,
        "-P",
        str(_READER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        start_new_session=True,
    )


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)
    await child.wait()
