"""The kinds of files that papers are imported from. A new one is a file here and a line below."""

from bot.interfaces import Format
from bot.sources.formats.arxiv_snapshot import ArxivSnapshot
from bot.sources.formats.jsonl import Jsonl
from bot.sources.formats.listing import Listing

FORMATS: tuple[Format, ...] = (ArxivSnapshot(), Jsonl(), Listing())
"""Every format, the stricter before the laxer: the first that recognises a file reads it."""
