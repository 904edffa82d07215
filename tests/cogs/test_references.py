"""References, pasted into a search and where a paper is asked for, as people see the answers."""

from tests.lab import Lab, found_paper

TITLE = "Deep Residual Learning for Image Recognition"
PASTED = f"K. He et al., “{TITLE},” in Proc. CVPR, 2016, pp. 770–778."


async def test_a_pasted_reference_opens_the_paper(lab: Lab) -> None:
    await lab.import_papers([found_paper(title=TITLE, ids=("1512.03385",))])
    ada = lab.person("ada")
    for answer in (await ada.slash("search", query=PASTED), await ada.slash("paper show", paper=PASTED)):
        assert f"### [{TITLE}](https://arxiv.org/abs/1512.03385)" in answer.text


async def test_citations_are_not_known_and_that_is_said_where_they_are_asked_for(lab: Lab) -> None:
    await lab.import_papers([found_paper(title=f"On Graphs {n}", ids=(f"2401.0000{n}",)) for n in range(2)])
    answer = await lab.person("ada").slash("search", query="most cited papers on graphs")
    assert "I don't know how often papers are cited: the order `popular` goes by upvotes." in answer.text
    assert "the most upvoted first" in answer.text


async def test_papers_like_one_are_those_that_share_its_words(lab: Lab) -> None:
    told = "Residual shortcuts let convolutional networks grow deep: identity mappings ease their optimization."
    titles = (TITLE, "Identity Mappings of Residual Shortcuts", "Deeper Convolutional Residual Shortcuts", "Graphs")
    abstracts = (told, told, told, "We study graphs.")
    shelf = [
        found_paper(title=title, abstract=abstract, ids=(f"1512.{3385 + n:05}",))
        for n, (title, abstract) in enumerate(zip(titles, abstracts, strict=True))
    ]
    await lab.import_papers(shelf)
    ada = lab.person("ada")
    for typed in ("papers like resnet", f"papers similar to {TITLE}", "similar papers to 1512.03385"):
        answer = await ada.slash("search", query=typed)
        assert "Identity Mappings of Residual Shortcuts" in answer.text, typed
        assert "Papers like" in answer.text, typed
    answer = await ada.slash("paper similar", paper="papers like resnet")
    assert "Identity Mappings of Residual Shortcuts" in answer.text
    answer = await ada.slash("search", query="papers like residual shortcuts")
    assert "I read that as **residual shortcuts**" in answer.text


async def test_where_somebody_wrote_nothing_then_it_is_said(lab: Lab) -> None:
    await lab.import_papers([found_paper(title="Capsules", ids=("2401.00001",), authors=("Geoffrey Hinton",))])
    answer = await lab.person("ada").slash("search", query="hinton 2003")
    assert "Nothing that fits is from that time. This is from any." in answer.text
    assert "Capsules" in answer.text
