"""What became of papers after they were first seen, as every database must keep it."""

from datetime import timedelta
from typing import Any

from bot.domain.changes import ChangeKind, PaperChange
from bot.domain.papers import Paper
from bot.interfaces import Storage
from tests.storage.shelf import NOW, number, paper, put

LATER = NOW + timedelta(days=1)


def sheaves(*ids: str, **told: Any) -> Paper:
    return paper("Sheaves", "arxiv:1", *ids, **{"authors": "Ada Bob", "version": 1, **told})


def change(kind: ChangeKind, before: str | None, after: str | None) -> PaperChange:
    return PaperChange(kind=kind, before=before, after=after, seen_at=LATER)


async def test_each_change_is_kept_with_the_time_it_was_seen(storage: Storage) -> None:
    await put(storage, sheaves())
    known = await number(storage, "arxiv:1")
    assert await storage.list_changes(known) == []
    published = sheaves("doi:x", version=2, journal_ref="J. 1", comment="Accepted", code_url="https://code.example")
    await put(storage, published, now=LATER)
    await put(storage, published, now=LATER + timedelta(days=1))
    assert await storage.list_changes(known) == [
        change(ChangeKind.VERSION, "1", "2"),
        change(ChangeKind.COMMENT, None, "Accepted"),
        change(ChangeKind.JOURNAL_REF, None, "J. 1"),
        change(ChangeKind.CODE, None, "https://code.example"),
        change(ChangeKind.DOI, None, "x"),
    ]
    assert await storage.list_changes(known + 1) == []


async def test_a_paper_is_withdrawn_and_comes_back(storage: Storage) -> None:
    await put(storage, sheaves())
    for version, withdrawn in ((2, True), (2, False), (3, False)):
        await put(storage, sheaves(version=version, withdrawn=withdrawn), now=LATER)
    known = await number(storage, "arxiv:1")
    assert [each for each in await storage.list_changes(known) if each.kind is ChangeKind.WITHDRAWAL] == [
        change(ChangeKind.WITHDRAWAL, None, "withdrawn"),
        change(ChangeKind.WITHDRAWAL, "withdrawn", None),
    ]
    assert not (await storage.get_papers([known]))[0].paper.withdrawn


async def test_an_older_version_changes_nothing(storage: Storage) -> None:
    await put(storage, sheaves(version=2))
    await put(storage, paper("Bundles", "arxiv:1", authors="Ada Bob", version=1), now=LATER)
    assert await storage.list_changes(await number(storage, "arxiv:1")) == []


async def test_papers_that_become_one_bring_their_changes(storage: Storage) -> None:
    await put(storage, sheaves(), paper("Bundles", "doi:x", authors="Ada"))
    article = await number(storage, "doi:x")
    await put(storage, paper("Bundles", "doi:x", authors="Ada", journal_ref="J. 1"), now=LATER)
    await put(storage, sheaves("doi:x"), now=LATER)
    expected = [change(ChangeKind.JOURNAL_REF, None, "J. 1")] * 2 + [change(ChangeKind.DOI, None, "x")]
    kept = await storage.list_changes(await number(storage, "arxiv:1"))
    assert sorted(kept, key=lambda each: each.kind) == sorted(expected, key=lambda each: each.kind)
    assert await storage.list_changes(article) == kept
