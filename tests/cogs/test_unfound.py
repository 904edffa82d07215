"""What is said where nothing, or no one paper, was found: no text makes a message that Discord would refuse."""

from random import Random

import pytest

from bot.domain.identifiers import id_url, page_url, parse_identifier
from bot.services.library import UnclearTitleError
from cogs._unfound import nothing_found, unclear_title, unknown_id
from tests.cogs.hostility import hostile_text
from tests.cogs.judging import faults
from tests.cogs.samples import hostile_paper, known, page


@pytest.mark.parametrize("seed", range(30))
def test_any_text_and_any_papers_fit_in_a_message(seed: int) -> None:
    random = Random(seed)
    typed = hostile_text(random, 20)
    near = [known(hostile_paper(random), number) for number in range(1, random.randint(2, 8))]
    unclear = UnclearTitleError(typed, near, are_begun=random.random() < 0.5)
    links = [link for each in near for link in (page_url(each.paper), each.paper.code_url)]
    assert faults(unclear_title(unclear, typed), links=links) == []
    assert faults(nothing_found(page(count=0, total=0), typed)) == []
    if identifier := parse_identifier(f"10.1000/{hostile_text(random, 3)}"):
        assert faults(unknown_id(identifier, typed), links=[id_url(identifier)]) == []
