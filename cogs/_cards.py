"""A paper as people see it: the card, the whole abstract, and the lines that name and describe it."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, NamedTuple

from discord import ui

from bot.domain.categories import category_name
from bot.domain.identifiers import page_url, pdf_url
from bot.domain.papers import Author, DateKind, KnownPaper, Paper
from cogs._custom_ids import paper_id
from cogs._layout import Layout, button, lines, link_buttons, row
from cogs._markdown import address, clean, cut, fit, link
from cogs._votes import vote_button

_MOST_AUTHORS = 6
_MOST_CATEGORIES = 5
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


class Posted(NamedTuple):
    """What a card says that nobody asked for: finished markdown, and the marker by which it is known again."""

    heading: str
    because: str
    marker: str
    votes: int = 0


def card(
    known: KnownPaper,
    *,
    shared_by: int | None = None,
    more: Sequence[ui.Button[Any]] = (),
    posted: Posted | None = None,
    here: str = "",
    votes: int | None = None,
) -> Layout:
    """The paper on one card, with one more button, at most, after its own.

    `here` is a line on what a server has to do with it; `votes`, of that server, stand on a button unless None.
    Shared, it names who did; that and one that was posted by itself have no button that is one person's alone.
    """
    paper = known.paper
    marker = posted.marker if posted else ""
    votes = posted.votes if posted else votes
    abstract, is_cut = fit(paper.abstract, 700)
    actions = [button("Read all", paper_id(known.id, "abstract", marker))] if is_cut else []
    actions.append(button("Similar", paper_id(known.id, "similar", marker)))
    actions.append(button("Cite", paper_id(known.id, "cite", marker)))
    if shared_by is None and posted is None:
        actions.append(button("Share", paper_id(known.id, "share")))
    return Layout(
        *([lines(posted.heading)] if posted else []),
        _head(paper),
        ui.Separator(),
        lines(
            _withdrawn_line(paper),
            abstract or "No abstract is known.",
            *_small_print(paper),
            here,
            shared_line(shared_by),
            posted.because if posted else "",
        ),
        *row(
            [
                *link_buttons(Page=page_url(paper), PDF=pdf_url(paper), Code=paper.code_url),
                *([] if votes is None else [vote_button(known.id, votes, marker)]),
            ]
        ),
        *row([*actions, *more]),
    )


def whole_abstract(known: KnownPaper) -> Layout:
    """The abstract in full, as far as a message can hold it."""
    paper = known.paper
    return Layout(
        lines(f"### {title(paper, 300)}"),
        lines(_withdrawn_line(paper), cut(paper.abstract, 2_900) or "No abstract is known."),
        *row(link_buttons(Page=page_url(paper), PDF=pdf_url(paper))),
    )


def title(paper: Paper, limit: int, *, longest_link: int = 512) -> str:
    """The title, a link to the paper's page where it has one that is not too long; never empty."""
    return link(clean(paper.title).strip() or "Untitled", address(page_url(paper), longest_link), limit)


def _withdrawn_line(paper: Paper) -> str:
    return "**This paper has been withdrawn.**" if paper.withdrawn else ""


def shared_line(person: int | None) -> str:
    return "" if person is None else f"-# Shared by <@{person}>"


def _head(paper: Paper) -> ui.TextDisplay[Any]:
    facts = " · ".join(filter(None, [published(paper), _categories(paper.categories)]))
    return lines(f"### {title(paper, 300)}", _authors(paper.authors), facts)


def _authors(authors: tuple[Author, ...]) -> str:
    names = [cut(each.name, 60) for each in authors[:_MOST_AUTHORS]]
    more = len(authors) - _MOST_AUTHORS
    return ", ".join(filter(None, names)) + (f" and {more:,} more" if more > 0 else "")


def _categories(codes: tuple[str, ...]) -> str:
    named = [_category(each) for each in codes[:_MOST_CATEGORIES]]
    more = len(codes) - _MOST_CATEGORIES
    return ", ".join(filter(None, named)) + (f" and {more:,} more" if more > 0 else "")


def _category(code: str) -> str:
    name = category_name(code)
    return f"{cut(code, 30)} ({cut(name, 60)})" if name else cut(code, 30)


def published(paper: Paper) -> str:
    """The day as a Discord timestamp, which each reader sees in their language; a month in words; or nothing.

    A time of midnight means that only the day is known. It is shown as of 10:30 UTC, which is the
    same day from Hawaii to New Zealand.
    """
    at = paper.published_at
    if at is None:
        return ""
    if paper.published_kind is DateKind.MONTH:
        return f"{_MONTHS[at.month - 1]} {at.year}"
    return f"<t:{int(_within_day(at).timestamp())}:D>"


def _within_day(at: datetime) -> datetime:
    return at.replace(hour=10, minute=30) if at.time() == time.min else at


def _small_print(paper: Paper) -> list[str]:
    notes = [cut(each, 250) for each in (paper.comment, paper.journal_ref) if each]
    if paper.upvotes is not None:
        notes.append(f"{paper.upvotes:,} {'upvote' if paper.upvotes == 1 else 'upvotes'} on Hugging Face")
    return [f"-# {each}" for each in notes if each]
