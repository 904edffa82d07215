"""What people call papers."""

import pytest

from bot.domain.analysis import title_key
from bot.domain.nicknames import NICKNAMES, nicknamed
from bot.shelf import starter_shelf


@pytest.mark.parametrize("typed", ["gpt-3", "GPT3", "gpt 3", "the GPT-3 paper", "The original gpt-3 paper"])
def test_a_name_is_known_however_it_is_written(typed: str) -> None:
    assert nicknamed(typed) == "Language Models are Few-Shot Learners"


@pytest.mark.parametrize("typed", ["", "the", "paper", "the paper", "resnet for images", "gan OR vae", "gan " * 40])
def test_other_words_are_no_name(typed: str) -> None:
    assert nicknamed(typed) is None


def test_no_two_papers_go_by_one_name() -> None:
    names = [name for names in NICKNAMES.values() for name in names.split(", ")]
    assert [each for each in names if names.count(each) > 1] == []
    assert all(nicknamed(name) == title for title, names in NICKNAMES.items() for name in names.split(", "))


@pytest.mark.parametrize(
    ("typed", "arxiv_id"),
    [
        ("resnet", "1512.03385"),
        ("transformer", "1706.03762"),
        ("word2vec", "1301.3781"),
        ("dqn", "1312.5602"),
        ("stable diffusion", "2112.10752"),
        ("grpo", "2402.03300"),
        ("shor's algorithm", "quant-ph/9508027"),
    ],
)
def test_papers_of_the_starter_shelf_are_known_by_them(typed: str, arxiv_id: str) -> None:
    titles = {title_key(found.title): found for found in starter_shelf()}
    meant = titles[title_key(nicknamed(typed) or "")]
    assert arxiv_id in meant.ids
