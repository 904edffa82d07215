"""The pretend Discord as a server on this machine: the HTTP API, the gateway and the page behind one port."""

import logging
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from types import TracebackType
from typing import Any, Self, Unpack

from aiohttp import BodyPartReader, web

from bot.fakediscord import errors
from bot.fakediscord.building import Building
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.errors import ApiError
from bot.fakediscord.faults import Fault, Faults
from bot.fakediscord.limits import Limits, Verdict
from bot.fakediscord.page import Page
from bot.fakediscord.routes import ROUTES
from bot.fakediscord.rules.files import MOST_FILE_BYTES, MOST_FILES
from bot.fakediscord.stage import StageOptions
from bot.fakediscord.uploads import Upload
from bot.fakediscord.wire import Json, dumps, loads

_log = logging.getLogger(__name__)

Judge = Callable[[str, str, object], list[str]]
"""Takes the method, the route's template and the JSON body; returns what is wrong with the body."""

_HOST = "127.0.0.1"
_LOCAL = frozenset({"127.0.0.1", "localhost"})
_API = "/api/v10"
_LARGEST_BODY = MOST_FILES * MOST_FILE_BYTES + 1024 * 1024
_FILE_PART = re.compile(r"files\[([0-9]{1,9})\]")
_STOP_SECONDS = 1.0


class FakeDiscord(Building):
    """A Discord of one's own. Start it, point a bot at `api_url` and `gateway_url`, and people it.

    `judge` is asked about every body too. `limits` enforces the rate limits that are otherwise only told.
    As a context manager it only promises to stop what was started.
    """

    def __init__(
        self,
        *,
        judge: Judge | None = None,
        limits: bool = False,
        **options: Unpack[StageOptions],
    ) -> None:
        super().__init__(**options)
        self.api_url = self.gateway_url = self.page_url = ""
        self.faults = Faults([(each.method, each.template) for each in ROUTES])
        self.requests: Counter[str] = Counter()
        """How often each route was asked, as `POST /channels/{channel_id}/messages`."""
        self.refusals: Counter[int] = Counter()
        """How often each HTTP status from 400 up was answered."""
        self._judge = judge
        self._limits = Limits(self.clock, enforced=limits)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on this machine only; 0 takes any free port. Raises OSError when the port is taken."""
        app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[self._guard])
        for route in ROUTES:
            app.router.add_route(route.method, _API + route.template, self._answering(route))
        app.router.add_get("/gateway/", self.gateway.serve)
        Page(self).add_routes(app)
        app.router.add_route("*", "/{anything:.*}", self._nowhere)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=_STOP_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, _HOST, port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        place = f"{_HOST}:{runner.addresses[0][1]}"
        self.api_url, self.gateway_url, self.page_url = (
            f"http://{place}{_API}",
            f"ws://{place}/gateway/",
            f"http://{place}/",
        )
        self.gateway.url = self.gateway_url

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self.faults.clear()
        self.gateway.close(1001)
        self.tell(None)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        """Keep out web pages of elsewhere: a name that was rebound to this machine, or another site's script."""
        if request.url.host not in _LOCAL:
            return web.json_response({"error": "This server only answers to localhost."}, status=403)
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.url.scheme}://{request.host}":
            return web.json_response({"error": "This server only answers its own page."}, status=403)
        answered: web.StreamResponse = await handler(request)
        return answered

    def _answering(self, route: Route) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._meet_faults(route, request)

        return answer

    async def _meet_faults(self, route: Route, request: web.Request) -> web.StreamResponse:
        self.requests[f"{route.method} {route.template}"] += 1
        fault = self.faults.take(route.method, route.template)
        if fault is None:
            return await self._respond(route, request)
        await _arrived(request)
        if fault.after_effect:
            answered = await self._respond(route, request)
            await fault.meet()
            return self._broken(fault, request) or answered
        await fault.meet()
        return self._broken(fault, request) or await self._respond(route, request)

    def _broken(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        if fault.cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.status is None:
            return None
        if fault.status == 429:
            headers = {"Retry-After": f"{fault.retry_after:g}"}
            headers |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"} if fault.is_global else {}
            verdict = Verdict(headers=headers, retry_after=fault.retry_after, is_global=fault.is_global)
            return self._refuse(errors.rate_limited(), verdict, via=fault.has_via)
        error = ApiError(fault.status, fault.code, "A fault was asked for")
        return self._refuse(error, Verdict(headers={}))

    async def _respond(self, route: Route, request: web.Request) -> web.StreamResponse:
        params = dict(request.match_info)
        verdict = self._limits.judge(route.method, route.template, params, counts_globally=route.needs_token)
        try:
            if route.needs_token:
                self._check_token(request)
            if verdict.retry_after is not None:
                raise errors.rate_limited()
            answer = await route.answer(await self._read(route, request, params))
        except ApiError as error:
            if error.broke_a_rule:
                self.violations.append(f"{route.method} {route.template}: {error} {dumps(error.errors or {})}")
            return self._refuse(error, verdict)
        except ConnectionError:  # whoever asked is gone, before it had said what it wants
            return web.Response()
        except Exception as error:  # a bug of this fake must not look like a bug of the bot
            _log.exception("the pretend Discord broke on %s %s", route.method, route.template)
            self.violations.append(f"{route.method} {route.template}: the pretend Discord itself broke: {error!r}")
            return self._refuse(errors.server_error(), verdict)
        if answer is None:
            return self._json(None, 204, verdict)
        return self._json(answer, route.status, verdict)

    def _check_token(self, request: web.Request) -> None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bot" or not self.accepts_token(token):
            raise errors.unauthorized()

    async def _read(self, route: Route, request: web.Request, params: dict[str, str]) -> Call:
        body, uploads = await _body_of(request)
        if body is not None and self._judge is not None:
            wrong = self._judge(route.method, route.template, body)
            if wrong:
                raise errors.invalid_form({"_errors": [{"code": "JUDGE", "message": each} for each in wrong]})
        return Call(stage=self, params=params, query=request.query, body=body, uploads=uploads)

    def _refuse(self, error: ApiError, verdict: Verdict, *, via: bool = True) -> web.StreamResponse:
        body: Json = error.body
        self.refusals[error.status] += 1
        if error.status == 429:
            body |= {"retry_after": verdict.retry_after, "global": verdict.is_global}
        return self._json(body, error.status, verdict, via=via)

    def _json(self, body: object, status: int, verdict: Verdict, *, via: bool = True) -> web.Response:
        now = self.world.now()
        headers = {**verdict.headers, "Date": formatdate(now, usegmt=True)}
        if via:
            headers["Via"] = "1.1 fake"  # without it, discord.py takes a 429 for a ban by Cloudflare
        if reset_after := headers.get("X-RateLimit-Reset-After"):
            headers["X-RateLimit-Reset"] = f"{now + float(reset_after):.3f}"
        if body is None:
            return web.Response(status=status, headers=headers)
        # discord.py reads JSON only from exactly this content type, without a charset.
        headers["Content-Type"] = "application/json"
        return web.Response(status=status, headers=headers, body=dumps(body).encode())

    async def _nowhere(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/api/"):
            self.violations.append(f"{request.method} {request.path}: no such route is known here")
        return self._refuse(errors.no_such_route(), Verdict(headers={}))


async def _arrived(request: web.Request) -> None:
    """Wait until the JSON is here: what is held up then takes effect even if whoever asked has gone."""
    if request.content_type != "multipart/form-data":
        with suppress(ConnectionError, web.HTTPRequestEntityTooLarge):
            await request.read()


async def _body_of(request: web.Request) -> tuple[object, list[Upload]]:
    """The JSON of a request, None where there is no body, and the files sent beside it. Raises ApiError."""
    try:
        if request.content_type == "multipart/form-data":
            return await _read_parts(request)
        raw = await request.read()
        return (loads(raw) if raw else None), []
    except web.HTTPRequestEntityTooLarge:
        raise errors.too_large() from None
    except ValueError:
        raise errors.invalid_json() from None


async def _read_parts(request: web.Request) -> tuple[object, list[Upload]]:
    body: object = None
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = loads(content)
        elif len(content) > MOST_FILE_BYTES:
            raise errors.too_large()
        else:
            uploads.append(Upload(number=_number(part), filename=part.filename or "unknown", content=content))
    return body, uploads


def _number(part: BodyPartReader) -> int:
    """The n of a part called `files[n]`. Raises ApiError 50035 for any other: stricter than Discord, on purpose."""
    named = _FILE_PART.fullmatch(part.name or "")
    if named is None:
        wrong = {"code": "STRICT_FILE_PART", "message": f"A file comes as files[0] and so on, not as {part.name!r:.40}"}
        raise errors.invalid_form({"_errors": [wrong]})
    return int(named[1])
