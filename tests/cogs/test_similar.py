"""/paper similar, typed by people: the list, its buttons, the button on a card, and what is said of a lonely paper."""

from bot.fakediscord.layout import walk
from tests.lab import Lab, found_paper

ZEBRAS = "We track migrating zebras across savannas with collars."


async def shelf(lab: Lab) -> None:
    filler = [
        found_paper(title=f"Unrelated {number}", abstract=f"Topic{number} is studied.", ids=(f"2402.{number:05}",))
        for number in range(12)
    ]
    await lab.import_papers([
        found_paper(title="Zebra Migration", abstract=ZEBRAS, ids=("2401.00001",)),
        found_paper(title="Where Zebras Migrate", abstract="Collars on savannas tell.", ids=("2401.00002",)),
        found_paper(title="Tracking Herds by Collar", abstract="Zebras and others migrate.", ids=("2401.00003",)),
        *filler,
    ])  # fmt: skip


async def test_papers_like_one_are_listed_privately_and_open(lab: Lab) -> None:
    await shelf(lab)
    ada = lab.person("ada")
    [offered] = await ada.complete("paper similar", option="paper", text="zebra mig")
    answer = await ada.slash("paper similar", paper=offered.value)
    assert answer.private
    assert "Papers like [Zebra Migration](https://arxiv.org/abs/2401.00001)" in answer.text
    assert "1\\. **[Where Zebras Migrate]" in answer.text
    assert "2\\. **[Tracking Herds by Collar]" in answer.text
    assert "Unrelated" not in answer.text
    assert [each.label for each in answer.buttons] == ["Details", "Details", "This paper", "Share"]
    assert "Collars on savannas tell" in (await ada.press(answer.message, "Details")).text


async def test_a_card_leads_there_also_after_a_restart_and_for_whoever_sees_it_shared(lab: Lab) -> None:
    await shelf(lab)
    ada, lin = lab.person("ada"), lab.person("lin")
    card = await ada.slash("paper show", paper="2401.00001")
    await lab.restart()
    assert "Where Zebras Migrate" in (await ada.press(card.message, "Similar")).text
    await ada.press(card.message, "Share")
    pressed = await lin.press(await card.message.channel.next_message(), "Similar")
    assert pressed.private
    assert "Papers like" in pressed.text


async def test_a_list_that_is_shared_is_public_and_names_who_did(lab: Lab) -> None:
    await shelf(lab)
    ada, lin = lab.person("ada"), lab.person("lin")
    listed = await ada.slash("paper similar", paper="2401.00001")
    await lab.restart()
    await ada.press(listed.message, "Share")
    shared = await listed.message.channel.next_message()
    assert f"Shared by {ada.mention}" in shared.text
    assert "Where Zebras Migrate" in shared.text
    assert [each.label for each in shared.buttons] == ["Details", "Details", "This paper"]
    assert "We track migrating zebras" in (await lin.press(shared, "This paper")).text


async def test_a_paper_like_no_other_is_told_so_plainly(lab: Lab) -> None:
    await shelf(lab)
    await lab.import_papers([found_paper(title="Quasars", abstract="", ids=("2401.00009",))])
    answer = await lab.person("ada").slash("paper similar", paper="2401.00009")
    assert answer.private
    assert "Nothing like [Quasars](https://arxiv.org/abs/2401.00009)" in answer.text
    assert "No paper I keep shares enough of its rarer words. I know no abstract of it" in answer.text
    assert [each.label for each in answer.buttons] == ["This paper"]


async def test_the_only_paper_is_told_to_be_that(lab: Lab) -> None:
    await lab.import_papers([found_paper(title="Quasars", ids=("2401.00009",))])
    answer = await lab.person("ada").slash("paper similar", paper="quasars")
    assert "It is the only paper I keep. Whoever runs me adds more with `paperboy import FILE`." in answer.text


async def test_an_unknown_paper_and_one_that_is_gone_get_a_sentence(lab: Lab) -> None:
    await shelf(lab)
    ada = lab.person("ada")
    assert "I don't have **2501\\.99999**" in (await ada.slash("paper similar", paper="2501.99999")).text
    card = await ada.slash("paper show", paper="2401.00001")
    pressed = next(each for each in walk(card.message.components) if each.get("label") == "Similar")
    pressed["custom_id"] = "paper:999999:similar"
    assert "no longer in the library" in (await ada.press(card.message, "Similar")).text
