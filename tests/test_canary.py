"""A token that is forced through everything that can go wrong, at the chattiest level, is in no line of the log."""

import asyncio
import builtins
import inspect
import io
import json
import logging
import sqlite3
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import discord
import pytest
import sqlalchemy.exc

from bot import errors
from bot.fakediscord.server import FakeDiscord
from bot.logs import start_logging
from tests.command_line import paperboy

CANARY = "canary-token.of.nobody-1234567890"
MODULES: tuple[ModuleType, ...] = (builtins, aiohttp, discord, discord.app_commands, sqlalchemy.exc, sqlite3, errors)
ERRORS = sorted(
    {
        each
        for module in MODULES
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, Exception) and not issubclass(each, Warning)
    },
    key=lambda each: (each.__module__, each.__qualname__),
)


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


def made(kind: type[Exception]) -> Exception:
    """An error of this kind that holds the token in all its arguments, however it was meant to be made."""
    error = kind.__new__(kind)
    error.args = (CANARY, {"Authorization": f"Bot {CANARY}"}, CANARY.encode())
    for name in ("text", "message", "response", "request_info", "headers", "statement", "params", "orig", "code"):
        try:
            setattr(error, name, CANARY)
        except (AttributeError, TypeError):
            continue
    error.add_note(f"sent with Bot {CANARY}")
    return error


def test_there_are_errors_of_every_kind() -> None:
    assert len(ERRORS) > 120
    assert {aiohttp.ClientConnectorError, discord.HTTPException, discord.LoginFailure, OSError} <= set(ERRORS)


@pytest.mark.parametrize("as_json", [False, True])
def test_every_class_of_error_is_logged_without_it(written: io.StringIO, as_json: bool) -> None:
    start_logging("debug", CANARY, stream=written, as_json=as_json)
    log = logging.getLogger("bot.anything")
    for kind in ERRORS:
        try:
            raise made(kind)
        except Exception as error:
            for level in (logging.DEBUG, logging.ERROR):
                log.log(level, "fault %s with %r", kind.__name__, error.args, exc_info=True, stack_info=True)
            log.debug("%(token)s", {"token": CANARY})
    text = written.getvalue()
    assert text.count("[token]") > len(ERRORS) * 4
    assert CANARY not in text
    assert "canary-token" not in text
    if as_json:
        lines = [json.loads(each) for each in text.splitlines()]
        assert len(lines) == len(ERRORS) * 3
        assert set(lines[0]) == {"time", "level", "logger", "message", "error", "stack"}
        assert lines[0]["level"] == "debug"


def test_a_thread_that_fails_is_logged_without_it(written: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    start_logging("info", CANARY, stream=written)

    def fail() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "ValueError: [token]" in written.getvalue()
    assert CANARY not in capfd.readouterr().err


FAULTS: list[dict[str, Any]] = [
    {"method": "GET", "template": "/users/@me", "status": 401},
    {"method": "GET", "template": "/users/@me", "status": 403, "code": 50001},
    {"method": "GET", "template": "/oauth2/applications/@me", "status": 400},
    {"method": "PUT", "template": "/applications/{application_id}/commands", "status": 400, "code": 50035},
]


@pytest.mark.parametrize("how", ["text", "json"])
async def test_a_bot_that_discord_refuses_in_every_way_never_tells_it(tmp_path: Path, how: str) -> None:
    told = {"PAPERBOY_DISCORD_TOKEN": CANARY, "PAPERBOY_LOG_LEVEL": "debug", "PAPERBOY_LOG_FORMAT": how}
    async with FakeDiscord() as fake:
        await fake.start()
        told |= {"PAPERBOY_DISCORD_API_URL": fake.api_url, "PAPERBOY_DISCORD_GATEWAY_URL": fake.gateway_url}
        for number, fault in enumerate(FAULTS if how == "text" else FAULTS[:1]):
            fake.faults.clear()
            fake.faults.next(**fault, times=9)
            for word in ("run", "doctor")[: 1 if number else 2]:
                done = await asyncio.to_thread(paperboy, tmp_path, word, **told)
                assert done.returncode, done
                assert CANARY not in done.stdout + done.stderr
                assert "Traceback" not in done.stderr
