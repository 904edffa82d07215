"""Whether any day is in all the periods that a query names. It reads no text and no clock."""

from datetime import date

from bot.domain.query import And, Published, Query, Side


def no_such_day(query: Query, today: date) -> str:
    """Why no paper can match, where the dates of a query exclude each other, and what to do; empty elsewhere."""
    asked = [each for each in query.root.parts if isinstance(each, Published)] if isinstance(query.root, And) else []
    afters = [each for each in asked if each.side is Side.AFTER]
    befores = [each for each in asked if each.side is Side.BEFORE]
    if not afters or not befores:
        return ""
    after = max(afters, key=lambda each: each.first_day(today))
    before = min(befores, key=lambda each: each.first_day(today))
    if after.first_day(today) < before.first_day(today):
        return ""
    return f"No day is both {after} and {before}: leave one of them out, or give {before.side}: a later day."
