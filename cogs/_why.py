"""Why a paper is here or not, as people see it: topic by topic, which matched, which did not, and what came of it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Any

from discord import ui

from bot.domain.arranging import HoldReason
from bot.domain.deliveries import DeliveryState
from bot.domain.delivery_views import KnownDelivery, in_words
from bot.domain.explaining import Explanation
from bot.domain.whereabouts import Happened, Upshot
from bot.services.why import PaperStory, TopicStory
from cogs._cards import title
from cogs._custom_ids import paper_id, why_id
from cogs._layout import Layout, Part, button, lines, row
from cogs._markdown import cut, link

_ON_A_PAGE = 6
_LONGEST_TITLE, _LONGEST_QUERY, _LONGEST_WORD, _LONGEST_FAILURE = 160, 100, 30, 110
"""Units. A page of six topics with as many of each as are shown comes to some 3,500 of the 4,000 of a message."""
_MOST_WORDS, _MOST_FAILURES = 5, 2
_REASONS = MappingProxyType({
    HoldReason.DIGEST: "the topic posts digests",
    HoldReason.LIMIT: "the day's limit was reached",
    HoldReason.QUIET: "it came in the quiet hours",
})  # fmt: skip
_SENTENCES: MappingProxyType[Upshot, str] = MappingProxyType({
    Upshot.PAUSED: "The topic was paused when it came, so it was not posted.",
    Upshot.BEFORE: "It came before the channel followed this, so it was not posted.",
    Upshot.NO_NEWS: "It was not posted: nothing announced it as new while the channel followed this.",
    Upshot.UNSURE: "It is held: I cannot see whether it was posted. Grant me Read Message History there and I go on.",
    Upshot.EXPIRED: "It could not be posted in time, and is news no more.",
})  # fmt: skip


def why(story: PaperStory, *, page: int, forums: Collection[int] = ()) -> Layout:
    """A page (0-based) of the topics, with buttons for the others; `forums` are the channels that are forums."""
    known = story.known
    itself = button("This paper", paper_id(known.id, "card"))
    heading = f"### Why {title(known.paper, _LONGEST_TITLE, longest_link=100)} is here or not"
    if not story.topics:
        nothing = "No channel that you can see follows a topic yet. Begin with `/topic follow`."
        return Layout(lines(heading, nothing), *row([itself]))
    pages = -(-len(story.topics) // _ON_A_PAGE)
    page = min(page, pages - 1)
    shown = story.topics[page * _ON_A_PAGE : (page + 1) * _ON_A_PAGE]
    parts: list[Part] = [lines(heading, f"-# {_extent(story)}"), ui.Separator()]
    parts += [lines(*_listed(shown, forums))]
    return Layout(*parts, *row([*_turns(known.id, page, pages), itself]))


def _extent(story: PaperStory) -> str:
    count = len(story.topics)
    told = f"{story.matched:,} of {count:,} topics that you can see match" if count > 1 else "The one topic you can see"
    return told if count > 1 else f"{told} {'matches' if story.matched else 'does not match'}"


def _turns(paper: int, page: int, pages: int) -> list[ui.Button[Any]]:
    if pages == 1:
        return []
    return [
        button("Previous", why_id(paper, max(page - 1, 0)), disabled=page == 0),
        button("Next", why_id(paper, page + 1), disabled=page == pages - 1),
    ]


def _listed(topics: Iterable[TopicStory], forums: Collection[int]) -> Iterator[str]:
    channel = None
    for each in topics:
        if each.topic.channel_id != channel:
            channel = each.topic.channel_id
            yield f"<#{channel}>"
        yield f"- **{cut(each.topic.query, _LONGEST_QUERY)}** {_told(each, forums)}"


def _told(story: TopicStory, forums: Collection[int]) -> str:
    if story.happened is not None:
        return f"{_matched(story)}. {_became(story.happened, forums)}"
    if story.explanation is None:
        return "cannot be read any more: follow it anew."
    return f"does not match: {_failed(story.explanation)}."


def _matched(story: TopicStory) -> str:
    if story.has_changed or story.explanation is None:
        return "matched when it came; the paper or the topic has changed since"
    words = [f"**{cut(each, _LONGEST_WORD)}**" for each in story.explanation.met_by[:_MOST_WORDS]]
    return f"matches: {', '.join(words)}"


def _failed(explanation: Explanation) -> str:
    told = [cut(each.told, _LONGEST_FAILURE) for each in explanation.failures[:_MOST_FAILURES]]
    more = len(explanation.failures) - _MOST_FAILURES
    return "; ".join([*told, *([f"and {more:,} more"] if more > 0 else [])])


def _became(told: Happened, forums: Collection[int]) -> str:
    """What came of it, in a sentence."""
    if told.upshot in _SENTENCES:
        return _SENTENCES[told.upshot]
    by, first = told.by, _held_back(told)
    became = f"It is due {_ago(by.not_before)}{first}." if by is not None else ""
    match told.upshot:
        case Upshot.WAITS:
            became = f"It waits for the digest{_at(told.due_at)}{first}.{_refused(told.refused)}"
        case Upshot.HERE_ALREADY:
            became = f"This channel gets it through another topic{_where(by, forums)}{_unless_posted(by)}."
        case Upshot.POSTED:
            became = f"It was posted{_where(by, forums)}{first}."
        case Upshot.RESTING if told.resting is not None:
            became = f"It waits: {in_words(told.resting)}"
        case Upshot.DROPPED if by is not None:
            became = f"It was dropped: {cut(by.last_error or 'by hand', 80)}."
        case Upshot.REJECTED if by is not None:
            is_given_up = told.held is not None and told.held.refused_key is not None
            twice = " in two digests" if is_given_up else ""
            became = f"Discord refused it{twice}: {cut(by.last_error or 'without a reason', 80)}."
    return became


def _refused(digest: KnownDelivery | None) -> str:
    """What is to be said of the digest before, which was to bring it."""
    return f" Discord refused the last one: {cut(digest.last_error or 'without a reason', 60)}." if digest else ""


def _held_back(told: Happened) -> str:
    reason = _REASONS.get(told.held.reason, "") if told.held is not None else ""
    if not reason:
        return ""
    return f": {reason}" if told.upshot is Upshot.WAITS else f", in a digest: {reason}"


def _at(due_at: datetime | None) -> str:
    return f" of <t:{int(due_at.timestamp())}:f>" if due_at is not None else " after the pause"


def _unless_posted(by: KnownDelivery | None) -> str:
    """What is to be said of another topic's message that is not there."""
    if by is None or by.state is DeliveryState.SENT:
        return ""
    return ", which is due" if by.state is DeliveryState.OWED else ", which was not posted"


def _where(by: KnownDelivery | None, forums: Collection[int]) -> str:
    if by is None:
        return ""
    at = f" {_ago(by.settled_at)}" if by.settled_at is not None else ""
    url = by.forum_url if by.channel_id in forums else by.url
    return f"{at} ({link('see it', url)})" if url else at


def _ago(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"
