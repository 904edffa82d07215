"""Steps in the line: two neighbours change places, and nobody else moves."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.nominations import Nomination, NominationState, Step, stepped
from tests.storage.shelf import NOW


def line(numbers: list[int]) -> list[Nomination]:
    return [
        Nomination(id=each, guild_id=1, paper_id=each, person_id=2, made_at=NOW, state=NominationState.QUEUED, place=7)
        for each in numbers
    ]


def order(places: dict[int, int]) -> list[int]:
    return sorted(places, key=lambda each: places[each])


@given(st.lists(st.integers(1, 50), unique=True, max_size=8), st.integers(1, 50))
def test_a_step_up_and_a_step_down_undo_each_other(numbers: list[int], number: int) -> None:
    up = stepped(line(numbers), number, Step.UP)
    if number not in numbers or numbers[0] == number:
        assert up == {}
        return
    moved = order(up)
    assert sorted(moved) == sorted(numbers)
    assert moved.index(number) == numbers.index(number) - 1
    assert order(stepped(line(moved), number, Step.DOWN)) == numbers


def test_the_last_cannot_go_further_down() -> None:
    assert stepped(line([3, 1, 2]), 2, Step.DOWN) == {}
    assert order(stepped(line([3, 1, 2]), 3, Step.DOWN)) == [1, 3, 2]
