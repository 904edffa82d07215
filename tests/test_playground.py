"""The playground as its first visitor meets it."""

from pathlib import Path

from bot.config import DatabaseSettings, Settings
from bot.playground import opened


async def test_whoever_tries_it_runs_the_server_and_may_follow_topics_there(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    async with opened(settings) as ground:
        preview = await ground.person.slash("topic follow", query="diffusion models")
        assert "diffusion models" in preview.text
        await ground.person.press(preview.message, "Follow in #papers")
        assert "diffusion models" in (await ground.person.slash("topic list")).text


async def test_each_time_something_trends_in_its_server(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    for _ in range(2):
        async with opened(settings) as ground:
            everywhere = await ground.person.slash("trending")
            here = await ground.person.press(everywhere.message, "In this server")
            assert "1\\. [" in here.text
            assert "**+3 votes**" in here.text
            assert "**+1 vote**" in here.text
            assert "10\\. [" in here.text
