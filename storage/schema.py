"""The tables as SQLAlchemy sees them; the migrations make them, and a test holds the two together."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, MetaData, SmallInteger, Table, Text, text

from bot.domain.flat import NOTHING
from storage.instants import Duration, Instant

metadata = MetaData()

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite makes a column its row number only when the type is called INTEGER."""

papers = Table(
    "papers",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("title_key", BigInteger, nullable=False),
    Column("authors", Text, nullable=False),
    Column("categories", Text, nullable=False),
    Column("ids", Text, nullable=False),
    Column("sources", Text, nullable=False),
    Column("links", Text, nullable=False),
    Column("published_at", BigInteger),
    Column("published_kind", SmallInteger, nullable=False),
    Column("updated_at", BigInteger),
    Column("first_seen_at", BigInteger, nullable=False),
    Column("version", BigInteger),
    Column("upvotes", BigInteger),
    Column("page_url", Text),
    Column("pdf_url", Text),
    Column("code_url", Text),
    Column("journal_ref", Text),
    Column("comment", Text),
    Column("abstract", Text, nullable=False),
    Index("papers_by_title", "title_key"),
    Index("papers_by_upvotes", "upvotes", "id", sqlite_where=text("upvotes IS NOT NULL")),
    comment="One FlatPaper a row: lists are JSON, times are microseconds since 1970 in UTC, the long texts stand last",
)
Index("papers_without_ids", papers.c.title_key, sqlite_where=papers.c.ids == NOTHING)

external_ids = Table(
    "external_ids",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("paper_id", _NUMBER, ForeignKey("papers.id"), nullable=False),
    sqlite_with_rowid=False,
    comment="Which paper an id belongs to: the look-up for the ids that the papers hold",
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="What the database knows about itself",
)

feed_days = Table(
    "feed_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("feed", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("expected", BigInteger),
    Column("received", BigInteger, nullable=False),
    Column("new", BigInteger, nullable=False),
    Column("revised", BigInteger, nullable=False),
    Column("known", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("asked_at", Instant),
    Column("took", Duration, nullable=False),
    Column("next_at", Instant),
    Column("last_error", Text),
    sqlite_with_rowid=False,
    comment="What each feed brought on each day; by day first, for that is how they are listed",
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("source", Text, primary_key=True),
    Column("feed", Text, primary_key=True),
    Column("checkpoint", Text, nullable=False),
    sqlite_with_rowid=False,
    comment="Where each feed is resumed",
)

turns = Table(
    "turns",
    metadata,
    Column("family", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("holder", Text),
    Column("lease_until", Instant),
    Column("waiter", Text),
    Column("waiter_until", Instant),
    sqlite_with_rowid=False,
    comment="Whose turn it is to ask a family of servers, and who is next",
)
