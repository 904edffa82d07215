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
from tests.lab.papers import found_paper
from tests.supply import Clock, NoHttp, accounts


@dataclass
class Place:
    """A place that knows these abstracts by DOI."""

    abstracts: dict[str, str]
    trouble: Exception | None = None
    about: frozenset[str] | None = None
    """The DOIs that have this trouble; None: all of them."""
    kind: ClassVar[str] = "place"
    host_family: ClassVar[str] = "place"
    asked: list[str] = field(default_factory=list)

    async def look_up(self, doi: str, http: Http) -> FoundPaper | None:  # noqa: ARG002
        self.asked.append(doi)
        if self.trouble and (self.about is None or doi in self.about):
            raise self.trouble
        return titled(doi, abstract=self.abstracts[doi]) if doi in self.abstracts else None


def titled(doi: str, abstract: str = "") -> FoundPaper:
    return found_paper(title=f"Paper {doi}", abstract=abstract, ids=(doi,), source="place")


async def shelve(storage: Storage, *dois: str) -> None:
    async with storage.write() as transaction:
        await transaction.put_papers([prepare(paper_from(titled(each))) for each in dois], now=Clock()())


def look_ups(storage: Storage, *places: LookUp, most: int = 20) -> LookUps:
    return LookUps(storage, NoHttp(), places, most=most, clock=Clock())


async def abstracts(storage: Storage, *dois: str) -> Sequence[str]:
    found = [await storage.find_paper(ExternalId("doi", each)) for each in dois]
    return [each.paper.abstract for each in found if each]


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
