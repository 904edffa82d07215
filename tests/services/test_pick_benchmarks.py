"""Short forms of the measurements of papers of the day, on the first lists of the builders' material."""

from datetime import timedelta
from itertools import islice
from statistics import median

import pytest

from bot.domain.schedules import Origin
from bot.interfaces import Storage
from tests.benchmarks.daily_year import a_year
from tests.benchmarks.picks import Lists, foreseen, lists, place, replayed
from tests.shared import shared


@pytest.fixture(scope="module")
def known() -> Lists:
    return dict(islice(lists(shared("corpus/hf_daily.jsonl.gz")).items(), 100))


def test_what_is_picked_before_any_vote_is_in_is_among_the_best(known: Lists) -> None:
    places = list(foreseen(known))
    assert len(places) > 60
    assert median(each.picked for each in places) <= 25
    assert median(each.newest for each in places) >= 30


async def test_the_most_voted_is_picked_where_votes_are_known(storage: Storage, known: Lists) -> None:
    outcomes = await replayed(storage, known, min(known) + timedelta(1), 40)
    picks = [each for each in outcomes if each.origin is Origin.PICK]
    assert len(picks) > 30
    assert sum(each.votes == each.most for each in picks) >= 0.95 * len(picks)
    numbers = [each.number for each in outcomes]
    assert len(set(numbers)) == len(numbers) == 40


async def test_dates_of_some_weeks_are_explained_and_fall_back_in_turn(storage: Storage, known: Lists) -> None:
    last = sorted(known)[5]
    few = {day: papers for day, papers in known.items() if day <= last}
    year = await a_year(storage, few, min(few), 25)
    assert year.wrong == []
    assert year.counts["pick"] > 5
    assert year.counts["queue"] > 0
    assert year.counts["shelf"] > 10


def test_places_run_from_the_most_voted_to_the_least(known: Lists) -> None:
    day = next(iter(known.values()))
    places = sorted(place(day, number) for number in range(len(day)))
    assert sum(places) / len(places) == pytest.approx(50)
    assert places[0] >= 0
    assert places[-1] <= 100
