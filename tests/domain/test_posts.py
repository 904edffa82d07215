"""What is frozen is what is shown, whatever becomes of the paper meanwhile."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import KnownPaper, paper_from
from bot.domain.posts import Post, post_from
from bot.domain.quiet_hours import QuietHours
from tests.lab.papers import found_paper

TEXTS = st.text(max_size=30)
SEEN = datetime(2026, 6, 1, tzinfo=UTC)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3), st.none() | st.integers(1, 2**62), st.booleans(), st.none() | TEXTS)
def test_a_post_comes_back_as_it_was(
    heading: str, because: str, words: list[str], role: int | None, silent: bool, thread: str | None
) -> None:
    paper = paper_from(found_paper(title=f"On {heading} threads", ids=("2606.00001",)))
    post = Post(
        heading=heading,
        papers=(KnownPaper(id=3, paper=paper, first_seen_at=SEEN),) * 2,
        because=because,
        words=tuple(words),
        role_id=role,
        silent=silent,
        thread=thread,
        quiet=None if role is None else QuietHours("UTC", 60, 120),
    )
    assert post_from(post.to_json()) == post


@pytest.mark.parametrize("written", ["{}", json.dumps({"version": 99}), "nonsense"])
def test_what_a_newer_program_wrote_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"newer|Expecting"):
        post_from(written)
