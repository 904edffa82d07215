"""Every source in the registry, as the contract test asks it: pointed at a local server, with its recorded answers."""

import inspect
from collections.abc import Callable
from pathlib import Path

from bot.interfaces import Source
from bot.sources import SOURCES
from tests.sources.asking import DATA
from tests.sources.servers import LocalServer

KINDS: dict[str, Callable[..., Source]] = {each.kind: each for each in SOURCES}


def pointed_at(server: LocalServer, kind: str) -> Source:
    """The source of this kind with one feed, which it reads from this server.

    That is the first it reads unless told otherwise, or the one that the recorded answer is named for: `answer-FEED.*`.
    """
    _, _, named = _only(kind, "answer").stem.partition("-")
    if "base_url" not in inspect.signature(KINDS[kind]).parameters:
        return KINDS[kind](feeds={named: server.url("/feed")})
    feeds = [named] if named else KINDS[kind]().feeds()[:1]
    return KINDS[kind](feeds=feeds, base_url=server.url("/base"))


def answer(kind: str) -> bytes:
    """An answer with papers: `tests/data/sources/KIND/answer*`."""
    return _only(kind, "answer").read_bytes()


def empty(kind: str) -> bytes | None:
    """An answer without any, where one was recorded as `empty.*`."""
    return _only(kind, "empty").read_bytes() if list((DATA / kind).glob("empty*")) else None


def _only(kind: str, name: str) -> Path:
    (found,) = (DATA / kind).glob(f"{name}*")
    return found
