"""What people with power do to a Discord from outside the bot: found, open, invite, allow, forbid, throw out."""

from collections.abc import Iterable
from typing import Unpack

from bot.fakediscord import render
from bot.fakediscord.gateway import Intent
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import READER, Permission
from bot.fakediscord.stage import Stage, StageOptions
from bot.fakediscord.state import Channel, ChannelKind, Guild, Member, Message, Overwrite, Role, Tag, User
from bot.fakediscord.wire import Json

_KINDS = {
    "text": ChannelKind.TEXT,
    "announcement": ChannelKind.ANNOUNCEMENT,
    "forum": ChannelKind.FORUM,
    "voice": ChannelKind.VOICE,
    "category": ChannelKind.CATEGORY,
}


class Building(Stage):
    """A stage whose guilds, channels, roles and people can be changed; the bot hears of it as from Discord."""

    def __init__(self, **options: Unpack[StageOptions]) -> None:
        super().__init__(**options)
        self.people: dict[int, Person] = {}
        """Everyone who was added, by id, in that order."""

    @property
    def bot(self) -> User:
        return self.world.bot

    def add_guild(self, name: str, *, guild_id: int | None = None, with_bot: bool = True) -> Guild:
        """A new guild, with the bot in it unless said otherwise."""
        made = Guild(id=guild_id or self.world.ids.next(), name=name, owner_id=self.world.owner.id)
        made.roles[made.id] = Role(id=made.id, name="@everyone", permissions=READER, position=0)
        made.members[self.world.owner.id] = Member(user=self.world.owner, joined_at=self.world.now())
        self.world.guilds[made.id] = made
        if with_bot:
            self.invite_bot(made)
        return made

    def invite_bot(self, guild: Guild) -> None:
        """Add the bot, with a role of its own that lets it read, write and start threads."""
        role = Role(id=self.world.ids.next(), name=self.bot.name, permissions=READER, managed=True)
        guild.roles[role.id] = role
        me = guild.members[self.bot.id] = Member(user=self.bot, joined_at=self.world.now(), roles=[role.id])
        told = render.whole_guild(guild, me, now=self.world.now())
        del told["unavailable"]  # only at start; its absence says that the bot is new here
        self.gateway.dispatch("GUILD_CREATE", told, guild_id=guild.id, intent=Intent.GUILDS)

    def remove_bot(self, guild: Guild) -> None:
        """Throw the bot out; its managed role goes with it."""
        left = guild.members.pop(self.bot.id)
        for role_id in left.roles:
            if guild.roles[role_id].managed:
                del guild.roles[role_id]
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, intent=Intent.GUILDS)

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: str = "text",
        *,
        topic: str | None = None,
        tags: Iterable[str] = (),
        requires_tag: bool = False,
    ) -> Channel:
        """A new channel; `kind` is text, announcement, forum, voice or category; `tags` are a forum's."""
        made = Channel(
            id=self.world.ids.next(),
            kind=_KINDS[kind],
            name=name,
            guild=guild,
            topic=topic,
            position=len(guild.channels),
            tags=[Tag(id=self.world.ids.next(), name=each) for each in tags],
            requires_tag=requires_tag,
            created_at=self.world.now(),
        )
        guild.channels[made.id] = made
        self._tell_guild(guild, "CHANNEL_CREATE", render.channel(made))
        return made

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel of a guild, its threads with it."""
        guild = _guild_of(channel)
        for thread in [each for each in guild.channels.values() if each.parent is channel]:
            del guild.channels[thread.id]
        del guild.channels[channel.id]
        self._tell_guild(guild, "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", render.channel(channel))

    def archive_thread(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread; a message reopens it unless it is locked."""
        thread.archived, thread.locked = True, locked
        self._tell_guild(_guild_of(thread), "THREAD_UPDATE", render.channel(thread))

    def add_role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        number, position = self.world.ids.next(), len(guild.roles)
        made = Role(id=number, name=name, permissions=permissions, position=position, mentionable=mentionable)
        guild.roles[made.id] = made
        self._tell_role(guild, "GUILD_ROLE_CREATE", made)
        return made

    def set_permissions(self, guild: Guild, role: Role, permissions: int) -> None:
        """What the role allows in the whole guild; `guild.everyone` is the role of all."""
        role.permissions = permissions
        self._tell_role(guild, "GUILD_ROLE_UPDATE", role)

    def set_overwrite(self, channel: Channel, target: Role | User | Person, *, allow: int = 0, deny: int = 0) -> None:
        """What the role or person is allowed and denied in this one channel."""
        channel.overwrites[target.id] = Overwrite(
            target_id=target.id, is_member=not isinstance(target, Role), allow=allow, deny=deny
        )
        self._tell_guild(_guild_of(channel), "CHANNEL_UPDATE", render.channel(channel))

    def add_person(
        self,
        name: str,
        *,
        guild: Guild | None = None,
        roles: Iterable[Role] = (),
        permissions: int = 0,
        accepts_dms: bool = True,
        has_app: bool = False,
    ) -> Person:
        """A new person, who joins `guild`; `permissions` are granted there by a role of their own.

        Who has installed the app for themselves (`has_app`) has its commands in guilds without the bot, too.
        """
        user = User(id=self.world.ids.next(), name=name, accepts_dms=accepts_dms, has_app=has_app)
        self.world.users[user.id] = user
        person = self.people[user.id] = Person(self, user)
        if guild is not None:
            own = [self.add_role(guild, f"{name}'s", Permission(permissions))] if permissions else []
            self.join(person, guild, roles=[*roles, *own])
        return person

    def join(self, person: Person, guild: Guild, *, roles: Iterable[Role] = ()) -> None:
        """Make the person a member of the guild with these roles; again: change their roles to these."""
        held = [each.id for each in roles]
        guild.members[person.id] = Member(user=person.user, joined_at=self.world.now(), roles=held)

    def delete_message(self, message: Message) -> None:
        """Remove a message as a moderator would."""
        self.remove(message)

    def _tell_role(self, guild: Guild, event: str, role: Role) -> None:
        told = {"guild_id": str(guild.id), "role": render.role(role)}
        self.gateway.dispatch(event, told, guild_id=guild.id, intent=Intent.GUILDS)

    def _tell_guild(self, guild: Guild, event: str, body: Json) -> None:
        if self.bot.id in guild.members:
            self.gateway.dispatch(event, body, guild_id=guild.id, intent=Intent.GUILDS)


def _guild_of(channel: Channel) -> Guild:
    if channel.guild is None:
        raise ValueError("direct messages belong to no guild")
    return channel.guild
