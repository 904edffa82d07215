"""What is in the way of a channel's topics, as far as it is known before anything fails."""

from collections.abc import Sequence

from bot.domain.subscriptions import Subscription
from cogs._targets import Target, lacking, unpinged


def topic_troubles(place: Target, topics: Sequence[Subscription]) -> list[str]:
    """What the bot may not do there that these topics want, each with what to do about it."""
    live = [each for each in topics if each.paused_at is None]
    told = []
    if live and (missing := lacking(place, has_threads=any(each.posting.has_threads for each in live))):
        told.append(f"I lack {', '.join(missing)} here: grant that to my role in the channel's settings.")
    roles = dict.fromkeys(each.posting.role_id for each in live)
    return told + [line for role in roles for line in unpinged(place, role, again="`/topic edit`")]
