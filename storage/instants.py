"""Times as the tables keep them: whole microseconds, since 1970 in UTC for a moment. Knows no table."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

from bot.domain.flat import instant, moment

_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware time, read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> int | None:
        return None if value is None else instant(value)

    def process_result_value(self, value: int | None, _: Dialect) -> datetime | None:
        return None if value is None else moment(value)


class Duration(TypeDecorator[timedelta]):
    """A length of time."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, _: Dialect) -> int | None:
        return None if value is None else value // _MICROSECOND

    def process_result_value(self, value: int | None, _: Dialect) -> timedelta | None:
        return None if value is None else value * _MICROSECOND
