"""Files of arXiv's Atom that people saved, whole, cut short, or several in one."""

import io
import pickle
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.papers import FoundPaper
from bot.interfaces import Format, RecordError
from bot.sources.formats import arxiv_atom
from bot.sources.formats.arxiv_atom import ArxivAtom
from tests.shared import shared
from tests.sources.arxiv_lab import answer

TODAY = date(2026, 6, 9)


class Trickle(io.BytesIO):
    """A file that gives a few bytes at a time."""

    step = 1

    def read(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002
        return super().read(self.step)


def imported(content: bytes) -> tuple[list[FoundPaper], list[str]]:
    """The papers of a file, and the reasons of the records that are none."""
    form: Format = ArxivAtom()
    papers, reasons = [], []
    for record in form.records(io.BytesIO(content), today=TODAY):
        try:
            papers.append(form.parse(record))
        except RecordError as error:
            reasons.append(f"{record.place}: {error}")
    return papers, reasons


def test_a_saved_answer_is_recognised() -> None:
    form = ArxivAtom()
    assert form.recognises(answer("arxiv_api/answer-cs.AI.xml"))
    assert form.recognises(answer("arxiv_rss/atom.xml"))
    assert not form.recognises(answer("arxiv_rss/answer.xml"))
    assert not form.recognises(b'<feed xmlns="http://www.w3.org/2005/Atom"><id>https://example.org</id></feed>')
    assert not form.recognises(b'{"id": "2606.00101"}')
    assert pickle.loads(pickle.dumps(form)).name == "arxiv-atom"  # noqa: S301 (our own)


def test_its_papers_are_those_of_the_api() -> None:
    papers, reasons = imported(answer("arxiv_api/answer-cs.AI.xml"))
    assert [(paper.ids[0], paper.version, paper.source) for paper in papers] == [
        ("2606.00101", 2, "arxiv-atom"),
        ("hep-th/9901001", 1, "arxiv-atom"),
    ]
    assert papers[0].comment == "12 pages, 3 cups"
    assert reasons == []


def test_saved_announcements_are_read_as_such() -> None:
    [paper], _ = imported(answer("arxiv_rss/atom.xml"))
    assert paper.abstract == "We teach a kettle to plan. It plans tea."
    assert paper.authors == ("Ada Lovelace", "Charles Babbage")


def test_several_answers_in_one_file_are_one_list() -> None:
    papers, reasons = imported(answer("arxiv_api/answer-cs.AI.xml") + b"\n" + answer("arxiv_api/answer-cs.AI.xml"))
    assert len(papers) == 4
    assert reasons == []


def test_a_prefix_before_every_name_changes_nothing() -> None:
    body = (
        b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>http://arxiv.org/abs/2606.00101v2</a:id>'
        b"<a:title>Kettles</a:title></a:entry></a:feed>"
    )
    papers, _ = imported(body)
    assert [(paper.title, paper.version) for paper in papers] == [("Kettles", 2)]


def test_a_file_that_was_cut_short_gives_what_it_has() -> None:
    whole = answer("arxiv_api/answer-cs.AI.xml")
    papers, reasons = imported(whole[: whole.index(b"They vibrate")])
    assert [paper.title for paper in papers] == ["Kettles That Plan"]
    assert reasons == ["entry 2: it is XML that ends in the middle, on line 5"]


def test_an_error_is_no_paper() -> None:
    papers, reasons = imported(answer("arxiv_api/error.xml"))
    assert papers == []
    assert reasons == ["entry 1: it is an error that arXiv reported: incorrect id format for teapot"]


def test_an_endless_entry_is_one_bad_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arxiv_atom, "_LONGEST_ENTRY", 200_000)
    whole = answer("arxiv_api/answer-cs.AI.xml")
    at = whole.index(b"<entry>")
    papers, reasons = imported(whole[:at] + b"<entry>" + b"x" * 900_000 + whole[at:])
    assert [paper.title for paper in papers] == ["Kettles That Plan", "Strings"]
    assert len(reasons) == 1


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2_600), st.integers(0, 300), st.integers(1, 500))
def test_any_file_is_read_to_its_end(noise: bytes, at: int, length: int, size: int) -> None:
    body = answer("arxiv_api/answer-cs.AI.xml")
    form = ArxivAtom()
    for content in (noise, body[:at] + noise + body[at + length :]):
        at_once = [record.raw for record in form.records(io.BytesIO(content), today=TODAY)]
        drops = Trickle(content)
        drops.step = size
        in_drops = [record.raw for record in form.records(drops, today=TODAY)]
        assert [raw.rpartition(b"<entry")[2] for raw in at_once] == [raw.rpartition(b"<entry")[2] for raw in in_drops]
        imported(content)


def test_every_recorded_answer_is_imported_to_the_last_entry() -> None:
    counts = {}
    for path in sorted(shared("fixtures/arxiv_atom").iterdir()):
        papers, reasons = imported(path.read_bytes())
        counts[path.name] = len(papers), len(reasons)
    assert len(counts) == 20
    assert counts["q_testing_s0_m100_cfe7536492ca.xml"] == (100, 0)
    assert counts["id_abc_s0_m100_b79c8dcf6bc3.xml"] == (0, 1)
    assert sum(bad for _, bad in counts.values()) == 1
