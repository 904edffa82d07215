"""The preview of a topic: what it would have brought, how that would be posted, and the ways to go on from there."""

from collections.abc import Iterator

import discord
from discord import ui

from bot.domain.hints import category_tip, date_tip, operator_tip
from bot.domain.identifiers import page_url
from bot.domain.parsing import parse_query
from bot.domain.posting import Posting
from bot.domain.posting_words import how_posted, when_posted
from bot.domain.previews import DAYS, FLOOD, LONGEST_STEP, Example, Offer, Preview, is_by_id
from bot.domain.topic_drafts import TopicDraft
from bot.services.topics import Drafted
from cogs._cards import title
from cogs._layout import Layout, Part, button, lines, menu, row
from cogs._markdown import address, cut, highlight, highlighted_link, plain
from cogs._targets import Target
from cogs._topic_ids import draft_id

_TWO_WEEKS = 14
_MOST_NAMED, _LONGEST_NAME = 3, 50
_LONGEST_QUERY, _LONGEST_TITLE, _LONGEST_ADDRESS, _LONGEST_PART, _LONGEST_MEANT = 600, 160, 100, 60, 300


def preview_layout(drafted: Drafted, place: Target) -> Layout:
    """The preview as the one person sees it who asked for it; nothing is followed until they say so."""
    draft, preview = drafted.draft, drafted.preview
    is_new = draft.topic_id is None
    parts: list[Part] = [
        lines(
            f"### {'New papers' if is_new else 'Topic'}: {cut(draft.query, _LONGEST_QUERY)}",
            *_meant(drafted),
            *_told(preview),
        ),
        ui.Separator(),
    ]
    if preview.examples:
        parts.append(lines("**The latest**", *map(_example, preview.examples)))
    parts.append(lines(*_ways(preview), posted_line(place.id, draft.posting), "" if is_new else _ABOUT_CHANGES))
    asked = "Mend, tighten or loosen it …" if drafted.meant else "Tighten or loosen it …"
    parts += menu(asked, draft_id(draft, "step"), _options(drafted))
    save = plain(f"Follow in #{place.name}", 80) if is_new else "Save"
    buttons = [
        button(save, draft_id(draft, "save"), main=True),
        button("Change …", draft_id(draft, "change")),
        button("Who is told …", draft_id(draft, "tell")),
        button("Not now", draft_id(draft, "drop")),
    ]
    return Layout(*parts, *row(buttons))


_ABOUT_CHANGES = "-# This channel follows this topic already; Save keeps it as shown here."


def posted_line(channel_id: int, posting: Posting) -> str:
    """Where, when and how papers are posted."""
    ping = f"pings <@&{posting.role_id}>" if posting.role_id is not None else "no ping"
    zone_told = f"Posts in <#{channel_id}>: {cut(when_posted(posting), 200)}"
    return " · ".join([zone_told, *how_posted(posting), ping])


def _meant(drafted: Drafted) -> Iterator[str]:
    if drafted.meant:
        yield f"Did you mean **{cut(drafted.meant, _LONGEST_MEANT)}**? A topic brings only what it says."
        return
    if is_by_id(parse_query(drafted.draft.query)):
        yield (
            "An id can only ever bring this one paper. To follow what is like it, choose words of its title; "
            "`/paper similar` finds papers like it now."
        )
    typed = drafted.draft.typed
    for tip in filter(None, (operator_tip(typed), date_tip(typed), category_tip(typed))):
        yield f"-# {tip}"


def _told(preview: Preview) -> Iterator[str]:
    """How many papers that would have been, and a warning where it is too many, or none."""
    first = preview.known_from
    if first is None:
        yield f"No paper at all arrived in the last {DAYS} days, so I cannot tell what this would bring."
        return
    last = preview.span.dates()[-1]
    days = (last - first).days + 1
    since = f"over the last {DAYS} days"
    if preview.is_old:
        yield f"No paper arrived in the last {DAYS} days; the newest here is of {last.day} {last:%B %Y}."
        since = f"over the {DAYS} days until then"
    elif days < preview.span.days:
        since = "today, the first day of papers" if days == 1 else f"over the {days} days since papers began to arrive"
    if not preview.total:
        yield f"**This brings nothing**: no paper matched {since}."
        return
    yield f"This would have brought {_rate(preview, days)} {since}."
    yield f"`{preview.chart}`"  # in code: each bar as wide as the next, and thirty on one line of a phone
    busiest, quietest = (
        max(preview.working_days, key=_count, default=None),
        min(preview.working_days, key=_count, default=None),
    )
    in_all = f"{preview.total:,} {'paper' if preview.total == 1 else 'papers'} in all"
    if busiest and quietest and busiest[1]:
        day = f"{busiest[0].day} {busiest[0]:%B}"
        in_all = f"Busiest working day {busiest[1]:,} ({day}) · quietest {quietest[1]:,} · {in_all}"
    yield f"-# {in_all}"
    if preview.is_flood:
        yield f"**That is over {FLOOD} papers a working day**, more than anyone reads. Tighten it, or choose a digest."
    if preview.is_nearly_everything:
        arrived = sum(preview.all_days)
        yield f"**It matches nearly everything**: {preview.total:,} of the {arrived:,} papers that arrived."


def _rate(preview: Preview, days: int) -> str:
    """How many came in so many days, in the words that tell most: a rate below one a day is hard to imagine."""
    if preview.working_days and preview.per_working_day >= 1:
        rate = f"{preview.per_working_day:,.1f}".removesuffix(".0")
        return f"**{rate} {'paper' if rate == '1' else 'papers'} a working day**"
    weekly = round(7 * preview.total / days)
    if weekly and days >= _TWO_WEEKS:
        return f"about **{weekly} {'paper' if weekly == 1 else 'papers'} a week**"
    return f"**{preview.total:,} {'paper' if preview.total == 1 else 'papers'}**"


def _count(day: tuple[object, int]) -> int:
    return day[1]


def _example(example: Example) -> str:
    paper = example.known.paper
    if not example.title_spans:
        shown = f"- {title(paper, _LONGEST_TITLE, longest_link=_LONGEST_ADDRESS)}"
        if example.snippet:
            return f"{shown}\n-# {highlight(example.snippet.text, example.snippet.spans, 180)}"
        names = [f"**{cut(each.name, _LONGEST_NAME)}**" for each in example.named[:_MOST_NAMED]]
        return f"{shown}\n-# by {', '.join(names)}" if names else shown
    page = address(page_url(paper), _LONGEST_ADDRESS)
    return f"- {highlighted_link(paper.title, example.title_spans, page, _LONGEST_TITLE)}"


def _ways(preview: Preview) -> Iterator[str]:
    tighter = [f"`{_code(each.step.added)}` ({_change(each, preview)})" for each in preview.tighter]
    looser = [f"`{_code(each.step.dropped)}` ({_change(each, preview)})" for each in preview.looser]
    if preview.author:
        by_them = f"`{_code(preview.author)}` brings papers by people called so, and no others"
        yield f"In the latest of these only an author's name matches: {by_them}."
    if tighter:
        yield f"Too many? Add {_either(tighter)}."
    if looser:
        yield f"Too few? Drop {_either(looser)}."


def _either(ways: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(ways[:-1]), ways[-1]]))


def _code(text: str) -> str:
    return plain(text.replace("`", ""), _LONGEST_PART)


def _change(offer: Offer, preview: Preview) -> str:
    if not preview.total:
        return f"{offer.total:,} {'paper' if offer.total == 1 else 'papers'}"
    percent = round(100 * (offer.total - preview.total) / preview.total)
    return f"{'−' if percent < 0 else '+'}{abs(percent):,} %"


def _options(drafted: Drafted) -> list[discord.SelectOption]:
    preview = drafted.preview
    instead = [
        discord.SelectOption(label=plain(f"Follow {each} instead", 100), value=f"={each}")
        for each in dict.fromkeys([drafted.meant, preview.author])
        if each and len(each) <= LONGEST_STEP
    ]
    offers = [(f"Add {each.step.added}", each) for each in preview.tighter]
    offers += [(f"Drop {each.step.dropped}", each) for each in preview.looser]
    return instead + [
        discord.SelectOption(
            label=plain(label, 100),
            value=each.step.value,
            description=f"{_change(each, preview)}: {each.total:,} in {DAYS} days",
        )
        for label, each in offers
    ]


def saved_layout(draft: TopicDraft) -> Layout:
    """What is said once the channel follows it, or the topic is changed."""
    follows = "follows" if draft.topic_id is None else "now follows, as changed,"
    return Layout(
        lines(
            f"<#{draft.channel_id}> {follows} **{cut(draft.query, _LONGEST_QUERY)}**",
            posted_line(draft.channel_id, draft.posting),
            "-# New papers come from now on. `/topic list` shows what a channel follows, `/topic pause` stops one.",
        )
    )
