"""Who may decide about nominations: by every kind of person, with buttons they see and with those they do not."""

import pytest

from bot.domain.nominations import Nomination, NominationState
from bot.fakediscord.layout import walk
from tests.cogs.test_permissions import PEOPLE, person_of
from tests.lab import Lab, found_paper
from tests.storage.shelf import NOW

DECIDES = ("server", "everywhere", "role", "role hidden")
"""Those who may decide for a whole server; who may manage one channel alone decides nothing for the others."""
DONE = {
    "up": ("queued", "queued", "proposed"),
    "down": ("queued", "queued", "proposed"),
    "remove": ("queued", "proposed"),
    "approve": ("queued", "queued", "queued"),
    "reject": ("queued", "queued"),
}
"""What waits once somebody who may has done this."""


async def line(lab: Lab) -> list[Nomination]:
    return await lab.app.storage.list_nominations(guild_id=lab.guild.id)


async def fill(lab: Lab) -> list[Nomination]:
    """Have two papers in line and one to be approved, all of them somebody else's."""
    await lab.import_papers([found_paper(title=f"Paper {at}", ids=(f"2401.0000{at}",)) for at in (1, 2, 3)])
    papers = [await lab.app.services.library.resolve(f"2401.0000{at}") for at in (1, 2, 3)]
    states = (NominationState.QUEUED, NominationState.QUEUED, NominationState.PROPOSED)
    async with lab.app.storage.write() as transaction:
        for at, (known, state) in enumerate(zip(papers, states, strict=True), 1):
            await transaction.put_nomination(
                Nomination(guild_id=lab.guild.id, paper_id=known.id, person_id=1, made_at=NOW, state=state, place=at)
            )
    return await line(lab)


@pytest.mark.parametrize("who", PEOPLE)
async def test_who_may_decide_about_nominations(lab: Lab, who: str) -> None:
    person = await person_of(lab, who, [lab.channel("papers")])
    before = await fill(lab)
    about = {"up": 1, "down": 0, "remove": 0, "approve": 2, "reject": 2}
    for action, at in about.items():
        shown = await person.slash("daily queue", _in=lab.channel("general"))
        labels = {each.label for each in shown.message.buttons}
        assert labels == {"Details"} | ({"Up", "Down", "Remove", "Approve", "Reject"} if who in DECIDES else set())
        details = [each for each in walk(shown.message.components) if each.get("label") == "Details"]
        details[0]["custom_id"] = f"nomination:{before[at].id}:{action}:0"
        told = await person.press(shown.message, "Details")
        if who in DECIDES:
            assert tuple(each.state for each in await line(lab)) == DONE[action]
            assert await line(lab) != before
            async with lab.app.storage.write() as transaction:
                for each in before:
                    await transaction.put_nomination(each)
        else:
            assert "moderator" in told.text if action == "remove" else "Manage Channels" in told.text
        assert await line(lab) == before
