"""People who use Discord: they type commands, press, choose and fill in, and see only what they may see."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.fakediscord import permissions
from bot.fakediscord.answers import Answer, Choice, Modal, Refused, Unanswered
from bot.fakediscord.choosing import filled_in, is_called, picked, submitted
from bot.fakediscord.compose import Draft
from bot.fakediscord.filling import (
    Filling,
    FoundCommand,
    check_allowed,
    find_command,
    installed,
    typed_command,
    used_menu,
)
from bot.fakediscord.interactions import OWNERS, Interaction, InteractionKind, metadata, new_token, payload
from bot.fakediscord.layout import SELECTS, Kind, walk
from bot.fakediscord.permissions import Permission
from bot.fakediscord.rules.messages import MOST_CONTENT
from bot.fakediscord.stage import Stage
from bot.fakediscord.state import POSTABLE, Channel, ChannelKind, Guild, Member, Message, User
from bot.fakediscord.wire import Json, units

_MESSAGE_MENU = 3


class Person:
    """One person. What cannot be done on Discord raises Refused; what the bot leaves unanswered, Unanswered."""

    def __init__(self, stage: Stage, user: User) -> None:
        self.user = user
        self.open_modal: Modal | None = None
        """The modal last opened before this person, until it is submitted."""
        self._stage = stage
        self._world = stage.world

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def dm(self) -> Channel:
        """The direct messages with the bot."""
        return self._world.dm_with(self.user)

    def guilds(self) -> list[Guild]:
        return [each for each in self._world.guilds.values() if self.id in each.members]

    def may(self, channel: Channel) -> Permission:
        """What this person may do in the channel."""
        if channel.guild is None:
            return permissions.ALL if channel.recipient is self.user else Permission(0)
        return permissions.in_channel(channel, self._membership(channel))

    def sees(self, channel: Channel) -> list[Message]:
        """The channel as this person sees it, oldest first, without what is meant for others only."""
        return [each for each in channel.messages.values() if self.can_see(each)]

    def can_see(self, message: Message) -> bool:
        return message.visible_to in (None, self.id) and bool(self.may(message.channel) & Permission.VIEW_CHANNEL)

    async def slash(self, command: str, /, *, _in: Channel | None = None, **options: object) -> Answer:
        """Type a slash command, such as `topic follow`, and wait for the first answer.

        Options are text, numbers, true or false, people, channels and roles; None leaves one out. Typed in
        the channel `_in`, by default the first text channel that this person sees.
        """
        return await self.run_command(command, options, _in or self._usual_channel())

    async def run_command(self, command: str, options: Mapping[str, object], channel: Channel) -> Answer:
        """`slash`, for option names that no keyword can be."""
        found = find_command(self._world, channel, self.user, command)
        check_allowed(found, channel, self._membership(channel))
        filling = self._filling(channel)
        told = filling.with_resolved(typed_command(found, filling.fill(found, options)))
        more = {"name": found.name, "command_type": 1, **self._owners(found, channel)}
        return Answer(await self._act(InteractionKind.COMMAND, told, channel, more=more))

    async def complete(
        self, command: str, /, *, option: str, text: str = "", _in: Channel | None = None, **others: object
    ) -> list[Choice]:
        """What autocomplete offers for an option in which `text` was typed so far."""
        return await self.complete_option(command, option, text, others, _in or self._usual_channel())

    async def complete_option(
        self, command: str, option: str, text: str, others: Mapping[str, object], channel: Channel
    ) -> list[Choice]:
        """`complete`, for option names that no keyword can be."""
        found = find_command(self._world, channel, self.user, command)
        check_allowed(found, channel, self._membership(channel))
        focused = found.option(option)
        if not focused.get("autocomplete"):
            raise Refused(f"/{found.name}: {option} has no autocomplete")
        filling = self._filling(channel)
        filled = filling.fill(found, {name: value for name, value in others.items() if name != option}, partial=True)
        typed = {"name": option, "type": focused["type"], "value": text, "focused": True}
        told = filling.with_resolved(typed_command(found, [*filled, typed]))
        more = self._owners(found, channel)
        interaction = await self._act(InteractionKind.AUTOCOMPLETE, told, channel, more=more)
        return [Choice(name=each["name"], value=each["value"]) for each in interaction.choices]

    async def menu(self, name: str, message: Message) -> Answer:
        """Use a command from the menu of a message."""
        self._check_seen(message)
        found = find_command(self._world, message.channel, self.user, name, kind=_MESSAGE_MENU)
        check_allowed(found, message.channel, self._membership(message.channel))
        told = used_menu(found, message)
        more: Json = {"name": found.name, "command_type": _MESSAGE_MENU, "target_message_id": str(message.id)}
        more |= self._owners(found, message.channel)
        return Answer(await self._act(InteractionKind.COMMAND, told, message.channel, more=more))

    async def press(self, message: Message, button: str, *, index: int = 0) -> Answer:
        """Press a button by its label or custom_id; `index` counts among those of the same label."""
        self._check_seen(message)
        buttons = [each for each in walk(message.components) if each["type"] == Kind.BUTTON]
        found = [each for each in buttons if button in (each.get("custom_id"), each.get("label"))]
        if len(found) <= index:
            known = ", ".join(repr(each.get("label") or each.get("custom_id")) for each in buttons) or "none"
            raise Refused(f"no button {button!r} number {index} is there; there are: {known}")
        pressed = found[index]
        if pressed.get("url"):
            raise Refused(f"{button!r} is a link to {pressed['url']}; it tells the bot nothing")
        if pressed.get("disabled"):
            raise Refused(f"{button!r} is disabled")
        told = {"custom_id": pressed["custom_id"], "component_type": int(Kind.BUTTON), "id": pressed["id"]}
        return await self._use_component(message, told)

    async def choose(self, message: Message, select: str, values: Sequence[object] | str) -> Answer:
        """Choose from a select menu, found by its custom_id or placeholder.

        Values are options by label or value, or people, roles and channels where it lists those.
        """
        self._check_seen(message)
        selects = [each for each in walk(message.components) if each["type"] in SELECTS]
        found = next((each for each in selects if select in (each["custom_id"], each.get("placeholder"))), None)
        if found is None:
            known = ", ".join(repr(each.get("placeholder") or each["custom_id"]) for each in selects) or "none"
            raise Refused(f"no select menu {select!r} is there; there are: {known}")
        if found.get("disabled"):
            raise Refused(f"{select!r} is disabled")
        filling = self._filling(message.channel)
        told = {
            "custom_id": found["custom_id"],
            "component_type": found["type"],
            "id": found["id"],
            "values": picked(found, [values] if isinstance(values, str) else list(values), filling),
        }
        return await self._use_component(message, filling.with_resolved(told))

    async def submit(self, modal: Modal | None, /, **values: object) -> Answer:
        """Fill in and submit a modal. Fields go by custom_id or by label: `Max per day` is `max_per_day`."""
        return await self.submit_fields(modal, values)

    async def submit_fields(self, modal: Modal | None, values: Mapping[str, object]) -> Answer:
        """`submit`, for names that no keyword can be. What is not given stays as the modal showed it."""
        if modal is None or self.open_modal is None or modal.shape is not self.open_modal.shape:
            raise Refused("this modal is not open")
        fields = modal.fields
        unknown = [name for name in values if not any(is_called(each, name) for each in fields)]
        if unknown:
            raise Refused(f"the modal has no field {unknown[0]!r}; it has: {', '.join(each.label for each in fields)}")
        opened = modal.opened_by
        filling = self._filling(opened.channel)
        given = {each.custom_id: filled_in(each, values, filling) for each in fields}
        told: Json = {"custom_id": modal.custom_id, "components": submitted(modal.shape["components"], given)}
        self.open_modal = None
        more = {"triggering_interaction_metadata": opened.metadata, OWNERS: opened.metadata[OWNERS]}
        kind = InteractionKind.MODAL_SUBMIT
        told = filling.with_resolved(told)
        return Answer(await self._act(kind, told, opened.channel, source=opened.source, more=more))

    async def say(self, channel: Channel, text: str) -> Message:
        """Write a message."""
        needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        if not self.may(channel) & needed or channel.kind not in POSTABLE:
            raise Refused(f"may not write in #{channel.name}")
        if not 0 < units(text.strip()) <= MOST_CONTENT:
            raise Refused(f"a message has 1 to {MOST_CONTENT} characters")
        return self._stage.post(channel, self.user, Draft(content=text.strip()))

    def _owners(self, found: FoundCommand, channel: Channel) -> Json:
        return {OWNERS: installed(self._world, channel, self.user, found.command)}

    def _membership(self, channel: Channel) -> Member | None:
        return channel.guild.members.get(self.id) if channel.guild else None

    def _filling(self, channel: Channel) -> Filling:
        return Filling(world=self._world, guild=channel.guild, viewer=self._membership(channel))

    def _usual_channel(self) -> Channel:
        for guild in self.guilds():
            for channel in guild.channels.values():
                if channel.kind is ChannelKind.TEXT and self.may(channel) & Permission.VIEW_CHANNEL:
                    return channel
        return self.dm

    def _check_seen(self, message: Message) -> None:
        if message.deleted or not self.can_see(message):
            raise Refused("there is no such message to see")

    async def _use_component(self, message: Message, told: Json) -> Answer:
        more: Json = {"interacted_message_id": str(message.id)}
        if message.interaction is not None:  # pressed is what some installation of the app has made
            more[OWNERS] = message.interaction[OWNERS]
        return Answer(await self._act(InteractionKind.COMPONENT, told, message.channel, source=message, more=more))

    async def _act(
        self,
        kind: InteractionKind,
        told: Json,
        channel: Channel,
        *,
        source: Message | None = None,
        more: Json | None = None,
    ) -> Interaction:
        """Tell the bot of an interaction and wait for its first answer. Raises Refused, Unanswered."""
        if not self.may(channel) & Permission.VIEW_CHANNEL:
            raise Refused(f"cannot see #{channel.name}")
        stage, number = self._stage, self._world.ids.next()
        interaction = Interaction(
            id=number,
            token=new_token(),
            kind=kind,
            user=self.user,
            channel=channel,
            told=told,
            created_at=stage.clock(),
            source=source,
            metadata=metadata(number, kind, self.user, channel.guild, more or {}),
        )
        stage.interactions.add(interaction)
        guild_id = channel.guild.id if channel.guild else None
        stage.gateway.dispatch("INTERACTION_CREATE", payload(interaction, self._world), guild_id=guild_id)
        await self._until_answered(interaction)
        if interaction.modal is not None:
            self.open_modal = Modal(interaction.modal, interaction)
        return interaction

    async def _until_answered(self, interaction: Interaction) -> None:
        if not self._stage.gateway.is_reachable:
            interaction.failed = True
            raise Unanswered
        try:
            async with asyncio.timeout(self._stage.interactions.answer_within):
                await interaction.answered.wait()
        except TimeoutError:
            interaction.failed = True
        if interaction.failed:
            raise Unanswered
