"""Show papers, used on messages by people: every id, DOI and link is found, and what is missing is told."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.identifiers import ExternalId, id_url, miscounted_ids, page_url, pdf_url
from bot.domain.papers import Author
from bot.fakediscord.answers import Answer
from bot.fakediscord.state import Message
from bot.services.library import Named
from cogs._named import named_papers
from tests.cogs.judging import faults, text
from tests.cogs.samples import hostile_paper, known, paper
from tests.lab import Lab, found_paper

TITLES = {"1706.03762": "Attention Is All You Need", "2207.12598": "Guidance", "10.1000/xyz": "Looms"}


async def shelf(lab: Lab) -> None:
    await lab.import_papers([found_paper(title=title, ids=(name,)) for name, title in TITLES.items()])


async def said(lab: Lab, words: str, **more: Any) -> Message:
    """A message of lin's; `more` is what a client or Discord adds to it, such as embeds."""
    message = await lab.person("lin").say(lab.channel("papers"), words)
    for name, value in more.items():
        setattr(message, name, value)
    return message


async def shown(lab: Lab, words: str, **more: Any) -> Answer:
    return await lab.person("ada").menu("Show papers", await said(lab, words, **more))


@pytest.mark.parametrize(
    "words",
    [
        "see arXiv:1706.03762v5!",
        "<https://arxiv.org/pdf/1706.03762.pdf>",
        "[this](https://www.alphaxiv.org/abs/1706.03762) and https://huggingface.co/papers/1706.03762",
        "doi:10.48550/arXiv.1706.03762",
        "||1706.03762||",
    ],
)
async def test_one_paper_is_shown_on_its_card_to_who_asked_alone(lab: Lab, words: str) -> None:
    await shelf(lab)
    answer = await shown(lab, words)
    assert answer.private
    assert answer.text.startswith("### [Attention Is All You Need](https://arxiv.org/abs/1706.03762)")
    assert "Cite" in [each.label for each in answer.buttons]


async def test_several_papers_are_listed_in_their_order_and_open_by_a_button(lab: Lab) -> None:
    await shelf(lab)
    answer = await shown(lab, "https://doi.org/10.1000/XYZ, then 2207.12598; again doi 10.1000/xyz and 1706.03762")
    assert answer.text.startswith("### Papers in that message\n1\\. **[Looms](https://doi.org/10.1000/xyz)**")
    titles = [answer.text.index(each) for each in ("Looms", "Guidance", "Attention")]
    assert titles == sorted(titles)
    await lab.restart()
    opened = await lab.person("ada").press(answer.message, "Details", index=1)
    assert opened.text.startswith("### [Guidance]")


async def test_what_is_not_in_the_library_is_told(lab: Lab) -> None:
    await shelf(lab)
    mixed = await shown(lab, "1706.03762 beats 2501.99999 and 10.5555/nobody.1")
    assert "[Attention Is All You Need]" in mixed.text
    assert (
        "Not in my library: [2501\\.99999](https://arxiv.org/abs/2501.99999), "
        "[10\\.5555/nobody.1](https://doi.org/10.5555/nobody.1)." in mixed.text
    )
    assert (
        await shown(lab, "2501.99999")
    ).text == "Not in my library: [2501\\.99999](https://arxiv.org/abs/2501.99999)."


async def test_a_mistyped_id_beside_a_good_one_is_told_in_one_sentence(lab: Lab) -> None:
    await shelf(lab)
    told = "2313\\.99999 looks like an arXiv id, but those begin with the year and the month, and no month is 13."
    answer = await shown(lab, "1706.03762 beats 2313.99999")
    assert "[Attention Is All You Need]" in answer.text
    assert told in answer.text
    assert (await shown(lab, "See 2313.99999!")).text == told


@pytest.mark.parametrize(("command", "option"), [("search", "query"), ("paper show", "paper")])
async def test_several_typed_ids_are_shown_and_each_bad_one_is_told(lab: Lab, command: str, option: str) -> None:
    await shelf(lab)
    ada = lab.person("ada")
    typed: dict[str, Any] = {option: "1706.03762 2207.12598, 2303.99999 and 2313.99999"}
    answer = await ada.slash(command, **typed)
    assert answer.text.startswith("### Papers with these ids\n1\\. **[Attention Is All You Need]")
    assert "Guidance" in answer.text
    assert "Not in my library: [2303\\.99999](https://arxiv.org/abs/2303.99999)." in answer.text
    assert "no month is 13." in answer.text


async def test_who_names_several_ids_where_one_is_wanted_is_told_so(lab: Lab) -> None:
    await shelf(lab)
    answer = await lab.person("ada").slash("paper cite", paper="1706.03762 2313.99999")
    assert answer.text == "Those are the ids of several papers. Name one of them; /search shows them all."


async def test_a_message_that_names_no_paper_says_what_to_do(lab: Lab) -> None:
    await shelf(lab)
    answer = await shown(lab, "Attention is all you need, for $1706.03")
    assert answer.private
    assert "I see no arXiv id, DOI or link to a paper there. Look for its title with `/search`." in answer.text


async def test_five_are_shown_and_the_rest_are_counted(lab: Lab) -> None:
    await lab.import_papers([found_paper(title=f"Paper {each}", ids=(f"2401.000{each}",)) for each in range(10, 22)])
    answer = await shown(
        lab, " ".join(f"2401.000{each}" for each in range(10, 22)) + " 2501." + "1 2501.".join("99999 ")
    )
    assert "-# The first 5 of 12 that I have" in answer.text
    assert [each.label for each in answer.buttons] == ["Details"] * 5


async def test_embeds_are_read_too(lab: Lab) -> None:
    await shelf(lab)
    preview = {
        "type": "rich",
        "title": "A page",
        "url": "https://arxiv.org/abs/1706.03762",
        "description": "of 2207.12598",
    }
    field = {"type": "rich", "fields": [{"name": "Cites", "value": "10.1000/xyz"}], "footer": {"text": "2501.99999"}}
    answer = await shown(lab, "look at this", embeds=[preview, field])
    assert all(each in answer.text for each in ("Attention", "Guidance", "Looms", "2501.99999"))


async def test_our_own_posts_are_read_with_their_buttons(lab: Lab) -> None:
    await shelf(lab)
    ada = lab.person("ada")
    page = await ada.slash("search", query="attention OR looms OR guidance")
    await ada.press(page.message, "Share")
    shared = await page.message.channel.next_message()
    assert shared.content == ""
    answer = await ada.menu("Show papers", shared)
    assert all(each in answer.text for each in TITLES.values())


async def test_a_message_full_of_ids_is_answered(lab: Lab) -> None:
    await shelf(lab)
    ids = " ".join(f"2401.{number:05}" for number in range(180))
    embeds = [{"type": "rich", "description": " ".join(f"2402.{number:05}" for number in range(370))}]
    answer = await shown(lab, ids, embeds=embeds)
    assert "Not in my library: [2401\\.00000](https://arxiv.org/abs/2401.00000)" in answer.text
    assert " more." in answer.text
    assert answer.private


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, 5), st.integers(0, 60))
def test_any_papers_and_ids_fit_in_a_message(random: Random, count: int, missing: int) -> None:
    papers = tuple(known(hostile_paper(random), number) for number in range(1, count + 1))
    unknown = tuple(
        ExternalId("doi", f"10.1000/({number})<研>&_*[x]" + "y" * (number * 9)) for number in range(missing)
    )
    mistyped = tuple(miscounted_ids(" ".join(f"24{number}.12345" for number in range(13, 13 + random.randint(0, 7)))))
    named = Named(papers=papers, known=count * random.choice((1, 9)), unknown=unknown, mistyped=mistyped)
    links = [link for each in papers for link in (page_url(each.paper), pdf_url(each.paper), each.paper.code_url)]
    assert faults(named_papers(named), links=[*links, *map(id_url, unknown)]) == []


def test_a_list_filled_to_the_brim_fits() -> None:
    url = "https://a.example/" + "x" * 82
    full = paper(title="研" * 2_000, authors=(Author(family="研" * 99),) * 2, ids=(), page_url=url, code_url=url)
    unknown = tuple(ExternalId("doi", "10.1000/" + "研" * 40 + str(number)) for number in range(50))
    layout = named_papers(Named(papers=(known(full),) * 5, known=999, unknown=unknown))
    assert [each for each in faults(layout, links=[url, *map(id_url, unknown)]) if "DUPLICATED" not in each] == []
    assert " more." in text(layout)
