"""Speaks to the pretend Discord's HTTP API as a careless bot would, without a library that would mend its mistakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.fakediscord.interactions import Interaction, InteractionKind, metadata, new_token
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Message

QUIET: dict[str, Any] = {"parse": []}
"""The allowed_mentions that every message here carries."""
SOME_TOKEN = "token"  # noqa: S105
"""As good as any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: the status, the JSON (None for nothing) and the headers."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> int:
        """Discord's own code of a refusal."""
        return int(self.body["code"])

    @property
    def wrong(self) -> dict[str, str]:
        """The path of everything a 50035 complains of, with the first complaint's code."""
        return dict(_flattened(self.body.get("errors", {}), ""))


def _flattened(node: Any, path: str) -> list[tuple[str, str]]:
    found = []
    for key, value in node.items():
        if key == "_errors":
            found.append((path, value[0]["code"]))
        else:
            found += _flattened(value, f"{path}.{key}" if path else key)
    return found


class Api:
    """One bot's hands on the API."""

    def __init__(self, fake: FakeDiscord, session: aiohttp.ClientSession, token: str) -> None:
        self._fake = fake
        self._session = session
        self._token = token

    async def __call__(self, method: str, path: str, body: object = None, **options: Any) -> Reply:
        headers = {"Authorization": f"Bot {self._token}"}
        sent: dict[str, Any] = {} if body is None else {"json": body}
        url = f"{self._fake.api_url}{path}"
        async with self._session.request(method, url, headers=headers, **sent, **options) as response:
            told = await response.json() if response.status != 204 else None
            return Reply(status=response.status, body=told, headers=response.headers)

    async def send(self, channel: Channel, **body: Any) -> Reply:
        """Create a message that may mention nobody unless said otherwise."""
        return await self("POST", f"/channels/{channel.id}/messages", {"allowed_mentions": QUIET, **body})

    async def edit(self, message: Message, **body: Any) -> Reply:
        path = f"/channels/{message.channel.id}/messages/{message.id}"
        return await self("PATCH", path, {"allowed_mentions": QUIET, **body})

    async def answer(self, interaction: Interaction, kind: int, **data: Any) -> Reply:
        path = f"/interactions/{interaction.id}/{interaction.token}/callback?with_response=1"
        return await self("POST", path, {"type": kind, **({"data": data} if data else {})})

    async def follow_up(self, interaction: Interaction, **body: Any) -> Reply:
        path = f"/webhooks/{self._fake.bot.id}/{interaction.token}"
        return await self("POST", path, {"allowed_mentions": QUIET, **body})

    async def edit_original(self, interaction: Interaction, **body: Any) -> Reply:
        path = f"/webhooks/{self._fake.bot.id}/{interaction.token}/messages/@original"
        return await self("PATCH", path, {"allowed_mentions": QUIET, **body})


@asynccontextmanager
async def opened_api(fake: FakeDiscord, token: str = SOME_TOKEN) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(fake, session, token)


def waiting(
    fake: FakeDiscord,
    person: Person,
    channel: Channel,
    kind: InteractionKind = InteractionKind.COMMAND,
    source: Message | None = None,
) -> Interaction:
    """An interaction that waits for its first answer, without anyone who waits."""
    option = {"name": "query", "type": 3, "value": "a", "focused": True}
    number = fake.world.ids.next()
    made = Interaction(
        id=number,
        token=new_token(),
        kind=kind,
        user=person.user,
        channel=channel,
        told={"id": "1", "name": "search", "type": 1, "options": [option]},
        created_at=fake.clock(),
        source=source,
        metadata=metadata(number, kind, person.user, channel.guild, {}),
    )
    fake.interactions.add(made)
    return made
