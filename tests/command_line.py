"""`paperboy` as people type it: each command is a process of its own, with its own folder, settings, output and end.

A process that Python starts takes more than a second until everything is loaded. Most tests take one that is forked
where everything is loaded already, and which is the same from there on.
"""

import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot.__main__ import main
from tests.processes import begun, end_of, stop

_LONGEST = 60
"""Seconds that a command may take."""
_NOT_OURS = "'audioop'"
"""What discord.py 2.7.1 imports is deprecated in Python 3.11 and 3.12; every other warning is an error."""


def environment(**added: str) -> dict[str, str]:
    """The environment of these tests, without settings other than these."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("PAPERBOY_")}
    return {**kept, **added}


def started(folder: Path, *words: str, **added: str) -> subprocess.CompletedProcess[str]:
    """What came of `python -m bot` with these words, in this folder, with these settings."""
    command = [sys.executable, "-W", "error", "-W", f"ignore:{_NOT_OURS}", "-m", "bot", *words]
    return subprocess.run(
        command, cwd=folder, env=environment(**added), capture_output=True, text=True, timeout=_LONGEST, check=False
    )


def paperboy(folder: Path, *words: str, **added: str) -> subprocess.CompletedProcess[str]:
    """The same in a moment, from where `bot.__main__` is loaded on."""
    with tempfile.TemporaryDirectory() as place:
        output = Path(place) / "output", Path(place) / "errors"
        for each in output:
            each.touch()
        process = begun(_run, folder, words, environment(**added), output)
        try:
            code = end_of(process, within=_LONGEST)
        finally:
            stop(process)
        return subprocess.CompletedProcess(words, code, *(each.read_text(encoding="utf-8") for each in output))


@contextmanager
def begun_paperboy(folder: Path, *words: str, **added: str) -> Iterator[ForkServerProcess]:
    """The process itself, which has begun and is gone in the end; what it says is lost."""
    process = begun(_run, folder, words, environment(**added), (Path(os.devnull), Path(os.devnull)))
    try:
        yield process
    finally:
        stop(process)


def _run(folder: Path, words: Sequence[str], told: Mapping[str, str], output: Sequence[Path]) -> None:
    """Become that process."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(told)
    for stream, path in zip((sys.stdout, sys.stderr), output, strict=True):
        file = os.open(path, os.O_WRONLY)
        os.dup2(file, stream.fileno())
        os.close(file)
    sys.argv[:] = ["paperboy", *words]
    warnings.resetwarnings()
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", message=_NOT_OURS)
    main()


def read_json(done: subprocess.CompletedProcess[str]) -> Any:
    """What a command that ended well has said."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
