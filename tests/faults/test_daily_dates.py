"""The short form of the fault run of dates: outages, deaths, edits and wrong clocks lose no date and double none."""

from pathlib import Path

from tests.empty import empty_database
from tests.faults.daily_dates import run


async def test_whatever_happens_every_date_is_on_record_once(tmp_path: Path) -> None:
    told = await run(empty_database(tmp_path / "papers.db"), 12, seed=1)
    assert (told.missing, told.twice) == ((), ())
    assert told.dates > 90
    assert told.papers > 10
    assert told.recaps > 2
