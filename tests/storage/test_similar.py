"""Papers like one, from the index: itself never, the nearest first, in bounded time, and as the library grows."""

from pathlib import Path

import pytest

from bot.domain.identifiers import ExternalId
from bot.domain.papers import KnownPaper
from bot.errors import UserError
from bot.interfaces import Storage
from storage import open_storage, sql
from tests.empty import empty_database
from tests.storage.shelf import paper, put

PEOPLE = ("One", "Two")


async def known(storage: Storage, value: str) -> KnownPaper:
    found = await storage.find_paper(ExternalId("arxiv", value))
    assert found is not None
    return found


async def like(storage: Storage, value: str, limit: int = 5) -> list[str]:
    return [each.paper.title for each in await storage.similar_papers(await known(storage, value), limit=limit)]


async def fill(storage: Storage) -> None:
    await put(
        storage,
        paper("Sparse attention kernels", "arxiv:1", abstract="Fused kernels for sparse attention on accelerators."),
        paper("Kernels for attention, fused", "arxiv:2", abstract="Sparse accelerators."),
        paper("Fused attention", "arxiv:3", abstract="On accelerators, and of much else that is said at some length."),
        *(paper(f"Filler{number}", f"arxiv:9{number}", abstract=f"About thing{number}.") for number in range(20)),
    )


async def test_the_nearest_come_first_and_the_paper_itself_never(tmp_path: Path) -> None:
    async with await open_storage(empty_database(tmp_path / "papers.db")) as storage:
        await fill(storage)
        assert await like(storage, "1") == ["Kernels for attention, fused", "Fused attention"]
        assert await like(storage, "1", limit=1) == ["Kernels for attention, fused"]
        assert await like(storage, "90") == []


async def test_papers_that_come_later_are_found_although_counts_are_remembered(tmp_path: Path) -> None:
    async with await open_storage(empty_database(tmp_path / "papers.db")) as storage:
        await fill(storage)
        assert await like(storage, "91") == []
        await put(storage, paper("Filler1 again", "arxiv:5", abstract="More about thing1."))
        assert await like(storage, "91") == ["Filler1 again"]


@pytest.mark.parametrize("title", ['") OR "x', "𝒜 · ‖ *", "NEAR(a b)", "-", "title : x", "學習 " * 400])
async def test_whatever_a_paper_says_is_only_words(tmp_path: Path, title: str) -> None:
    async with await open_storage(empty_database(tmp_path / "papers.db")) as storage:
        await put(storage, paper(title, "arxiv:1", abstract=title * 30), paper(title + "!", "arxiv:2", abstract=title))
        assert len(await like(storage, "1")) <= 1


async def test_time_is_bounded_and_the_connection_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await open_storage(empty_database(tmp_path / "papers.db")) as storage:
        await fill(storage)
        monkeypatch.setattr(sql, "SEARCH_SECONDS", -1.0)
        for _ in range(5):
            with pytest.raises(UserError, match="Try again in a moment"):
                await like(storage, "1")
        monkeypatch.undo()
        assert len(await like(storage, "1")) == 2
