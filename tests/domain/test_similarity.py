"""Likeness: what finds papers, what orders them, and what is not alike at all."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.similarity import COUNTED, Compared, Likeness, terms_of

WORDS = st.lists(st.sampled_from("zebra graph quasar neural collar protein and of x".split()), max_size=30)  # noqa: SIM905


def likeness(title: str, abstract: str, counts: dict[str, int], papers: int = 100_000) -> Likeness:
    held = terms_of(title, abstract)
    return Likeness(held, {each: counts.get(each, COUNTED) for each in held}, papers)


def test_rare_terms_that_others_hold_find_papers_and_common_ones_do_not() -> None:
    found = likeness(
        "Zebra graphs", "A quasar model of one yeti.", {"zebra": 9, "graph": 1_500, "yeti": 1, "quasar": 4}
    )
    assert list(found.sought) == ["zebra", "quasar", "graph"]


def test_one_shared_term_of_many_is_no_likeness() -> None:
    found = likeness("Zebra quasars", "Collars and proteins.", {"zebra": 9, "quasar": 9, "collar": 9, "protein": 9})
    both = Compared(id=1, title="Zebras near quasars", abstract="")
    one = Compared(id=2, title="Zebras", abstract="")
    assert found.best_first([one, both]) == [1]


@given(st.lists(st.tuples(WORDS, WORDS), max_size=8), WORDS, WORDS)
def test_a_paper_is_like_itself_and_the_order_is_no_matter_of_chance(
    others: list[tuple[list[str], list[str]]], title: list[str], abstract: list[str]
) -> None:
    mine = " ".join(title), " ".join(abstract)
    found = Likeness(held := terms_of(*mine), dict.fromkeys(held, 7), 1_000)
    papers = [
        Compared(id=number, title=" ".join(one), abstract=" ".join(two)) for number, (one, two) in enumerate(others, 2)
    ]
    papers.append(Compared(id=1, title=mine[0], abstract=mine[1]))
    ranked = found.best_first(papers)
    assert ranked == found.best_first(papers[::-1])
    assert set(ranked) <= {each.id for each in papers}
    if held:
        assert 1 in ranked
        best = next(each for each in papers if each.id == ranked[0])
        assert set(terms_of(best.title, best.abstract)) & set(held)
    else:
        assert ranked == []
