"""Nominations as people see them: what became of one, the line in which they wait, and those that wait for a word."""

from bot.domain.nominations import Nomination, NominationState
from bot.services.library import Named
from bot.services.nominating import Line, Waiting
from cogs._custom_ids import paper_id
from cogs._digests import line, paper_menu, short
from cogs._layout import Layout, Part, button, lines, row
from cogs._markdown import cut
from cogs._nomination_ids import NOMINATE_MENU, NominationAction, nomination_id, queue_page
from cogs._votes import vote_button, votes_line

_SPENT = "No day takes it: each channel with a paper of the day had it, or missed it. `/daily now` posts it there."
_ACTIONS: dict[NominationAction, str] = {
    "up": "Up",
    "down": "Down",
    "remove": "Remove",
    "approve": "Approve",
    "reject": "Reject",
}


def nominated(waiting: Waiting, *, has_days: bool) -> Layout:
    """That a paper was nominated, and what happens to it now."""
    if waiting.is_spent:
        told = _SPENT
    elif waiting.place is None:
        told = "A moderator will look at it: once approved, it is in line for this server's paper of the day."
    elif waiting.place == 1:
        told = "It is first in line for a day on which nothing new is better; votes of others lift it further."
    else:
        told = f"It is at place {waiting.place:,} in line for this server's paper of the day; votes of others lift it."
    hint = "" if has_days else "-# No channel here has a paper of the day yet: `/daily here` sets one up."
    buttons = [vote_button(waiting.paper.id, waiting.votes), button("The line", queue_page(0))]
    return Layout(lines("### Nominated", short(waiting.paper), told, hint), *row(buttons))


def which(named: Named) -> Layout:
    """A menu of the papers that a message names, of which one is to be nominated."""
    return Layout(
        lines("### Nominate which one?", f"-# {len(named.papers)} of the papers in that message"),
        *paper_menu(named.papers, custom_id=NOMINATE_MENU, placeholder="Nominate one of them"),
    )


def queue(shown: Line, *, may_decide: bool, person_id: int) -> Layout:
    """A page of what waits, with the buttons that this person may use."""
    if not shown.waiting:
        return Layout(
            lines(
                "### Nothing is in line",
                "Nominate a paper with `/daily nominate`, or with Nominate paper in the menu of a message.",
            )
        )
    parts: list[Part] = [lines("### In line for the paper of the day", _extent(shown))]
    for each in shown.waiting:
        parts.append(lines(_entry(each)))
        parts += row(
            [
                button("Details", paper_id(each.paper.id, "card")),
                *(
                    button(_ACTIONS[action], nomination_id(each.nomination.id, action, shown.page), disabled=is_dead)
                    for action, is_dead in _offered(each, shown, may_decide=may_decide, person_id=person_id)
                ),
            ]
        )
    pages = [
        button("Back", queue_page(max(shown.page - 1, 0)), disabled=shown.page == 0),
        button("More", queue_page(shown.page + 1), disabled=shown.page + 1 >= shown.pages),
    ]
    return Layout(*parts, *(row(pages) if shown.pages > 1 else []))


def to_approve(waiting: Waiting) -> Layout:
    """What moderators are shown of a nomination that waits for their word."""
    number = waiting.nomination.id
    return Layout(
        lines(
            "### Nominated for the paper of the day", short(waiting.paper), f"-# By <@{waiting.nomination.person_id}>"
        ),
        *row(
            [
                button("Details", paper_id(waiting.paper.id, "card")),
                button("Approve", nomination_id(number, "approve", None), main=True),
                button("Reject", nomination_id(number, "reject", None)),
            ]
        ),
    )


def decided(nomination: Nomination, title: str) -> Layout:
    """What a moderator decided, in place of the question."""
    was = "Approved" if nomination.state is NominationState.QUEUED else "Turned down"
    return Layout(lines(f"**{cut(title, 200) or 'Untitled'}**", f"-# {was} by <@{nomination.decided_by}>"))


def _extent(shown: Line) -> str:
    waits = "1 waits to be approved" if shown.to_approve == 1 else f"{shown.to_approve:,} wait to be approved"
    return "-# " + " · ".join([f"{shown.in_line:,} in line", *([waits] if shown.to_approve else [])])


def _entry(each: Waiting) -> str:
    votes = votes_line(each.votes) if each.votes else ""
    by = f"by <@{each.nomination.person_id}>"
    spent = f"\n-# {_SPENT}" if each.is_spent else ""
    if each.place is None:
        return f"{short(each.paper)}\n-# To be approved · {' · '.join(filter(None, [by, votes]))}{spent}"
    return f"{line(each.paper, each.place)}\n-# {' · '.join(filter(None, [by, votes]))}{spent}"


def _offered(each: Waiting, shown: Line, *, may_decide: bool, person_id: int) -> list[tuple[NominationAction, bool]]:
    """The actions that this person may take, and whether each does nothing now."""
    if not may_decide:
        return [("remove", False)] if each.nomination.person_id == person_id else []
    if each.place is None:
        return [("approve", False), ("reject", False)]
    return [("up", each.place == 1), ("down", each.place == shown.in_line), ("remove", False)]
