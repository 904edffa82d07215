"""What papers lack is filled in, a few at a time, each paper once, and trouble waits for the next run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from bot.domain.analysis import prepare
from bot.domain.identifiers import ExternalId
from bot.domain.ledger import FeedState
from bot.domain.papers import FoundPaper, paper_from
from bot.interfaces import Http, LookUp, SourceError, SourceTrouble, Storage
from bot.services.look_ups import LookUpReport, LookUps
from bot.sources.arxiv_api import ArxivApi
from tests.lab.papers import found_paper
from tests.sources.arxiv_lab import Api, arxiv
from tests.supply import Clock, NoHttp, accounts


@dataclass
class Place:
    """A place that knows these abstracts by DOI."""

    abstracts: dict[str, str]
    trouble: Exception | None = None
    about: frozenset[str] | None = None
    """The ids that have this trouble; None: all of them."""
    kind: ClassVar[str] = "place"
    host_family: ClassVar[str] = "place"
    scheme: ClassVar[str] = "doi"
    at_once: ClassVar[int] = 1
    asked: list[str] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)
    """About how many papers each was."""

    async def look_up(self, values: Sequence[str], http: Http) -> Sequence[FoundPaper]:  # noqa: ARG002
        self.asked += values
        self.questions.append(len(values))
        if self.trouble and (self.about is None or self.about & set(values)):
            raise self.trouble
        return [titled(each, abstract=self.abstracts[each]) for each in values if each in self.abstracts]


class Shelf(Place):
    """A place that knows them by arXiv id, a hundred at once."""

    scheme: ClassVar[str] = "arxiv"
    at_once: ClassVar[int] = 100


def titled(*ids: str, abstract: str = "") -> FoundPaper:
    return found_paper(title=f"Paper {ids[0]}", abstract=abstract, ids=ids, source="place")


async def shelve(storage: Storage, *ids: str) -> None:
    """Papers without an abstract; one that has two ids has a space between them."""
    async with storage.write() as transaction:
        await transaction.put_papers([prepare(paper_from(titled(*each.split()))) for each in ids], now=Clock()())


def look_ups(storage: Storage, *places: LookUp, most: int = 20) -> LookUps:
    return LookUps(storage, NoHttp(), places, most=most, clock=Clock())


async def abstracts(storage: Storage, *ids: str) -> Sequence[str]:
    schemes = ["doi" if each.startswith("10.") else "arxiv" for each in ids]
    found = [await storage.find_paper(ExternalId(scheme, each)) for scheme, each in zip(schemes, ids, strict=True)]
    return [each.paper.abstract for each in found if each]


def arxiv_ids(count: int) -> list[str]:
    return [f"2606.{number:05}" for number in range(count)]


async def test_each_paper_is_looked_up_once_and_filled(storage: Storage) -> None:
    await shelve(storage, "10.1000/a", "10.1000/b", "10.1000/c")
    first, second = Place({"10.1000/a": "About a."}), Place({"10.1000/b": "About b."})
    running = look_ups(storage, first, second, most=2)
    assert await running.run() == LookUpReport(asked=2, filled=2)
    assert await running.run() == LookUpReport(asked=1, filled=0)
    assert await running.run() == LookUpReport()
    assert await abstracts(storage, "10.1000/a", "10.1000/b", "10.1000/c") == ["About a.", "About b.", ""]
    assert first.asked == ["10.1000/a", "10.1000/b", "10.1000/c"]
    assert second.asked == ["10.1000/b", "10.1000/c"]
    (day,) = (await accounts(storage)).values()
    assert (day.state, day.received, day.revised, day.known, day.attempts) == (FeedState.FRESH, 3, 2, 1, 2)


async def test_a_place_in_trouble_is_asked_again_for_the_same_paper(storage: Storage) -> None:
    await shelve(storage, "10.1000/a")
    away = SourceError("place.example asks for fewer requests (429).", reason=SourceTrouble.THROTTLED)
    place = Place({"10.1000/a": "About a."}, trouble=away)
    running = look_ups(storage, place)
    assert await running.run() == LookUpReport(trouble=str(away))
    (day,) = (await accounts(storage)).values()
    assert (day.state, day.last_error) == (FeedState.BROKEN, str(away))
    place.trouble = None
    assert await running.run() == LookUpReport(asked=1, filled=1)


async def test_a_paper_that_no_place_can_answer_for_holds_up_no_other(storage: Storage) -> None:
    await shelve(storage, "10.1000/a", "10.1000/b", "10.1000/c", "10.1000/d")
    refused = SourceError("place.example/works refuses to answer (400).", reason=SourceTrouble.REFUSED)
    known = {f"10.1000/{each}": f"About {each}." for each in "bc"}
    place = Place(known, trouble=refused, about=frozenset({"10.1000/a", "10.1000/d"}))
    running = look_ups(storage, place)
    assert await running.run() == LookUpReport(asked=2, filled=2, trouble=str(refused))
    assert await abstracts(storage, "10.1000/b", "10.1000/c") == ["About b.", "About c."]
    await running.run()
    assert place.asked == [f"10.1000/{each}" for each in "abcdd"]


async def test_a_place_that_is_away_loses_no_paper(storage: Storage) -> None:
    await shelve(storage, "10.1000/a", "10.1000/b", "10.1000/c")
    away = SourceError("place.example is out of order (503).", reason=SourceTrouble.UNAVAILABLE)
    place = Place({f"10.1000/{each}": f"About {each}." for each in "abc"}, trouble=away)
    running = look_ups(storage, place)
    assert await running.run() == LookUpReport(trouble=str(away))
    assert place.asked == ["10.1000/a", "10.1000/b"]
    place.trouble = None
    assert await running.run() == LookUpReport(asked=3, filled=3)


async def test_a_fault_in_a_place_hurts_nobody(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    await shelve(storage, "10.1000/a")
    running = look_ups(storage, Place({}, trouble=KeyError("x")), Place({"10.1000/a": "About a."}))
    assert await running.run() == LookUpReport(asked=1, filled=1)
    assert "look_up_fault place=place error=KeyError('x')" in caplog.text


async def test_without_places_nothing_is_asked(storage: Storage) -> None:
    await shelve(storage, "10.1000/a")
    assert await look_ups(storage).run() == LookUpReport()
    assert await look_ups(storage, Place({}), most=0).run() == LookUpReport()
    assert await accounts(storage) == {}


# --- by arXiv id, many at once


async def test_papers_with_an_arxiv_id_are_asked_of_arxiv_in_one_request_and_the_rest_by_doi(storage: Storage) -> None:
    await shelve(storage, "10.1000/a", "2606.00001", "2606.00002 10.1000/b", "2606.77777", "2606.88888 10.1000/c")
    place = Place({f"10.1000/{each}": f"About {each}." for each in "abc"})
    api = Api({each: Clock()() for each in ("2606.00001", "2606.00002")})
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        running = LookUps(storage, http, [ArxivApi(base_url=server.url("/api/query")), place], most=20, clock=Clock())
        assert await running.run() == LookUpReport(asked=6, filled=4)
        assert await running.run() == LookUpReport()
    assert [each.query["id_list"] for each in server.asked] == ["2606.00001,2606.00002,2606.77777,2606.88888"]
    assert place.asked == ["10.1000/a", "10.1000/c"]
    assert await abstracts(storage, "10.1000/a", "2606.00001", "2606.00002", "2606.77777", "2606.88888") == [
        "About a.",
        "About 2606.00001.",
        "About 2606.00002.",
        "",
        "About c.",
    ]
    (day,) = (await accounts(storage)).values()
    assert (day.state, day.received, day.revised, day.known) == (FeedState.FRESH, 6, 4, 2)


async def test_a_hundred_are_asked_for_at_once_though_few_are_asked_by_doi(storage: Storage) -> None:
    ids = arxiv_ids(130)
    await shelve(storage, *ids)
    shelf = Shelf({each: f"About {each}." for each in ids})
    running = look_ups(storage, shelf, most=5)
    assert await running.run() == LookUpReport(asked=100, filled=100)
    assert await running.run() == LookUpReport(asked=30, filled=30)
    assert shelf.questions == [100, 30]


async def test_papers_that_spoil_the_question_hold_up_no_other(storage: Storage) -> None:
    ids = arxiv_ids(60)
    bad = frozenset({ids[0], ids[17], ids[40]})
    await shelve(storage, *ids)
    refused = SourceError("arXiv refused the query: incorrect id format.", reason=SourceTrouble.REFUSED)
    shelf = Shelf({each: f"About {each}." for each in ids}, trouble=refused, about=bad)
    running = look_ups(storage, shelf)
    assert await running.run() == LookUpReport(asked=57, filled=57, trouble=str(refused))
    assert await running.run() == LookUpReport()
    assert await abstracts(storage, *bad) == [""] * 3
    assert len(shelf.questions) < 40


async def test_a_fault_over_one_of_many_papers_costs_nobody_an_abstract(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    ids = arxiv_ids(9)
    await shelve(storage, *ids)
    shelf = Shelf(dict.fromkeys(ids, "Found."), trouble=KeyError("x"), about=frozenset({ids[4]}))
    assert await look_ups(storage, shelf).run() == LookUpReport(asked=9, filled=8)
    assert caplog.text.count("look_up_fault") == 1


@pytest.mark.parametrize(("reason", "questions"), [(SourceTrouble.THROTTLED, 1), (SourceTrouble.UNAVAILABLE, 4)])
async def test_arxiv_in_trouble_loses_no_paper_and_holds_up_no_doi(
    storage: Storage, reason: SourceTrouble, questions: int
) -> None:
    ids = arxiv_ids(50)
    await shelve(storage, *ids, "10.1000/a")
    away = SourceError("arXiv is out of order (503).", reason=reason)
    shelf, place = Shelf(dict.fromkeys(ids, "Found."), trouble=away), Place({"10.1000/a": "About a."})
    running = look_ups(storage, shelf, place)
    assert await running.run() == LookUpReport(asked=1, filled=1, trouble=str(away))
    assert len(shelf.questions) == questions
    shelf.trouble = None
    assert await running.run() == LookUpReport(asked=50, filled=50)
    (day,) = (await accounts(storage)).values()
    assert (day.state, day.received, day.last_error) == (FeedState.FRESH, 51, None)
