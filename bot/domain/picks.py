"""The paper of the day: which of some papers it is, and why, in plain words. Told everything, it reads no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.papers import KnownPaper
from bot.domain.schedules import Origin

WINDOW_DAYS = 7
"""A paper may be chosen for so many days after it was listed or arrived."""

THRESHOLD = 10.0
"""Points without which nothing is picked from everything: as many votes as three quarters of the listed papers lack."""
NARROW_THRESHOLD = 1.0
"""The same where a channel chooses from a query: whatever it brings is wanted there, and few of it are voted on."""

_LESS_A_DAY = 0.01
"""The share of its votes that a paper loses with each day: of nearly equal ones the newer is picked."""
_GAINED = 0.25
"""Points for a vote gained since the last count, besides that of the vote itself."""
_HERE = 10.0
"""Points for each person of the server who voted."""
_NOMINATED = 10.0
_CODE = 0.1
_UNLISTED = 0.25
"""Of the votes that a paper promises, the share that counts while no list has taken it up: most never are."""
_UNTOLD = 0.5
"""Points of a paper of which nobody can say what it promises."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A paper for a date."""

    paper: KnownPaper
    origin: Origin
    because: str
    """Why this one, in plain words, as the card says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A new paper that the channel never had, and what is known of its worth. Days are in UTC."""

    paper: KnownPaper
    since: date | None
    """The day it was first listed, else the day it arrived; None for an older paper that is voted for here."""
    is_listed: bool = False
    """Whether Hugging Face has it on a list, so that people vote for it there."""
    votes: int = 0
    """How many it has there."""
    gained: int = 0
    """How many of them came since it was counted before."""
    counted_on: date | None = None
    """When that was; None where it was not."""
    votes_here: int = 0
    """How many people of this server voted for it, without the one who nominated it."""
    is_nominated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a paper promises whose votes are not in."""

    votes: float
    """Half of the papers like it got at least so many."""
    because: tuple[str, ...] = ()
    """What raises it most, in words that follow "for"; none for a paper that is not above the average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best of some candidates."""

    paper: KnownPaper
    points: float
    because: str


def is_early(candidate: Candidate, today: date) -> bool:
    """Whether what a paper promises counts, for its votes are not in yet: on its first day, or while it is unlisted."""
    return candidate.since is not None and (not candidate.is_listed or candidate.since >= today)


def best(
    candidates: Sequence[Candidate], promises: Mapping[int, Expectation], *, today: date, is_narrow: bool
) -> Choice | None:
    """The candidate with the most points, if they are enough; of equal ones the newest.

    `promises` holds, by the paper's number, what the early candidates promise, those left out of which nobody can say.
    `is_narrow` says whether the candidates are those of a query.
    """
    ranked = sorted(
        candidates,
        key=lambda each: (points(each, promises.get(each.paper.id), today), each.votes, each.paper.id),
        reverse=True,
    )
    if not ranked:
        return None
    first, promise = ranked[0], promises.get(ranked[0].paper.id)
    reached = points(first, promise, today)
    if reached < (NARROW_THRESHOLD if is_narrow else THRESHOLD):
        return None
    early = sum(is_early(each, today) for each in candidates)
    return Choice(paper=first.paper, points=reached, because=_because(first, promise, early, today))


def points(candidate: Candidate, promise: Expectation | None, today: date) -> float:
    """What a paper is worth to this server today, counted in votes."""
    if candidate.since is None:  # one person alone does not make an old paper the day's; those in line wait there
        return _HERE * max(0, candidate.votes_here - 1)
    here = _HERE * candidate.votes_here + _NOMINATED * candidate.is_nominated
    code = _CODE * (candidate.paper.paper.code_url is not None)
    age = max(0, (today - candidate.since).days)
    return _votes(candidate, promise, today) * (1 - _LESS_A_DAY * age) + _GAINED * candidate.gained + here + code


def _votes(candidate: Candidate, promise: Expectation | None, today: date) -> float:
    if not is_early(candidate, today):
        return candidate.votes
    if candidate.is_listed:
        return max(candidate.votes, promise.votes if promise else 0)
    return _UNLISTED * promise.votes if promise else _UNTOLD


def _because(chosen: Candidate, promise: Expectation | None, early: int, today: date) -> str:
    reasons = [_votes_in_words(chosen, promise, early, today)] if chosen.since else []
    if chosen.votes_here:
        reasons.append(_here_in_words(chosen.votes_here))
    if chosen.is_nominated:
        reasons.append("somebody here nominated it")
    text = "; ".join(reasons)
    return f"{text[:1].upper()}{text[1:]}."


def nominated_because(votes_here: int) -> str:
    """Why a paper is posted that is first in a server's line."""
    return "; ".join(filter(None, ("Next in line of what people here nominated", _here_in_words(votes_here)))) + "."


def _here_in_words(votes: int) -> str:
    return f"{votes:,} {'person' if votes == 1 else 'people'} here voted" if votes else ""


def _votes_in_words(chosen: Candidate, promise: Expectation | None, early: int, today: date) -> str:
    if not is_early(chosen, today) or (chosen.is_listed and promise is not None and chosen.votes >= promise.votes):
        return _gain_in_words(chosen, today)
    voted = f"{_counted(chosen.votes, 'vote')} so far" if chosen.votes else "no votes yet"
    if promise is None:
        return f"new on Hugging Face's list, {voted}" if chosen.is_listed else "new, not voted on yet"
    promised = f"{voted}, but it promises the most of {_counted(early, 'new paper')}" if early > 1 else voted
    return f"{promised}, for {' and '.join(promise.because[:2])}" if early > 1 and promise.because else promised


def _gain_in_words(chosen: Candidate, today: date) -> str:
    if chosen.counted_on is None or chosen.gained <= 0:
        return f"{_counted(chosen.votes, 'vote')} on Hugging Face"
    days = (today - chosen.counted_on) // timedelta(days=1)
    before = "yesterday" if days == 1 else _WEEKDAYS[chosen.counted_on.weekday()]
    gained = f"+{_counted(chosen.gained, 'vote')} since {before}"
    return gained if chosen.gained == chosen.votes else f"{gained}, {chosen.votes:,} in all"


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
