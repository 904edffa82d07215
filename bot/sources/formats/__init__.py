"""The kinds of files that papers are imported from. A new one is a file here and a line below."""

from bot.interfaces import Format
from bot.sources.formats.arxiv_atom import ArxivAtom
from bot.sources.formats.arxiv_snapshot import ArxivSnapshot
from bot.sources.formats.bibtex import Bibtex
from bot.sources.formats.csl_json import CslJson
from bot.sources.formats.jsonl import Jsonl
from bot.sources.formats.listing import Listing
from bot.sources.formats.ris import Ris

FORMATS: tuple[Format, ...] = (ArxivAtom(), ArxivSnapshot(), Jsonl(), CslJson(), Bibtex(), Ris(), Listing())
"""Every format, the stricter before the laxer: the first that recognises a file reads it."""
