"""What gains votes as people see it: a numbered list with each paper's gain, or why there is none and what to do."""

from datetime import UTC, datetime, time
from typing import Any

from discord import ui

from bot.domain.trends import Period, Trend, Where
from bot.services.trends import Gain, Trending
from cogs._cards import shared_line
from cogs._custom_ids import TrendingAction, trending_id
from cogs._digests import line, paper_menu
from cogs._layout import Layout, button, lines, row

_OVER = {Period.TODAY: "today", Period.WEEK: "this week", Period.MONTH: "this month"}
_BACK = {Period.TODAY: "24 hours", Period.WEEK: "7 days", Period.MONTH: "30 days"}


def trending(
    found: Trending,
    *,
    in_server: bool,
    asks_sources: bool = True,
    shared_by: int | None = None,
    instead: bool = False,
) -> Layout:
    """The list, with a menu that opens any of it; shared, it names who did. `in_server`: whether votes count here.

    `asks_sources`: whether upvotes come in at all. `instead`: whether it is this server's as nothing trends everywhere.
    """
    if not found.gains:
        return _nothing(found, in_server=in_server, asks_sources=asks_sources)
    told = [_line(each, at, found) for at, each in enumerate(found.gains, 1)]
    unknown = f"No upvotes on Hugging Face are known {_OVER[found.period]}. Here is what this server voted for."
    return Layout(
        lines(
            f"### Trending {_OVER[found.period]}{' in this server' if found.is_here else ''}",
            unknown if instead else "",
            f"-# {_basis(found)}",
        ),
        ui.Separator(),
        lines(*told, shared_line(shared_by)),
        *paper_menu([each.known for each in found.gains]),
        *row([] if shared_by is not None else [_button("Share", "share", found.period, is_here=found.is_here)]),
    )


def _basis(found: Trending) -> str:
    """What was counted, over how long."""
    if found.is_here:
        return f"By votes of people of this server in the last {_BACK[found.period]}"
    if found.period is Period.TODAY:
        return "By upvotes gained on Hugging Face since yesterday's last count"
    # Half past ten UTC is on the same day from Hawaii to New Zealand.
    day = datetime.combine(found.first_day, time(10, 30), tzinfo=UTC)
    return f"By upvotes gained on Hugging Face from <t:{int(day.timestamp())}:D> on"


def _line(gain: Gain, number: int, found: Trending) -> str:
    withdrawn = " · withdrawn" if gain.known.paper.withdrawn else ""
    return line(gain.known, number, f"**{_gained(gain.trend, is_here=found.is_here)}**{withdrawn}")


def _gained(trend: Trend, *, is_here: bool) -> str:
    kind = "vote" if is_here else "upvote"
    in_all = f", {trend.total:,} in all" if trend.total != trend.gained else ""
    return f"+{trend.gained:,} {kind}{'' if trend.gained == 1 else 's'}{in_all}"


def _nothing(found: Trending, *, in_server: bool, asks_sources: bool) -> Layout:
    over = _OVER[found.period]
    if found.is_here:
        told = (
            f"Nobody has voted in this server {over}. Press Vote on a paper's card, such as one that `/search` opens."
        )
    elif not asks_sources:
        told = (
            "No source is asked here, so no upvotes on Hugging Face come in. Press Vote on a paper's card, such as one "
            "that `/search` opens, and look what trends in this server."
        )
    else:
        told = f"I have seen no paper gain upvotes on Hugging Face {over}. `/status` says whether I read it, and when."
    longer = [each for each in Period if each.days > found.period.days]
    others = [_button(_OVER[each].capitalize(), "show", each, is_here=found.is_here) for each in longer]
    if found.is_here:
        others.append(_button("Everywhere", "show", found.period, is_here=False))
    elif in_server:
        others.append(_button("In this server", "show", found.period, is_here=True))
    return Layout(lines(f"### Nothing trends {over}{' in this server' if found.is_here else ''}", told), *row(others))


def _button(label: str, action: TrendingAction, period: Period, *, is_here: bool) -> ui.Button[Any]:
    return button(label, trending_id(action, period, Where.HERE if is_here else Where.EVERYWHERE))
