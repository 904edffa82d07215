"""Any feed: what its items become, how many may be new at once, and what a hostile one cannot do."""

import asyncio
import json
import os
import time
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from bot.domain.papers import DateKind
from bot.interfaces import Batch, SourceError, SourceTrouble
from bot.sources import feed_child
from bot.sources.feed import MOST_NEW, Feed, parse
from bot.sources.feed_child import take_apart
from bot.sources.http import PoliteHttp
from tests.sources.anything import any_rows
from tests.sources.asking import DATA, asking, brought
from tests.sources.servers import page, revalidated

NOW = datetime(2026, 8, 21, 12, tzinfo=UTC)
ATOM = (DATA / "feed" / "answer-looms.atom").read_bytes()
SLOW = b'<?xml version="1.0"?>' + b"\n" * 300_000 + b'<rss version="2.0"><channel/></rss>'
"""feedparser looks for a document type here in a time that grows with the square of the blank lines."""


def rss(numbers: Iterable[int]) -> bytes:
    items = (f"<item><title>Paper {n}</title><link>https://looms.example.org/{n}</link></item>" for n in numbers)
    return f'<rss version="2.0"><channel><title>Looms</title>{"".join(items)}</channel></rss>'.encode()


async def read(body: bytes, known: frozenset[str] = frozenset()) -> Batch:
    return parse(await take_apart(body), url="https://looms.example.org/feed", known=known, now=NOW)[0]


async def test_items_bring_what_names_them_and_blank_lines_before_the_xml_do_no_harm() -> None:
    batch = await read(ATOM)
    first, preprint, news = batch.found
    assert first.title == "Looms That Weave <i>Algebra</i>"
    assert first.authors == ("Lovelace, Ada", "Hopper, Grace")
    assert first.ids == ("10.5555/looms.7",), "a related paper is another one"
    assert first.page_url == "https://looms.example.org/papers/7"
    assert (first.published_at, first.published_kind) == (datetime(2026, 8, 20, 9, tzinfo=UTC), DateKind.LISTED)
    assert first.updated_at == NOW, "no date lies in the future"
    assert preprint.ids == ("https://arxiv.org/abs/2608.10001v2", "oai:arXiv.org:2608.10001v2")
    assert (news.ids, news.page_url) == ((), "https://looms.example.org/news/1?utm_source=rss")
    assert [(each.place, each.reason) for each in batch.rejected] == [("item 4", "no title"), ("item 5", "no address")]


async def test_a_flood_comes_in_twenties_and_none_of_it_is_lost() -> None:
    async with asking() as (http, server):
        url = server.on("/feed", revalidated(rss(range(50)), etag='"1"'))
        source = Feed({"looms": url})
        checkpoint = None
        brought_so_far = []
        for _ in range(3):
            (batch,) = await brought(source, http, checkpoint=checkpoint, now=NOW)
            checkpoint = batch.checkpoint
            brought_so_far.append((len(batch.found), len(batch.rejected)))
        assert brought_so_far == [(20, 30), (40, 10), (50, 0)]
        assert "flood" in (await read(rss(range(50)))).rejected[0].reason
        (unchanged,) = await brought(source, http, checkpoint=checkpoint, now=NOW)
        assert (unchanged.unchanged, unchanged.checkpoint) == (True, checkpoint)


async def test_old_items_do_not_count_as_new() -> None:
    async with asking() as (http, server):
        url = server.on("/feed", page(rss(range(20))), page(rss(range(-20, 20))))
        source = Feed({"looms": url})
        (first,) = await brought(source, http, now=NOW)
        (second,) = await brought(source, http, checkpoint=first.checkpoint, now=NOW)
        assert (len(second.found), second.rejected) == (20 + MOST_NEW, ())


@pytest.mark.parametrize("checkpoint", ["", "{", "[]", '{"known": 3, "etag": []}', "[" * 50_000])
async def test_a_checkpoint_that_nobody_can_read_loses_nothing(checkpoint: str) -> None:
    async with asking() as (http, server):
        source = Feed({"looms": server.on("/feed", page(rss(range(3))))})
        (batch,) = await brought(source, http, checkpoint=checkpoint, now=NOW)
        assert len(batch.found) == 3


def test_there_are_no_feeds_until_the_operator_lists_them() -> None:
    assert Feed().feeds() == ()


async def test_a_feed_of_arxiv_keeps_arxivs_pace() -> None:
    turns = []

    class Noting:
        def turn(self, family: str, *, every: timedelta) -> AbstractAsyncContextManager[None]:
            turns.append((family, every.total_seconds()))
            raise SourceError("Not today.", reason=SourceTrouble.REFUSED)

    http = PoliteHttp(pace=Noting(), user_agent="Paperboy/test", clock=lambda: NOW)
    for url in ("https://rss.arxiv.org/rss/cs.AI", "https://looms.example.org/feed", "https://notarxiv.org/"):
        with pytest.raises(SourceError):
            await brought(Feed({"looms": url}), http, now=NOW)
    assert turns == [("arxiv", 3), ("looms.example.org", 1), ("notarxiv.org", 1)]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The address holds no RSS or Atom feed."),
        (b"<!doctype html><html><body>Not found</body></html>", "The address holds no RSS or Atom feed."),
        (b"\x00\xff" * 1_000, "The address holds no RSS or Atom feed."),
        (ATOM[:900], "The feed is cut off in the middle."),
        (rss(range(3))[:-20], "The feed is cut off in the middle."),
    ],
)
async def test_what_is_no_whole_feed_is_refused_in_one_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(SourceError) as caught:
        await read(body)
    assert (str(caught.value), caught.value.reason) == (sentence, SourceTrouble.MALFORMED)


async def test_a_feed_that_takes_too_long_is_given_up_and_its_reader_killed(tmp_path: Path) -> None:
    before = time.monotonic()
    with pytest.raises(SourceError, match=r"takes more than 0\.5 seconds"):
        await take_apart(SLOW, wall_seconds=0.5)
    assert time.monotonic() - before < 3


async def test_a_reader_is_killed_with_its_whole_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "pids"
    program = tmp_path / "reader.py"
    program.write_text(
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(told)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(60)\n"
    )
    monkeypatch.setattr(feed_child, "_READER", program)
    task = asyncio.create_task(take_apart(b"<rss/>", wall_seconds=30))
    while not told.exists() or not told.read_text():
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for pid in map(int, told.read_text().split()):
        assert await _is_gone(pid)


async def _is_gone(pid: int) -> bool:
    for _ in range(200):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        await asyncio.sleep(0.01)
    return False


async def test_a_reader_that_wants_too_much_memory_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "reader.py"
    program.write_text(
        f"import runpy\nreader = runpy.run_path({str(feed_child._READER)!r})\nreader['_limit']()\nbytearray(2**30)\n"
    )
    monkeypatch.setattr(feed_child, "_READER", program)
    with pytest.raises(SourceError, match="too much time or memory"):
        await take_apart(b"<rss/>")


async def test_the_reader_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_TOKEN", "hush")
    program = tmp_path / "reader.py"
    program.write_text("import json, os\nprint(json.dumps(dict(os.environ)))\n")
    monkeypatch.setattr(feed_child, "_READER", program)
    assert "hush" not in (await take_apart(b"<rss/>")).decode()


async def test_entities_are_neither_fetched_nor_piled_up() -> None:
    secret = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss([1]).replace(
        b"Paper", b"&x;"
    )
    assert [paper.title for paper in (await read(secret)).found] == ["1"]
    lol = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 9))
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">' + lol + b"]>" + rss([1]).replace(b"Paper", b"&l8;")
    try:
        titles = [paper.title for paper in (await read(bomb)).found]
    except SourceError:
        titles = []
    assert all(len(title) <= 2_000 for title in titles)


async def test_of_an_endless_list_the_rest_is_told() -> None:
    batch = await read(rss(range(700)))
    assert len(batch.found) == MOST_NEW
    assert batch.rejected[-1].place == "the last 200 items"


FIELDS = ["title", "summary", "authors", "id", "link", "ids", "published_at", "updated_at"]


@given(any_rows(FIELDS))
def test_each_item_is_a_paper_or_a_rejection_whatever_its_types(rows: list[object]) -> None:
    written = json.dumps({"version": "rss20", "items": rows}).encode()
    batch, known = parse(written, url="https://looms.example.org/", known=frozenset(), now=NOW)
    assert len(batch.found) + len(batch.rejected) == len(rows)
    assert len(known) <= len(rows)
