"""What people say instead of writing a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.parsing import parse_query
from bot.domain.ranking import Order
from bot.domain.spoken import as_spoken


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("papers by hinton", "author:hinton"),
        ("Papers by J. Schmidhuber.", 'author:"j schmidhuber"'),
        ("papers by Geoffrey Hinton and Yann LeCun", 'author:"geoffrey hinton" author:"yann lecun"'),
        ("the paper by Kipf on graph networks", "graph networks author:kipf"),
        ("papers about diffusion from 2023", "diffusion after:2023 before:2024"),
        ("papers from 2023 about graphs", "graphs after:2023 before:2024"),
        ("show me the best papers of 2023", "after:2023 before:2024"),
        ("articles on dropout published before 2015", "dropout before:2015"),
        ("preprints about llms from the last 3 months", "llms after:3m"),
        ("papers about llms since last week cat:cs.CL", "llms after:1w cat:cs.CL"),
        ("works by Kaiming He", 'author:"kaiming he"'),
        ("papers by Hinton regarding capsules", "capsules author:hinton"),
        ("papers by Hinton and about dropout", "dropout author:hinton"),
        ("papers from 2013 to 2015 on graphs", "graphs after:2013 before:2016"),
        ("papers between 2019 and 2021 on graphs", "graphs after:2019 before:2022"),
        ("papers on graphs from 2019-2021", "graphs after:2019 before:2022"),
        ("recent papers in cs.CL", "cat:cs.CL"),
        ("papers in HEP-TH about branes", "branes cat:hep-th"),
        ("hinton since 2015", "hinton after:2015"),
        ("mixture of experts before 2022", "mixture of experts before:2022"),
        ("dropout until 2014", "dropout before:2015"),
        ("graph networks between 2015 and 2017", "graph networks after:2015 before:2018"),
        ("that paper about scaling laws", "scaling laws"),
        ("papers by hinton but not about dropout", "author:hinton -dropout"),
        ("papers on capsules by Hinton but not on image recognition", 'capsules author:hinton -"image recognition"'),
        ("papers on attention by someone other than Bengio", "attention -author:bengio"),
        ("papers on attention, but not by Bengio and LeCun", "attention -author:bengio -author:lecun"),
        ("lora since May 2021", "lora after:2021-05"),
        ("papers by lecun since 2020 not about vision", "author:lecun after:2020 -vision"),
        ("papers on diffusion and not about images", "diffusion -images"),
        ("recent work on protein folding", "protein folding"),
        ("give me research about climate change", "climate change"),
        ("diffusion before June 2021", "diffusion before:2021-06"),
        ("dropout until December 2014", "dropout before:2015-01"),
        ("lora from 2014 onwards", "lora after:2014"),
        ("neural networks after 2012 but before 2016", "neural networks after:2012 before:2016"),
        ("lora in 2021-2023", "lora after:2021 before:2024"),
        ("optimization by gradient descent since 2015", "optimization gradient descent after:2015"),
        ("self-supervised learning cs.LG", "self-supervised learning cat:cs.LG"),
        ("few-shot learning cs.CV since 2020", "few-shot learning after:2020 cat:cs.CV"),
        ("papers on image-to-image translation in cs.CV", "image-to-image translation cat:cs.CV"),
        ("cs.LG, cs.CL transformers", "transformers (cat:cs.LG OR cat:cs.CL)"),
        ("transformers in cs.CL, since 2020", "transformers after:2020 cat:cs.CL"),
        ("hinton papers since 2012", "hinton after:2012"),
        ("research papers about lora since 2024", "lora after:2024"),
        ("papers published by Springer since 2020", "author:springer after:2020"),
        ("cs.lg 2023", "after:2023 before:2024 cat:cs.LG"),
        ("hinton cs.LG", "hinton cat:cs.LG"),
        ("papers about (graphs)", "graphs"),
        ("Vaswani et al., 2017", "author:vaswani after:2016 before:2018"),
        ("(Vaswani et al., 2017)", "author:vaswani after:2016 before:2018"),
        ("attention (Vaswani et al. 2017)", "attention author:vaswani after:2016 before:2018"),
        ("K. He et al.", 'author:"k he"'),
        (
            "(He et al., 2016; Ba et al., 2014)",
            "(author:he after:2015 before:2017) OR (author:ba after:2013 before:2015)",
        ),
        ("papers with code on diffusion", "diffusion has:code"),
        ("papers on diffusion that have code, since 2023", "diffusion has:code after:2023"),
        ("diffusion papers with open source code", "diffusion has:code"),
        ("what is the best paper on diffusion models?", "diffusion models"),
        ("which papers are about dropout", "dropout"),
        ("are there any papers on lora from 2024?", "lora after:2024 before:2025"),
        ("I'm looking for papers about agents", "agents"),
        ("recommend me some good papers on graphs", "graphs"),
        ("papers like diffusion policy", "diffusion policy"),
        ("papers this week on rag", "rag after:1w"),
        ("rag papers last month", "rag after:1m"),
        ("llm agents this month", "llm agents after:1m"),
        ("papers from yesterday", "after:2d"),
        ("new papers today", "after:1d"),
    ],
)
def test_a_request_is_read_as_the_query_that_says_so(said: str, read: str) -> None:
    spoken = as_spoken(said)
    assert spoken is not None
    assert (spoken.query, spoken.is_sure) == (parse_query(read), True)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("who invented the transformer?", "transformer"),
        ("hinton papers", "hinton"),
        ("research on dropout in China", "dropout in China"),
        ("diffusion from 2023", "diffusion after:2023 before:2024"),
        ("hinton in 2015", "hinton after:2015 before:2016"),
        ("the financial crisis of 2008", "the financial crisis after:2008 before:2009"),
        ("lora, May 2021", "lora after:2021-05 before:2021-06"),
        ("diffusion papers in 2024", "diffusion after:2024 before:2025"),
        ("machine learning today", "machine learning after:1d"),
        ("graph networks, 2017", "graph networks after:2017 before:2018"),
        ("vaswani 2017 attention", "vaswani attention after:2017 before:2018"),
        ("2017 vaswani attention", "vaswani attention after:2017 before:2018"),
        ("encoder decoder 2014 cho", "encoder decoder cho after:2014 before:2015"),
    ],
)
def test_what_may_be_a_title_too_is_read_so_only_in_need(said: str, read: str) -> None:
    spoken = as_spoken(said)
    assert spoken is not None
    assert (spoken.query, spoken.is_sure) == (parse_query(read), False)


@pytest.mark.parametrize(
    ("said", "read", "order"),
    [
        ("most cited papers on diffusion", "diffusion", Order.POPULAR),
        ("what are the most popular papers on diffusion since 2020", "diffusion after:2020", Order.POPULAR),
        ("seminal papers about gans", "gans", Order.POPULAR),
        ("most upvoted diffusion papers", "diffusion", Order.POPULAR),
        ("latest diffusion papers with code", "diffusion has:code", Order.NEWEST),
        ("latest research on diffusion", "diffusion", Order.NEWEST),
        ("good papers on diffusion", "diffusion", None),
        ("best papers on diffusion", "diffusion", None),
        ("best papers of 2023", "after:2023 before:2024", Order.POPULAR),
        ("most recent diffusion papers", "diffusion", Order.NEWEST),
        ("most recent papers on diffusion", "diffusion", Order.NEWEST),
        ("what's new in cs.CL?", "cat:cs.CL", Order.NEWEST),
        ("anything new on dropout", "dropout", Order.NEWEST),
    ],
)
def test_a_request_may_say_which_papers_come_first(said: str, read: str, order: Order | None) -> None:
    spoken = as_spoken(said)
    assert spoken is not None
    assert (spoken.query, spoken.is_sure, spoken.order) == (parse_query(read), True, order)


@pytest.mark.parametrize(
    "said", ["popular music papers", "most cited papers", "trending topics papers", "seminal fluid papers"]
)
def test_what_may_be_a_topic_says_nothing_of_the_order(said: str) -> None:
    spoken = as_spoken(said)
    assert spoken is not None
    assert (spoken.query, spoken.is_sure, spoken.order) == (parse_query(said.removesuffix(" papers")), False, None)


@pytest.mark.parametrize(
    "written",
    [
        *("diffusion models", "papers", "papers by", "position papers author:x OR y", 'papers about "graphs"'),
        *(
            "papers about (graphs OR trees)",
            "papers -by hinton",
            "papers like that",
            "papers with code generation",
            "papers with source code analysis",
            "graph attention et al",
            "who knows",
            "before and after 2020",
            "before and after 2020 covid",
            "about 2000 neurons model",
            "version 2012 of mathematica",
            "covid december 2019 wuhan",
            "conll 2003 ner cat:cs.CL",
            "graphs 2019 and 2020 seen",
            "after 2020",
            "2020",
            "the t-test",
            "1706.03762",
            "",
            "by hinton",
        ),
    ],
)
def test_what_is_written_as_a_query_stays_one(written: str) -> None:
    assert as_spoken(written) is None


@given(
    st.text(max_size=300) | st.text("papers byfromabout 20231andOR:\"'.*-()\n", max_size=60).map("papers by ".__add__)
)
def test_any_text_is_read_or_not(text: str) -> None:
    spoken = as_spoken(text)
    assert spoken is None or parse_query(str(spoken.query)) == spoken.query


@given(
    st.lists(
        st.sampled_from("latest newest papers on by hinton cs.LG since 2020 in May and t-test research the".split()),  # noqa: SIM905
        max_size=9,
    ).map(" ".join)
)
def test_what_was_read_is_read_as_nothing_else_again(text: str) -> None:
    spoken = as_spoken(text)
    again = as_spoken(str(spoken.query)) if spoken else None
    assert again is None or (spoken is not None and again.query == spoken.query)


@pytest.mark.parametrize(
    "said",
    [
        "newest papers on diffusion",
        "latest diffusion papers",
        "the latest papers about diffusion",
        "latest research papers on diffusion",
    ],
)
def test_the_newest_come_first_for_whoever_asks_for_them(said: str) -> None:
    spoken = as_spoken(said)
    assert spoken is not None
    assert (spoken.query, spoken.is_sure, spoken.order) == (parse_query("diffusion"), True, Order.NEWEST)


def test_so_they_do_where_a_time_or_a_category_is_said_too() -> None:
    spoken = as_spoken("latest diffusion papers in cs.CV since 2024")
    assert spoken is not None
    assert (spoken.query, spoken.order) == (parse_query("diffusion after:2024 cat:cs.CV"), Order.NEWEST)
