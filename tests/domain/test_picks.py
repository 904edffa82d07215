"""Which of some candidates is the paper of the day, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import KnownPaper, Paper
from bot.domain.picks import NARROW_THRESHOLD, THRESHOLD, Candidate, Expectation, best, points

TODAY = date(2026, 5, 26)
YESTERDAY = TODAY - timedelta(days=1)


def candidate(number: int = 1, *, code: str | None = None, **told: object) -> Candidate:
    """A paper of yesterday's list."""
    known = KnownPaper(
        id=number, paper=Paper(title=f"Paper {number}", code_url=code), first_seen_at=datetime(2026, 5, 25, tzinfo=UTC)
    )
    plain: dict[str, object] = {"paper": known, "since": YESTERDAY, "is_listed": True}
    return Candidate(**(plain | told))  # type: ignore[arg-type]


PROMISE = Expectation(votes=60, because=("its subject", "its code", "what its authors' earlier papers got"))


@pytest.mark.parametrize(
    ("chosen", "promise", "words"),
    [
        (candidate(votes=212), None, "212 votes on Hugging Face."),
        (candidate(votes=1), None, None),
        (candidate(votes=300, gained=120, counted_on=YESTERDAY), None, "+120 votes since yesterday, 300 in all."),
        (candidate(votes=120, gained=120, counted_on=YESTERDAY), None, "+120 votes since yesterday."),
        (candidate(votes=1_300, gained=1, counted_on=date(2026, 5, 22)), None, "+1 vote since Friday, 1,300 in all."),
        (candidate(votes=30, votes_here=4), None, "30 votes on Hugging Face; 4 people here voted."),
        (
            candidate(votes=30, votes_here=1, is_nominated=True),
            None,
            "30 votes on Hugging Face; 1 person here voted; somebody here nominated it.",
        ),
        (candidate(since=None, is_listed=False, votes_here=2), None, "2 people here voted."),
        (
            candidate(since=TODAY, votes=3),
            PROMISE,
            "3 votes so far, but it promises the most of 2 new papers, for its subject and its code.",
        ),
        (
            candidate(is_listed=False),
            PROMISE,
            "No votes yet, but it promises the most of 2 new papers, for its subject and its code.",
        ),
        (candidate(since=TODAY, votes=61), PROMISE, "61 votes on Hugging Face."),
        (candidate(since=TODAY, votes_here=1), None, "New on Hugging Face's list, no votes yet; 1 person here voted."),
    ],
)
def test_the_reason_is_told_in_plain_words(chosen: Candidate, promise: Expectation | None, words: str | None) -> None:
    others = [candidate(2, since=TODAY)]
    choice = best([*others, chosen], {1: promise} if promise else {}, today=TODAY, is_narrow=False)
    assert (choice and choice.because) == words


def test_a_threshold_and_no_quota() -> None:
    few = candidate(votes=int(THRESHOLD) - 1)
    assert best([few], {}, today=TODAY, is_narrow=False) is None
    assert best([], {}, today=TODAY, is_narrow=True) is None
    chosen = best([few], {}, today=TODAY, is_narrow=True)
    assert chosen
    assert chosen.points >= NARROW_THRESHOLD, "what a channel asked for need not be known everywhere"


def test_of_nearly_equal_ones_the_newer_is_picked() -> None:
    older = candidate(1, since=TODAY - timedelta(days=6), votes=100)
    newer = candidate(2, since=YESTERDAY, votes=99)
    for first, second in ((older, newer), (newer, older)):
        choice = best([first, second], {}, today=TODAY, is_narrow=False)
        assert choice
        assert choice.paper.id == 2
    choice = best([older, replace(newer, votes=90)], {}, today=TODAY, is_narrow=False)
    assert choice
    assert choice.paper.id == 1


def test_people_here_outweigh_some_votes_elsewhere() -> None:
    elsewhere = candidate(1, votes=60)
    here = candidate(2, votes=25, votes_here=4)
    choice = best([elsewhere, here], {}, today=TODAY, is_narrow=False)
    assert choice
    assert choice.paper.id == 2


def test_one_person_alone_does_not_make_an_old_paper_the_days() -> None:
    old = candidate(since=None, is_listed=False, votes=500, votes_here=1, is_nominated=True)
    assert best([old], {}, today=TODAY, is_narrow=True) is None
    assert best([replace(old, votes_here=2)], {}, today=TODAY, is_narrow=False)


CANDIDATES = st.builds(
    candidate,
    number=st.integers(1, 9),
    code=st.none() | st.just("https://example.org/code"),
    since=st.none() | st.dates(TODAY - timedelta(days=7), TODAY),
    is_listed=st.booleans(),
    votes=st.integers(0, 50),
    gained=st.integers(-3, 50),
    votes_here=st.integers(0, 3),
    is_nominated=st.booleans(),
)


@given(st.lists(CANDIDATES, unique_by=lambda each: each.paper.id), st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_come_changes_nothing(candidates: list[Candidate], chance: Random) -> None:
    promises = {1: PROMISE, 2: Expectation(votes=3.5)}
    first = best(candidates, promises, today=TODAY, is_narrow=True)
    chance.shuffle(candidates)
    assert best(candidates, promises, today=TODAY, is_narrow=True) == first
    if first:
        assert first.points == max(points(each, promises.get(each.paper.id), TODAY) for each in candidates)
        assert first.because[-1] == "."
        assert first.because[0].isupper() or not first.because[0].isalpha()


@given(CANDIDATES, st.integers(1, 20))
def test_more_votes_of_any_kind_never_do_harm(one: Candidate, more: int) -> None:
    now = points(one, None, TODAY)
    assert points(replace(one, votes=one.votes + more), None, TODAY) >= now
    assert points(replace(one, votes_here=one.votes_here + 1 + more), None, TODAY) > now
    assert points(replace(one, gained=one.gained + more), None, TODAY) >= now
