"""The preview of a paper of the day: when and how it would come, its next dates, and the message as it would look."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.domain.daily_words import how_posted, when_posted
from bot.domain.planning import DueDate
from bot.domain.posting_words import written_zone
from bot.domain.posts import Post
from bot.domain.schedules import Fallback, Schedule
from bot.services.daily_previews import Drafted, OneMore
from cogs._daily_ids import DROP, another_id, daily_draft_id, daily_id, post_now_id
from cogs._layout import Layout, button, lines, row
from cogs._markdown import cut, plain
from cogs._posts import post_layout
from cogs._targets import Target

_LONGEST_QUERY = 400
_FALLBACKS = {
    Fallback.SHELF: "Where nothing new stands out: what was nominated, else a classic.",
    Fallback.SILENCE: "Where nothing new stands out: what was nominated, else nothing.",
}


def preview_layout(drafted: Drafted, place: Target, wrong: Sequence[str] = ()) -> Layout:
    """The preview as the one person sees it who asked for it; nothing is kept until they say so.

    `wrong` is what is in the way of posting so.
    """
    save = plain(f"Start in #{place.name}", 80) if drafted.is_new else "Save"
    note = "" if drafted.is_new else "-# This channel has one already; Save keeps it as shown here."
    shown = Layout(
        lines(f"### Paper of the day in <#{place.id}>", *schedule_lines(drafted.schedule), note),
        lines("**Next**", *date_lines(drafted.dates), _recap_line(drafted), _zone_line(drafted.schedule)),
        *([lines("**Needs attention**", *wrong)] if wrong else []),
        lines("**It would look like this:**" if drafted.post else _NO_SAMPLE),
    )
    buttons = [
        button(save, daily_draft_id(drafted.number, "save"), main=True),
        button("Change …", daily_draft_id(drafted.number, "change")),
        button("Not now", daily_draft_id(drafted.number, "drop")),
    ]
    return _with(shown, drafted.post, buttons)


_NO_SAMPLE = (
    "**By now there would be no paper:** nothing new stands out there. Widen the query, or nominate papers: "
    "`/daily nominate`."
)


def _with(first: Layout, post: Post | None, buttons: Sequence[ui.Button[Any]]) -> Layout:
    """The first, the message as it would look, and below both what may be done."""
    for each in post_layout(post, "").children if post is not None else []:
        first.add_item(each)
    return first.add_item(ui.ActionRow[Any](*buttons))


def schedule_lines(schedule: Schedule) -> list[str]:
    """When, how and from what it is posted."""
    ping = f"pings <@&{schedule.role_id}>" if schedule.role_id is not None else "no ping"
    chosen_from = f"papers on **{cut(schedule.query, _LONGEST_QUERY)}**" if schedule.query else "everything"
    return [
        " · ".join([f"Posts {cut(when_posted(schedule), 200)}", *how_posted(schedule), ping]),
        f"Chooses from {chosen_from}. {_FALLBACKS[schedule.fallback]}",
    ]


def date_lines(dates: Sequence[DueDate]) -> list[str]:
    """The dates to come, in each reader's own time."""
    moments = [int(each.at.timestamp()) for each in dates]
    return [f"- <t:{each}:F> (<t:{each}:R>)" for each in moments]


def _recap_line(drafted: Drafted) -> str:
    if drafted.recap is None:
        return ""
    which, at = "first" if drafted.is_new else "next", int(drafted.recap.at.timestamp())
    return f"The {which} recap comes <t:{at}:F>: the papers of the week before, with their votes."


def _zone_line(schedule: Schedule) -> str:
    zone = cut(written_zone(schedule.zone), 60)
    return f"-# Shown in your own time. Days and hours are those of {zone}."


def saved_layout(schedule: Schedule, dates: Sequence[DueDate]) -> Layout:
    """What is said once it is kept."""
    first = f"The next one comes <t:{int(dates[0].at.timestamp())}:F>." if dates else ""
    return Layout(
        lines(
            f"<#{schedule.channel_id}> has a paper of the day: {cut(when_posted(schedule), 200)}. {first}",
            "-# `/daily now` posts one at once, `/daily skip` leaves a date out, `/daily status` tells how it stands.",
        ),
        *row([button("How it stands", daily_id(schedule.channel_id, "look"))]),
    )


def one_more_layout(found: OneMore, place: Target, shown: Sequence[int], ahead: str) -> Layout:
    """A paper that may be posted at once, as it would look; `shown` are those that were offered, it among them.

    `ahead` says when the next paper of the day comes by itself.
    """
    post = plain(f"Post in #{place.name}", 80)
    told = f"Only you see this yet. It is posted in <#{place.id}> as one more. {ahead}"
    buttons = [
        button(post, post_now_id(place.id, found.paper.id, shown), main=True),
        *([button("Another one", another_id(place.id, shown))] if shown else []),
        button("Not now", DROP),
    ]
    return _with(Layout(lines(told)), found.post, buttons)


def dropped_layout() -> Layout:
    return Layout(lines("Nothing was changed and nothing was posted."))
