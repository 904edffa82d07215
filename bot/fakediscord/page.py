"""The playground's page: its files, and the endpoints through which one acts as a person and sees what they see."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib.resources import files
from typing import Any

from aiohttp import web

from bot.fakediscord import render
from bot.fakediscord.answers import Answer, Refused, Unanswered
from bot.fakediscord.building import Building
from bot.fakediscord.filling import commands_in
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.stage import Happening
from bot.fakediscord.state import Channel, ChannelKind, Message
from bot.fakediscord.uploads import content_type
from bot.fakediscord.wire import Json, dumps, loads, snowflake

_FILE = re.compile(r"[a-z0-9][a-z0-9_-]*\.(html|js|css|svg|png)")
_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_ALIVE_SECONDS = 15.0

Act = Callable[[Person, Channel, Json], Awaitable[Json]]


class Page:
    """The page of one pretend Discord."""

    def __init__(self, discord: Building) -> None:
        self._discord = discord

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/", self._index)
        app.router.add_get("/web/{file}", self._file)
        app.router.add_get("/attachments/{channel}/{attachment}/{name}", self._attachment)
        app.router.add_get("/page/world", self._world)
        app.router.add_get("/page/messages", self._messages)
        app.router.add_get("/page/events", self._events)
        acts: dict[str, Act] = {
            "slash": self._slash,
            "complete": self._complete,
            "press": self._press,
            "choose": self._choose,
            "submit": self._submit,
            "menu": self._menu,
            "say": self._say,
        }
        for name, act in acts.items():
            app.router.add_post(f"/page/{name}", self._acting(act))

    async def _index(self, _: web.Request) -> web.Response:
        return _static("index.html")

    async def _file(self, request: web.Request) -> web.Response:
        return _static(request.match_info["file"])

    async def _attachment(self, request: web.Request) -> web.Response:
        """A file that was posted, to keep, never to open here; whoever knows its address gets it, as on Discord."""
        wanted = snowflake(request.match_info["attachment"])
        messages = (each for channel in self._discord.world.channels() for each in channel.messages.values())
        found = next((each for message in messages for each in message.attachments if each.id == wanted), None)
        if found is None or found.filename != request.match_info["name"]:
            return _error("There is no such file.", 404)
        kept = {"Content-Type": content_type(found.filename), "Content-Disposition": "attachment"}
        return web.Response(body=found.content, headers={**_HEADERS, **kept})

    def _person(self, request: web.Request) -> Person:
        people = self._discord.people
        wanted = request.query.get("person")
        person = people.get(snowflake(wanted) or 0) if wanted else next(iter(people.values()), None)
        if person is None:
            raise Refused("There is no such person.")
        return person

    def _channel(self, person: Person, wanted: object) -> Channel:
        channel = self._discord.world.find_channel(snowflake(wanted) or 0)
        if channel is None or not person.may(channel) & Permission.VIEW_CHANNEL:
            raise Refused("There is no such channel.")
        return channel

    def _message(self, person: Person, channel: Channel, wanted: object) -> Message:
        message = channel.messages.get(snowflake(wanted) or 0)
        if message is None or not person.can_see(message):
            raise Refused("There is no such message any more.")
        return message

    async def _world(self, request: web.Request) -> web.Response:
        try:
            person = self._person(request)
        except Refused as refused:
            return _error(str(refused), 404)
        bot = self._discord.bot
        usual = next((each for guild in person.guilds() for each in guild.channels.values()), person.dm)
        return _json(
            {
                "person": _named(person),
                "people": [_named(each) for each in self._discord.people.values()],
                "bot": {"id": str(bot.id), "name": bot.name, "online": self._discord.gateway.is_online},
                "guilds": [_guild(person, each) for each in person.guilds()],
                "commands": commands_in(self._discord.world, usual, person.user),
            }
        )

    async def _messages(self, request: web.Request) -> web.Response:
        try:
            person = self._person(request)
            channel = self._channel(person, request.query.get("channel"))
        except Refused as refused:
            return _error(str(refused), 404)
        return _json([render.message(each) for each in person.sees(channel)])

    async def _events(self, request: web.Request) -> web.StreamResponse:
        try:
            person = self._person(request)
        except Refused as refused:
            return _error(str(refused), 404)
        stream = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        with self._discord.watched() as happenings:
            await stream.prepare(request)
            with suppress(ConnectionError):  # the page was closed
                await self._relay(person, happenings, stream)
        return stream

    async def _relay(
        self, person: Person, happenings: "asyncio.Queue[Happening | None]", stream: web.StreamResponse
    ) -> None:
        await stream.write(b": here\n\n")
        while True:
            try:
                async with asyncio.timeout(_ALIVE_SECONDS):
                    happening = await happenings.get()
            except TimeoutError:
                await stream.write(b": still here\n\n")
                continue
            if happening is None:
                return
            if happening.message is None or person.can_see(happening.message):
                await stream.write(_event(happening))

    def _acting(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                asked = loads(await request.read())
            except ValueError:
                return _error("This is not JSON.", 400)
            if not isinstance(asked, dict):
                return _error("This is not an object.", 400)
            try:
                person = self._person(request)
                return _json(await act(person, self._channel(person, asked.get("channel")), asked))
            except Unanswered:
                return _error("The application did not respond.", 504)
            except Refused as refused:
                return _error(str(refused), 400)

        return answer

    async def _slash(self, person: Person, channel: Channel, asked: Json) -> Json:
        return _outcome(await person.run_command(str(asked.get("command")), _mapping(asked, "options"), channel))

    async def _complete(self, person: Person, channel: Channel, asked: Json) -> Json:
        command, option, text = (str(asked.get(key) or "") for key in ("command", "option", "text"))
        offered = await person.complete_option(command, option, text, _mapping(asked, "options"), channel)
        return {"choices": [{"name": each.name, "value": each.value} for each in offered]}

    async def _press(self, person: Person, channel: Channel, asked: Json) -> Json:
        message = self._message(person, channel, asked.get("message"))
        return _outcome(await person.press(message, str(asked.get("custom_id"))))

    async def _choose(self, person: Person, channel: Channel, asked: Json) -> Json:
        message = self._message(person, channel, asked.get("message"))
        values = asked.get("values")
        return _outcome(
            await person.choose(message, str(asked.get("custom_id")), values if isinstance(values, list) else [])
        )

    async def _submit(self, person: Person, _: Channel, asked: Json) -> Json:
        modal = person.open_modal
        if modal is None or modal.custom_id != asked.get("custom_id"):
            raise Refused("This window is no longer open.")
        return _outcome(await person.submit_fields(modal, _mapping(asked, "values")))

    async def _menu(self, person: Person, channel: Channel, asked: Json) -> Json:
        message = self._message(person, channel, asked.get("message"))
        return _outcome(await person.menu(str(asked.get("command")), message))

    async def _say(self, person: Person, channel: Channel, asked: Json) -> Json:
        await person.say(channel, str(asked.get("text") or ""))
        return {"ok": True}


def _mapping(asked: Json, key: str) -> Json:
    value = asked.get(key)
    return value if isinstance(value, dict) else {}


def _outcome(answer: Answer) -> Json:
    return {"ok": True, "modal": answer.modal.shape if answer.modal else None}


def _event(happening: Happening) -> bytes:
    told: Json = {}
    if (message := happening.message) is not None:
        told = {"channel_id": str(message.channel.id), "message": render.message(message)}
    return f"event: {happening.name}\ndata: {dumps(told)}\n\n".encode()


def _named(person: Person) -> Json:
    return {"id": str(person.id), "name": person.name}


def _guild(person: Person, guild: Any) -> Json:
    seen = [each for each in guild.channels.values() if person.may(each) & Permission.VIEW_CHANNEL]
    channels = [
        {"id": str(each.id), "name": each.name, "kind": each.kind.name.lower(), "topic": each.topic}
        for each in seen
        if each.kind is not ChannelKind.CATEGORY
    ]
    roles = [{"id": str(each.id), "name": each.name.removeprefix("@")} for each in guild.roles.values()]
    return {"id": str(guild.id), "name": guild.name, "channels": channels, "roles": roles}


def _static(name: str) -> web.Response:
    """A file of the page; only plain names that lie right there."""
    found = files("bot.fakediscord").joinpath("web", name) if _FILE.fullmatch(name) else None
    if found is None or not found.is_file():
        return _error("There is no such file.", 404)
    kind = _TYPES[name.rpartition(".")[2]]
    return web.Response(body=found.read_bytes(), headers={**_HEADERS, "Content-Type": kind})


def _json(body: object) -> web.Response:
    return web.Response(body=dumps(body).encode(), headers={**_HEADERS, "Content-Type": "application/json"})


def _error(text: str, status: int) -> web.Response:
    return web.json_response({"error": text}, status=status, headers=_HEADERS)
