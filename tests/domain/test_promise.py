"""What papers promise by the votes that earlier ones got."""

import subprocess
import sys
from collections.abc import Iterator
from random import Random

from bot.domain.papers import Author, Paper
from bot.domain.promise import ENOUGH, Experience


def made(number: int, chance: Random) -> tuple[Paper, int]:
    """A paper by one of twenty teams, the first of which are loved; every third has code; some words are, too."""
    team, is_liked = chance.randrange(20), chance.random() < 0.5
    paper = Paper(
        title=f"Paper {number} on {'agents' if is_liked else 'lemmas'}",
        abstract=f"We study {'reasoning agents' if is_liked else 'small lemmas'} in case {number}.",
        authors=(Author(f"Lead {team}"), Author(f"Second {team}"), Author(f"Guest {chance.randrange(500)}")),
        code_url="https://example.org/code" if number % 3 == 0 else None,
    )
    return paper, round((4 + 20 * (team < 4)) * (1 + is_liked) * (1 + (number % 3 == 0)) * (0.5 + chance.random()))


def experience(count: int) -> Experience:
    chance, learned = Random(1), Experience()
    for number in range(count):
        learned.learn(*made(number, chance))
    return learned


def test_nothing_is_said_before_there_is_enough_experience() -> None:
    paper = Paper(title="A Paper")
    assert experience(ENOUGH - 1).expect(paper) is None
    assert experience(ENOUGH).expect(paper) is not None


def test_people_subject_and_code_are_what_raises_expectations() -> None:
    learned = experience(1_000)
    plain = Paper(title="Another paper on lemmas", abstract="We study small lemmas.", authors=(Author("Nobody Yet"),))
    loved = Paper(
        title="Another paper on agents",
        abstract="We study reasoning agents.",
        authors=(Author("Lead 1"), Author("Second 1"), Author("Guest 3")),
        code_url="https://example.org/code",
    )
    less, more = learned.expect(plain), learned.expect(loved)
    assert less
    assert more
    assert more.votes > 3 * less.votes
    assert set(more.because) >= {"what its authors' earlier papers got", "its code"}
    assert less.because == ()


def test_most_of_the_papers_that_it_ranks_first_are_among_the_best() -> None:
    learned, chance = experience(2_000), Random(2)
    places = []
    for _ in range(100):
        day = [made(number, chance) for number in range(15)]
        said = [told.votes for paper, _ in day if (told := learned.expect(paper))]
        votes = [each for _, each in day]
        first = votes[said.index(max(said))]
        places.append(sum(each > first for each in votes))
    assert sum(places) / len(places) < 2.5, "by chance it would be 7"


def test_the_same_teaches_the_same_in_every_process() -> None:
    """Words are summed in the order of the text: the order of a set depends on each process's seed."""
    told = set(_told_by_processes(3))
    assert len(told) == 1


def _told_by_processes(count: int) -> Iterator[str]:
    program = (
        "from random import Random; from tests.domain.test_promise import experience, made; "
        "print(repr(experience(320).expect(made(7, Random(5))[0])))"
    )
    for seed in range(count):
        run = [sys.executable, "-c", program]
        yield subprocess.run(run, env={"PYTHONHASHSEED": str(seed)}, capture_output=True, text=True, check=True).stdout
