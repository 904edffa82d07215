"""Keys, nonces, the first step and every outcome of a delivery: a table each, and laws."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import (
    NONCE_LENGTH,
    Claim,
    DeliveryKind,
    DeliveryState,
    Step,
    Timing,
    Trouble,
    daily_key,
    first_step,
    look_since,
    marker,
    nonce,
    nonce_protects,
    outlasts,
    topic_key,
)
from bot.domain.outcomes import (
    Ambiguous,
    Closed,
    Deleted,
    Delivered,
    Expired,
    Outcome,
    Rejected,
    Throttled,
    Unauthorised,
    Unsure,
    Untried,
    rest,
    retry_delay,
    settle,
)

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
TIMING = Timing()
S = timedelta(seconds=1)
OWED, SENT = DeliveryState.OWED, DeliveryState.SENT


def claim(**told: object) -> Claim:
    plain: dict[str, object] = {
        "id": 1,
        "kind": DeliveryKind.TOPIC,
        "key": "topic:1:2",
        "part": 0,
        "channel_id": 5,
        "guild_id": 6,
        "payload": "",
        "nonce": "n" * NONCE_LENGTH,
        "attempts": 1,
        "fence": 1,
        "not_before": NOW,
        "first_attempt_at": NOW,
        "lease_until": NOW + TIMING.lease,
        "expires_at": NOW + timedelta(days=7),
    }
    return Claim(**(plain | told))  # type: ignore[arg-type]


def test_keys_name_what_is_owed_to_whom() -> None:
    assert topic_key(3, 1_706_003_762) == "topic:3:1706003762"
    assert daily_key(9, date(2026, 3, 29)) == "daily:9:2026-03-29"


def test_a_nonce_is_always_the_same() -> None:
    """A changed nonce would post everything that is under way once more."""
    assert nonce(b"secret", "topic:1:2", 0) == "q7drga4zjppd3f72odc5kmwjg"


@given(st.binary(min_size=1, max_size=40), st.text(max_size=40), st.integers(0, 99), st.integers(0, 99))
def test_nonces_fit_and_differ(secret: bytes, key: str, part: int, other: int) -> None:
    made = nonce(secret, key, part)
    assert len(made) == NONCE_LENGTH
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert made.startswith(marker(made))
    assert (made == nonce(secret, key, other)) == (part == other)
    assert made != nonce(secret + b"!", key, part)
    assert made != nonce(secret, key + "!", part)


@pytest.mark.parametrize(
    ("attempts", "late", "left", "step"),
    [
        (1, 0, 100, Step.SEND),
        (1, 60, 100, Step.SEND),
        (1, 61, 100, Step.LOOK),
        (2, 0, 100, Step.LOOK),
        (2, 61, 100, Step.LOOK),
        (1, 61, 0, Step.EXPIRE),
        (2, 0, 0, Step.LOOK_ONLY),
        (2, 61, -5, Step.LOOK_ONLY),
    ],
)
def test_what_is_done_first(attempts: int, late: int, left: int, step: Step) -> None:
    one = claim(attempts=attempts, not_before=NOW - late * S, expires_at=NOW + left * S)
    assert first_step(one, NOW, TIMING) is step


@pytest.mark.parametrize(("attempts", "due", "step"), [(1, 0, Step.SEND), (1, -1, Step.LOOK), (2, 0, Step.LOOK)])
def test_what_became_due_since_it_began_is_looked_for_only_if_it_was_tried(attempts: int, due: int, step: Step) -> None:
    began = NOW - 900 * S
    one = claim(attempts=attempts, not_before=began + due * S, expires_at=NOW + 100 * S)
    assert first_step(one, NOW, TIMING, known_from=began) is step


@given(st.integers(1, 5), st.integers(0, 10_000), st.integers(0, 10_000))
def test_whatever_may_be_there_is_looked_for_or_under_its_nonce(attempts: int, late: int, since_first: int) -> None:
    """The guarantee in one line: a first message older than Discord's memory is never overlooked."""
    one = claim(attempts=attempts, not_before=NOW - late * S, first_attempt_at=NOW - since_first * S)
    if first_step(one, NOW, TIMING) is Step.SEND:
        assert nonce_protects(one, NOW, TIMING)
    earliest = one.first_attempt_at if attempts > 1 else one.not_before
    assert look_since(one, TIMING) <= earliest - TIMING.slack


def test_the_lengths_of_time_fit_together() -> None:
    assert TIMING.late_after + TIMING.send_within < TIMING.nonce_lasts
    assert 2 * TIMING.send_within < TIMING.lease
    assert TIMING.lease < TIMING.nonce_lasts


def test_an_attempt_begins_only_when_it_ends_within_its_lease() -> None:
    one = claim()
    assert outlasts(one, NOW + 39 * S, TIMING)
    assert not outlasts(one, NOW + 40 * S, TIMING)


@pytest.mark.parametrize(
    ("outcome", "state", "counts"),
    [
        (Delivered(message_id=7), SENT, True),
        (Deleted(), SENT, True),
        (Ambiguous(reason="cut"), OWED, True),
        (Untried(reason="stopping"), OWED, False),
        (Throttled(after=3600 * S), OWED, False),
        (Closed(trouble=Trouble.FORBIDDEN), OWED, False),
        (Unauthorised(), OWED, False),
        (Rejected(reason="50035"), DeliveryState.REJECTED, False),
        (Unsure(), DeliveryState.HELD, False),
        (Expired(), DeliveryState.EXPIRED, False),
    ],
)
def test_what_each_outcome_means(outcome: Outcome, state: DeliveryState, counts: bool) -> None:
    settled = settle(claim(), outcome, NOW, TIMING, chance=0.5)
    assert (settled.state, settled.counts) == (state, counts)
    assert settled.reopens == (state is SENT)
    assert (settled.pause is not None) == isinstance(outcome, Throttled | Closed)
    assert settled.last_error or outcome == Delivered(message_id=7)
    assert (settled.not_before is not None) == isinstance(outcome, Ambiguous)


def test_a_throttled_channel_rests_for_as_long_as_it_is_told() -> None:
    settled = settle(claim(), Throttled(after=3600 * S), NOW, TIMING, chance=0.5)
    assert settled.pause is not None
    assert settled.pause.again_at == NOW + 3600 * S
    assert not settled.pause.trouble.is_for_people


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_to_their_caps(tries: int, chance: float) -> None:
    delay = retry_delay(tries, TIMING, chance=chance)
    assert TIMING.first_delay / 2 <= delay <= TIMING.longest_delay
    assert retry_delay(tries + 1, TIMING, chance=1) >= retry_delay(tries, TIMING, chance=1)
    assert TIMING.first_rest <= rest(tries, TIMING) <= TIMING.longest_rest
    assert rest(tries + 1, TIMING) >= rest(tries, TIMING)


def test_a_claim_says_its_marker() -> None:
    assert replace(claim(), nonce="abcdefghijklmno").marker == "abcdefghij"
