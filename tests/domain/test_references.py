"""References as bibliographies, mail and browsers have them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.analysis import words
from bot.domain.identifiers import ExternalId
from bot.domain.references import cited, resembled, without_citations
from bot.domain.spoken import as_spoken

TITLE = "Deep Residual Learning for Image Recognition"
PLEASE = "I read it in the train. Attention is all you need"


@pytest.mark.parametrize(
    "reference",
    [
        f"He, K., Zhang, X., Ren, S., & Sun, J. (2016). {TITLE}. CVPR.",
        f"[12] K. He, X. Zhang, S. Ren, and J. Sun. {TITLE}. In CVPR, 2016.",
        f"K. He et al., “{TITLE},” in Proc. CVPR, 2016, pp. 770–778.",
        f'He, Kaiming, et al. "{TITLE}." Proceedings of the IEEE conference (2016).',
        f"Kaiming He, Xiangyu Zhang, and Jian Sun. 2016. {TITLE}. In Proceedings of CVPR.",
        f"He, K., Zhang, X., Sun, J.: {TITLE}. In: CVPR (2016)",
        f"@inproceedings{{he2016, title = {{{{{TITLE}}}}}, year={{2016}}}}",
        f'@article{{he, title="{{D}}eep {TITLE.removeprefix("Deep ")}"}}',
    ],
)
def test_the_title_is_found_in_references_of_every_style(reference: str) -> None:
    told = cited(reference)
    assert told is not None
    assert TITLE in told.titles
    assert told.guess == TITLE


@pytest.mark.parametrize(
    "reference",
    [
        f"{TITLE} (2016)",
        f"[1512.03385] {TITLE}",
        f"Paper page - {TITLE}",
        f"{TITLE} | OpenReview",
        f"[PDF] {TITLE} | Semantic Scholar",
        f"(PDF) {TITLE} - ResearchGate",
        f"3. {TITLE}",
        f"K. He, X. Zhang, S. Ren, J. Sun, {TITLE}, CVPR (2016) 770–778.",
    ],
)
def test_the_title_is_among_what_browsers_and_lists_write_around_it(reference: str) -> None:
    told = cited(reference)
    assert told is not None
    assert TITLE in told.titles


def test_ids_and_years_are_told_too() -> None:
    told = cited("arXiv:1512.03385v1 [cs.CV] 10 Dec 2015")
    assert told is not None
    assert (told.ids, told.years) == ((ExternalId("arxiv", "1512.03385"),), (2015,))


@pytest.mark.parametrize(
    "typed",
    [
        TITLE,
        "diffusion models",
        "diffusion models 2023",
        "graph networks author:kipf",
        '"object detection" cat:cs.CV',
        "GPT-4: what now? A survey",
        "CLIP vs. ALIGN",
        "1706.03762",
        "1706.03762 attention",
        f"{TITLE} (2016) cat:cs.CV",
        f"{TITLE} (2016) ti:deep",
        "",
    ],
)
def test_titles_and_queries_are_no_references(typed: str) -> None:
    assert cited(typed) is None


def test_a_short_title_is_that_of_many_so_the_year_must_fit() -> None:
    told = cited("LeCun, Y., Bengio, Y. & Hinton, G. Deep learning. Nature 521, 436–444 (2015)")
    assert told is not None
    assert "Deep learning" in told.titles
    assert told.may_be("Deep learning", 2015)
    assert told.may_be("Deep learning", 2013)
    assert not told.may_be("Deep learning", 2019)
    assert not told.may_be("Deep learning", None)
    assert told.may_be(TITLE, None)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("papers like Deep Residual Learning", "Deep Residual Learning"),
        ("find me more papers similar to resnet?", "resnet"),
        ("similar papers to 1706.03762", "1706.03762"),
        ("similar to resnet", ""),
        ("papers on resnet", ""),
        ("things like resnet", ""),
    ],
)
def test_papers_like_one_are_asked_for_by_its_name(said: str, title: str) -> None:
    assert resembled(said) == title


@pytest.mark.parametrize(
    ("said", "left", "works"),
    [
        ("Vaswani et al., 2017", "", ['author:"Vaswani" after:2016 before:2018']),
        ("vaswani et al 2017b", "", ['author:"vaswani" after:2016 before:2018']),
        ("K. He et al.", "", ['author:"K. He"']),
        ("attention of Vaswani et al.", "attention of", ['author:"Vaswani"']),
        ("van der Maaten et al. 2008", "", ['author:"van der Maaten" after:2007 before:2009']),
        ("Vaswani et al.’s model", "model", ['author:"Vaswani"']),
        (
            "Devlin et al., 2019; Radford et al., 2018",
            "",
            ['author:"Devlin" after:2018 before:2020', 'author:"Radford" after:2017 before:2019'],
        ),
        ("hinton 2012", "hinton 2012", []),
        ("vaswani2017attention", "", ['author:"vaswani" after:2016 before:2018 title:attention']),
        (
            r"as \citep{vaswani2017attention, he2016deep} say",
            "as  ,   say",
            [
                'author:"vaswani" after:2016 before:2018 title:attention',
                'author:"he" after:2015 before:2017 title:deep',
            ],
        ),
        ("covid2019", "covid2019", []),
        ("graph attention et al. 2018", "graph attention et al. 2018", []),
    ],
)
def test_what_cites_papers_comes_out_of_a_text(said: str, left: str, works: list[str]) -> None:
    assert without_citations(said) == (left, works)


@pytest.mark.parametrize(
    "piece",
    [
        "1. ",
        "[1] ",
        "arxiv - ",
        "A. ",
        "A., ",
        "a. et al ",
        "a2000a ",
        "(2015) ",
        '"',
        "et al. ",
        "- ",
        ", ",
        "{",
        "title={",
    ],
)
def test_the_longest_text_takes_milliseconds(piece: str) -> None:
    started = time.process_time()
    cited(piece * 20_000)
    without_citations(piece * 20_000)
    resembled(f"papers like {piece * 20_000}")
    as_spoken(f"papers like {piece * 20_000}"[:1_000])
    assert time.process_time() - started < 0.2


@given(st.text(max_size=300) | st.text(alphabet="aA.,;:()[]{}\"“”'-|? 12017etl=@", max_size=200))
def test_any_text_is_read_without_fault(text: str) -> None:
    told = cited(text)
    assert told is None or (len(told.titles) <= 24 and all(words(each) for each in told.titles))
    left, _ = without_citations(text)
    assert len(left) <= len(text)
    resembled(text)
