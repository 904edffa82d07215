"""Tells which people a text names whose papers are here, without saying that they are people. Searches for nothing."""

from bot.domain.named_requests import NamedRequest, named_requests
from bot.domain.nicknames import nicknamed
from bot.domain.patience import Patience
from bot.interfaces import Storage


async def naming_people(storage: Storage, text: str, within: Patience, *, is_sure: bool = False) -> list[NamedRequest]:
    """What a text asks for if its words are names, the likeliest first, where all of these surely are names here or are
    written as nothing else is, which alone may be asked for; none where it is what people call a paper."""
    requests = [] if nicknamed(text) else [each for each in named_requests(text) if each.is_sure or not is_sure]
    names = list(dict.fromkeys(name for each in requests for name in each.names))
    likely = await storage.likely_names(names, within=within) if names else []
    return [each for each in requests if all(name in likely for name in each.names)]
