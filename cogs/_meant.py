"""The one paper that a person means by what they typed, or an answer on why it is not clear which."""

from bot.domain.papers import KnownPaper
from bot.services.library import Library, UnclearTitleError, UnknownIdError
from cogs._answers import Interaction, answer, in_time
from cogs._entries import Then
from cogs._layout import Layout
from cogs._markdown import clean
from cogs._named import MOST_SHOWN, named_papers
from cogs._unfound import unclear_title, unknown_id


async def meant(interaction: Interaction, library: Library, typed: str, then: Then | None = None) -> KnownPaper | None:
    """The paper; None where the person was told why it is not clear which, and may press what they asked for."""
    try:
        return await in_time(interaction, library.resolve(typed))
    except UnknownIdError as unknown:
        told = unknown_id(unknown.identifier, clean(typed).strip())
    except UnclearTitleError as unclear:
        told = unclear_title(unclear, clean(typed).strip(), then)
    await answer(interaction, told)
    return None


async def listed(library: Library, ids: str) -> Layout:
    """The papers with these ids, of which there are several, and which of them nobody has or are mistyped."""
    return named_papers(await library.named_in(ids, limit=MOST_SHOWN), heading="Papers with these ids")
