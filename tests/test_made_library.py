"""The libraries that searches are measured in hold what storage would have made of the same papers."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.analysis import PaperTerms, prepare
from bot.domain.flat import unfolded
from tests.benchmarks.made_library import library, made_papers


async def test_papers_made_of_pieces_are_analysed_as_whole_ones(tmp_path: Path) -> None:
    for made in made_papers(200, base=400):
        whole = prepare(unfolded(made.paper))
        assert [sorted(terms.split()) for terms in made.terms] == [sorted(terms.split()) for terms in whole.terms]
        assert made.terms._replace(labels="") == whole.terms._replace(labels="")
        assert isinstance(made.terms, PaperTerms)
    database = await library(tmp_path, 150, base=400)
    assert await library(tmp_path, 150, base=400) == database
    with closing(sqlite3.connect(database)) as connection:
        for table in ("papers", "external_ids", "paper_titles"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (150,)  # noqa: S608
