"""Runs what goes on until somebody stops it, and tells which signal did."""

import asyncio
import faulthandler
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress

_ENDING = {"SIGINT", "SIGTERM", "SIGHUP"}
"""By name, for Windows has no closed terminal."""


def until_stopped(work: Callable[[asyncio.Event], Awaitable[None]], tell: Callable[[str], object]) -> None:
    """Run `work(stop)`; Ctrl-C, SIGTERM and a closed terminal set `stop`, tell which, and leave the rest to the work.

    A signal that is ignored by then stays so: `nohup` wants no closed terminal to end it, a script's `&` no Ctrl-C.
    """

    async def supervised() -> None:
        stop = asyncio.Event()

        def end(name: str) -> None:
            stop.set()
            with suppress(OSError):  # where the terminal is closed, nobody can be told
                tell(name)

        loop = asyncio.get_running_loop()
        for each in signal.Signals:
            if each.name not in _ENDING or signal.getsignal(each) is signal.SIG_IGN:
                continue
            try:
                loop.add_signal_handler(each, end, each.name)
            except NotImplementedError:  # Windows has no such thing: there, Ctrl-C cancels the work
                break
        await work(stop)

    faulthandler.enable()  # a fault of a library, or of the disk under a file, would end it without a word
    asyncio.run(supervised())
