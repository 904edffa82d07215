"""Nominations as messages: whatever their papers are called, Discord takes them, and nothing in them is markup."""

from random import Random

import pytest

from bot.domain.identifiers import page_url
from bot.domain.nominations import Nomination, NominationState
from bot.services.library import Named
from bot.services.nominating import PAGE, Line, Waiting
from cogs._nominations import decided, nominated, queue, to_approve, which
from tests.cogs.judging import faults, text
from tests.cogs.samples import hostile_paper, known
from tests.storage.shelf import NOW

WHO = 10**18


def waiting(random: Random, at: int, *, is_queued: bool) -> Waiting:
    """A nomination of a paper of which nothing can be trusted."""
    return Waiting(
        nomination=Nomination(
            id=10**17 + at,
            guild_id=1,
            paper_id=10**17 + at,
            person_id=WHO,
            made_at=NOW,
            state=NominationState.QUEUED if is_queued else NominationState.PROPOSED,
            place=at,
            decided_by=WHO,
        ),
        paper=known(hostile_paper(random), number=10**17 + at),
        votes=random.choice((0, 1, 10**6)),
        place=at if is_queued else None,
        is_spent=random.choice((True, False)),
    )


def line(random: Random, *, queued: int, proposed: int) -> Line:
    some = [waiting(random, at, is_queued=at <= queued) for at in range(1, queued + proposed + 1)]
    return Line(waiting=some, page=3, pages=20, in_line=99, to_approve=proposed)


@pytest.mark.parametrize("seed", range(60))
def test_hostile_papers_make_lines_that_discord_takes(seed: int) -> None:
    random = Random(seed)
    shown = line(random, queued=random.randint(0, PAGE), proposed=0)
    shown = shown if seed % 2 else line(random, queued=1, proposed=PAGE - 1)
    links = [page_url(each.paper.paper) for each in shown.waiting]
    for may_decide in (True, False):
        layout = queue(shown, may_decide=may_decide, person_id=WHO)
        assert faults(layout, links=links, people=[WHO]) == []


@pytest.mark.parametrize("seed", range(20))
def test_hostile_papers_are_nominated_asked_about_and_decided(seed: int) -> None:
    random = Random(seed)
    for is_queued in (True, False):
        one = waiting(random, 2, is_queued=is_queued)
        links = [page_url(one.paper.paper)]
        assert faults(nominated(one, has_days=False), links=links) == []
        assert faults(to_approve(one), links=links, people=[WHO]) == []
        assert faults(decided(one.nomination, one.paper.paper.title), people=[WHO]) == []
    papers = tuple(known(hostile_paper(random), number=each) for each in range(1, 26))
    assert faults(which(Named(papers=papers, known=99, unknown=()))) == []


def test_only_the_ends_of_the_line_cannot_go_further() -> None:
    shown = Line(
        waiting=[waiting(Random(1), at, is_queued=True) for at in (1, 2)], page=0, pages=1, in_line=2, to_approve=0
    )
    assert "2 in line" in text(queue(shown, may_decide=True, person_id=5))
