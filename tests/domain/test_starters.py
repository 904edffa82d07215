"""The topics to begin with: each can be typed, and each finds papers of its field."""

from bot.domain.parsing import parse_query
from bot.domain.starters import STARTERS, starter_called


def test_every_starter_is_a_query_and_has_a_name_and_a_sentence_of_its_own() -> None:
    assert len(STARTERS) <= 25  # a menu holds no more
    for of_all in ("name", "query", "about"):
        assert len({getattr(each, of_all) for each in STARTERS}) == len(STARTERS)
    for each in STARTERS:
        assert len(each.name) <= 100
        query = parse_query(each.query)
        assert parse_query(str(query)) == query
        assert starter_called(each.name) is each
    assert starter_called("Astrology") is None
