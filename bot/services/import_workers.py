"""Worker processes for big imports: each reads chunks from its standard input and answers on its standard output.

They end when their input does, so none outlives this process, however it ends. They import the domain and the format
and nothing else, which `multiprocessing` would not promise: its children run the main module again.
"""

import asyncio
import gc
import json
import os
import pickle
import queue
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import IO, Any

from bot.errors import OperatorError
from bot.interfaces import Format, Record
from bot.services.import_chunks import PreparedChunk, prepare_chunk

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from bot.services.import_workers import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"
)
_PIPE = 1 << 20
"""Bytes that a pipe holds, where the system lets us choose: a chunk then crosses it in one go."""
_SIZE = 8
"""Bytes that tell how long the message after them is."""


class ImportWorkers:
    """A fixed number of processes that prepare chunks, each one chunk at a time."""

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="import-worker")
        self._processes = [_process() for _ in range(count)]
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        for each in self._processes:
            self._idle.put(each)

    async def prepare(self, kind: Format, records: Sequence[Record], now: datetime) -> PreparedChunk:
        """What prepare_chunk returns, worked out in a worker. Raises OperatorError when the worker has died."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, kind, records, now)

    def close(self) -> None:
        """End the processes at once, whatever they are doing."""
        for each in self._processes:
            each.kill()
        self._threads.shutdown(cancel_futures=True)
        for each in self._processes:
            with suppress(BrokenPipeError), each:  # closes the pipes and waits for the process
                pass

    def _ask(self, kind: Format, records: Sequence[Record], now: datetime) -> PreparedChunk:
        process = self._idle.get()
        try:
            assert process.stdin is not None  # noqa: S101 (both are pipes)
            assert process.stdout is not None  # noqa: S101
            _send(process.stdin, (kind, [(each.place, each.raw) for each in records], now))
            answer: PreparedChunk = _receive(process.stdout)
        except (OSError, EOFError) as error:
            raise OperatorError("A process that read papers was ended. Run the import again to do the rest.") from error
        finally:
            self._idle.put(process)
        return answer


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more: what a worker process does."""
    sys.stdout = sys.stderr  # nothing but answers may go out
    if hasattr(os, "nice"):
        os.nice(10)  # whoever puts papers, or answers people, goes first
    gc.freeze()
    gc.disable()  # it took a tenth of the time, and papers hold no cycles
    try:
        while True:
            kind, records, now = _receive(requests)
            _send(answers, prepare_chunk(kind, [Record(place=place, raw=raw) for place, raw in records], now))
            gc.collect(1)
    except (EOFError, BrokenPipeError):
        os._exit(0)  # the importing process is gone or done: there is nobody to report to


def _process() -> subprocess.Popen[bytes]:
    """A worker of its own session, so that Ctrl-C on the terminal reaches only the process that can end it in order."""
    return subprocess.Popen(  # noqa: S603 (our own interpreter, our own code)
        [sys.executable, "-c", _START, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        pipesize=_PIPE,
    )


def _send(stream: IO[bytes], message: Any) -> None:
    body = pickle.dumps(message, protocol=5)
    stream.write(len(body).to_bytes(_SIZE, "big"))
    stream.write(body)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    size = stream.read(_SIZE)
    if len(size) < _SIZE:
        raise EOFError
    expected = int.from_bytes(size, "big")
    body = stream.read(expected)
    if len(body) < expected:
        raise EOFError
    return pickle.loads(body)  # noqa: S301 (both ends are ours)
