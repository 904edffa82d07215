"""The query language: what a text means, how it is written canonically, and what is said of a text that is no query."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.identifiers import ExternalId
from bot.domain.parsing import MAX_DEPTH, MAX_LENGTH, MAX_WORDS, QueryError, parse_query
from bot.domain.query import And, Field, InCategory, Not, Or, Query, WithId, Words, count_words
from tests.domain.query_trees import queries

PIECES = (
    *(
        '"',
        "“",
        "”",
        "(",
        ")",
        "-",
        "--",
        "*",
        "**",
        "OR",
        "AND",
        "NOT",
        ":",
        ",",
        "{",
        "}",
        "^",
        "'",
        "//",
        "NEAR",
        "‖",
    ),
    *("after:", "before:", "source:", "has:code", "2026-05", "7d", "doi:10.1000/a(b", "arxiv.org/abs/1706.03762"),
    *("author:", "au:", "cat:", "title:", "abs:", "id:", "athor:", "cs.LG", "cs.*", "1706.03762", "LeCun,Yann"),
    *("deep", "learning", "the", "of", "GPT-4", "C++", "trans*", "w*", "state-of-the-art", "机器学习", "ﷺ", "x²"),
    *("\x00", "\ud800", "\u202e", "e\u0301", "http://x", "‖"),
)
texts = st.one_of(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " "])), max_size=14).map(
        lambda pairs: "".join(piece + gap for piece, gap in pairs)
    ),
    st.text(st.characters(codec=None), max_size=80),
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Diffusion  Models", "diffusion models"),
        ('"graph neural networks" pooling', '"graph neural networks" pooling'),
        ("“smart quotes” «and others»", '"smart quotes" "and others"'),
        ('"never closed', '"never closed"'),
        ("state-of-the-art", '"state of the art"'),
        ("trans* self-super*", "trans* self-super*"),
        ("BERT: Pre-training", 'bert "pre training"'),
        ("ratio 16:9, C:\\x std::vector", 'ratio "16 9" "c x" "std vector"'),
        ("Neural ODEs (and beyond)", "neural odes beyond"),
        ("O(n) f(x)", '"o n" "f x"'),
        ("1) first", "1 first"),
        ("a AND b OR c -d", "b OR c -d"),
        ("(cats OR dogs) NOT birds", "(cats OR dogs) -birds"),
        ("x (y OR z w)", "x (y OR z w)"),
        ("dog -(cat OR bird)", "dog -(cat OR bird)"),
        ("dog NOT NOT cat", "dog cat"),
        ("dog dog DOG", "dog"),
        ("ti:graphs ABSTRACT:deep au:bengio", "title:graphs abstract:deep author:bengio"),
        ('author:"LeCun, Yann"', 'author:"yann lecun"'),
        ("author:Y.-LeCun author:lec*", 'author:"y lecun" author:lec*'),
        ("category:CS.cl cat:math.IT cat:cs cat:stat.*", "cat:cs.CL cat:cs.IT cat:cs.* cat:stat.*"),
        ("attention is all you need", "attention all you need"),
        ("Vaswani et al., attention", "vaswani attention"),
        ("lecun (et al) 2015", "lecun 2015"),
        ('"lecun et al" "et" al', '"lecun et al" "et" al'),
        ("ET telescope (et) al et. al", '"et" telescope al'),
        ("-et al", '-"et" al'),
        ("et alia author:et al", '"et" alia author:"et" al'),
        ('author:"Vaswani et al." author:"al, et" author:"et al, y et al"', 'author:vaswani author:"et al" author:y'),
        ("to be or as it is", '"to" "be" "or" "as" "it" "is"'),
        ('"the" cat', '"the" cat'),
        ("the -cat", '"the" -cat'),
        ("A* search, C* w", '"a search" "c w"'),
        ("A* and D* OR A* exp*", "d OR exp*"),
        ('"t*" policy π*', "t policy pi"),
        ('title:"-graph" title:graph-based', 'title:graph title:"graph based"'),
        ("深度学习", '"深 度 学 习"'),
        ("1706.03762v5", "id:1706.03762"),
        ("https://arxiv.org/pdf/hep-th/9901001", "id:hep-th/9901001"),
        ("id:10.1000/XYZ", "id:10.1000/xyz"),
        ("arXiv: 1706.03762", "id:1706.03762"),
        ("DOI 10.1000/XYZ", "id:10.1000/xyz"),
        ("doi id:1706.03762", "doi id:1706.03762"),
        ("doi NOT 1706.03762", "doi -id:1706.03762"),
        ("graphs id:1706.03762v2 -doi:10.1000/XYZ", "graphs id:1706.03762 -id:10.1000/xyz"),
        ("1706.03762 OR https://arxiv.org/abs/1810.04805", "id:1706.03762 OR id:1810.04805"),
        ("1706.03762 attention", "id:1706.03762 attention"),
        ('"1706.03762" attention', '"1706 03762" attention'),
        ("(x OR doi.org/10.1016/S0304-3975(97)00115-1)", 'x OR id:"10.1016/s0304-3975(97)00115-1"'),
        ("source:arXiv source:hf_daily", "source:arxiv source:huggingface-daily"),
        ('source:"Hugging Face"', "source:huggingface"),
        ("has:CODE -has:code", "has:code -has:code"),
        ("after:2026 before:2026-5 after:2026/05/22", "after:2026 before:2026-05 after:2026-05-22"),
        ("after:2026-01-01 before:2026-05-01", "after:2026 before:2026-05"),
        ("after:7D before:2w after:3m before:1y", "after:7d before:14d after:3m before:1y"),
        ("after: 2026", "after:2026"),
        ("title: graph author: Yann", "title:graph author:yann"),
        ('abstract:  "deep graph" cat: cs.CL', 'abstract:"deep graph" cat:cs.CL'),
        ("after: the storm", "after storm"),
        ("Author: a study; the title: -x OR before: OR y", "author study title -x OR before OR y"),
        ("gans | diffusion || (vae |  flow) p(x|y)", 'gans OR diffusion OR (vae OR flow) "p x y"'),
        ("*stressed* **words", "stressed* words"),
        ("C++ C#11 .NET α-divergence", 'cpp "csharp 11" dotnet "alpha divergence"'),
    ],
)
def test_what_a_text_means(text: str, canonical: str) -> None:
    assert str(parse_query(text)) == canonical


def test_the_tree() -> None:
    found = parse_query('"deep learning" trans* -title:survey (cat:cs.LG OR author:hinton)').root
    assert found == And(
        (
            Words(("deep", "learning")),
            Words(("trans",), prefix=True),
            Not(Words(("survey",), Field.TITLE)),
            Or((InCategory("cs.LG"), Words(("hinton",), Field.AUTHOR))),
        )
    )
    assert parse_query("arXiv:1706.03762").root == WithId(ExternalId("arxiv", "1706.03762"))


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "", "such as"),
        (" ...! ", " ...! ", "such as"),
        ("deep athor:bengio", "athor:bengio", "Did you mean author:bengio?"),
        ("foo:bar", "foo:bar", "put a blank after the colon"),
        (
            "venue:acl",
            "venue:acl",
            "There is no field venue:. The fields are title:, abstract:, author:, cat:, id:,",
        ),
        ("x title:-graph", "title:-graph", "put the minus before the field: -title:graph"),
        ("x author:-smith", "author:-smith", "put the minus before the field: -author:smith"),
        ("x cat:-cs.CL", "cat:-cs.CL", "put the minus before the field: -cat:cs.CL"),
        ("deep t* x", "t*", 'Type two letters or more before the star, or "t" for the letter itself.'),
        ("x title:t*", "title:t*", "t* is too short."),
        ("x multi-t*", "multi-t*", "t* is too short."),
        ("x *former", "*former", "A star stands for the end of a word only"),
        ("title:trans*er", "title:trans*er", "A star stands for the end of a word only"),
        ("x | (| y)", "|", "Put a word on both sides of |"),
        ("year:2020 x", "year:2020", "Did you mean after:2020 before:2021?"),
        ("since:7d x", "since:7d", "Did you mean after:7d?"),
        ("x sort:newest", "sort:newest", "the option sort of /search, and --sort of paperboy search."),
        ("sorce:arxiv", "sorce:arxiv", "Did you mean source:arxiv?"),
        ("graphs after:2026-02-30", "after:2026-02-30", "2026-02-30 is no date. Write after:2026, after:2026-05 or"),
        ("before:10000d", "before:10000d", "count back from today: before:7d, before:2w, before:3m or before:1y."),
        ("has:pdf", "has:pdf", "I can't look for has:pdf. Type has:code, or leave it out."),
        ("source:, x", "source:,", "Type where papers were seen right after source:, such as source:arxiv"),
        ("x has:", "has:", "Type code right after has:, such as has:code"),
        ("x before:", "before:", "Type a date or a span back from today right after before:, such as before:2026-05"),
        ("x arxiv:zebra", "arxiv:zebra", "arxiv:zebra is no arXiv id and no DOI"),
        (
            "x https://doi.org/10.1000/a%22b",
            "https://doi.org",
            "That address holds no arXiv id or DOI that I can read.",
        ),
        ("-after:7d", "-after:7d", "Add a word"),
        ("cat:cs.CI", "cat:cs.CI", "Did you mean cat:cs.CL (Computation and Language)?"),
        ("cat:cs.XX", "cat:cs.XX", "Categories are written like cat:cs.CL (Computation and Language) or cat:cs.*"),
        ("graphs author:,", "author:,", "right after author:"),
        ("graphs au: ", "au:", "Type a name right after au:, such as au:hinton"),
        ("title:", "title:", "Type a word right after title:"),
        ("cat:", "cat:", "Type a category right after cat:, such as cat:cs.CL"),
        ("id:", "id:", "right after id:, such as id:1706.03762"),
        ("id:zebra", "id:zebra", "zebra is no arXiv id and no DOI"),
        ("https://arxiv.org/abs/hello", "https", "That address holds no arXiv id or DOI that I can read."),
        ("title:(a b)", "title:(", "title: before each word"),
        ("cats OR", "OR", "both sides of OR"),
        ("OR cats", "OR", '"or" in small letters'),
        ("cats AND", "AND", "both sides of AND"),
        ("cats NOT", "NOT", "after NOT"),
        ("-survey", "-survey", "Add a word"),
        ("cats OR -dogs", "-dogs", "Add a word"),
        ("https://example.com/x", "https://example.com/x", "no arXiv id"),
        ("x" * (MAX_LENGTH + 1), "x", str(MAX_LENGTH)),
        (" ".join(f"w{number}" for number in range(MAX_WORDS + 1)), "w0", str(MAX_WORDS)),
        ("(" * (MAX_DEPTH + 1) + "x", "(", str(MAX_DEPTH)),
    ],
)
def test_an_error_points_at_the_place_and_says_what_to_type(text: str, place: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert said in str(caught.value)
    assert text[caught.value.start : caught.value.end].strip().startswith(place.strip())


@given(queries)
def test_a_query_is_read_again_as_it_is_written(query: Query) -> None:
    assume(len(str(query)) <= MAX_LENGTH and count_words(query.root) <= MAX_WORDS)
    assert parse_query(str(query)) == query


@settings(max_examples=100)
@given(texts)
def test_any_text_is_a_query_or_a_pointed_error(text: str) -> None:
    query = parsed(text)
    if isinstance(query, QueryError):
        assert str(query)
        assert 0 <= query.start <= query.end <= len(text)
    else:
        assert parse_query(str(query)) == query
        assert str(parse_query(str(query))) == str(query)


def parsed(text: str) -> Query | QueryError:
    try:
        return parse_query(text)
    except QueryError as error:
        return error


def test_what_is_marked_is_what_a_paper_holds() -> None:
    found = parse_query("deep (graph OR title:tree) -survey cat:cs.LG")
    assert [str(each) for each in found.sought()] == ["deep", "graph", "title:tree"]
