"""`paperboy` as it must not be: it believes to hold what it held before it slept. `tests.faults.shards` catches it."""

from bot.__main__ import main
from bot.services.holding import Holding


def _never(_: Holding) -> bool:
    return False


if __name__ == "__main__":
    Holding._is_over = _never  # type: ignore[method-assign, assignment]
    main()
