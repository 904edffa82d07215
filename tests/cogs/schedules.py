"""Short ways to give a channel a paper of the day, as a person would: the preview first, then the button."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.schedules import Schedule
from bot.fakediscord.answers import Answer
from bot.fakediscord.people import Person
from tests.lab import Lab

TUESDAY = datetime(2026, 5, 26, 6, tzinfo=UTC)
"""Eight in Berlin."""


def manager(lab: Lab) -> Person:
    return lab.person("ada", manage_channels=True)


def saving(answer: Answer) -> str:
    """The label of the button that saves what a preview shows."""
    return next(each.label for each in answer.buttons if each.label == "Save" or each.label.startswith("Start in"))


async def start(person: Person, **options: Any) -> Answer:
    """Type /daily here and save what is shown; the answer after the press, or the refusal before it."""
    preview = await person.slash("daily here", **options)
    if not preview.buttons:
        return preview
    return await person.press(preview.message, saving(preview))


async def only_schedule(lab: Lab) -> Schedule:
    """The one that is not stopped."""
    (schedule,) = await lab.app.storage.list_schedules()
    return schedule
