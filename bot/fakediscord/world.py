"""Everything there is on the pretend Discord, and how to find it by id; tells nobody when it changes."""

from collections.abc import Callable, Iterator

from bot.fakediscord import errors
from bot.fakediscord.state import Channel, ChannelKind, Guild, Member, Message, Snowflakes, User
from bot.fakediscord.wire import Json


class World:
    """The users, guilds, direct messages and registered commands, and the one bot among them."""

    def __init__(self, now: Callable[[], float], *, bot_name: str, founded_at: float | None = None) -> None:
        self.now = now
        """The time of day, as a Unix time."""
        self.ids = Snowflakes(now, founded_at=founded_at)
        self.bot = User(id=self.ids.next(), name=bot_name, bot=True)
        self.owner = User(id=self.ids.next(), name="owner")
        """Whoever registered the application, and founded every guild."""
        self.users: dict[int, User] = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.guilds: dict[int, Guild] = {}
        self.dms: dict[int, Channel] = {}
        """Direct messages with the bot, by the person's id."""
        self.commands: dict[int | None, dict[int, Json]] = {None: {}}
        """Registered commands by id: global ones under None, a guild's under its id."""

    def channels(self) -> Iterator[Channel]:
        for guild in self.guilds.values():
            yield from guild.channels.values()
        yield from self.dms.values()

    def bot_guilds(self) -> list[Guild]:
        """The guilds that the bot is a member of."""
        return [each for each in self.guilds.values() if self.bot.id in each.members]

    def user(self, user_id: int) -> User:
        """Raises ApiError 10013."""
        if user_id not in self.users:
            raise errors.unknown_user()
        return self.users[user_id]

    def guild(self, guild_id: int) -> Guild:
        """A guild the bot is in. Raises ApiError 10004 for any other."""
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise errors.unknown_guild()
        return guild

    def channel(self, channel_id: int) -> Channel:
        """Raises ApiError 10003, or 50001 when the bot is not in its guild."""
        channel = self.find_channel(channel_id)
        if channel is None:
            raise errors.unknown_channel()
        if channel.guild is not None and self.bot.id not in channel.guild.members:
            raise errors.missing_access()
        return channel

    def find_channel(self, channel_id: int) -> Channel | None:
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        return next((each for each in self.dms.values() if each.id == channel_id), None)

    def message(self, channel: Channel, message_id: int) -> Message:
        """A message that is not ephemeral. Raises ApiError 10008."""
        message = channel.messages.get(message_id)
        if message is None or message.visible_to is not None:
            raise errors.unknown_message()
        return message

    def me_in(self, channel: Channel) -> Member | None:
        """The bot's membership in the channel's guild; None in direct messages."""
        return channel.guild.members.get(self.bot.id) if channel.guild else None

    def dm_with(self, user: User) -> Channel:
        """The direct messages with a person, opened if need be."""
        if user.id not in self.dms:
            self.dms[user.id] = Channel(
                id=self.ids.next(), kind=ChannelKind.DM, name=user.name, recipient=user, created_at=self.now()
            )
        return self.dms[user.id]
