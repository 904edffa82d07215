"""The statements that SQLAlchemy has put into words already: once a process, not once for each engine."""

from collections.abc import Iterator, MutableMapping
from functools import cache
from typing import Any

from sqlalchemy.util import LRUCache

_MOST = 1_000
"""Statements that are kept; there are some hundreds."""


class Compiled(MutableMapping[Any, Any]):
    """What SQLAlchemy keeps of statements, by all of its key but the first part: the dialect, one object an engine.

    Only for engines whose dialects are of one kind and know the same.
    """

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(_MOST)

    def __getitem__(self, key: Any) -> Any:
        return self._kept[key[1:]]

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(key[1:], default)

    def __setitem__(self, key: Any, statement: Any) -> None:
        self._kept[key[1:]] = statement

    def __delitem__(self, key: Any) -> None:
        del self._kept[key[1:]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


@cache
def compiled_statements() -> Compiled:
    """Those of this process."""
    return Compiled()
