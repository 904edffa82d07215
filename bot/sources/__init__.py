"""Where papers come from: one file a source, and the registry of them all. A new source is one line below."""

from bot.interfaces import LookUp, Source
from bot.sources.arxiv_api import ArxivApi
from bot.sources.arxiv_oai import ArxivOai
from bot.sources.arxiv_rss import ArxivRss
from bot.sources.biorxiv import Biorxiv
from bot.sources.crossref import Crossref
from bot.sources.feed import Feed
from bot.sources.hf_daily import HfDaily
from bot.sources.openalex import OpenAlex

SOURCES: tuple[type[Source], ...] = (
    ArxivRss,
    ArxivApi,
    ArxivOai,
    HfDaily,
    Biorxiv,
    Feed,
)
"""Each is configured by a block `[sources.KIND]`, whose keys are what its constructor takes."""

LOOK_UPS: tuple[type[LookUp], ...] = (ArxivApi, Crossref, OpenAlex)
"""Configured likewise; what is both has one block."""
