"""Tells which people a text names whose papers are here, without saying that they are people. Searches for nothing."""

from bot.domain.named_requests import named_requests
from bot.domain.nicknames import nicknamed
from bot.domain.patience import Patience
from bot.domain.query import Query
from bot.interfaces import Storage


async def naming_people(storage: Storage, text: str, within: Patience) -> list[Query]:
    """What a text asks for if its words are names, the likeliest first, where all of these surely are names here; none
    where it is what people call a paper."""
    requests = [] if nicknamed(text) else named_requests(text)
    names = list(dict.fromkeys(name for each in requests for name in each.names))
    likely = await storage.likely_names(names, within=within) if names else []
    return [each.query for each in requests if all(name in likely for name in each.names)]
