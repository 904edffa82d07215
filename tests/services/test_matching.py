"""Trying a query out on a file: what it matches is told as it is read, whatever kind of file it is."""

import gzip
import json
from pathlib import Path

import pytest

from bot.domain.parsing import parse_query
from bot.errors import OperatorError
from bot.services.matching import FileMatch
from bot.sources.formats import FORMATS
from tests.shared import shared
from tests.storage.shelf import NOW

PAPERS = (
    {"title": "Graph networks", "id": "2401.00001", "published": "2026-05-20", "authors": ["Yann LeCun"]},
    {"title": "Graphs, a survey", "id": "2401.00002", "published": "2026-05-21"},
    {"title": ""},
    {"title": "Old graphs", "published": "2019-01-01"},
)


def match(text: str, path: Path, format_name: str = "auto") -> FileMatch:
    return FileMatch(parse_query(text), path, formats=FORMATS, now=NOW, format_name=format_name)


@pytest.fixture
def lines() -> bytes:
    return b"\n".join(json.dumps(each).encode() for each in PAPERS)


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_gives_the_papers_that_match(tmp_path: Path, lines: bytes, packed: bool) -> None:
    path = tmp_path / "papers"
    path.write_bytes(gzip.compress(lines) if packed else lines)
    found = match("graph -survey after:7d", path)
    assert [each.title for each in found.papers()] == ["Graph networks"]
    assert (found.read, found.matched, found.rejected, found.problem) == (4, 1, 1, None)


def test_papers_are_told_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text("\n".join(json.dumps({"title": f"Graph {number}"}) for number in range(2_000)), encoding="utf-8")
    found = match("graph", path)
    assert next(found.papers()).title == "Graph 0"
    assert found.read < 2_000


def test_a_file_that_is_cut_off_gives_what_came_before_and_says_so(tmp_path: Path, lines: bytes) -> None:
    path = tmp_path / "papers.jsonl.gz"
    path.write_bytes(gzip.compress(lines)[:-8])
    found = match("graph", path)
    assert len(list(found.papers())) == 3
    assert found.problem == "the compressed file is cut off; what came before is kept"


def test_what_cannot_be_read_is_said(tmp_path: Path, lines: bytes) -> None:
    path = tmp_path / "papers"
    with pytest.raises(OperatorError, match="cannot be read: No such file"):
        list(match("graph", path).papers())
    path.write_bytes(b"\x00\x01\x02")
    with pytest.raises(OperatorError, match="none of the kinds known"):
        list(match("graph", path).papers())
    path.write_bytes(lines)
    with pytest.raises(OperatorError, match="There is no format csv"):
        match("graph", path, "csv")


def test_the_list_of_trending_papers_is_a_file_like_any_other() -> None:
    found = match("object-centric learning", shared("seed/trending.txt"))
    assert "Are We Done with Object-Centric Learning?" in [each.title for each in found.papers()]
    assert found.read == 71
