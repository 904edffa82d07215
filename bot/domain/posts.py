"""What a scheduled message shows, frozen as JSON when it becomes owed. Knows nothing of Discord and makes no markup."""

import json
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from bot.domain.flat import FlatPaper, flat, instant, moment, unfolded
from bot.domain.papers import KnownPaper
from bot.domain.quiet_hours import QuietHours

_VERSION = 1


class Posted(NamedTuple):
    """That a channel got a paper before: when, as a Unix time, and in which message, where that is known."""

    paper_id: int
    at: int | None
    message_id: int | None


class Recapped(NamedTuple):
    """A paper of a recap: for which date it was posted and where, and what people made of it by then."""

    paper_id: int
    on: str
    """In ISO 8601."""
    votes: int
    replies: int | None
    """Messages in its thread; None: nobody knows of one."""
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message: plain texts and papers as they were when it became owed, one at the least."""

    heading: str
    papers: tuple[KnownPaper, ...]
    because: str = ""
    """Why it is posted here, in a sentence."""
    words: tuple[str, ...] = ()
    """Words of that sentence, or of the papers, that made them match."""
    role_id: int | None = None
    """The one role it pings."""
    silent: bool = True
    thread: str | None = None
    """The name of the thread that it starts, if it does."""
    total: int = 0
    """How many papers it tells of, where it does not hold them all."""
    digest: str = ""
    """Of a digest, the topic's number and the date: by them the whole list is found again."""
    is_pinned: bool = False
    """Whether its message is pinned."""
    unpinned: int | None = None
    """The message that was pinned before it, and is not any more then."""
    votes: int = 0
    """Of one paper: how many people of the server voted for it by then."""
    posted: tuple[Posted, ...] = ()
    """Which of its papers the channel got before."""
    quiet: QuietHours | None = None
    """When it is not to be posted, however long it has waited."""
    recap: tuple[Recapped, ...] = ()
    """Of a recap, one for each of its papers, in their order."""

    def to_json(self) -> str:
        """The post as `post_from` reads it."""
        told = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "papers"}
        papers = [[known.id, instant(known.first_seen_at), flat(known.paper)._asdict()] for known in self.papers]
        return json.dumps({"version": _VERSION, **told, "papers": papers}, ensure_ascii=False, separators=(",", ":"))


def post_from(text: str) -> Post:
    """The post that was frozen so. Raises ValueError where a newer program, or nobody, wrote this."""
    told: dict[str, Any] = json.loads(text)
    if told.pop("version", None) != _VERSION:
        raise ValueError("this post was written by a newer Paperboy")
    papers = tuple(
        KnownPaper(id=number, first_seen_at=moment(seen), paper=unfolded(FlatPaper(**paper)))
        for number, seen, paper in told.pop("papers")
    )
    lists: dict[str, Any] = {
        "words": tuple(told.pop("words")),
        "posted": tuple(Posted(*each) for each in told.pop("posted", ())),
        "recap": tuple(Recapped(*each) for each in told.pop("recap", ())),
    }
    quiet = QuietHours(*each) if (each := told.pop("quiet", None)) else None
    return Post(papers=papers, quiet=quiet, **lists, **told)
