"""Pictures of recaps: drawn elsewhere, the same each time, small, and readable whatever a title is made of."""

import asyncio
import json
import logging
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from bot.services import picture_drawer, pictures
from bot.services.pictures import MOST_BYTES, MOST_IN_LINE, Pictures, TooManyError
from tests.delivery.owing import recap

DARK, LIGHT = "#313338", "#ffffff"
"""What Discord shows messages on."""
HOSTILE = [
    "Costs $O(n^2)$ and $\\frac{a$ {\\bf x}_^ \\undefined",
    "深度学习在自然语言处理中的应用",
    "مقدمة في التعلم العميق",
    "Rockets 🚀" * 30,
    "\x00\x1b[31m\u202egnp.exe\ufffe\n\n",
    "",
    "W" * 300,
]


def luminance(colour: str) -> float:
    """Of sRGB, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_everything_on_it_can_be_read_and_its_edge_is_seen_on_dark_and_on_light() -> None:
    card = picture_drawer.CARD
    assert contrast(picture_drawer.TEXT, card) >= 7
    assert min(contrast(each, card) for each in (picture_drawer.VOTES, picture_drawer.REPLIES)) >= 4.5
    assert min(contrast(picture_drawer.EDGE, each) for each in (DARK, LIGHT)) >= 3


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a whole PNG, all of whose pieces are sound."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, kinds = 8, list[bytes]()
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        piece, check = png[at + 4 : at + 8 + length], png[at + 8 + length : at + 12 + length]
        assert zlib.crc32(piece) == struct.unpack(">I", check)[0]
        kinds.append(piece[:4])
        at += 12 + length
    assert (kinds[0], kinds[-1]) == (b"IHDR", b"IEND")
    return struct.unpack(">II", png[16:24])


def drawn(told: object) -> bytes:
    """What the program makes of this, started as the bot starts it."""
    command = [sys.executable, "-P", str(Path(picture_drawer.__file__))]
    return subprocess.run(command, input=json.dumps(told).encode(), stdout=subprocess.PIPE, check=True).stdout


def test_whatever_titles_are_made_of_it_is_small_and_the_same_each_time() -> None:
    rows = [{"title": each, "votes": 10**at, "replies": at or None} for at, each in enumerate(HOSTILE)]
    told = {"heading": "The papers of the week · 18 to 24 May" * 5, "rows": rows}
    picture = drawn(told)
    assert drawn(told) == picture
    assert len(picture) < MOST_BYTES
    wide, high = size_of(picture)
    assert wide == 1000
    assert 500 < high < 1000


async def test_a_picture_is_drawn_off_the_loop(caplog: pytest.LogCaptureFixture) -> None:
    picture = await Pictures().draw(recap(3, 1))
    assert picture is not None
    assert size_of(picture)[0] == 1000
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("program", "seconds", "told"),
    [
        ("import time; time.sleep(60)", 0.3, "not drawn in 0.3 s"),
        ("raise SystemExit('no ink')", 30, "ended with 1: no ink"),
        ("print('GIF89a')", 30, "is no PNG"),
        ("print('\\x89PNG' + 'x' * 600_000)", 30, "is no PNG of 500,000 bytes at most"),
    ],
)
async def test_where_it_cannot_be_drawn_there_is_none_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, program: str, seconds: float, told: str
) -> None:
    drawer = tmp_path / "drawer.py"
    drawer.write_text(program)
    with caplog.at_level(logging.WARNING):
        assert await Pictures(drawer=drawer, wall_seconds=seconds).draw(recap(1)) is None
    assert told in caplog.text


async def test_a_program_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert await Pictures(drawer=tmp_path / "nothing.py").draw(recap(1)) is None


async def test_who_comes_when_many_wait_is_told_to_come_again(tmp_path: Path) -> None:
    drawer = tmp_path / "drawer.py"
    drawer.write_text("import time; time.sleep(60)")
    busy = Pictures(drawer=drawer, wall_seconds=0.5)
    waiting = [asyncio.create_task(busy.draw(recap(1))) for _ in range(MOST_IN_LINE)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyError):
        await busy.draw(recap(1))
    assert await asyncio.gather(*waiting) == [None] * MOST_IN_LINE


def test_the_child_is_told_no_secrets() -> None:
    assert not any("TOKEN" in each or "PAPERBOY" in each for each in pictures._PASSED_ON)
