"""The starter shelf: 122 well-known papers whose facts are the checked ones and whose summaries are worth reading."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import Any

import pytest
from discord.app_commands import Command

from bot.domain.parsing import parse_query
from bot.domain.spoken import as_spoken
from bot.services.matching import FileMatch
from bot.sources.formats import FORMATS
from cogs.help import EXAMPLES
from tests.lab import Lab
from tests.shared import shared
from tests.test_readme import README, shown_queries

FACTS = ("id", "title", "authors", "categories", "published", "published_kind")
KEYS = ["id", "title", "abstract", "authors", "categories", "published", "published_kind", "url", "source"]


@pytest.fixture(scope="module")
def shelf() -> list[dict[str, Any]]:
    text = (files("bot") / "starter_shelf.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_it_holds_122_different_papers(shelf: list[dict[str, Any]]) -> None:
    assert len(shelf) == 122
    for key in ("id", "title", "abstract"):
        assert len({paper[key] for paper in shelf}) == 122


def test_every_record_is_complete_and_well_formed(shelf: list[dict[str, Any]]) -> None:
    for paper in shelf:
        assert [key for key in paper if key != "code_url"] == KEYS
        assert re.fullmatch(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", paper["id"])
        assert paper["url"] == f"https://arxiv.org/abs/{paper['id']}"
        assert paper["source"] == "starter-shelf"
        assert paper["published_kind"] in ("submitted", "announced", "id_month")
        assert 1990 < datetime.fromisoformat(paper["published"]).year < 2030
        for names in (paper["authors"], paper["categories"]):
            assert names
            assert all(isinstance(name, str) and name.strip() for name in names)
        assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", paper.get("code_url", "https://github.com/a/b"))


def test_every_summary_is_two_or_three_plain_sentences(shelf: list[dict[str, Any]]) -> None:
    for paper in shelf:
        summary = paper["abstract"]
        assert 150 <= len(summary) <= 450, paper["id"]
        assert len(re.findall(r"[.!?](?=\s|$)", summary)) in (2, 3), paper["id"]
        assert summary.endswith("."), paper["id"]
        assert summary.isprintable(), paper["id"]
        assert not re.search(r"[\\${}*_`<>~|@#]|  ", summary), paper["id"]


def test_summaries_do_not_all_begin_alike(shelf: list[dict[str, Any]]) -> None:
    openings = Counter(" ".join(paper["abstract"].lower().split()[:3]) for paper in shelf)
    assert max(openings.values()) <= 4


def test_every_fact_is_the_checked_one_in_the_given_order(shelf: list[dict[str, Any]]) -> None:
    text = shared("seed/landmarks.jsonl").read_text(encoding="utf-8")
    checked = [json.loads(line) for line in text.splitlines()]
    for facts in checked:
        if facts["id"] == "2303.08774":
            facts["authors"] = mended(facts["authors"])
    assert [{key: paper[key] for key in FACTS} for paper in shelf] == checked


def mended(names: list[str]) -> list[str]:
    """The GPT-4 report's authors: the checked list has "Rai" glued to the first 192 names and cuts the last of them."""
    whole = [name.removesuffix("Rai") for name in names if name != ":Rai"]
    cut = whole.index("Michael")
    return [*whole[:cut], f"{whole[cut]} {whole[cut + 1]}", *whole[cut + 2 :]]


def examples() -> list[str]:
    """The searches that /help and the README say to try; after `-`, which leaves papers out, there is no such."""
    typed = re.findall(r"^paperboy (?:search|match) (?:'([^']+)'|(.+))", README, re.MULTILINE)
    followed = re.findall(r"`/(?:topic follow|search) ([^`]+)`", README)
    alone = [each for each in re.findall(r"`([^`]+)`", EXAMPLES) if not each.startswith("-")]
    rows = [each for each in shown_queries() if not each.startswith("-")]
    return [*alone, *rows, *followed, *("".join(each) for each in typed)]


def finds(query: str) -> bool:
    spoken = as_spoken(query)
    asked = spoken.query if spoken and spoken.is_sure else parse_query(query)
    with as_file(files("bot") / "starter_shelf.jsonl") as file:
        return any(FileMatch(asked, file, formats=FORMATS, now=datetime(2026, 6, 1, tzinfo=UTC)).papers())


@pytest.mark.parametrize("query", sorted(set(examples())))
def test_what_people_are_told_to_try_finds_something(query: str) -> None:
    assert finds(query)


async def test_what_the_options_of_commands_name_finds_something(lab: Lab) -> None:
    told = [
        option.description.partition("such as: ")[2]
        for command in lab.app.client.tree.walk_commands()
        for option in (command.parameters if isinstance(command, Command) else ())
        if option.name == "query"
    ]
    queries = [query for each in told if each for query in each.split(", or ")]
    assert len(queries) >= 3
    assert [each for each in queries if not finds(each)] == []
