"""arXiv's daily feeds: every form they ever had, quiet days, stale days, and answers that are no feed."""

import json
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.papers import Announcement, DateKind, FoundPaper
from bot.interfaces import Rejection, Source, SourceError, SourceTrouble
from bot.sources import arxiv_rss
from bot.sources.arxiv_rss import ArxivRss, parse
from tests.sources.arxiv_lab import answer, arxiv, ids_in, taken
from tests.sources.servers import page, revalidated, status

NOW = datetime(2026, 6, 9, 4, 30, tzinfo=UTC)
EMPTY = b'<rss version="2.0"><channel><title>cs.AI updates</title></channel></rss>'


def feed_of(items: int, *, description: str = "Short.") -> bytes:
    """A feed of so many new papers."""
    written = "".join(
        f"<item><title>Paper {number}</title><description>arXiv:2606.{number:05}v1 Announce Type: new \n"
        f"Abstract: {description}</description><guid>oai:arXiv.org:2606.{number:05}v1</guid><category>cs.AI</category>"
        "<category>cs.LG</category><pubDate>Mon, 08 Jun 2026 00:00:00 -0400</pubDate><announce_type>new</announce_type>"
        "<rights>http://arxiv.org/licenses/by/4.0/</rights><creator>Ada Lovelace, Grace Hopper</creator></item>"
        for number in range(items)
    )
    return f'<rss version="2.0"><channel><title>cs.AI updates</title>{written}</channel></rss>'.encode()


def test_a_new_paper_is_read_whole() -> None:
    batch = parse(answer("arxiv_rss/answer.xml"))
    assert batch.found[0] == FoundPaper(
        title=r"Kettles That Plan: $\epsilon$-Greedy Tea & Biscuits",
        abstract="We teach a kettle to plan. It plans tea.",
        authors=("Ada Lovelace", "Charles Babbage", "Sammy Davis Jr."),
        categories=("cs.AI", "cs.CL"),
        ids=("2606.00101",),
        published_at=datetime(2026, 6, 8, 4, tzinfo=UTC),
        published_kind=DateKind.ANNOUNCED,
        version=1,
        source="arxiv_rss",
        announcement=Announcement.NEW,
        seen_on=date(2026, 6, 8),
    )


def test_the_feed_says_how_each_paper_is_announced_and_what_is_no_paper() -> None:
    batch = parse(answer("arxiv_rss/answer.xml"))
    assert [paper.announcement for paper in batch.found] == ["new", "cross", "replace", "replace-cross"]
    assert batch.rejected == (Rejection(place="item 5", reason="it has no arXiv id"),)
    assert batch.complete
    revised = batch.found[2]
    assert (revised.ids, revised.version) == (("2401.01234", "10.1000/tea.42"), 3)
    assert revised.journal_ref == "Journal of Tea 4 (2026) 2"
    assert [paper.withdrawn for paper in batch.found] == [False, False, False, True]


def test_only_a_new_paper_is_dated_by_its_announcement() -> None:
    batch = parse(answer("arxiv_rss/answer.xml"))
    assert [paper.published_at is not None for paper in batch.found] == [True, False, False, False]
    assert {paper.updated_at for paper in batch.found} == {None}, "a stale feed moves its dates and must change nothing"


def test_the_day_is_the_batch_s_own_in_new_york() -> None:
    """Built again on Tuesday, it still is Monday's; and 23:10 on Monday there is Tuesday in UTC."""
    body = answer("arxiv_rss/answer.xml")
    assert parse(body).day == date(2026, 6, 8)
    undated = body.replace(b"<pubDate>Mon, 08 Jun 2026 00:00:00 -0400</pubDate>", b"")
    assert parse(undated).day == date(2026, 6, 9)
    assert parse(undated.replace(b"09 Jun 2026 04:10", b"09 Jun 2026 03:10")).day == date(2026, 6, 8)


def test_a_sunday_is_empty_and_complete() -> None:
    batch = parse(answer("arxiv_rss/empty.xml"))
    assert (batch.found, batch.rejected, batch.complete, batch.day) == ((), (), True, date(2026, 6, 7))


def test_the_rss_of_before_2024_is_read_too() -> None:
    batch = parse(answer("arxiv_rss/before_2024.xml"))
    assert [
        (paper.title, paper.ids[0], paper.version, paper.categories, paper.announcement) for paper in batch.found
    ] == [
        ("Is This the Question?", "2307.00001", 1, ("cs.CL",), "new"),
        ("Strings, Again", "hep-th/9901001", 4, ("hep-th",), "replace"),
        ("Visiting (Briefly)", "2306.54321", 1, ("stat.ML",), "cross"),
    ]
    assert batch.found[0].authors == ("Ada Lovelace", "Grace Hopper")
    assert batch.day == date(2023, 7, 6)


def test_atom_brings_the_same() -> None:
    [paper] = parse(answer("arxiv_rss/atom.xml")).found
    rss = parse(answer("arxiv_rss/answer.xml")).found[0]
    assert (paper.ids, paper.version, paper.abstract, paper.categories) == (
        rss.ids,
        rss.version,
        rss.abstract,
        rss.categories,
    )
    assert (paper.published_at, paper.announcement, paper.seen_on) == (rss.published_at, rss.announcement, rss.seen_on)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "arXiv sent nothing."),
        (b"teapot", "arXiv sent something that is not XML."),
        (b"<!DOCTYPE html><html><body>Down for tea</body></html>", "arXiv sent a web page, not XML."),
        (b"<html><p>Down for tea</html>", "arXiv sent a web page, not XML."),
        (b"<opml/>", "arXiv sent XML of another kind, <opml>."),
        (b"<rss/>", "arXiv sent a feed without a channel."),
        (b"<rss><channel></rss>", "arXiv sent XML that is not well-formed: mismatched tag on line 1."),
        (
            b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rss>&b;</rss>',
            "arXiv sent XML with a document type, which I don't read.",
        ),
        (b'<?xml version="1.0" encoding="teapot"?><rss/>', "arXiv sent XML in an encoding that I don't read."),
        (b"<a>" * 1_000, "arXiv sent XML more than 64 deep."),
    ],
)
def test_what_is_no_feed_is_refused_in_a_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(body)
    assert str(caught.value) == sentence
    assert caught.value.reason is SourceTrouble.MALFORMED


def test_a_feed_that_was_cut_off_is_no_feed() -> None:
    whole = answer("arxiv_rss/answer.xml")
    for end in range(60, len(whole) - 10, 97):
        with pytest.raises(SourceError) as caught:
            parse(whole[:end])
        assert caught.value.reason is SourceTrouble.MALFORMED


def test_arxiv_s_own_words_are_told() -> None:
    with pytest.raises(SourceError, match=r"arXiv refused the feed: Bad subject class 'TEA'\.") as caught:
        parse(answer("arxiv_rss/refused.xml"))
    assert caught.value.reason is SourceTrouble.REFUSED


@pytest.mark.parametrize(
    "bad", [b"\x0b", b"\xff\xfe", b"&", b"AT&T", b"&nbsp;", b"&#11;", b"&#xFFFF;", b"\xed\xa0\x80"]
)
def test_one_bad_character_does_not_lose_the_day(bad: bytes) -> None:
    batch = parse(answer("arxiv_rss/answer.xml").replace(b"It plans tea.", b"It plans " + bad + b" tea."))
    assert len(batch.found) == 4
    assert batch.found[0].abstract.startswith("We teach a kettle to plan. It plans")
    batch.found[0].abstract.encode()


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 4_000), st.integers(0, 200))
def test_any_bytes_are_a_batch_or_a_sentence(noise: bytes, at: int, length: int) -> None:
    body = answer("arxiv_rss/answer.xml")
    for hostile in (noise, body[:at] + noise + body[at + length :]):
        try:
            batch = parse(hostile)
        except SourceError as error:
            assert str(error).endswith(".")  # noqa: PT017
        else:
            assert all(paper.title and paper.ids for paper in batch.found)


def test_2200_items_are_parsed_in_time() -> None:
    body = feed_of(2_200, description="We plan tea. " * 120)
    assert len(body) > 4_000_000
    took = []
    for _ in range(3):  # the quickest of three: other programs slow even a thread's own time down
        start = time.thread_time()
        batch = parse(body)
        took.append(time.thread_time() - start)
    assert min(took) < 0.6
    assert len(batch.found) == 2_200


async def test_several_categories_are_one_request() -> None:
    async with arxiv() as (server, http):
        server.on("/rss/cs.AI+cs.CL", page(answer("arxiv_rss/answer.xml"), headers={"ETag": '"1"'}))
        source: Source = ArxivRss(["cs.AI+cs.CL"], base_url=server.url("/rss"))
        assert source.feeds() == ("cs.AI+cs.CL",)
        [batch] = await taken(source.fetch("cs.AI+cs.CL", http, checkpoint=None, since=None, now=NOW))
    assert ids_in([batch]) == ["2606.00101", "2605.09999", "2401.01234", "2402.04321"]
    assert len(server.asked) == 1


async def test_a_feed_that_has_not_changed_is_not_sent_again() -> None:
    async with arxiv() as (server, http):
        server.on("/rss/cs.AI", revalidated(answer("arxiv_rss/answer.xml"), etag='"monday"'))
        source = ArxivRss(["cs.AI"], base_url=server.url("/rss"))
        [first] = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
        [second] = await taken(source.fetch("cs.AI", http, checkpoint=first.checkpoint, since=None, now=NOW))
        server.on("/rss/cs.AI", revalidated(answer("arxiv_rss/empty.xml"), etag='"sunday"'))
        [third] = await taken(source.fetch("cs.AI", http, checkpoint=second.checkpoint, since=None, now=NOW))
    assert not first.unchanged
    assert (second.unchanged, second.found, second.checkpoint) == (True, (), first.checkpoint)
    assert (third.unchanged, third.day) == (False, date(2026, 6, 7))


async def test_another_list_is_told_from_the_same_one_under_a_new_date_also_after_an_empty_day() -> None:
    same = feed_of(2).replace(b"08 Jun", b"09 Jun")
    monday, newer = feed_of(2), feed_of(3)
    told, checkpoint = [], None
    async with arxiv() as (server, http):
        source = ArxivRss(["cs.AI"], base_url=server.url("/rss"))
        for body in (monday, same, EMPTY, same, newer):
            server.on("/rss/cs.AI", page(body))
            [batch] = await taken(source.fetch("cs.AI", http, checkpoint=checkpoint, since=None, now=NOW))
            checkpoint = batch.checkpoint
            told.append(batch.is_another)
    assert told == [False, False, False, False, True]


async def test_a_list_of_which_nothing_could_be_read_is_asked_for_again_in_full() -> None:
    unreadable = feed_of(2).replace(b"oai:arXiv.org:", b"")
    async with arxiv() as (server, http):
        server.on("/rss/cs.AI", page(unreadable.replace(b"2606.", b"kettle"), headers={"ETag": '"1"'}))
        source = ArxivRss(["cs.AI"], base_url=server.url("/rss"))
        [batch] = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
        assert len(batch.rejected) == 2
        await taken(source.fetch("cs.AI", http, checkpoint=batch.checkpoint, since=None, now=NOW))
    assert "if-none-match" not in server.asked[1].headers


@pytest.mark.parametrize("checkpoint", ["", "teapot", "[]", "null", '{"etag": 7}', '{"etag": null}', "[" * 100_000])
async def test_a_checkpoint_that_cannot_be_read_is_as_good_as_none(checkpoint: str) -> None:
    async with arxiv() as (server, http):
        server.on("/rss/cs.AI", page(EMPTY))
        source = ArxivRss(["cs.AI"], base_url=server.url("/rss"))
        [batch] = await taken(source.fetch("cs.AI", http, checkpoint=checkpoint, since=None, now=NOW))
    assert batch.complete
    assert "if-none-match" not in server.asked[0].headers


async def test_a_feed_that_arxiv_cut_is_kept_but_never_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arxiv_rss, "FEED_LIMIT", 30)
    async with arxiv() as (server, http):
        server.on("/rss/cs.LG", page(feed_of(30), headers={"ETag": '"1"'}))
        source = ArxivRss(["cs.LG"], base_url=server.url("/rss"))
        batches = source.fetch("cs.LG", http, checkpoint=None, since=None, now=NOW)
        first = await anext(batches)
        with pytest.raises(SourceError, match="cut at 30 items") as caught:
            await anext(batches)
    assert len(first.found) == 30
    assert not first.complete
    assert first.checkpoint is None, "a feed of which something is missing must be sent again in full"
    assert caught.value.reason is SourceTrouble.INCOMPLETE


async def test_a_broken_day_leaves_the_checkpoint_alone() -> None:
    async with arxiv() as (server, http):
        source = ArxivRss(["cs.AI"], base_url=server.url("/rss"))
        for reply, reason in [
            (page(answer("arxiv_rss/answer.xml")[:700]), SourceTrouble.MALFORMED),
            (status(404), SourceTrouble.NOT_FOUND),
        ]:
            server.on("/rss/cs.AI", reply)
            batches = source.fetch("cs.AI", http, checkpoint=json.dumps({"etag": '"1"'}), since=None, now=NOW)
            with pytest.raises(SourceError) as caught:
                await anext(batches)
            assert caught.value.reason is reason
