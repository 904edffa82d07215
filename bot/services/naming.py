"""Tells which people a text names whose papers are here, without saying that they are people. Searches for nothing."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.analysis import name_terms
from bot.domain.forgiveness import likeliest_name, renamed
from bot.domain.named_requests import NamedRequest, named_requests
from bot.domain.nicknames import nicknamed
from bot.domain.patience import Patience
from bot.domain.query import Field, Words
from bot.interfaces import Storage

_BEGUN = 2
"""Letters of a given name that are first taken to be right."""
_NAMES = 200
"""People called so among whom the one who was meant is looked for."""


async def naming_people(
    storage: Storage, text: str, within: Patience, *, wanted: Callable[[NamedRequest], bool] = lambda _: True
) -> list[NamedRequest]:
    """What a text asks for if its words are names, the wanted ones, the likeliest first, where all of these surely are
    names here or are written as nothing else is; none where it is what people call a paper."""
    requests = [each for each in named_requests(text) if wanted(each)]
    if not requests or nicknamed(text):
        return []
    names = list(dict.fromkeys(name for each in requests for name in each.names if not each.is_sure))
    likely = await storage.likely_names(names, within=within) if names else []
    named = [each for each in requests if each.is_sure or all(name in likely for name in each.names)]
    return [meant for each in named if (meant := await _meant(storage, each, within))]


async def _meant(storage: Storage, request: NamedRequest, within: Patience) -> NamedRequest | None:
    """The request with the name of somebody whose given name begins so or is almost so; None where nobody is."""
    if request.mistyped is None:
        return request
    given, family = request.mistyped.words
    names: list[str] = []
    for typed in (f"{family} {given[:_BEGUN]}", f"{given[0]} {family}", family):
        names += await storage.suggest_authors(typed, limit=_NAMES, within=within)
        longer = next((word for name in names for word in name_terms(name) if word.startswith(given)), "")
        if meant := (longer, family) if longer else likeliest_name(request.mistyped.words, names):
            return replace(request, query=renamed(request.query, Words((given[0], family), Field.AUTHOR), meant))
    return None
