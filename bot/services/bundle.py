"""Everything the bot can do, in one hand: built by the app, opened only by the `setup` of a cog."""

from dataclasses import dataclass

from bot.services.completion import Completions
from bot.services.daily import Daily
from bot.services.daily_previews import DailyPreviews
from bot.services.daily_records import DailyRecords
from bot.services.digests import Digests
from bot.services.ledger import Ledger
from bot.services.library import Library
from bot.services.nominating import Nominating
from bot.services.picking import Picking
from bot.services.privacy import Privacy
from bot.services.recaps import Recaps
from bot.services.search import Search
from bot.services.servers import Servers
from bot.services.similar import Similar
from bot.services.topics import Topics
from bot.services.trends import Trends
from bot.services.voting import Voting
from bot.services.why import Why
from bot.services.zones import Zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One of each service, ready for use."""

    search: Search
    completions: Completions
    library: Library
    similar: Similar
    servers: Servers
    ledger: Ledger
    topics: Topics
    digests: Digests
    zones: Zones
    why: Why
    picking: Picking
    daily: Daily
    daily_previews: DailyPreviews
    daily_records: DailyRecords
    recaps: Recaps
    voting: Voting
    nominating: Nominating
    trends: Trends
    privacy: Privacy
