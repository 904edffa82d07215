"""The program that draws a recap: reads what it shows as JSON from standard input, writes a PNG to standard output.

It runs as a child, for matplotlib takes a second and sixty megabytes to load, and gives none of it back. It imports
nothing of ours. The same input makes the same picture, byte by byte, on the same machine.
"""

import contextlib
import io
import json
import os
import sys
import warnings
from collections.abc import Iterable
from typing import Any

MEMORY = 2 * 2**30
"""Bytes of address space."""
CPU_SECONDS = 30

CARD, EDGE, TEXT, TRACK = "#20242b", "#858e9b", "#f4f6f8", "#363d48"
VOTES, REPLIES = "#45b8a9", "#e9c46a"
"""A card of its own, with an edge that shows on a dark page and on a light one."""

_WIDE, _MARGIN, _TOP, _ROW = 1000, 40, 112, 86
"""Pixels."""
_INCH = 100
_HEADING, _TITLE, _COUNT = 25.0, 20.0, 17.0
"""Sizes of text, in points."""
_BAR, _THIN = 16, 9
_SYSTEM_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans",
    "Source Han Sans SC",
    "PingFang SC",
    "Hiragino Sans",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "IPAGothic",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
"""What may be there for letters that matplotlib's own font lacks."""
_MOST_LACKING = 0.1
"""Of a title so much may be left out."""


def main() -> None:
    """Draw what stands on standard input, within limits."""
    _limit()
    sys.stdout.buffer.write(draw(json.load(sys.stdin.buffer)))


def _limit() -> None:
    """Ask the system to stop this process when it takes too much; on Windows only the parent's clock does."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # whoever answers people goes first
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # not everywhere

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw(told: dict[str, Any]) -> bytes:
    """A PNG of `heading` and `rows`, each with a `title`, `votes` and, where known, `replies`: a bar a number."""
    from matplotlib import rc_context  # noqa: PLC0415  # after the limits are set

    warnings.simplefilter("ignore")
    rows = told["rows"]
    families = _families([told["heading"], *(each["title"] for each in rows)])
    with rc_context({"font.family": families, "text.usetex": False, "text.parse_math": False}):
        return _Sheet(told["heading"], rows, _drawable(families)).png()


class _Sheet:
    """The picture, in pixels from its upper left corner."""

    def __init__(self, heading: str, rows: list[dict[str, Any]], drawable: frozenset[int]) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415

        self._drawable = drawable
        self._high = _TOP + _ROW * len(rows) + _MARGIN // 2
        self._figure = Figure(figsize=(_WIDE / _INCH, self._high / _INCH), dpi=_INCH, facecolor=CARD, edgecolor=EDGE)
        self._figure.patch.set_linewidth(4)
        self._renderer: Any = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]
        axes = self._figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, _WIDE)
        axes.set_ylim(self._high, 0)
        self._axes = axes
        self._write(_MARGIN, 62, self._fitting(heading, _WIDE - 2 * _MARGIN, _HEADING), _HEADING, weight="bold")
        most = max(1, *(max(each["votes"], each["replies"] or 0) for each in rows))
        for number, each in enumerate(rows):
            self._row(_TOP + _ROW * number, number + 1, each, most)

    def png(self) -> bytes:
        file = io.BytesIO()
        self._figure.savefig(
            file,
            format="png",
            facecolor=CARD,
            edgecolor=EDGE,
            metadata={"Software": None},
            pil_kwargs={"optimize": True},
        )
        return file.getvalue()

    def _row(self, top: int, number: int, row: dict[str, Any], most: int) -> None:
        """A title, what it got in words at the right, and a bar for each of both below."""
        right = float(_WIDE - _MARGIN)
        for count, one, colour in ((row["replies"], "reply", REPLIES), (row["votes"], "vote", VOTES)):
            if count is not None:
                right -= self._counted(right, top + 26, count, one, colour)
        self._write(_MARGIN, top + 26, f"{number}", _TITLE)
        begin = _MARGIN + self._length(f"{number}", _TITLE) + 18
        self._write(begin, top + 26, self._fitting(self._title(number, row["title"]), right - begin, _TITLE), _TITLE)
        self._bar(top + 40, _BAR, row["votes"] / most, VOTES)
        if row["replies"] is not None:
            self._bar(top + 42 + _BAR, _THIN, row["replies"] / most, REPLIES)

    def _title(self, number: int, title: str) -> str:
        """The title; where there are no letters here for too much of it, where to read it."""
        kept = "".join(each for each in title if ord(each) in self._drawable)
        lacks = len(title) - len(kept) > _MOST_LACKING * len(title) or not kept.strip()
        return f"number {number} of the list" if lacks else " ".join(kept.split())

    def _counted(self, right: float, base: float, count: int, one: str, colour: str) -> float:
        """Write a number with its word so that it ends at `right`; how much room that takes."""
        many = "replies" if one == "reply" else f"{one}s"
        told = f"{count:,} {one if count == 1 else many}"
        self._write(right, base, told, _COUNT, color=colour, ha="right")
        return self._length(told, _COUNT) + 22

    def _bar(self, top: float, high: float, part: float, colour: str) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        whole = _WIDE - 2 * _MARGIN
        self._axes.add_patch(Rectangle((_MARGIN, top), whole, high, color=TRACK, linewidth=0))
        self._axes.add_patch(Rectangle((_MARGIN, top), whole * part, high, color=colour, linewidth=0))

    def _write(self, x: float, base: float, text: str, size: float, **more: Any) -> None:
        style = {"color": TEXT, "ha": "left", **more}
        self._axes.text(x, base, text, fontsize=size, va="baseline", parse_math=False, **style)

    def _fitting(self, text: str, room: float, size: float) -> str:
        """As much of the text as there is room for; an ellipsis says that there was more."""
        if self._length(text, size) <= room:
            return text
        short, long = 0, len(text)
        while long - short > 1:
            middle = (short + long) // 2
            if self._length(f"{text[:middle].rstrip()}…", size) <= room:
                short = middle
            else:
                long = middle
        return f"{text[:short].rstrip()}…"

    def _length(self, text: str, size: float) -> float:
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415

        weight = "bold" if size == _HEADING else "normal"
        properties = FontProperties(size=size, weight=weight)
        wide, _, _ = self._renderer.get_text_width_height_descent(text, properties, ismath=False)
        return float(wide)


def _families(texts: Iterable[str]) -> list[str]:
    """The fonts for these texts: matplotlib's own; where it lacks letters, those of the system that may have them."""
    from matplotlib.font_manager import fontManager  # noqa: PLC0415

    own = ["DejaVu Sans"]
    if {ord(each) for text in texts for each in text} <= _drawable(own):
        return own
    there = {each.name for each in fontManager.ttflist}
    return [*own, *(each for each in _SYSTEM_FONTS if each in there)]


def _drawable(families: Iterable[str]) -> frozenset[int]:
    """The characters that these fonts have between them."""
    from matplotlib.font_manager import FontProperties, findfont, get_font  # noqa: PLC0415

    paths = [findfont(FontProperties(family=each), fallback_to_default=False) for each in families]
    return frozenset(code for path in paths for code in get_font(path).get_charmap() if code >= ord(" "))


if __name__ == "__main__":
    main()
