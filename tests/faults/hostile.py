"""Shows hostile strings to people: `python -m tests.faults.hostile --strings 200000 --typed 2000`.

Every string is a title, an abstract, an author, a category, a comment, a snippet and a query. Each message made of
them must be one that Discord takes, with no mention, no live link and no markdown but ours. So many as `--typed` are
imported and typed through the pretend Discord too.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator
from random import Random

from bot.domain.identifiers import page_url, pdf_url
from bot.domain.papers import Author, FoundPaper, KnownPaper
from bot.fakediscord.people import Person
from bot.fakediscord.state import Message
from bot.services.search import Hit, SearchPage, Snippet
from cogs._cards import card, whole_abstract
from cogs._markdown import clean, plain, units
from cogs._results import results
from tests.cogs.hostility import hostile_text
from tests.cogs.judging import faults, strangers, without_code
from tests.cogs.samples import known, paper
from tests.lab import found_paper, opened_lab

_EACH = 5
"""Strings that are shown together: as many as a page has results."""


def shown(strings: list[str], random: Random) -> Iterator[str]:
    """Show these strings in every place there is; yields what is wrong with the messages."""
    papers = [_paper(strings, at, random) for at in range(len(strings))]
    page = SearchPage(
        query="",
        hits=tuple(_hit(each, number, strings, random) for number, each in enumerate(papers, 1)),
        total=random.choice((len(papers), 212)),
        exact=True,
        page=random.choice((0, 41)),
        pages=random.choice((1, 43)),
    )
    links = [link for each in papers for link in (page_url(each.paper), pdf_url(each.paper), each.paper.code_url)]
    yield from faults(
        results(page, random.choice(strings), shared_by=random.choice((None, 42))), links=links, people=[42]
    )
    for each in papers:
        yield from faults(card(each, shared_by=random.choice((None, 42))), links=links, people=[42])
    yield from faults(whole_abstract(random.choice(papers)), links=links)
    yield from (f"label {each!r:.80}" for each in strings if not _is_label(plain(each, 100), each))


def _paper(strings: list[str], at: int, random: Random) -> KnownPaper:
    title, abstract, name, category, comment = (strings[(at + step) % len(strings)] for step in range(5))
    url = random.choice((None, "https://a.example/x", f"https://evil.example/{title[:40]}"))
    told = paper(
        title=title,
        abstract=abstract,
        authors=(Author(family=name, given=title),) * random.choice((1, 3, 9)),
        categories=(category, "cs.LG"),
        comment=comment,
        journal_ref=name,
        ids=random.choice(((), paper().ids)),
        page_url=url,
        code_url=url,
    )
    return known(told, number=10**6 + at)


def _hit(of: KnownPaper, number: int, strings: list[str], random: Random) -> Hit:
    start = random.randint(-2, 100)
    snippet = Snippet(text=random.choice(strings), spans=((start, start + 9), (start + 5, start + 30)))
    return Hit(number=number, known=of, title_spans=(), snippet=snippet)


def _is_label(label: str, text: str) -> bool:
    return units(label) <= 100 and bool(label) == bool(clean(text).strip()) and clean(label) == label


def run(strings: int, seed: int = 1) -> tuple[int, list[str]]:
    """Show so many strings; how many messages had something wrong, and the first of those things."""
    random = Random(seed)
    count = 0
    first: list[str] = []
    for _ in range(0, strings, _EACH):
        batch = [_string(random) for _ in range(_EACH)]
        wrong = list(shown(batch, random))
        count += bool(wrong)
        first += [f"{each} in {batch!r:.500}" for each in wrong[: 10 - len(first)]]
    return count, first


def _string(random: Random) -> str:
    text = hostile_text(random, random.choice((1, 4, 12, 40)))
    return (text + "x") * (3_000_000 // (len(text) + 1)) if random.random() < 0.001 else text


async def type_all(strings: int, seed: int = 1) -> list[str]:
    """Import and type so many strings; what stands in the answers that nobody may say. Raises what the lab raises."""
    random, wrong = Random(seed), []
    async with opened_lab() as lab:
        for _ in range(0, strings, _EACH):
            batch = [_string(random) for _ in range(_EACH)]
            await lab.import_papers([_found(batch, at) for at in range(_EACH)])
            texts = [text async for text in _answers(lab.person("ada"), _typeable(random.choice(batch)))]
            wrong += [f"{each} in {text!r:.500}" for text in texts for each in strangers(text)]
    return wrong


def _found(strings: list[str], at: int) -> FoundPaper:
    title, abstract, name, category, comment = (strings[(at + step) % len(strings)] for step in range(5))
    return found_paper(
        title=f"Findable {title}",
        abstract=abstract,
        authors=(name, title),
        categories=(category, "cs.LG"),
        ids=(title, name),
        comment=comment,
        journal_ref=name,
        page_url=f"https://a.example/{name[:40]}",
        code_url=comment,
    )


def _typeable(text: str) -> str:
    """As much of the text as Discord lets a person put into an option."""
    typed = text.strip()[:100].strip()
    return typed or "findable"


async def _answers(ada: Person, text: str) -> AsyncIterator[str]:
    """What ada reads when she uses everything there is with this text."""
    await ada.complete("search", option="query", text=text)
    await ada.complete("paper show", option="paper", text=text)
    yield (await ada.slash("search", query=text)).text
    yield (await ada.slash("paper show", paper=text)).text
    yield without_code((await ada.slash("paper cite", paper=text)).text)
    shown = await ada.slash("search", query="findable")
    yield (await ada.menu("Show papers", await ada.say(shown.message.channel, text))).text
    yield shown.text
    yield await _shared(ada, shown.message)
    card = await ada.press(shown.message, "Details")
    yield card.text
    yield await _shared(ada, card.message)
    yield without_code((await ada.press(card.message, "Cite")).text)
    if any(each.label == "Read all" for each in card.buttons):
        yield (await ada.press(card.message, "Read all")).text


async def _shared(ada: Person, message: Message) -> str:
    """What everyone reads when ada shares this."""
    await ada.press(message, "Share")
    return (await message.channel.next_message()).text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strings", type=int, default=200_000)
    parser.add_argument("--typed", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    started = time.monotonic()
    count, first = run(wanted.strings, wanted.seed)
    print(
        f"{wanted.strings} strings shown in {time.monotonic() - started:.0f} s: {count} messages at fault",
        *first,
        sep="\n",
    )
    started = time.monotonic()
    wrong = asyncio.run(type_all(wanted.typed, wanted.seed))
    print(
        f"{wanted.typed} strings typed in {time.monotonic() - started:.0f} s: {len(wrong)} at fault",
        *wrong[:10],
        sep="\n",
    )
    sys.exit(bool(count or wrong))


if __name__ == "__main__":
    main()
