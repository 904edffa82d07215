"""Short ways to have a channel follow something, as a person would: the preview first, then the button."""

from typing import Any

from bot.fakediscord.answers import Answer
from bot.fakediscord.people import Person


def saving(answer: Answer) -> str:
    """The label of the button that saves what a preview shows."""
    return next(each.label for each in answer.buttons if each.label == "Save" or each.label.startswith("Follow in"))


async def follow(person: Person, query: str, **options: Any) -> Answer:
    """Type /topic follow and save what is shown; the answer after the press, or the refusal before it."""
    preview = await person.slash("topic follow", query=query, **options)
    if not preview.buttons:
        return preview
    return await person.press(preview.message, saving(preview))
