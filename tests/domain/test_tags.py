"""The tags of a forum post."""

from datetime import UTC, datetime

import pytest

from bot.domain.papers import KnownPaper, paper_from
from bot.domain.tags import ForumTag, fitting_tags
from tests.lab import found_paper


@pytest.mark.parametrize(
    ("names", "is_required", "wanted"),
    [
        (["cs.CL", "CS.lg"], False, ["CS.lg", "cs.CL"]),
        (["Machine Learning", "stat"], False, ["Machine Learning"]),
        (["cs", "Robots"], True, ["cs"]),
        (["Robots", "Papers"], True, ["Papers"]),
        (["Robots", "Papers"], False, []),
        (["Robots"], True, ["Robots"]),
        (["Robots", "Looms"], True, []),
        (["Research", "Paper of the Day"], True, ["Paper of the Day"]),
        ([], True, []),
    ],
)
def test_tags_are_chosen_by_category_and_by_name(names: list[str], is_required: bool, wanted: list[str]) -> None:
    tags = [ForumTag(id=at, name=name) for at, name in enumerate(names, 1)]
    found = paper_from(found_paper(categories=("cs.LG", "cs.CL")))
    known = KnownPaper(id=1, paper=found, first_seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert [names[each - 1] for each in fitting_tags(tags, [known], is_required=is_required)] == wanted
