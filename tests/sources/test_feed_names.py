"""The names of feeds that an operator writes: what is taken, and how a mistake is told."""

from collections.abc import Callable

import pytest

from bot.sources.arxiv_api import ArxivApi
from bot.sources.arxiv_oai import ArxivOai
from bot.sources.arxiv_rss import ArxivRss
from bot.sources.biorxiv import Biorxiv
from bot.sources.feed import Feed
from bot.sources.hf_daily import HfDaily


def test_categories_are_written_as_arxiv_writes_them() -> None:
    assert ArxivRss(["CS.ai", "cs.AI", "stat.ml + cs.LG"]).feeds() == ("cs.AI", "stat.ML+cs.LG")
    assert ArxivApi(["hep-TH"]).feeds() == ("hep-th",)
    assert ArxivOai(["cs", "cs.AI", "cs:cs:AI"]).feeds() == ("cs", "cs.AI", "cs:cs:AI")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: ArxivRss(["cs.A1"]), "'cs.A1' is no arXiv category; did you mean cs.AI?"),
        (lambda: ArxivRss(["nlp"]), "'nlp' is no arXiv category; did you mean cs.CL?"),
        (lambda: ArxivApi(["cs"]), "'cs' is no arXiv category"),
        (lambda: ArxivApi(["knitting"]), "'knitting' is no arXiv category"),
        (lambda: HfDaily(["weekly"]), "there is no feed 'weekly', only daily"),
        (lambda: Biorxiv(["arxiv"]), "there is no feed 'arxiv', only biorxiv and medrxiv"),
        (lambda: Feed({"": "https://example.org/"}), "a feed's name has 1 to 60 characters that can be seen"),
        (lambda: Feed({"a": "example.org"}), "the feed 'a' needs an address that begins with https:// or http://"),
    ],
)
def test_a_mistake_is_one_sentence(make: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        make()
    assert str(caught.value).startswith(sentence)
