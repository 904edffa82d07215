"""Sources that somebody asks by hand, and sees at a terminal what comes of it."""

import sys
from io import StringIO
from pathlib import Path

import pytest

from bot.by_hand import ask_sources
from bot.config import DatabaseSettings, Settings
from bot.terminal_sources import asking_progress


class Terminal(StringIO):
    """Standard error as somebody looks at it."""

    def isatty(self) -> bool:
        return True


async def test_a_source_that_cannot_be_reached_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before all that were asked are done."""
    sources = {"arxiv_rss": {"feeds": ["cs.AI"], "base_url": "http://nowhere.invalid"}, "hf_daily": {"feeds": []}}
    database = DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db")
    settings = Settings.model_validate({"database": database, "sources": sources})
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with asking_progress() as progress:
        await ask_sources(settings, [], since=None, progress=progress)
        told = terminal.getvalue()
    assert "arXiv cs.AI: nowhere.invalid cannot be found: is this machine online?" in told
