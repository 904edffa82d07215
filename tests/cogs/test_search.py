"""/search, typed by people: found, turned, opened, shared, and every way it can go wrong."""

from datetime import UTC, datetime

import pytest

from bot.fakediscord.layout import walk
from bot.fakediscord.state import Message
from tests.lab import Lab, found_paper

LONG = " ".join(f"word{number:02}" for number in range(25))
"""A query of 174 characters: more than one button can hold."""


async def shelf(lab: Lab, count: int, title: str = "Diffusion guidance") -> None:
    papers = [found_paper(title=f"{title} part {number}", ids=(f"2401.{number:05}",)) for number in range(1, count + 1)]
    await lab.import_papers(papers)


def pressable(message: Message | None) -> list[str]:
    assert message is not None
    return [each.label for each in message.buttons if not each.disabled and each.label != "Details"]


async def test_a_search_answers_privately_with_what_it_found(lab: Lab) -> None:
    await shelf(lab, 7)
    answer = await lab.person("ada").slash("search", query="diffusion guidance")
    assert answer.private
    assert "Results for diffusion guidance" in answer.text
    assert "1–5 of 7" in answer.text
    assert "Lovelace, Babbage · 2026 · cs.LG" in answer.text
    assert [each.label for each in answer.buttons].count("Details") == 5
    assert pressable(answer.message) == ["Next", "Follow this here", "Share"]


async def test_pages_turn_in_place_and_still_after_a_restart(lab: Lab) -> None:
    await shelf(lab, 7)
    ada = lab.person("ada")
    shown = (await ada.slash("search", query="diffusion guidance")).message
    await ada.press(shown, "Next")
    assert "6–7 of 7" in shown.text
    assert pressable(shown) == ["Previous", "Follow this here", "Share"]
    await lab.restart()
    await ada.press(shown, "Previous")
    assert "1–5 of 7" in shown.text
    assert len(ada.sees(shown.channel)) == 1


async def test_a_long_query_turns_pages_too(lab: Lab) -> None:
    await shelf(lab, 7, title=LONG)
    ada = lab.person("ada")
    shown = (await ada.slash("search", query=LONG)).message
    await ada.press(shown, "Next")
    assert "6–7 of 7" in shown.text
    await ada.press(shown, "Share")
    shared = await shown.channel.next_message()
    browsed = await ada.press(shared, "Browse")
    assert "6–7 of 7" in browsed.text
    assert browsed.private


async def test_details_open_a_card_of_ones_own(lab: Lab) -> None:
    await shelf(lab, 2)
    ada = lab.person("ada")
    shown = await ada.slash("search", query="diffusion guidance")
    card = await ada.press(shown.message, "Details", index=1)
    assert card.private
    assert "Ada Lovelace, Charles Babbage" in card.text
    assert "1–2 of 2" in shown.text


async def test_a_shared_page_is_for_everyone_and_answers_each_alone(lab: Lab) -> None:
    await shelf(lab, 7)
    ada, lin = lab.person("ada"), lab.person("lin")
    shown = await ada.slash("search", query="diffusion guidance")
    await ada.press(shown.message, "Share")
    shared = await shown.message.channel.next_message()
    assert f"Shared by {ada.mention}" in shared.text
    assert pressable(shared) == ["Browse"]
    card = await lin.press(shared, "Details")
    assert card.private
    browsed = await lin.press(shared, "Browse")
    assert browsed.private
    assert pressable(browsed.message) == ["Next", "Follow this here", "Share"]
    assert pressable(shared) == ["Browse"]


async def test_dates_that_exclude_each_other_are_told(lab: Lab) -> None:
    await lab.ingest(found_paper(title="Graph Networks"))
    answer = await lab.person("ada").slash("search", query="graph after:7d before:2020")
    assert r"No paper can match graph after\:7d before\:2020" in answer.text
    assert "No day is both after:7d and before:2020: leave one of them out" in answer.text


async def test_nothing_found_says_what_to_try(lab: Lab) -> None:
    await shelf(lab, 1)
    answer = await lab.person("ada").slash("search", query='"no such phrase" anywhere')
    assert answer.private
    assert 'No paper matches "no such phrase" anywhere' in answer.text
    assert "Leave out a word" in answer.text


async def test_what_was_searched_for_instead_is_said(lab: Lab) -> None:
    await shelf(lab, 7)
    ada = lab.person("ada")
    meant = await ada.slash("search", query="difusion guidance")
    assert "Nothing matches that as it is written. Did you mean diffusion guidance?" in meant.text.replace("*", "")
    assert "1–5 of 7" in meant.text
    begun = await ada.slash("search", query="diffu gui")
    assert r"Did you mean **diffu\* gui\***?" in begun.text
    assert "1–5 of 7" in begun.text
    loose = await ada.slash("search", query="what is guidance in plain cooking")
    assert "No paper has all of these words." in loose.text
    assert "1–5 of the closest 7" in loose.text
    await ada.press(loose.message, "Next")
    assert "6–7 of the closest 7" in loose.text
    few = await ada.slash("search", query="diffusion guidance part 3 and others")
    assert "No paper has all of these words." in few.text
    assert "1 paper has all of these words and comes first" in (await ada.slash("search", query="guidance part 3")).text


async def by_each_of_them(lab: Lab, letters: int) -> str:
    """A paper by each of twelve people with so long names, and the request for what they wrote."""
    names = [f"{chr(97 + at) * letters} {chr(110 + at) * letters}" for at in range(12)]
    told = [(name.title(), f"24{letters:02}.{at:05}") for at, name in enumerate(names)]
    await lab.import_papers([found_paper(title=f"Paper {at}", ids=(at,), authors=(name,)) for name, at in told])
    return f"papers by {', '.join(names)}"


async def test_papers_by_any_of_many_people_turn_are_shared_and_followed(lab: Lab) -> None:
    ada = lab.person("ada", manage_channels=True)
    shown = (await ada.slash("search", query=await by_each_of_them(lab, 3))).message
    assert "No paper that fits is by all of them. These are by any of them." in shown.text
    await ada.press(shown, "Next")
    assert "6–10 of 12" in shown.text
    assert "aaa nnn" in (await ada.press(shown, "Follow this here")).text
    await ada.press(shown, "Share")
    browsed = await ada.press(await shown.channel.next_message(), "Browse")
    assert "6–10 of 12" in browsed.text


async def test_so_many_people_that_a_query_cannot_name_any_of_them_are_all_looked_for(lab: Lab) -> None:
    answer = await lab.person("ada").slash("search", query=await by_each_of_them(lab, 6))
    assert "No paper matches" in answer.text
    assert "I read your words as that request. To look for the words themselves, put them in quotes." in answer.text


async def test_a_mistake_that_a_paper_has_too_is_told_above_what_it_finds(lab: Lab) -> None:
    await shelf(lab, 20, title="Large language model")
    await lab.import_papers([found_paper(title="A languge model", ids=("2402.00001",))])
    answer = await lab.person("ada").slash("search", query="languge model")
    assert "### Results for languge model\nDid you mean **language model**?\n-# 1 of 1" in answer.text
    assert "A languge model" in answer.text
    right = await lab.person("ada").slash("search", query="language model")
    assert "Did you mean" not in right.text


async def test_the_author_who_was_looked_for_is_among_those_shown(lab: Lab) -> None:
    names = tuple(f"Person {letter}" for letter in ("Abel", "Baker", "Clark", "Dean", "Evans", "Frank", "Grey", "Hill"))
    await lab.import_papers(
        [found_paper(title="Deep nets", authors=(*names, "Geoffrey Hinton", "Yann LeCun", "Li Zhu"))]
    )
    ada = lab.person("ada")
    assert "Abel … Hinton et al. · 2026" in (await ada.slash("search", query="author:hinton")).text
    assert "Abel … Hinton et al. · 2026" in (await ada.slash("search", query='nets author:"G Hinton"')).text
    assert "Abel … Hinton, LeCun et al. · 2026" in (await ada.slash("search", query="author:lec* author:hinton")).text
    misspelt = await ada.slash("search", query="author:lecunn")
    assert r"Did you mean **author\:lecun**?" in misspelt.text.partition("Deep nets")[0]
    assert "Abel … LeCun et al. · 2026" in misspelt.text
    for query in ("author:abel", "nets", "nets -author:kipf"):
        assert "Abel et al. · 2026" in (await ada.slash("search", query=query)).text


async def test_papers_come_in_the_order_that_was_chosen_on_every_page(lab: Lab) -> None:
    papers = [
        found_paper(title=f"Guidance {n}", ids=(f"2401.{n:05}",), upvotes=100 if n == 1 else None) for n in range(1, 8)
    ]
    await lab.import_papers(papers)
    ada = lab.person("ada")
    newest = await ada.slash("search", query="guidance", sort="newest")
    assert newest.text.index("Guidance 7") < newest.text.index("Guidance 3")
    assert "1–5 of 7, the newest first" in newest.text
    await ada.press(newest.message, "Next")
    assert newest.text.index("Guidance 2") < newest.text.index("Guidance 1")
    popular = await ada.slash("search", query="guidance", sort="popular")
    assert popular.text.index("Guidance 1") < popular.text.index("Guidance 7")


async def test_a_category_and_a_time_narrow_a_search(lab: Lab) -> None:
    await shelf(lab, 2)
    ada = lab.person("ada")
    there = await ada.slash("search", query="diffusion OR nothing", category="cs.LG", since="5y")
    assert 'Results for (diffusion OR nothing) cat:"cs.LG" after:5y' in there.text.replace("\\", "")
    assert "1–2 of 2" in there.text
    assert "No paper matches" in (await ada.slash("search", query="diffusion", category="cs.CL")).text
    assert "cs.CL" in (await ada.slash("search", query="diffusion", category="cs.QQ")).text
    offered = await ada.complete("search", option="category", text="lang")
    assert [each.value for each in offered] == ["cs.CL", "cs.FL", "cs.PL"]


async def test_an_unknown_id_is_told_with_a_way_to_its_page(lab: Lab) -> None:
    await shelf(lab, 1)
    ada = lab.person("ada")
    answer = await ada.slash("search", query="1706.99999")
    assert answer.text == r"I don't have **1706\.99999**. Check the number, or type words of its title."
    assert [(each.label, each.url) for each in answer.buttons] == [
        ("Look at arXiv", "https://arxiv.org/abs/1706.99999")
    ]
    answer = await ada.slash("search", query="id:10.1000/xyz")
    assert [each.url for each in answer.buttons] == ["https://doi.org/10.1000/xyz"]


@pytest.mark.parametrize(
    "typed", ["1706.0376", "arXiv:1706.0376", "arxiv 1706.0376", "id:1706.0376", "arxiv.org/abs/1706.0376"]
)
async def test_an_id_with_a_digit_missing_is_told_and_not_read_as_words(lab: Lab, typed: str) -> None:
    await shelf(lab, 1)
    ada = lab.person("ada")
    told = "1706.0376 looks like an arXiv id with a digit missing: those of 2017 have five after the dot"
    found = [await ada.slash("search", query=typed)]
    if not typed.startswith("id:"):
        found.append(await ada.slash("paper show", paper=typed))
    assert all(each.private and told in each.text.replace("\\", "") for each in found)


async def test_an_order_typed_as_a_field_is_answered_with_the_option(lab: Lab) -> None:
    answer = await lab.person("ada").slash("search", query="diffusion sort:newest")
    assert answer.private
    assert "the option sort of /search" in answer.text


async def test_without_papers_it_says_who_adds_them(lab: Lab) -> None:
    answer = await lab.person("ada").slash("search", query="diffusion")
    assert "I keep no papers yet" in answer.text
    assert "paperboy import FILE" in answer.text


async def test_one_chosen_paper_is_shown_on_its_card(lab: Lab) -> None:
    await shelf(lab, 12, title="Guidance")
    ada = lab.person("ada")
    by_id = await ada.slash("search", query="arXiv:2401.00003")
    assert by_id.text.startswith("### [Guidance part 3]")
    assert [each.label for each in by_id.buttons] == ["Page", "PDF", "Vote", "Similar", "Cite", "Share"]
    by_title = await ada.slash("search", query="Guidance part 1")
    assert by_title.text.startswith("### [Guidance part 1]")
    assert "Results for guidance part 1\n" in (await ada.slash("search", query="guidance part 1")).text


async def test_a_chosen_paper_leads_to_all_that_its_title_finds(lab: Lab) -> None:
    await lab.import_papers([found_paper(title=title) for title in ("Deep Learning", "Deep Learning for Graphs")])
    ada = lab.person("ada")
    card = await ada.slash("search", query="Deep Learning")
    assert card.text.startswith("### Deep Learning\n")
    everything = await ada.press(card.message, "All results")
    assert "1–2 of 2" in everything.text


async def test_a_shared_page_says_so_and_still_turns(lab: Lab) -> None:
    await shelf(lab, 7)
    ada = lab.person("ada")
    shown = (await ada.slash("search", query="diffusion guidance")).message
    await ada.press(shown, "Share")
    await shown.channel.next_message()
    assert [(each.label, each.disabled) for each in shown.buttons][-1] == ("Shared", True)
    await ada.press(shown, "Next")
    assert "6–7 of 7" in shown.text
    assert pressable(shown) == ["Previous", "Follow this here", "Share"]


async def test_titles_are_offered_while_typing(lab: Lab) -> None:
    await shelf(lab, 3)
    offered = await lab.person("ada").complete("search", option="query", text="dif")
    assert any("Diffusion guidance" in each.name for each in offered)


@pytest.mark.parametrize(
    "custom_id", ["search:next:1:", "search:steal:1:x", "search:next:99999999:x", "paper:0:card", "x"]
)
async def test_a_tampered_button_gets_a_sentence(lab: Lab, custom_id: str) -> None:
    await shelf(lab, 1)
    ada = lab.person("ada")
    shown = (await ada.slash("search", query="diffusion", _in=ada.dm)).message
    share = next(each for each in walk(shown.components) if each.get("label") == "Share")
    share["custom_id"] = custom_id
    answer = await ada.press(shown, "Share")
    assert answer.private
    assert "/search" in answer.text


async def test_sharing_needs_the_right_to_speak(lab: Lab) -> None:
    await shelf(lab, 1)
    ada = lab.person("ada")
    shown = (await ada.slash("search", query="diffusion")).message
    lab.discord.set_overwrite(shown.channel, ada, deny=1 << 11)
    assert "Send Messages" in (await ada.press(shown, "Share")).text


async def test_a_search_works_in_direct_messages(lab: Lab) -> None:
    await shelf(lab, 1)
    ada = lab.person("ada")
    answer = await ada.slash("search", query="diffusion", _in=ada.dm)
    assert "1 of 1" in answer.text


async def test_people_categories_and_fields_are_offered_and_find_what_they_say(lab: Lab) -> None:
    await shelf(lab, 2)
    ada = lab.person("ada")
    [name] = await ada.complete("search", option="query", text="diffusion author:lov")
    assert (name.name, name.value) == ('diffusion author:"Ada Lovelace"',) * 2
    assert "of 2" in (await ada.slash("search", query=name.value)).text
    category = (await ada.complete("search", option="query", text="diffusion machine lea"))[0]
    assert (category.name, category.value) == ("diffusion cat:cs.LG — Machine Learning", "diffusion cat:cs.LG")
    assert "of 2" in (await ada.slash("search", query=category.value)).text
    [field] = await ada.complete("search", option="query", text="aut")
    assert (field.name, field.value) == ("author: — a person's name", "author:")


async def test_who_asks_for_the_newest_papers_gets_them_first_on_every_page(lab: Lab) -> None:
    await shelf(lab, 7)
    ada = lab.person("ada")
    found = await ada.slash("search", query="latest guidance papers")
    assert "I read that as **guidance**." in found.text
    assert "1–5 of 7, the newest first" in found.text
    await ada.press(found.message, "Next")
    assert "6–7 of 7, the newest first" in found.text


async def test_a_paper_is_found_by_what_people_call_it(lab: Lab) -> None:
    await shelf(lab, 7, title="Deeper ResNet")
    named = found_paper(title="Deep Residual Learning for Image Recognition", ids=("1512.03385",), authors=("He Ka",))
    await lab.import_papers([named])
    ada = lab.person("ada")
    found = await ada.slash("search", query="the ResNet paper")
    assert "**ResNet** comes from this paper:\n**[Deep Residual Learning for Image Recognition]" in found.text
    opened = await ada.press(found.message, "Details")
    assert "### [Deep Residual Learning for Image Recognition]" in opened.text
    first, *_ = await ada.complete("search", option="query", text="resnet")
    assert first.name.startswith("Deep Residual Learning for Image Recognition")
    shown = await ada.slash("paper show", paper="resnet")
    assert "### [Deep Residual Learning for Image Recognition]" in shown.text


async def test_what_people_call_a_paper_may_be_said_with_who_wrote_it_and_when(lab: Lab) -> None:
    await shelf(lab, 2, title="Deeper ResNet")
    titled, names = "Deep Residual Learning for Image Recognition", ("He, Kaiming", "Sun, Jian")
    printed = {"authors": names, "published_at": datetime(2015, 12, 10, tzinfo=UTC)}
    await lab.import_papers([found_paper(title=titled, ids=("1512.03385",), **printed)])
    ada = lab.person("ada")
    for typed in (
        "He ResNet",
        'author:"Kaiming He" ResNet',
        "the ResNet paper by He and Sun",
        "resnet, 2015",
        "he resnet 2016",
    ):
        answer = await ada.slash("search", query=typed)
        assert f"[{titled}]" in answer.text, typed
        shown = await ada.slash("paper show", paper=typed)
        assert f"### [{titled}]" in shown.text, typed
    for typed in (
        "Hinton ResNet",
        "ResNet 2014",
        "ResNet 2016",
        "ResNet Jian",
        '"He ResNet"',
        "He -ResNet",
        "He NOT ResNet",
        "title:he ResNet",
    ):
        answer = await ada.slash("search", query=typed)
        assert "comes from" not in answer.text, typed
        assert "### Results" in answer.text or "### No paper" in answer.text, typed


async def test_what_people_call_a_paper_is_first_of_all_that_hold_the_word(lab: Lab) -> None:
    told = {"title": "Deep Residual Learning for Image Recognition", "abstract": "This came to be called ResNet."}
    await lab.import_papers([found_paper(ids=("1512.03385",), **told)])
    await shelf(lab, 2, title="ResNet")
    ada = lab.person("ada")
    answer = await ada.slash("search", query="resnet")
    assert "1\\. **[Deep Residual Learning for Image Recognition]" in answer.text
    assert "comes from" not in answer.text
    newest = await ada.slash("search", query="resnet", sort="newest")
    assert "Number 3 is where **resnet** comes from." in newest.text
    assert newest.text.count("Deep Residual") == 1


async def test_a_paper_with_that_very_title_comes_before_what_people_call_so(lab: Lab) -> None:
    told = {"title": "Segment Anything", "abstract": "This is called SAM."}
    await lab.import_papers([found_paper(**told), found_paper(title="SAM", abstract="A model of the atmosphere.")])
    ada = lab.person("ada")
    found = await ada.slash("search", query="SAM", sort="relevance")
    assert "### [SAM]" in found.text or "### SAM" in found.text
    assert "### SAM" in (await ada.slash("paper show", paper="SAM")).text


async def test_what_people_call_a_paper_opens_its_card_where_nothing_else_is_found(lab: Lab) -> None:
    await lab.import_papers([found_paper(title="Language Models are Few-Shot Learners", ids=("2005.14165",))])
    answer = await lab.person("ada").slash("search", query="gpt-3")
    assert "### [Language Models are Few-Shot Learners]" in answer.text
