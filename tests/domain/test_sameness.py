"""Sameness: what may be one paper, and what never is."""

import gzip
import json
import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.authors import split_name
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, FoundPaper, paper_from
from bot.domain.sameness import (
    SAME,
    Signature,
    are_one,
    authors_agree,
    heading,
    may_share_id,
    may_share_title,
    title_likeness,
)
from tests.shared import shared


def ids(*texts: str) -> tuple[ExternalId, ...]:
    return tuple(ExternalId(*each.split(":")) for each in texts)


def authors(names: str) -> tuple[Author, ...]:
    parts = (split_name(each) for each in names.split(" & ") if each)
    return tuple(Author(family=family, given=given) for family, given in parts)


def likeness(one: str, other: str) -> float:
    there, back = title_likeness(heading(one), heading(other)), title_likeness(heading(other), heading(one))
    assert there == back
    return there


def are_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two records are one paper by title and authors alone."""
    first, second = (
        paper_from(FoundPaper(title=each["title"], authors=tuple(each["authors"]))) for each in (one, other)
    )
    return are_one(likeness(first.title, second.title), Signature((), first.authors), Signature((), second.authors))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ids("doi:1"), ids("doi:1"), True),
        (ids("doi:1", "arxiv:1"), ids("doi:1"), True),
        (ids("doi:1", "arxiv:1"), ids("doi:1", "arxiv:2"), False),
        (ids("doi:1", "arxiv:1"), ids("doi:2", "arxiv:1"), True),
    ],
)
def test_a_shared_id(one: tuple[ExternalId, ...], other: tuple[ExternalId, ...], same: bool) -> None:
    assert may_share_id(one, other) is may_share_id(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((), (), True),
        ((), ids("arxiv:1"), True),
        (ids("doi:1"), ids("arxiv:1"), True),
        (ids("doi:1", "arxiv:1"), ids("arxiv:2"), False),
        (ids("doi:1", "arxiv:1"), ids("doi:2"), False),
        (ids("doi:1", "arxiv:1"), ids("doi:1"), True),
    ],
)
def test_ids_that_leave_it_to_the_title(one: tuple[ExternalId, ...], other: tuple[ExternalId, ...], same: bool) -> None:
    assert may_share_title(one, other) is may_share_title(other, one) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pre-training of Two-Stream Networks!", "Pretraining of two stream networks"),
        ("???", "???"),
    ],
)
def test_titles_of_the_same_words_are_the_same(one: str, other: str) -> None:
    assert likeness(one, other) == SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oracle-Efficient Online Learning and Auction Design", "Oracle-Efficient Learning and Auction Design"),
        ("The center of the small quantum group II", "On the center of the small quantum group II"),
        ("Symmetric Complete Intersections", "Symmetric Complete Intersections I"),
        ("Getting Started with Isabelle in 2018", "Getting Started with Isabelle"),
        ("DreamGen: Robot Learning through Video World Models", "DreamGen: Robot Learning with Neural Trajectories"),
        ("Jina-VLM: A Small Multilingual Vision Language Model", "jina vlm - a small multilingual vision model"),
    ],
)
def test_titles_that_may_be_one_papers(one: str, other: str) -> None:
    assert 0 < likeness(one, other) < SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("High-Rate Quantized Matrix Multiplication II", "High-Rate Quantized Matrix Multiplication I"),
        ("Higher structures in Floer theory", "Higher structures in Floer theory II"),
        ("Solar Open Technical Report", "Solar Open 2 Technical Report"),
        ("RecGPT Technical Report", "RecGPT-V3 Technical Report"),
        ("Findings of the Shared Task 2024", "Findings of the Shared Task 2025"),
        ("KeepLoRA: Continual Learning of Residuals", "KeepLoRA++: Continual Learning of Layered Residuals"),
        ("A Study of Cats and Their Sleep", "Sheaves over Curves"),
        ("???", "!!!"),
    ],
)
def test_titles_of_two_papers(one: str, other: str) -> None:
    assert likeness(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("Ada Lovelace", "A. Lovelace", True),
        ("Ada Lovelace & Grace Hopper", "LOVELACE", True),
        ("Mikołaj Małkiński", "M. Małkiński", True),
        ("Ziheng Chen", "Chen Ziheng", True),
        ("Ada Lovelace", "Bertha Lovelace", False),
        ("Ada Lovelace", "Grace Hopper", False),
        ("Wei Wang", "Wen Wang", False),
        ("", "Grace Hopper", True),
    ],
)
def test_people_in_common(one: str, other: str, shared: bool) -> None:
    assert authors_agree(authors(one), authors(other)) is authors_agree(authors(other), authors(one)) is shared


ADA, GRACE = "Ada Lovelace", "Grace Hopper"


@pytest.mark.parametrize(
    ("alike", "one", "other", "same"),
    [
        (SAME, ("", ADA), ("arxiv:1", f"{ADA} & {GRACE}"), True),
        (SAME, ("", ADA), ("arxiv:1", GRACE), False),
        (SAME, ("", ""), ("arxiv:1", GRACE), True),
        (SAME, ("doi:1", ""), ("arxiv:1", GRACE), False),
        (SAME, ("doi:1", GRACE), ("arxiv:1", GRACE), True),
        (SAME, ("arxiv:2", GRACE), ("arxiv:1", GRACE), False),
        (80, ("", f"{ADA} & Bob Wu & Al Turing"), ("arxiv:1", f"{ADA} & {GRACE} & Cy Yao"), False),
        (80, ("", f"{ADA} & {GRACE} & Al Turing"), ("arxiv:1", f"{ADA} & {GRACE} & Cy Yao"), True),
        (80, ("", ""), ("arxiv:1", GRACE), False),
        (0, ("", GRACE), ("arxiv:1", GRACE), False),
    ],
)
def test_titles_authors_and_ids_together(
    alike: float, one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    first, second = (Signature(ids(*each[0].split()), authors(each[1])) for each in (one, other))
    assert are_one(alike, first, second) is are_one(alike, second, first) is same


@given(st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4))
def test_it_is_the_same_both_ways_and_every_paper_is_itself(one: str, other: str, names: list[str]) -> None:
    assert likeness(one, one) == SAME
    assert likeness(one, other) in (0, SAME) or 50 <= likeness(one, other) < SAME
    people = tuple(Author(family=each) for each in names)
    assert are_one(SAME, Signature((), people), Signature((), people)) or any(
        not any(map(str.isalnum, each)) for each in names
    )


def test_hostile_titles_and_crowds_take_no_time() -> None:
    long, crowd = ("ab " * 340, " ".join(f"w{each}" for each in range(250))), (Author(family="Wang"),) * 5_000
    started = time.process_time()
    likeness(*long)
    authors_agree(crowd, crowd[:4_000])
    assert time.process_time() - started < 0.1


def test_pairs_of_titles_of_one_paper_are_known() -> None:
    counts: Counter[str] = Counter()
    same: Counter[str] = Counter()
    with gzip.open(shared("corpus/same_paper_pairs.jsonl.gz")) as file:
        for pair in map(json.loads, file):
            counts[pair["kind"]] += 1
            same[pair["kind"]] += are_same(pair["a"], pair["b"])
    assert same["markup_only"] / counts["markup_only"] >= 0.99
    assert same["minor_edit"] / counts["minor_edit"] >= 0.97
    assert same["retitled"] / counts["retitled"] >= 0.3


def test_one_title_of_different_people_is_two_papers() -> None:
    with gzip.open(shared("corpus/same_title_different_id.jsonl.gz")) as file:
        traps = [each for each in map(json.loads, file) if each["label"] == "disjoint_authors"]
    assert [each for each in traps if are_same(each["a"], each["b"])] == []
