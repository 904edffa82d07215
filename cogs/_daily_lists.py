"""How a channel's paper of the day stands, date by date, and what it has had, as people see it."""

from collections.abc import Sequence
from datetime import date

from bot.domain.daily_outcomes import DateOutcome
from bot.domain.daily_words import when_posted, written_date
from bot.domain.deliveries import DeliveryState
from bot.domain.delivery_views import KnownDelivery
from bot.domain.local_days import today_in
from bot.domain.planning import DueDate
from bot.domain.schedules import Schedule
from bot.services.daily_records import HistoryPage
from bot.services.recaps import RecapStanding
from cogs._cards import title
from cogs._daily_ids import daily_id, history_id
from cogs._daily_preview import date_lines, schedule_lines
from cogs._digests import paper_menu
from cogs._layout import Layout, button, lines, row
from cogs._markdown import cut, link

_LONGEST_OUTCOME, _LONGEST_TITLE, _LONGEST_LINK = 140, 100, 100
_MOST_OTHERS = 10
MOST_GONE = 5
"""Channels that are gone and can be stopped: as many as a row has buttons."""


def standing_layout(
    schedule: Schedule,
    dates: Sequence[DueDate],
    explained: Sequence[DateOutcome],
    *,
    skips: Sequence[date] = (),
    recap: RecapStanding | None = None,
    is_forum: bool = False,
    wrong: Sequence[str] = (),
    may_manage: bool = False,
) -> Layout:
    """What comes next, what became of each of the last dates, and what is in the way."""
    stopped = schedule.stopped_at
    skips = [each for each in skips if each > schedule.planned_through]
    ahead = ["**Next**", *date_lines(dates[:2]), _skipped(skips)] if dates else []
    if stopped is not None:
        ahead = [f"**Stopped** <t:{int(stopped.timestamp())}:R>: nothing is posted. `/daily here` starts it again."]
    began_on = today_in(schedule.zone, schedule.created_at)
    known = [each for each in explained if each.post or each.on >= began_on]
    heading = "**The last 14 dates**" if known and len(known) == len(explained) else "**Since it was set up**"
    told = [_dated(each, is_forum=is_forum) for each in known if each.on not in skips]  # told above already
    buttons = [button("History", history_id(schedule.channel_id, 0))]
    if may_manage:
        start = button("Start again …", daily_id(schedule.channel_id, "again"))
        buttons.append(start if stopped else button("Change …", daily_id(schedule.channel_id, "edit")))
    return Layout(
        lines(f"### Paper of the day in <#{schedule.channel_id}>", *schedule_lines(schedule)),
        lines(*ahead, _recap(recap, is_forum=is_forum)),
        *([lines("**Needs attention**", *wrong)] if wrong else []),
        *([lines(heading, *told)] if told else []),
        *row(buttons),
    )


def _recap(standing: RecapStanding | None, *, is_forum: bool) -> str:
    """When the next recap comes, and what became of the last one; nothing where there is and was none."""
    if standing is None or (standing.next is None and standing.last is None):
        return ""
    at = int(standing.next.at.timestamp()) if standing.next else None
    told = ["there is none to come" if at is None else f"<t:{at}:F> (<t:{at}:R>)"]
    if (last := standing.last) is not None:
        url = message_url(standing.delivery, is_forum=is_forum)
        told.append(f"{last.on:%a} {last.on.day} {last.on:%b}: {link(standing.words, url, _LONGEST_OUTCOME)}")
    return f"**Recap** {' · '.join(told)}"


def message_url(delivery: KnownDelivery | None, *, is_forum: bool) -> str | None:
    """Where the message of a delivery is, if it is there."""
    if delivery is None or delivery.state is not DeliveryState.SENT:
        return None
    return delivery.forum_url if is_forum else delivery.url


def _skipped(skips: Sequence[date]) -> str:
    told = [written_date(each) for each in skips[:_MOST_OTHERS]]
    more = len(skips) - _MOST_OTHERS
    told += [f"and {more:,} more"] if more > 0 else []
    return f"Skipped: {', '.join(told)}. To take one back, type `/daily skip` with its date." if told else ""


def _dated(outcome: DateOutcome, *, is_forum: bool) -> str:
    """The date, and what became of it; its paper where there is one, with a link to the message."""
    paper = f" · {_named(outcome)}" if outcome.paper else ""
    return f"- {outcome.on:%a} {outcome.on.day} {outcome.on:%b} · {_told(outcome, is_forum=is_forum)}{paper}"


def _told(outcome: DateOutcome, *, is_forum: bool) -> str:
    """What became of a date, as a link to its message where there is one."""
    return link(outcome.words, message_url(outcome.delivery, is_forum=is_forum), _LONGEST_OUTCOME)


def _named(outcome: DateOutcome) -> str:
    if outcome.paper is None:
        return "a paper that is gone"
    return title(outcome.paper.paper, _LONGEST_TITLE, longest_link=_LONGEST_LINK)


def daily_lines(dates: Sequence[DueDate], recap: DueDate | None, wrong: Sequence[str]) -> list[str]:
    """When a channel's next one and its next recap come, and what is in the way: a few lines among others."""
    at = int(dates[0].at.timestamp()) if dates else None
    comes = "no date is to come" if at is None else f"<t:{at}:F> (<t:{at}:R>)"
    with_recap = "" if recap is None else f" The next recap: <t:{int(recap.at.timestamp())}:F>."
    return [f"Paper of the day: {comes}.{with_recap} `/daily status` tells more.", *wrong]


def none_layout(channel_id: int, others: Sequence[Schedule], *, may_manage: bool, gone: Sequence[int] = ()) -> Layout:
    """That a channel has none, and which other channels do; those that are gone can be stopped."""
    begin = "Set one up with `/daily here`." if may_manage else "Who manages the channel can set one up."
    told = [f"- <#{each.channel_id}> · {cut(when_posted(each), 120)}" for each in others[:_MOST_OTHERS]]
    more = len(others) - _MOST_OTHERS
    return Layout(
        lines(
            f"<#{channel_id}> has no paper of the day yet. {begin}",
            *(["**Other channels have one**", *told] if told else []),
            f"and {more:,} more" if more > 0 else "",
            "-# A channel that I cannot see any more has one too: stop it here." if gone else "",
        ),
        *row([button("Stop that one", daily_id(each, "stop")) for each in gone[:MOST_GONE]]),
    )


def history_layout(channel_id: int, page: HistoryPage, *, is_forum: bool = False) -> Layout:
    """A page of the papers that a channel has had, and a menu that opens any of them."""
    heading = f"### Papers of the day in <#{channel_id}>"
    if not page.outcomes:
        return Layout(lines(heading, "None yet. `/daily status` tells when the next one comes, and how to start one."))
    pages = [
        button("Newer", history_id(channel_id, max(page.page - 1, 0)), disabled=page.page == 0),
        button("Older", history_id(channel_id, page.page + 1), disabled=page.page + 1 >= page.pages),
    ]
    told = [
        f"- {each.on:%a} {each.on.day} {each.on:%b %Y} · {_named(each)} · {_told(each, is_forum=is_forum)}"
        for each in page.outcomes
    ]
    return Layout(
        lines(heading, f"-# {page.total:,} so far, the newest first"),
        lines(*told),
        *paper_menu([each.paper for each in page.outcomes if each.paper]),
        *(row(pages) if page.pages > 1 else []),
    )
