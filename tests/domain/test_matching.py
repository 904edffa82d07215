"""The matcher: which papers of a batch many queries match, at once."""

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.analysis import prepare
from bot.domain.conditions import condition
from bot.domain.masks import places
from bot.domain.matching import Matcher
from bot.domain.papers import Author, Paper
from bot.domain.parsing import parse_query
from bot.domain.query import Query
from tests.benchmarks.followed import different_queries
from tests.benchmarks.matching import differences, made_up
from tests.domain.plain_reading import PlainPaper
from tests.domain.query_trees import NOW, papers, queries

SHELF = [
    prepare(each)
    for each in (
        Paper(title="Graph networks", authors=(Author(family="LeCun", given="Yann"), Author(family="Tran"))),
        Paper(title="Networks of graphs", published_at=datetime(2026, 3, 30, tzinfo=UTC), code_url="https://x.example"),
        Paper(title="Trees", abstract="No graph networks here.", published_at=datetime(2020, 5, 1, tzinfo=UTC)),
    )
]


def found(*texts: str) -> list[list[int]]:
    matcher = Matcher(map(parse_query, texts))
    return [list(places(mask)) for mask in matcher.masks(SHELF, now=NOW)]


def test_each_query_has_its_papers() -> None:
    asked = {
        "graph network": [0, 1, 2],
        '"graph networks"': [0, 2],
        '"graph net*"': [],
        "graph-net*": [0, 2],
        "title:tree* OR has:code": [1, 2],
        'author:"Y. LeCun"': [0],
        'author:"yann tran"': [],
        "graph -after:2000": [0],
        "after:2020-05 before:2021": [2],
        "after:3w": [1],
        "nowhere": [],
    }
    assert found(*asked) == list(asked.values())


def test_equal_queries_have_one_number() -> None:
    matcher = Matcher()
    numbers = [matcher.add(parse_query(text)) for text in ("deep graph", "Deep AND graph", "deep", "deep graph")]
    assert numbers == [0, 0, 1, 0]
    assert len(matcher.masks(SHELF, now=NOW)) == 2


def test_a_query_may_come_later_and_a_batch_may_be_empty() -> None:
    matcher = Matcher([parse_query("graph after:7d")])
    assert matcher.masks([], now=NOW) == [0]
    matcher.add(parse_query("tree"))
    assert matcher.masks(SHELF, now=NOW) == [0b010, 0b100]
    assert Matcher().masks(SHELF, now=NOW) == []


def test_spans_are_counted_from_the_day_it_is_in_utc() -> None:
    matcher = Matcher([parse_query("after:1d")])
    before_midnight, after = (datetime.fromisoformat(f"2026-04-01T0{hour}:30+02:00") for hour in (1, 2))
    assert [matcher.masks(SHELF, now=now) for now in (before_midnight, after)] == [[0b010], [0]]


def test_what_is_found_is_told_by_number_and_in_whole() -> None:
    matcher = Matcher(map(parse_query, ("graph", "nowhere", "title:trees")))
    found = matcher.match(SHELF, now=NOW)
    assert (len(found), found.matching(), found.count()) == (3, [0, 2], 4)
    assert [found.mask(each) for each in range(3)] == matcher.masks(SHELF, now=NOW) == [0b111, 0, 0b100]


def test_a_batch_may_have_any_size_and_queries_may_come_between_two() -> None:
    matcher = Matcher([parse_query('"graph networks"')])
    assert matcher.masks(SHELF * 50, now=NOW) == [sum(0b101 << 3 * each for each in range(50))]
    matcher.add(parse_query('"networks of graphs"'))
    matcher.add(parse_query("no-graph-net* OR has:code"))
    assert matcher.masks(SHELF, now=NOW) == [0b101, 0b010, 0b110]


def test_many_queries_match_what_plain_reading_matches() -> None:
    """The same for real papers and 10,000 queries: `python -m tests.benchmarks.matching`."""
    chance = Random(3)
    shelf = made_up(300, chance)
    asked = list(different_queries(shelf, [each.title for each in shelf[:50]], 400, chance))
    assert differences(list(map(prepare, shelf[:130])), asked) == 0


@given(st.lists(papers, max_size=8), st.lists(queries, max_size=12))
def test_any_query_finds_what_the_plainest_reading_finds(batch: list[Paper], asked: list[Query]) -> None:
    prepared = list(map(prepare, batch))
    matcher = Matcher(asked)
    masks = matcher.masks(prepared, now=NOW)
    for query in asked:
        meant = condition(query.root)
        read = [place for place, each in enumerate(prepared) if PlainPaper(each).meets(meant, NOW.date())]
        assert list(places(masks[matcher.add(query)])) == read
