"""One request of the bot to the HTTP API, read and ready for the route that answers it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.fakediscord import errors
from bot.fakediscord.permissions import NOTHING, Permission, in_channel
from bot.fakediscord.stage import Stage
from bot.fakediscord.state import Channel
from bot.fakediscord.uploads import Upload
from bot.fakediscord.wire import Json, snowflake


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request: the ids in its path, its query, its JSON body and the files beside it."""

    stage: Stage
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    uploads: list[Upload]

    @property
    def fields(self) -> Json:
        """The body, which must be an object. Raises ApiError 50035."""
        if not isinstance(self.body, dict):
            raise errors.invalid_json()
        return self.body

    def id(self, name: str) -> int:
        """An id in the path. Raises ApiError 50035 when it is none."""
        value = snowflake(self.params[name])
        if value is None:
            wrong = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{self.params[name]:.40}" is not snowflake.'}
            raise errors.invalid_form({name: {"_errors": [wrong]}})
        return value

    def channel(self, needs: Permission = NOTHING) -> Channel:
        """The channel in the path, in which the bot may do all this. Raises ApiError 10003, 50001, 50013."""
        channel = self.stage.world.channel(self.id("channel_id"))
        self.check_may(channel, needs)
        return channel

    def check_may(self, channel: Channel, needs: Permission) -> None:
        allowed = in_channel(channel, self.stage.world.me_in(channel))
        if not allowed & Permission.VIEW_CHANNEL:
            raise errors.missing_access()
        if allowed & needs != needs:
            raise errors.missing_permissions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A method and a path, written as Discord's API description writes it, and what answers there.

    The answer is JSON, or None for 204 No Content. A route that carries its own token in the path needs no other.
    """

    method: str
    template: str
    answer: Callable[[Call], Awaitable[object]]
    status: int = 200
    needs_token: bool = True
