"""Kills those who deliver: `python -m tests.faults.delivery --kills 3000`, `--database postgresql --restarts 20` too.

Several real processes deliver from one database through the pretend Discord, which cuts, refuses, delays and goes away
for longer than it knows a nonce. They are killed with `SIGKILL`, often at the moment at which a message is made, or
stopped until their leases are over; now and then an old backup is put in place of a file, and a server falls and stands
again. In the end every message must be there once, and be on record as it is. Time runs shorter than in earnest, every
length of it alike. `--variant` takes a wrong order of work, which must be caught. They make the digests as well, and
each must bring exactly what was held back for it. Exit code 1: something is lost, doubled, astray or untrue, or a
process ended by itself.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.databases import databases
from tests.faults.delivering import CHANNELS, Run, Told, stage
from tests.faults.variants import Variant
from tests.storage.kinds import KINDS


async def run(
    folder: Path,
    kills: int,
    *,
    kind: str = KINDS[0],
    processes: int = 3,
    restarts: int = 0,
    seed: int = 1,
    variant: Variant = Variant.REAL,
    restores: bool = True,
    daily: float = 0.4,
    digests: float = 0.2,
    longest: float = float("inf"),
    tell: Callable[[str], object] = print,
) -> Told:
    """Disturb deliveries until so many processes have been killed, or so many seconds are over.

    The server of a database of PostgreSQL is restarted so often meanwhile; backups of a file are restored.
    """
    with databases(kind, folder) as made:
        chance = random.Random(seed)
        began = time.monotonic()
        database = made.new("papers")
        async with stage(database, chance, variant, processes=processes, daily=daily, digests=digests) as one:
            backup = folder / "backup.db" if restores and kind == KINDS[0] else None
            await _disturb_until(one, kills, longest=longest, restarts=restarts, backup=backup)
            await one.drain(40)
            told = await one.verdict()
            if variant is Variant.REAL and not told.is_right:
                tell("\n".join(one.log))
            tell(f"{variant}: {told} in {time.monotonic() - began:.0f} s")
            return told


async def _disturb_until(one: Run, kills: int, *, longest: float, restarts: int, backup: Path | None) -> None:
    disturbing = asyncio.create_task(_kill_at_messages(one, kills), name="kills at messages")
    falls = asyncio.create_task(_restart_at(one, kills, restarts), name="restarts the server")
    aside: set[asyncio.Task[None]] = set()
    ends_at = time.monotonic() + longest
    try:
        while (one.counts["kills"] < kills or not falls.done()) and time.monotonic() < ends_at:
            one.staff()
            if await one.open_ones() < 2 * CHANNELS:
                await one.owe(CHANNELS)
            await asyncio.sleep(one.chance.uniform(0.05, 0.2))
            await _disturb(one, aside, backup)
    finally:
        for task in {disturbing, *aside}:
            task.cancel()
        await asyncio.wait({disturbing, falls, *aside})
    falls.result()


async def _restart_at(one: Run, kills: int, restarts: int) -> None:
    """Restart the server so often, at even distances of kills, whoever does what just then."""
    for number in range(restarts):
        while one.counts["kills"] < kills * number / restarts:
            await asyncio.sleep(one.chance.uniform(0.02, 0.2))
        await one.restart()


async def _disturb(one: Run, aside: "set[asyncio.Task[None]]", backup: Path | None) -> None:
    dice = one.chance.random()
    if dice < 0.45:
        one.trouble()
    elif dice < 0.62:
        one.kill()
    elif dice < 0.68 and not one.stopped:
        aside.add(asyncio.create_task(one.pause_one(), name="stops one"))
    elif dice < 0.69:
        await one.outage()
    elif dice < 0.75 and backup is not None and not one.stopped:
        if backup.exists() and one.chance.random() < 0.5:
            await one.restore(backup)
            backup.unlink()
        else:
            one.back_up(backup)
    aside -= {each for each in aside if each.done()}


async def _kill_at_messages(one: Run, kills: int) -> None:
    """Kill somebody at the very moment at which a message has been made, and its maker does not know yet."""
    with one.discord.watched() as happenings:
        while one.counts["kills"] < kills:
            happening = await happenings.get()
            if happening is not None and happening.name == "message" and one.chance.random() < 0.3:
                one.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    parser.add_argument("--processes", type=int, default=3, help="how many deliver at once")
    parser.add_argument("--restarts", type=int, default=0, help="how often PostgreSQL falls and stands again meanwhile")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", type=Variant, choices=list(Variant), default=Variant.REAL)
    parser.add_argument(
        "--daily",
        type=float,
        default=0.4,
        help="which part are papers of the day, with pins and threads, and recaps",
    )
    parser.add_argument("--digests", type=float, default=0.2, help="which part are digests, made while they are killed")
    given = parser.parse_args()
    asked = {name: value for name, value in vars(given).items() if name not in {"kills", "database"}}
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(run(Path(folder), given.kills, kind=given.database, **asked))
    if not told.is_right:
        sys.exit(1)


if __name__ == "__main__":
    main()
