"""How log lines look, and what never stands in one: no token passes through here, whoever logs it."""

import json
import logging
import re
import sys
import threading
import time
from typing import TextIO

_log = logging.getLogger(__name__)

_TOKEN_SHAPE = re.compile(r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}")
"""A Discord bot token: three base64url parts, the first a user id (docs.discord.com, Authentication)."""

_REDACTED = "[token]"
_SHORTEST_SECRET = 6
"""Characters; hiding anything shorter would only make every line unreadable."""
CHATTY = "discord", "aiosqlite", "alembic", "sqlalchemy"
"""Loggers of which nothing below a warning is worth a line."""


class RedactingFormatter(logging.Formatter):
    """Writes `time level logger message`, tracebacks below it, with every token replaced by `[token]`.

    It works on the finished text, so that arguments, reprs and tracebacks are covered alike.
    """

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        self._secrets = tuple(each for each in secrets if len(each) >= _SHORTEST_SECRET)

    def format(self, record: logging.LogRecord) -> str:
        return self._hidden(super().format(record))

    def _hidden(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        return _TOKEN_SHAPE.sub(_REDACTED, text)


class JsonFormatter(RedactingFormatter):
    """Writes one JSON object a line: `time`, `level`, `logger`, `message`, and a traceback as `error`."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": self.formatTime(record, self.datefmt) + "Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        if record.stack_info:
            told["stack"] = self.formatStack(record.stack_info)
        return self._hidden(json.dumps({name: self._hidden(text) for name, text in told.items()}, ensure_ascii=False))


def _without_traceback(record: logging.LogRecord) -> bool:
    """A lost connection is nothing unusual: discord.py logs it as an error with a traceback, we in one line."""
    if record.exc_info and str(record.msg).startswith("Attempting a reconnect"):
        error = record.exc_info[1]
        record.msg, record.args = f"{record.getMessage()} ({error or type(error).__name__})", None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
    return True


def start_logging(level: str, *secrets: str, stream: TextIO | None = None, as_json: bool = False) -> None:
    """Send every log record of this level and above to `stream` (standard error), without `secrets`.

    discord.py's own chatter below a warning is left out: it logs whole payloads. Threads that fail are logged too.
    """
    target = logging.StreamHandler(stream or sys.stderr)
    target.setFormatter((JsonFormatter if as_json else RedactingFormatter)(*secrets))
    threading.excepthook = _log_failed_thread
    logging.basicConfig(level=level.upper(), handlers=[target], force=True)
    logging.getLogger("discord.client").addFilter(_without_traceback)
    for each in CHATTY:
        logging.getLogger(each).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


def _log_failed_thread(failed: threading.ExceptHookArgs) -> None:
    """Python would write the traceback to standard error as it is, with whatever stands in it."""
    if failed.exc_value is not None and failed.exc_type is not SystemExit:
        _log.error("fault in a thread", exc_info=failed.exc_value)
