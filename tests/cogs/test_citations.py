"""/paper cite and the Cite button, typed and pressed by people, and citations of papers made to break them."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.citations import Style, cite
from bot.domain.identifiers import page_url
from bot.domain.papers import Author, Paper
from bot.fakediscord.answers import Answer
from bot.fakediscord.state import Message
from cogs._citations import citation
from cogs._markdown import units
from tests.cogs.judging import faults, text
from tests.cogs.samples import hostile_paper, known, paper
from tests.lab import Lab, found_paper

ENTRY = """\
@misc{vaswani2017attention,
  title = {Attention Is All You Need},
  author = {Vaswani, Ashish and Shazeer, Noam},
  year = {2017},
  month = jun,
  eprint = {1706.03762},
  archivePrefix = {arXiv},
  primaryClass = {cs.CL},
  url = {https://arxiv.org/abs/1706.03762},
}
"""


async def attention(lab: Lab, **changes: object) -> None:
    told = {
        "title": "Attention Is All You Need",
        "authors": ("Ashish Vaswani", "Noam Shazeer"),
        "ids": ("1706.03762",),
        "categories": ("cs.CL",),
        "published_at": None,
    }
    await lab.import_papers([found_paper(**told | changes)])


def the_file(of: Message) -> tuple[str, str]:
    """The name and the text of the message's one file."""
    [file] = of.attachments
    return file.filename, file.content.decode()


def shown_code(answer: Answer) -> str:
    return answer.text.partition("```\n")[2].partition("\n```")[0]


@pytest.mark.parametrize("asked", ["Attention Is All You Need", "1706.03762", "https://arxiv.org/abs/1706.03762v7"])
async def test_a_paper_is_cited_as_bibtex_to_copy_and_to_keep(lab: Lab, asked: str) -> None:
    await attention(lab)
    answer = await lab.person("ada").slash("paper cite", paper=asked)
    assert answer.private
    assert "[Attention Is All You Need](https://arxiv.org/abs/1706.03762)" in answer.text
    assert shown_code(answer) + "\n" == ENTRY
    assert the_file(answer.message) == ("vaswani2017attention.bib", ENTRY)
    assert [each.label for each in answer.buttons] == ["RIS", "CSL-JSON"]


@pytest.mark.parametrize(
    ("style", "name", "begins"),
    [("BibTeX", "vaswani2017attention.bib", "@misc{"), ("RIS", "vaswani2017attention.ris", "TY  - UNPB\n"),
     ("CSL-JSON", "vaswani2017attention.json", "[\n  {")],
)  # fmt: skip
async def test_a_style_can_be_chosen(lab: Lab, style: str, name: str, begins: str) -> None:
    await attention(lab)
    answer = await lab.person("ada").slash("paper cite", paper="1706.03762", style=style)
    file_name, written = the_file(answer.message)
    assert file_name == name
    assert written.startswith(begins)
    assert shown_code(answer) == written.strip("\n")


async def test_the_card_has_a_button_that_cites_even_after_a_restart(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    card = await ada.slash("paper show", paper="1706.03762")
    await lab.restart()
    answer = await ada.press(card.message, "Cite")
    assert answer.private
    assert answer.message is not card.message
    assert the_file(answer.message)[0] == "vaswani2017attention.bib"


async def test_another_style_takes_the_place_of_the_first(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    answer = await ada.slash("paper cite", paper="1706.03762")
    await lab.restart()
    pressed = await ada.press(answer.message, "CSL-JSON")
    assert pressed.message is answer.message
    assert [each.label for each in answer.buttons] == ["BibTeX", "RIS"]
    name, written = the_file(answer.message)
    assert name == "vaswani2017attention.json"
    assert json.loads(written)[0]["number"] == "arXiv:1706.03762"
    assert written.strip("\n") in answer.text


async def test_a_shared_card_is_cited_for_whoever_presses(lab: Lab) -> None:
    await attention(lab)
    ada, lin = lab.person("ada"), lab.person("lin")
    card = await ada.slash("paper show", paper="1706.03762")
    await ada.press(card.message, "Share")
    shared = await card.message.channel.next_message()
    answer = await lin.press(shared, "Cite")
    assert answer.private
    assert shared.attachments == []
    assert "vaswani2017attention" in answer.text


async def test_a_paper_of_five_thousand_authors_is_in_the_file_alone(lab: Lab) -> None:
    await attention(lab, authors=tuple(f"Hiro Nakamura{number}" for number in range(5_000)))
    answer = await lab.person("ada").slash("paper cite", paper="1706.03762")
    assert "As BibTeX. A message cannot hold it; the file does." in answer.text
    assert the_file(answer.message)[1].count(" and ") == 4_999


async def test_an_unknown_paper_and_an_unclear_title_are_answered_as_everywhere(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    assert "I don't have **2501\\.99999**" in (await ada.slash("paper cite", paper="2501.99999")).text
    assert "Did you mean" in (await ada.slash("paper cite", paper="attention is all they want")).text


async def test_what_autocomplete_offers_is_cited(lab: Lab) -> None:
    await attention(lab)
    ada = lab.person("ada")
    [offered] = await ada.complete("paper cite", option="paper", text="attent")
    assert "vaswani" in (await ada.slash("paper cite", paper=offered.value)).text


def check(of: Paper) -> None:
    for style in Style:
        cited = cite([of], style)
        layout, file = citation(known(of), cited)
        assert faults(layout, links=[page_url(of)], files=[file]) == []
        assert file.fp.read() == cited.text.encode(errors="replace")
        shown = text(layout).partition("```\n")[2]
        assert not shown or shown == cited.text.strip("\n") + "\n```"
        file.close()


async def test_a_fence_in_a_title_stays_in_the_file() -> None:
    broken_out = paper(title="A ``` title\n``` @everyone ```", authors=(Author(family="x```"),))
    check(broken_out)
    layout, file = citation(known(broken_out), cite([broken_out], Style.RIS))
    assert "```" not in text(layout).replace("\\`", "")
    file.close()


async def test_citations_fill_a_message_to_the_brim_and_no_further() -> None:
    for length in range(2_000, 3_200, 97):
        crowd = paper(authors=(Author(family="研" * 10, given="究"),) * (length // 14))
        check(crowd)
        assert units(cite([crowd], Style.RIS).text) > 0


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
async def test_any_paper_can_be_cited(random: Random) -> None:
    check(hostile_paper(random))
