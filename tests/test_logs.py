"""Log lines: readable, and never with a token in them."""

import io
import logging

import pytest

from bot.logs import start_logging

TOKEN = "MTA1NDI2OTg4ODQ1Mzk0MTAx.GaBcDe.0123456789abcdefghijklmnopqrstuvwxyzAB"  # noqa: S105 (of nobody)


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


def test_a_line_tells_when_how_bad_who_and_what(written: io.StringIO) -> None:
    start_logging("info", stream=written)
    logging.getLogger("bot.app").info("ready guilds=%d", 3)
    when, level, name, *message = written.getvalue().split()
    assert when.endswith("Z")
    assert (level, name, message) == ("INFO", "bot.app", ["ready", "guilds=3"])


def test_the_token_is_replaced_in_messages_arguments_and_tracebacks(written: io.StringIO) -> None:
    start_logging("info", "hush-hush", stream=written)
    log = logging.getLogger("bot.app")
    try:
        raise RuntimeError("failed with Bot " + "hush-hush")
    except RuntimeError:
        log.exception("headers=%r", {"Authorization": "Bot hush-hush"})
    assert "Bot hush-hush" not in written.getvalue()
    assert "'Bot [token]'" in written.getvalue()
    assert "RuntimeError: failed with Bot [token]" in written.getvalue()


def test_whatever_looks_like_a_discord_token_is_replaced_too(written: io.StringIO) -> None:
    start_logging("info", stream=written)
    logging.getLogger("bot.app").info("sent %s", TOKEN)
    assert TOKEN not in written.getvalue()
    assert "[token]" in written.getvalue()


def test_the_library_that_logs_whole_payloads_is_kept_quiet(written: io.StringIO) -> None:
    start_logging("debug", stream=written)
    logging.getLogger("discord.http").debug("payload %s", "private words")
    logging.getLogger("discord.http").warning("slow down")
    assert "private words" not in written.getvalue()
    assert "slow down" in written.getvalue()
