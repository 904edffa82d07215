"""The short form of the delivery's fault run: a few kills, and every wrong order of work is caught."""

from pathlib import Path

import pytest

from tests.faults.delivery import run
from tests.faults.variants import Variant


async def test_those_who_deliver_are_killed_and_every_message_is_there_once(tmp_path: Path) -> None:
    told = await run(tmp_path, 6, seed=3)
    assert (told.lost, told.doubled, told.astray) == (0, 0, 0)
    assert told.kills >= 6
    assert told.owed >= 12


@pytest.mark.parametrize("variant", [Variant.RANDOM_NONCE, Variant.MARK_FIRST])
async def test_a_wrong_order_of_work_is_caught(tmp_path: Path, variant: Variant) -> None:
    """The two others take longer to catch so: `tests/delivery/test_failpoints.py` catches them at once.

    On a busy machine all of the few kills may miss the moment that matters; then there are more.
    """
    for seed in range(4, 8):
        (place := tmp_path / str(seed)).mkdir()
        told = await run(place, 8, variant=variant, restores=False, seed=seed)
        if told.lost if variant is Variant.MARK_FIRST else told.doubled:
            return
    pytest.fail(f"{variant} went unseen")
