"""Which papers lack an abstract: each is found once, in the order in which they became known."""

from datetime import timedelta

from bot.interfaces import Storage
from tests.storage.shelf import NOW, paper, put


async def test_papers_without_abstract_come_in_the_order_they_became_known(storage: Storage) -> None:
    await put(storage, paper("B", "doi:10.1/b", abstract=""), paper("With", "doi:10.1/w"), paper("No id", abstract=""))
    await put(storage, paper("A", "doi:10.1/a", abstract=""), now=NOW - timedelta(hours=1))
    await put(storage, paper("C", "arxiv:2606.00001", abstract=""), paper("D", "doi:10.1/d", abstract=""))
    found = await storage.list_without_abstract("doi", after=None, limit=2)
    assert [each.paper.title for each in found] == ["A", "B"]
    last = found[-1]
    found = await storage.list_without_abstract("doi", after=(last.first_seen_at, last.id), limit=2)
    assert [each.paper.title for each in found] == ["D"]
    await put(storage, paper("D", "doi:10.1/d", abstract="Found."))
    assert await storage.list_without_abstract("doi", after=(last.first_seen_at, last.id), limit=2) == []
    found = await storage.list_without_abstract("arxiv", after=None, limit=2)
    assert [each.paper.title for each in found] == ["C"]
