"""What people call papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.analysis import title_key
from bot.domain.nicknames import NICKNAMES, nickname_of, nicknamed, nicknames_in
from bot.domain.ranking import likeness
from bot.shelf import starter_shelf


@pytest.mark.parametrize("typed", ["gpt-3", "GPT3", "gpt 3", "the GPT-3 paper", "The original gpt-3 paper"])
def test_a_name_is_known_however_it_is_written(typed: str) -> None:
    assert nicknamed(typed) == ("Language Models are Few-Shot Learners",)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "the",
        "paper",
        "the paper",
        "resnet for images",
        "gan OR vae",
        "gan " * 40,
        '"gan"',
        "(gan)",
        "gan*",
        "llama -2",
        "gan -s",
        "title:gan",
    ],
)
def test_other_words_are_no_name(typed: str) -> None:
    assert nicknamed(typed) == ()


@pytest.mark.parametrize(
    ("typed", "name", "beside"),
    [
        ("the GPT-3 paper", "GPT-3", ""),
        ("Kaiming He ResNet", "resnet", "kaiming he"),
        ('author:"Brown, Tom" GPT-3', "gpt 3", "brown tom"),
        ("stable diffusion 2022", "stable diffusion", "2022"),
    ],
)
def test_a_name_is_told_from_the_words_around_it(typed: str, name: str, beside: str) -> None:
    found = next(nicknames_in(typed))
    assert (found.name, found.beside) == (name, frozenset(beside.split()))
    assert nickname_of(found.titles[0], typed) == name


_TOLD = [
    "he",
    "resnet",
    "gpt-3",
    "stable diffusion",
    "the",
    "paper",
    "2015",
    "by",
    "NOT",
    "-x",
    '"',
    "(",
    "author:",
    "vae",
]


@given(st.lists(st.sampled_from(_TOLD), max_size=6).map(" ".join) | st.text(max_size=80))
def test_each_name_in_a_text_is_that_of_its_titles_and_the_rest_stands_beside_it(text: str) -> None:
    every = list(nicknames_in(text))
    for found in every:
        assert set(found.titles) <= set(nicknamed(found.name))
        assert found.beside.isdisjoint({"the", "paper", "by"})
        assert nickname_of(found.titles[0], text) in [each.name for each in every]
    assert not every or not {"NOT", "-x", "("}.intersection(text.split())


def test_each_name_leads_to_its_titles() -> None:
    assert all(title in nicknamed(name) for title, names in NICKNAMES.items() for name in names.split(", "))


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
    meant = [titles[key] for title in nicknamed(typed) if (key := title_key(title)) in titles]
    assert [arxiv_id in each.ids for each in meant] == [True]


def test_no_title_is_a_little_wrong() -> None:
    keys = {title_key(found.title) for found in starter_shelf()}
    others = [title for title in NICKNAMES if title_key(title) not in keys]
    assert len(NICKNAMES) - len(others) > 100
    near = [(a, b.title) for a in others for b in starter_shelf() if likeness(a, b.title) > 90]
    assert near == []
