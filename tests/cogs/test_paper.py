"""/paper, typed by people: a card by title, id or link, its buttons, and a paper that is not there."""

import asyncio
from dataclasses import replace

import pytest

from bot.fakediscord.answers import Refused
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
    assert [each.label for each in card.buttons] == [
        "Page",
        "PDF",
        "Code",
        "Vote",
        "Read all",
        "Similar",
        "Cite",
        "Share",
    ]


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
    assert [each.label for each in shared.buttons] == ["Page", "PDF", "Code", "Vote", "Read all", "Similar", "Cite"]
    assert (await lin.press(shared, "Read all")).private


async def test_a_paper_that_was_withdrawn_says_so_on_its_card_and_in_lists(lab: Lab) -> None:
    await attention(lab)
    told = found_paper(
        title="Attention Is All You Need", authors=("Ashish Vaswani",), ids=("1706.03762",), withdrawn=True
    )
    await lab.ingest(told)
    ada = lab.person("ada")
    assert "This paper has been withdrawn." in (await ada.slash("paper show", paper="1706.03762")).text
    assert "withdrawn" in (await ada.slash("search", query="attention")).text


async def test_the_buttons_of_a_paper_that_turned_out_to_be_another_lead_there(lab: Lab) -> None:
    people = ("Ashish Vaswani",)
    preprint = found_paper(title="The Transformer", abstract=ABSTRACT, authors=people, ids=("1706.03762",))
    article = found_paper(title="Attention Alone", abstract="Short.", authors=people, ids=("10.1000/attention",))
    await lab.import_papers([article])
    ada = lab.person("ada")
    listed = await ada.slash("search", query="attention")
    await lab.ingest(preprint)
    await lab.ingest(replace(preprint, ids=("1706.03762", "10.1000/attention")))
    assert "https://arxiv.org/abs/1706.03762" in (await ada.press(listed.message, "Details")).text


async def test_an_unknown_paper_says_so_in_the_persons_words(lab: Lab) -> None:
    await attention(lab)
    answer = await lab.person("ada").slash("paper show", paper="arXiv:2501.99999v2")
    assert answer.private
    assert "I don't have **arXiv\\:2501.99999v2**. Check the number" in answer.text
    assert [each.url for each in answer.buttons] == ["https://arxiv.org/abs/2501.99999"]


async def test_a_title_of_several_papers_offers_each(lab: Lab) -> None:
    await attention(lab)
    await lab.import_papers([found_paper(title=f"Attention, part {number}") for number in range(7)])
    ada = lab.person("ada")
    asked = await ada.slash("paper show", paper="attention")
    assert asked.private
    assert "8 titles have **attention**. These are the closest" in asked.text
    assert [each.label for each in asked.buttons] == ["Details"] * 5
    assert "Attention" in (await ada.press(asked.message, "Details", index=2)).text


@pytest.mark.parametrize(
    ("command", "label", "answered"),
    [
        ("paper cite", "Cite", "As BibTeX"),
        ("paper similar", "Similar", "Papers like"),
        ("paper why", "Why", "is here or not"),
        ("daily nominate", "Nominate", "### Nominated"),
    ],
)
async def test_each_of_several_papers_goes_on_with_what_was_asked(
    lab: Lab, command: str, label: str, answered: str
) -> None:
    await attention(lab)
    await lab.import_papers([found_paper(title=f"Attention, part {number}") for number in range(3)])
    ada = lab.person("ada")
    asked = await ada.slash(command, paper="attention")
    assert [each.label for each in asked.buttons] == [label] * 4
    assert answered in (await ada.press(asked.message, label, index=1)).text


async def test_a_title_that_is_nearly_some_offers_those_and_a_strange_one_none(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    near = await ada.slash("paper show", paper="attention is all they want")
    assert "No paper has the title **attention is all they want**. Did you mean:" in near.text
    assert [each.label for each in near.buttons] == ["Details"]
    strange = await ada.slash("paper show", paper="all about zebras and lions")
    assert "No paper has the title all about zebras and lions. Type fewer words" in strange.text
    assert strange.buttons == []


async def test_without_papers_it_says_who_adds_them(lab: Lab) -> None:
    for asked in ("1706.03762", "attention"):
        answer = await lab.person("ada").slash("paper show", paper=asked)
        assert "I keep no papers yet. Whoever runs me adds some with: paperboy import FILE" in answer.text


async def test_what_was_shared_says_so_and_is_not_shared_again(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    card = (await ada.slash("paper show", paper="1706.03762")).message
    text = card.text
    await ada.press(card, "Share")
    await card.channel.next_message()
    assert card.text == text
    assert [(each.label, each.disabled) for each in card.buttons][-2:] == [("Cite", False), ("Shared", True)]
    with pytest.raises(Refused, match="disabled"):
        await ada.press(card, "Shared")
    assert [each.visible_to for each in ada.sees(card.channel)].count(None) == 1


async def test_a_share_that_was_not_posted_can_be_tried_again(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    card = (await ada.slash("paper show", paper="1706.03762")).message
    lab.discord.faults.next("POST", "/webhooks/{webhook_id}/{webhook_token}", status=400)
    pressed = await ada.press(card, "Share")
    while not pressed.followups:
        await asyncio.sleep(0)
    assert "Something went wrong" in pressed.followups[0].text
    assert len(lab.take_errors()) == 1
    await ada.press(card, "Share")
    assert f"Shared by {ada.mention}" in (await card.channel.next_message()).text


async def test_a_paper_that_is_gone_gets_a_sentence(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    card = await ada.slash("paper show", paper="1706.03762")
    share = next(each for each in walk(card.message.components) if each.get("label") == "Share")
    share["custom_id"] = "paper:999999:share"
    answer = await ada.press(card.message, "Share")
    assert answer.private
    assert answer.text
