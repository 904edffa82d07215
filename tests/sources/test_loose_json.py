"""JSON from outside: what is of another type counts as absent, and nothing takes long to read."""

import time

import pytest

from bot.interfaces import SourceError, SourceTrouble
from bot.sources.loose_json import read_json


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b",".join([b"[]"] * 1_600_000) + b"]",
        b"[" + b",".join([b"{}"] * 120_000) + b"]",
        b"{" + b",".join(b'"k%d":1' % number for number in range(151_000)) + b"}",
        b"[" + b",".join([b"1.5"] * 1_000_000) + b"]",
    ],
    ids=["lists", "objects", "keys", "numbers"],
)
def test_an_answer_of_too_many_values_is_refused_before_it_is_read(body: bytes) -> None:
    took = []
    for _ in range(3):
        began = time.thread_time()
        with pytest.raises(SourceError, match=r"^Ada sent more values than any list of papers has\.$") as caught:
            read_json(body, who="Ada")
        took.append(time.thread_time() - began)
    assert caught.value.reason is SourceTrouble.MALFORMED
    assert min(took) < 0.025


def test_a_large_honest_answer_is_read() -> None:
    papers = ",".join(
        f'{{"title": "Paper {number}", "abstract": "{"Words, and more. " * 250}"}}' for number in range(500)
    )
    rows = read_json(f"[{papers}]".encode(), who="Ada")
    assert isinstance(rows, list)
    assert len(rows) == 500
