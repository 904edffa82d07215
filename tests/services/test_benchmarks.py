"""Short forms of the measurements of completion and of papers like one, on small shelves made here."""

import gzip
from pathlib import Path
from random import Random

from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, Paper
from tests.benchmarks.autocomplete import found_after, sampled, typed_in
from tests.benchmarks.shelved import emptied, numbers, shelved
from tests.benchmarks.similar import alike_by_question, by_category, by_example, collection

TOPICS = {"cs.LG": "gradient network training loss", "math.AG": "variety scheme sheaf moduli", "q-bio": "cell protein"}


def papers(count: int = 60) -> list[Paper]:
    chance = Random(1)
    made = []
    for number in range(count):
        category = list(TOPICS)[number % len(TOPICS)]
        words = [*TOPICS[category].split(), "result", "method", f"odd{number}"]
        text = [chance.choice(words) for _ in range(40)]
        made.append(
            Paper(
                title=f"{' '.join(text[:5])} {number}",
                abstract=" ".join(text),
                authors=(Author(f"Name{number % 7}", "Ada"),),
                categories=(category,),
                ids=(ExternalId("doi", f"10.1/{number}"),),
            )
        )
    return made


async def test_papers_of_one_topic_are_found_alike() -> None:
    made = papers()
    async with emptied(made) as storage:
        shares, took = await by_category(storage, 30)
    assert sum(shares) / len(shares) > 0.9
    assert len(took) == 30
    grades = alike_by_question((each.categories[0], each.ids[0].value) for each in made)
    assert await by_example(made, grades, 20) > 0.9


async def test_keystrokes_of_every_kind_are_answered() -> None:
    async with emptied(papers()) as storage:
        took = await typed_in(storage, await sampled(storage, Random(1), 9), 40, Random(1))
        shares = await found_after(storage, 3, 5.0)
    assert {kind: len(seconds) for kind, seconds in took.items()} == {
        "titles": 10, "authors": 10, "categories": 10, "fields": 10,
    }  # fmt: skip
    assert set(shares) == {"title", "words within", "first author"}
    assert all(0 <= share <= 1 for each in shares.values() for share in each.values())


async def test_a_file_is_put_on_a_shelf_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    file.write_text('{"title": "A Paper", "id": "2401.00001"}\n', encoding="utf-8")
    async with shelved(file) as storage:
        assert len(await numbers(storage)) == 1


def test_a_collection_is_read_as_examples(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write('{"_id": "1", "title": "One", "text": "Of it."}\n{"_id": "2", "title": "Two", "text": ""}\n')
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\t1\t1\nq\t2\t1\nq\t3\t0\n", encoding="utf-8")
    found, grades = collection(tmp_path)
    assert [each.title for each in found] == ["One", "Two"]
    assert grades == {"10.1/1": {"10.1/2": 1}, "10.1/2": {"10.1/1": 1}}
