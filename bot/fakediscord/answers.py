"""What a person gets back for what they did: an answer, a modal to fill in, or a refusal."""

import asyncio
from dataclasses import dataclass

from bot.fakediscord.interactions import DEFERRED, Interaction
from bot.fakediscord.layout import SELECTS, Button, Kind, displays, walk
from bot.fakediscord.state import Message
from bot.fakediscord.wire import Json


class Refused(AssertionError):  # noqa: N818
    """What a person tried cannot be done on Discord: no such command, option, button, or a wrong value."""


class Unanswered(AssertionError):  # noqa: N818
    """The bot did not answer in time."""

    def __init__(self, what: str = "the application did not respond") -> None:
        super().__init__(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One suggestion of autocomplete."""

    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to fill in or choose in a modal."""

    custom_id: str
    label: str
    component: Json

    @property
    def is_select(self) -> bool:
        return self.component["type"] in SELECTS

    @property
    def required(self) -> bool:
        return self.component.get("required") is not False

    @property
    def value(self) -> str:
        """What stands in a text field when the modal opens."""
        return self.component.get("value") or ""

    @property
    def chosen(self) -> list[object]:
        """What is chosen in a menu when the modal opens."""
        named = [each["id"] for each in self.component.get("default_values") or ()]
        return named or [each["value"] for each in self.component.get("options") or () if each.get("default") is True]


class Modal:
    """A window to fill in, open before the person who caused it."""

    def __init__(self, shape: Json, opened_by: Interaction) -> None:
        self.shape = shape
        self.opened_by = opened_by

    @property
    def custom_id(self) -> str:
        return str(self.shape["custom_id"])

    @property
    def title(self) -> str:
        return str(self.shape["title"])

    @property
    def text(self) -> str:
        """Its title and the text displays in it."""
        return "\n".join([self.title, *displays(self.shape["components"])])

    @property
    def fields(self) -> list[Field]:
        found = []
        for top in self.shape["components"]:
            for each in walk([top]):
                if each["type"] == Kind.TEXT_INPUT or each["type"] in SELECTS:
                    label = top.get("label") or each.get("label") or ""
                    found.append(Field(custom_id=each["custom_id"], label=label, component=each))
        return found


class Answer:
    """What the bot did about one interaction. It shows its message as that stands now, not as it stood."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction

    @property
    def message(self) -> Message:
        """The message that answers, or that the answer changed. Raises Refused when there is none to see."""
        if self._shown is None:
            raise Refused(f"the answer is no message: {self._interaction.reply!r}")
        return self._shown

    @property
    def _shown(self) -> Message | None:
        original = self._interaction.original
        return None if original is None or original.deleted else original

    @property
    def modal(self) -> Modal | None:
        shape = self._interaction.modal
        return None if shape is None else Modal(shape, self._interaction)

    @property
    def followups(self) -> list[Message]:
        """The further messages the bot sent for this interaction, in order."""
        return [each for each in self._interaction.followups if not each.deleted]

    @property
    def text(self) -> str:
        """Everything one can read in the message or modal, a line for each piece."""
        if self.modal is not None:
            return self.modal.text
        return self._shown.text if self._shown else ""

    @property
    def private(self) -> bool:
        """Whether only the person who asked sees it."""
        return self.modal is not None or (self._shown is not None and self._shown.visible_to is not None)

    @property
    def buttons(self) -> list[Button]:
        return self._shown.buttons if self._shown else []

    async def final(self, timeout: float = 10.0) -> "Answer":  # noqa: ASYNC109
        """This answer once it is more than a promise: waits for what a deferred one was deferred for.

        Raises Unanswered when that does not come within `timeout` seconds.
        """
        if self._interaction.reply in DEFERRED:
            try:
                async with asyncio.timeout(timeout):
                    await self._interaction.settled.wait()
            except TimeoutError:
                raise Unanswered("the application is still thinking") from None
        return self
