"""The starter shelf that comes with Paperboy: well-known papers, read from the package. It keeps none of them."""

from importlib.resources import files

from bot.domain.papers import FoundPaper
from bot.interfaces import Record
from bot.sources.formats.jsonl import Jsonl


def starter_shelf() -> list[FoundPaper]:
    """Every paper of the shelf, in its order; reads a file."""
    lines = (files("bot") / "starter_shelf.jsonl").read_bytes().splitlines()
    read = Jsonl().parse
    return [read(Record(place=f"line {number}", raw=line)) for number, line in enumerate(lines, start=1) if line]
