"""/paper, typed by people: a card by title, id or link, its buttons, and a paper that is not there."""

import pytest

from bot.fakediscord.layout import walk
from tests.lab import Lab, found_paper

ABSTRACT = "We propose a new and simple network architecture. " * 30


async def attention(lab: Lab) -> None:
    paper = found_paper(
        title="Attention Is All You Need",
        abstract=ABSTRACT,
        authors=("Ashish Vaswani", "Noam Shazeer"),
        ids=("1706.03762",),
        code_url="https://github.com/tensorflow/tensor2tensor",
    )
    await lab.import_papers([paper])


@pytest.mark.parametrize(
    "asked", ["Attention Is All You Need", "1706.03762", "arXiv:1706.03762v5", "https://arxiv.org/abs/1706.03762"]
)
async def test_a_paper_is_shown_by_title_id_or_link(lab: Lab, asked: str) -> None:
    await attention(lab)
    card = await lab.person("ada").slash("paper show", paper=asked)
    assert card.private
    assert "[Attention Is All You Need](https://arxiv.org/abs/1706.03762)" in card.text
    assert "Ashish Vaswani, Noam Shazeer" in card.text
    assert [each.label for each in card.buttons] == ["Page", "PDF", "Code", "Read all", "Share"]


async def test_what_autocomplete_offers_opens_the_card(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    [offered] = await ada.complete("paper show", option="paper", text="attent")
    assert offered.name.startswith("Attention Is All You Need")
    card = await ada.slash("paper show", paper=offered.value)
    assert "Attention Is All You Need" in card.text


async def test_the_whole_abstract_can_be_read_after_a_restart(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    card = await ada.slash("paper show", paper="1706.03762")
    assert ABSTRACT.strip() not in card.text
    await lab.restart()
    whole = await ada.press(card.message, "Read all")
    assert whole.private
    assert ABSTRACT.strip() in whole.text


async def test_a_shared_card_is_public_and_can_be_read_in_full_by_anyone(lab: Lab) -> None:
    await attention(lab)
    ada, lin = lab.person("ada"), lab.person("lin")
    card = await ada.slash("paper show", paper="1706.03762")
    await ada.press(card.message, "Share")
    shared = await card.message.channel.next_message()
    assert f"Shared by {ada.mention}" in shared.text
    assert [each.label for each in shared.buttons] == ["Page", "PDF", "Code", "Read all"]
    assert (await lin.press(shared, "Read all")).private


async def test_an_unknown_paper_says_so_in_the_persons_words(lab: Lab) -> None:
    answer = await lab.person("ada").slash("paper show", paper="2501.99999")
    assert answer.private
    assert "2501.99999" in answer.text


async def test_a_paper_that_is_gone_gets_a_sentence(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    card = await ada.slash("paper show", paper="1706.03762")
    share = next(each for each in walk(card.message.components) if each.get("label") == "Share")
    share["custom_id"] = "paper:999999:share"
    answer = await ada.press(card.message, "Share")
    assert answer.private
    assert answer.text
