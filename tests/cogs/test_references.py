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
