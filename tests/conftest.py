"""What every test can use: the lab, and a discord.py that is imported before warnings are errors."""

import gc
import logging
import os
import threading
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest

with warnings.catch_warnings():
    # discord.py 2.7.1 imports audioop for voice, which Python 3.11 and 3.12 call deprecated.
    warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

from bot.logs import CHATTY
from bot.services import completion, library, search, topics
from storage import sql
from tests.empty import NewDatabase, empty_database
from tests.lab import Lab, opened_lab
from tests.postgresql import Server, server
from tests.storage.kinds import ALL, KINDS

# How long an example takes depends on what else the machine is at; tests of speed have limits of their own. Each run
# tries other examples, so that a third of the usual hundred is enough for one.
hypothesis.settings.register_profile("paperboy", deadline=None, max_examples=33)
hypothesis.settings.load_profile("paperboy")


_ON_ONE = frozenset({"cogs", "services"})
"""Folders whose tests run on one database unless more are asked for: together they would take too long each time."""


def pytest_xdist_auto_num_workers() -> int:
    """Two processes more than there are cores: tests wait a third of their time, for pauses and for PostgreSQL."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) + 2


def pytest_addoption(parser: pytest.Parser) -> None:
    told = (
        "test on this kind of database alone, or all on all; without it, services, commands and any_database run on one"
    )
    parser.addoption("--database", choices=(*KINDS, ALL), help=told)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "any_database: it runs on one unless more are asked for")
    config.addinivalue_line("markers", "on_both: it runs on every kind of database each time")


def pytest_collection(session: pytest.Session) -> None:
    """Where several processes collect, have each import the tests from another one on.

    In a fresh checkout each of them is compiled by one process then, and not by all at the same moment.
    """
    worker: Mapping[str, Any] | None = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    folder = session.config.rootpath
    names = [
        ".".join(each.relative_to(folder).with_suffix("").parts) for each in sorted(folder.glob("tests/**/test_*.py"))
    ]
    first = len(names) * int(worker["workerid"].removeprefix("gw")) // int(worker["workercount"])
    for each in names[first:] + names[:first]:
        with suppress(Exception):  # whatever is wrong with it is told when it is collected
            import_module(each)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is for another kind of database than those that were asked for."""
    asked: str | None = config.getoption("database")
    left_out = [each for each in items if not _is_asked(each, asked)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [each for each in items if _is_asked(each, asked)]


def _is_asked(item: pytest.Item, asked: str | None) -> bool:
    callspec = getattr(item, "callspec", None)
    kind = callspec.params.get("database_kind") if callspec else None
    if kind is None or asked == ALL:
        return True
    if asked is None:
        is_for_one = item.path.parent.name in _ON_ONE and item.get_closest_marker("on_both") is None
        return kind == KINDS[0] or not (is_for_one or item.get_closest_marker("any_database"))
    return bool(kind == asked)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among the tests themselves, which took a tenth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def _own_addresses() -> Iterator[None]:
    """Give discord.py its own addresses back, which a test changes for the whole process."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Take back how a command that ran in this process had its log written; others would find theirs empty."""
    root, noisy = logging.getLogger(), [logging.getLogger(each) for each in CHATTY]
    before, levels, hook = root.handlers[:], [each.level for each in (root, *noisy)], threading.excepthook
    yield
    if [each.level for each in (root, *noisy)] != levels or threading.excepthook is not hook:
        root.handlers[:] = before
        for logger, level in zip((root, *noisy), levels, strict=True):
            logger.setLevel(level)
        threading.excepthook = hook


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server, started when the first test asks for it."""
    with server() as started:
        yield started


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Of which kind the database is; a test that is for one kind alone says so (tests/storage/kinds.py)."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def new_database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewDatabase]:
    """Makes databases that are there, with nothing in them, and tells their addresses."""
    for each in (completion, library, search, topics, sql):
        monkeypatch.setattr(each, "SEARCH_SECONDS", 5.0)  # a machine that is busy with other tests changes no answer
    if database_kind == KINDS[0]:
        numbers = count(1)
        yield lambda: empty_database(tmp_path / f"papers-{next(numbers)}.db")
        return
    started: Server = request.getfixturevalue("postgresql")
    with ExitStack() as until_the_end:
        yield lambda: until_the_end.enter_context(started.empty())


@pytest.fixture
async def lab(new_database: NewDatabase) -> AsyncIterator[Lab]:
    """A pretend Discord with people in it and the real bot connected to it; see tests/lab."""
    async with opened_lab(new_database()) as bench:
        yield bench
