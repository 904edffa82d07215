"""Categories are known by any of their codes, and what people type for one is understood."""

import gzip
import json
from collections import Counter
from itertools import islice

import pytest

from bot.domain.categories import (
    archive_of,
    canonical_category,
    categories_beginning,
    category_name,
    category_named,
    closest_category,
    known_category,
)
from tests.shared import shared


def test_a_category_has_one_code_and_a_name() -> None:
    assert known_category("CS.cl") == "cs.CL"
    assert known_category("math.IT") == canonical_category("math.IT") == "cs.IT"
    assert known_category("cmp-lg") == "cs.CL"
    assert known_category("I.2.7") is None
    assert canonical_category("I.2.7") == "I.2.7"
    assert category_name("stat.TH") == "Statistics Theory"
    assert category_name("cs") == category_name("cs.*") == "Computer Science"
    assert category_name("68T45") is None
    assert archive_of("cs.CL") == "cs"
    assert archive_of("hep-th") == "hep-th"


def test_what_people_type_for_a_category() -> None:
    assert category_named(" cs.Cl ") == "cs.CL"
    assert category_named("cs") == category_named("CS.*") == "cs.*"
    assert category_named("astro-ph") == "astro-ph.*"
    assert category_named("hep-th.*") == "hep-th"
    assert category_named("computation and language") == "cs.CL"
    assert category_named("cs.CL.*") is None
    assert category_named("nonsense") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nlp", "cs.CL"),
        ("cs.ML", "cs.LG"),
        ("cs.CI", "cs.CL"),
        ("cs-CV", "cs.CV"),
        ("computer vision", "cs.CV"),
        ("machine lerning", "cs.LG"),
        ("hep-the", "hep-th"),
        ("cs.XX", None),
        ("nonsense", None),
        ("", None),
        ("\ud800" * 100_000, None),
    ],
)
def test_a_category_is_guessed_only_where_one_is_near(typed: str, meant: str | None) -> None:
    assert closest_category(typed) == meant


def test_real_papers_hold_no_category_we_do_not_know() -> None:
    codes: Counter[str] = Counter()
    with gzip.open(shared("corpus/arxiv_papers.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in islice(lines, 30_000):
            codes.update(json.loads(line)["categories"][:1])
    unknown = {code: count for code, count in codes.items() if known_category(code) is None}
    assert sum(unknown.values()) < sum(codes.values()) / 10_000, unknown


@pytest.mark.parametrize(
    ("typed", "first"),
    [("cs.c", "cs.CC"), ("CS.CL", "cs.CL"), ("nl", "cs.CL"), ("robo", "cs.RO"), ("cs", "cs.*"), ("relativ", "gr-qc")],
)
def test_a_half_typed_category_is_completed(typed: str, first: str) -> None:
    assert categories_beginning(typed)[0][0] == first


def test_every_category_offered_is_one_and_is_named() -> None:
    offered = categories_beginning("")
    assert len(offered) > 150
    assert all(category_named(code) == code and label.startswith(f"{code} — ") for code, label in offered)
    assert categories_beginning("no such thing") == []
