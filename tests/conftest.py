"""What every test can use: the lab, and a discord.py that is imported before warnings are errors."""

import gc
import logging
import os
import threading
import warnings
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest

with warnings.catch_warnings():
    # discord.py 2.7.1 imports audioop for voice, which Python 3.11 and 3.12 call deprecated.
    warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

from bot.logs import CHATTY
from tests.lab import Lab, opened_lab

# How long an example takes depends on what else the machine is at; tests of speed have limits of their own.
hypothesis.settings.register_profile("paperboy", deadline=None)
hypothesis.settings.load_profile("paperboy")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: tests of deliveries and of pauses spend a third of their time waiting."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


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


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A pretend Discord with people in it and the real bot connected to it; see tests/lab."""
    async with opened_lab() as bench:
        yield bench
