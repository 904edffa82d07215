"""Each recorded answer of arXiv, and of others that speak OAI-PMH: read to its last record or refused in a sentence."""

import json
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from bot.domain.papers import paper_from
from bot.interfaces import Batch, SourceError
from bot.sources import arxiv_api, arxiv_oai, arxiv_rss
from tests.shared import shared

READERS: dict[str, Callable[[bytes], Batch | arxiv_api.Page | arxiv_oai.Page]] = {
    "arxiv_rss": arxiv_rss.parse,
    "arxiv_atom": arxiv_api.parse,
    "oai_pmh": arxiv_oai.parse,
}

REFUSED = {
    "arxiv_atom/id_abc_s0_m100_b79c8dcf6bc3.xml": "arXiv refused the query: incorrect id format for abc.",
    "oai_pmh/sickle/ListIdentifiers.xml": "arXiv sent an answer without a list of records.",
    "oai_pmh/sickle/ListIdentifiers2.xml": "arXiv sent an answer without a list of records.",
    "oai_pmh/sickle/ListMetadataFormats.xml": "arXiv sent an answer without a list of records.",
    "oai_pmh/sickle/ListSets.xml": "arXiv sent an answer without a list of records.",
    "oai_pmh/sickle/ListRecordsBroken.xml": "arXiv sent something that is not XML.",
    "oai_pmh/sickle/badArgument.xml": "arXiv refused the question: badArgument.",
    "oai_pmh/sickle/badResumptionToken.xml": (
        "arXiv refused the question: badResumptionToken (This resumptionToken is invalid)."
    ),
    "oai_pmh/sickle/cannotDisseminateFormat.xml": "arXiv refused the question: cannotDisseminateFormat.",
    "oai_pmh/sickle/idDoesNotExist.xml": (
        "arXiv refused the question: idDoesNotExist (oai:lcoa1.loc.gov:loc.rbc/rbpe.00000111 has the structure of a "
        "valid LOC identifier, but it maps to no known item)."
    ),
    "oai_pmh/sickle/noSetHierarchy.xml": (
        "arXiv refused the question: noSetHierarchy (This repository does not support sets)."
    ),
    "oai_pmh/sickle/undefinedError.xml": "arXiv refused the question: undefinedError.",
}


def recorded() -> Iterator[tuple[str, str, int]]:
    """The folder, the file and the number of records of every answer."""
    for row in json.loads(shared("fixtures/index.json").read_bytes()):
        name = row["file"].removeprefix("fixtures/")
        if name.split("/")[0] in READERS:
            yield name.split("/")[0], name, row["records"]


def test_every_recorded_answer_is_read_or_refused() -> None:
    seen = Counter[str]()
    for kind, name, records in recorded():
        body = shared(f"fixtures/{name}").read_bytes()
        seen[kind] += 1
        if name in REFUSED:
            with pytest.raises(SourceError) as caught:
                READERS[kind](body)
            assert str(caught.value) == REFUSED[name]
        else:
            answered = READERS[kind](body)
            assert len(answered.found) + len(answered.rejected) == records, name
    assert seen == {"arxiv_atom": 20, "arxiv_rss": 10, "oai_pmh": 36}


def test_what_was_read_are_papers() -> None:
    """Those of sickle come from another repository, and one id is of no shape that arXiv ever gave."""
    for kind, name, _ in recorded():
        if name in REFUSED:
            continue
        answered = READERS[kind](shared(f"fixtures/{name}").read_bytes())
        assert {each.reason for each in answered.rejected} <= {"it was deleted, and names no arXiv paper"}, name
        for found in answered.found:
            paper = paper_from(found)
            assert paper.authors, (name, paper.title)
            assert paper.id_in("arxiv") or "sickle" in name or found.ids == ("0811.36489",), (name, paper.title)
            assert paper.published_at or "sickle" in name, (name, paper.title)


def test_the_announcements_of_the_recorded_days_are_counted() -> None:
    def counted(name: str) -> dict[str, int]:
        batch = arxiv_rss.parse(shared(f"fixtures/arxiv_rss/{name}").read_bytes())
        return dict(Counter(paper.announcement.value for paper in batch.found))

    assert counted("rss2_2024-03-04-cs-ai.xml") == {"new": 7, "cross": 64, "replace": 4, "replace-cross": 50}
    assert counted("rss2_2026-05-13-cs-lg.xml") == {"new": 485, "cross": 248, "replace": 251, "replace-cross": 117}
    assert counted("rss2_2026-06-02-cs-ai.xml") == {"new": 173, "cross": 404, "replace": 89, "replace-cross": 280}
    assert counted("rss1_2023-07-07-cs-cl.xml").keys() == {"new", "replace"}


def test_twenty_days_of_two_feeds() -> None:
    """Sundays are empty, and a feed that shows an old day again has nothing in it that was not there before."""
    known: set[str] = set()
    new = Counter[str]()
    days: dict[str, set[date | None]] = {}
    with tarfile.open(shared("corpus/rss_replay_2026-06.tar.xz")) as archive:
        for member in sorted(archive.getmembers(), key=lambda each: each.name):
            if not member.name.endswith(("cs-ai.xml", "cs-cl.xml")):
                continue
            file = archive.extractfile(member)
            assert file is not None
            batch = arxiv_rss.parse(file.read())
            assert not batch.rejected
            fetched_on = member.name[:10]
            days.setdefault(fetched_on, set()).add(batch.day)
            fresh = {paper.ids[0] for paper in batch.found if paper.announcement == "new"} - known
            new[fetched_on] += len(fresh)
            known |= fresh
            assert all(paper.authors and paper.categories and paper.abstract and paper.version for paper in batch.found)
    assert len(days) == 20
    assert days["2026-06-07"] == {date(2026, 6, 7)}
    assert [day for day, count in sorted(new.items()) if not count] == [
        "2026-06-05",
        "2026-06-07",
        "2026-06-09",
        "2026-06-13",
        "2026-06-14",
        "2026-06-20",
    ]
    assert sum(new.values()) == len(known)
