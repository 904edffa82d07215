"""Citations as people read them: the right kind of entry, the right fields, and nothing a hostile paper could break."""

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.citations import Style, cite
from bot.domain.papers import Author, DateKind, ExternalId
from tests.cogs.samples import hostile_paper, paper

ARXIV, DOI = ExternalId("arxiv", "2207.12598"), ExternalId("doi", "10.1000/xyz")


def bibtex(**changes: Any) -> str:
    return cite([paper(**changes)], Style.BIBTEX).text


def test_a_preprint_in_each_style() -> None:
    assert (
        bibtex()
        == """\
@misc{ho2022classifier,
  title = {Classifier-Free Diffusion Guidance},
  author = {Ho, Jonathan and Salimans, Tim},
  year = {2022},
  month = jul,
  eprint = {2207.12598},
  archivePrefix = {arXiv},
  primaryClass = {cs.LG},
  url = {https://arxiv.org/abs/2207.12598},
}
"""
    )
    assert (
        cite([paper()], Style.RIS).text == """\
TY  - UNPB
ID  - ho2022classifier
TI  - Classifier-Free Diffusion Guidance
AU  - Ho, Jonathan
AU  - Salimans, Tim
PY  - 2022
DA  - 2022/07/26
AN  - arXiv:2207.12598
PB  - arXiv
UR  - https://arxiv.org/abs/2207.12598
"""
        "ER  - \n"
    )
    assert json.loads(cite([paper()], Style.CSL_JSON).text) == [
        {
            "id": "ho2022classifier",
            "type": "article",
            "title": "Classifier-Free Diffusion Guidance",
            "author": [{"family": "Ho", "given": "Jonathan"}, {"family": "Salimans", "given": "Tim"}],
            "issued": {"date-parts": [[2022, 7, 26]]},
            "number": "arXiv:2207.12598",
            "publisher": "arXiv",
            "URL": "https://arxiv.org/abs/2207.12598",
        }
    ]


def test_each_style_has_a_file_of_its_own() -> None:
    names = [cite([paper()], style).file_name for style in Style]
    assert names == ["ho2022classifier.bib", "ho2022classifier.ris", "ho2022classifier.json"]
    assert cite([paper(), paper()], Style.BIBTEX).file_name == "papers.bib"


def test_several_papers_make_one_text() -> None:
    both = [paper(), paper(title="Classifiers")]
    assert cite(both, Style.BIBTEX).text.count("\n}\n\n@misc{ho2022classifiers,") == 1
    assert cite(both, Style.RIS).text.count("ER  - \n\nTY  - ") == 1
    assert len(json.loads(cite(both, Style.CSL_JSON).text)) == 2


@pytest.mark.parametrize(
    ("reference", "kind", "fields"),
    [
        ("Science 169(3946), 635–641 (2023)", "article", ["Science", "169", "3946", "635--641", "2023"]),
        ("Phys. Rev. Lett. 98, 010505 (2022)", "article", ["Phys. Rev. Lett.", "98", "", "010505", "2022"]),
        ("Phys.Rev.D76:013009,2023", "article", ["Phys.Rev.D", "76", "", "013009", "2023"]),
        ("J. Fluid Mech., vol. 12, no. 3, pp. 4-9", "article", ["J. Fluid Mech.", "12", "3", "4--9", "2022"]),
        ("Nature Physics 5", "article", ["Nature Physics", "5", "", "", "2022"]),
        ("Annals of Looms, to appear", "article", ["Annals of Looms, to appear", "", "", "", "2022"]),
        ("Proceedings of the 9th Loom Workshop, 2022", "inproceedings",
         ["Proceedings of the 9th Loom Workshop", "", "", "", "2022"]),
        ("NeurIPS 2022", "inproceedings", ["NeurIPS", "", "", "", "2022"]),
        ("The year 1066 in Looms", "article", ["The year 1066 in Looms", "", "", "", "2022"]),
    ],
)  # fmt: skip
def test_a_journal_reference_becomes_fields_where_they_are_clear(reference: str, kind: str, fields: list[str]) -> None:
    text = bibtex(journal_ref=reference)
    names = ["booktitle" if kind == "inproceedings" else "journal", "volume", "number", "pages", "year"]
    assert text.startswith(f"@{kind}{{")
    for name, value in zip(names, fields, strict=True):
        assert (f"  {name} = {{{value}}},\n" in text) if value else (f"  {name} = " not in text)
    assert "eprint = {2207.12598}" in text


def test_a_paper_is_cited_with_the_year_it_was_printed_in() -> None:
    printed = bibtex(journal_ref="Science 169 (2024)")
    assert "year = {2024}" in printed
    assert "month" not in printed
    assert "year = {2022}" in bibtex(journal_ref="Since 1851 (2062)")


@pytest.mark.parametrize(
    ("kind", "date"),
    [
        (DateKind.SUBMITTED, [2022, 7, 26]),
        (DateKind.MONTH, [2022, 7]),
        (DateKind.LISTED, [2022]),
        (DateKind.UNKNOWN, [2022]),
    ],
)
def test_a_date_says_as_much_as_is_known(kind: DateKind, date: list[int]) -> None:
    [item] = json.loads(cite([paper(published_kind=kind)], Style.CSL_JSON).text)
    assert item["issued"] == {"date-parts": [date]}


def test_a_doi_is_told_beside_the_arxiv_id_and_alone_it_is_the_address() -> None:
    assert "  doi = {10.1000/xyz},\n  eprint = {2207.12598}," in bibtex(ids=(ARXIV, DOI))
    alone = bibtex(ids=(DOI,))
    assert "url = {https://doi.org/10.1000/xyz}" in alone
    assert "eprint" not in alone
    assert "archivePrefix" not in alone
    assert "TY  - GEN" in cite([paper(ids=(DOI,))], Style.RIS).text


@pytest.mark.parametrize(
    ("title", "abstract", "written"),
    [
        ("Attention Is All You Need", "", "Attention Is All You Need"),
        ("BERT: Pre-training of Deep Transformers", "", "{BERT}: Pre-training of Deep Transformers"),
        ("Estimating Gaussian mixtures with Q-learning", "", "Estimating {Gaussian} mixtures with {Q}-learning"),
        ("Deep Gaussian Processes at Scale", "We scale Gaussian processes.", "Deep {Gaussian} Processes at Scale"),
        ("Deep Learning: A Survey of mRNA Models", "", "Deep Learning: A Survey of {mRNA} Models"),
        ("The NP-Hardness of α-GANs", "", r"The {NP}-Hardness of $\alpha$-{GANs}"),
        ("On Erdős–Rényi graphs", "", r"On {Erd{\H{o}}s}--{R{\'e}nyi} graphs"),
    ],
)
def test_braces_keep_capitals_that_are_more_than_a_titles(title: str, abstract: str, written: str) -> None:
    assert f"  title = {{{written}}},\n" in bibtex(title=title, abstract=abstract)


@pytest.mark.parametrize(
    ("author", "in_bibtex", "in_ris", "in_csl"),
    [
        (Author(family="van den Oord", given="Aäron"), r"van den Oord, A{\"a}ron", "van den Oord, Aäron",
         {"family": "Oord", "given": "Aäron", "non-dropping-particle": "van den"}),
        (Author(family="King Jr.", given="Martin Luther"), "King, Jr., Martin Luther", "King, Martin Luther, Jr.",
         {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
        (Author(family="ATLAS Collaboration"), "{ATLAS Collaboration}", "ATLAS Collaboration",
         {"literal": "ATLAS Collaboration"}),
        (Author(family="Barnes and Noble", given="B."), "{Barnes and Noble}, B.", "Barnes and Noble, B.",
         {"family": "Barnes and Noble", "given": "B."}),
        (Author(family="de la cruz", given="Sor"), "de la cruz, Sor", "de la cruz, Sor",
         {"family": "cruz", "given": "Sor", "non-dropping-particle": "de la"}),
    ],
)  # fmt: skip
def test_names_are_parted_as_each_style_wants_them(
    author: Author, in_bibtex: str, in_ris: str, in_csl: dict[str, str]
) -> None:
    assert f"  author = {{{in_bibtex}}},\n" in bibtex(authors=(author,))
    assert f"AU  - {in_ris}\n" in cite([paper(authors=(author,))], Style.RIS).text
    assert json.loads(cite([paper(authors=(author,))], Style.CSL_JSON).text)[0]["author"] == [in_csl]


def test_five_thousand_authors_are_all_named_and_a_book_of_names_is_not() -> None:
    crowd = tuple(Author(family=f"Nakamura{number}", given="Hiro") for number in range(5_000))
    assert bibtex(authors=crowd).count(" and ") == 4_999
    shown = bibtex(authors=(Author(family="ễ" * 100, given="~" * 100),) * 5_000)
    assert shown.count(" and ") == 1_000
    assert " and others}" in shown
    assert all(len(cite([paper(authors=(Author(family="研" * 200),) * 5_000)], style).text) < 10**6 for style in Style)


@given(st.randoms(use_true_random=False))
def test_no_paper_breaks_out_of_its_fields(random: Random) -> None:
    hostile = hostile_paper(random)
    text = cite([hostile], Style.BIBTEX).text
    assert text.splitlines()[-1] == "}"
    assert all(line[:2] == "  " and line[-2:] in {"},", *(f"{each}," for each in "nbrylgptvc")} for line in
               text.splitlines()[1:-1])  # fmt: skip
    tags = [line[:6] for line in cite([hostile], Style.RIS).text.splitlines()]
    assert (tags.count("TY  - "), tags.count("TI  - "), tags.count("ER  - ")) == (1, 1, 1)
    assert all(tag[2:] == "  - " for tag in tags)
    [item] = json.loads(cite([hostile], Style.CSL_JSON).text)
    assert len(item["title"].splitlines()) == 1


def test_the_day_is_not_told_of_a_paper_without_a_date() -> None:
    text = bibtex(published_at=None)
    assert "year" not in text
    assert "month" not in text
    assert "year = {2023}" in bibtex(published_at=None, journal_ref="Science 5 (2023)")
    assert bibtex(published_at=datetime(2023, 1, 31, 23, 59, tzinfo=UTC)).count("month = jan,") == 1
