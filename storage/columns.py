"""Kinds of columns and of indexes that the databases have to be told about each in its way.

The migrations use them too, those of old releases among them: change none of them.
"""

from typing import TypedDict

from sqlalchemy import BigInteger, Integer, Text, TextClause, text

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite makes a column its row number only when the type is called INTEGER."""

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its bytes, as SQLite has it, whatever language a PostgreSQL database speaks."""


class Partly(TypedDict):
    """Which rows an index holds, for an `Index` or `create_index`."""

    sqlite_where: TextClause
    postgresql_where: TextClause


def partly(condition: str) -> Partly:
    """An index of the rows of which this is true."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
