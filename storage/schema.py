"""The tables as SQLAlchemy sees them; the migrations make them, and a test holds the two together."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    MetaData,
    SmallInteger,
    Table,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.columns import NUMBER, TEXT, partly
from storage.instants import Duration, Instant

metadata = MetaData()

WITHOUT_ARXIV_ID = "ids NOT LIKE '[[\"arxiv\"%'"
"""Said of a paper; ids are sorted by their scheme, so that an arXiv id comes first."""

papers = Table(
    "papers",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("title", TEXT, nullable=False),
    Column("title_key", BigInteger, nullable=False),
    Column("authors", TEXT, nullable=False),
    Column("categories", TEXT, nullable=False),
    Column("ids", TEXT, nullable=False),
    Column("sources", TEXT, nullable=False),
    Column("links", TEXT, nullable=False),
    Column("published_at", BigInteger),
    Column("published_kind", SmallInteger, nullable=False),
    Column("updated_at", BigInteger),
    Column("first_seen_at", BigInteger, nullable=False),
    Column("version", BigInteger),
    Column("upvotes", BigInteger),
    Column("page_url", TEXT),
    Column("pdf_url", TEXT),
    Column("code_url", TEXT),
    Column("journal_ref", TEXT),
    Column("comment", TEXT),
    Column("abstract", TEXT, nullable=False),
    Column("withdrawn", SmallInteger, nullable=False, server_default=text("0")),
    Index("papers_by_title", "title_key"),
    Index("papers_by_first_seen", "first_seen_at", "published_at"),
    Index("papers_in_brief", "id", "published_at", "upvotes"),
    Index("papers_by_upvotes", "upvotes", "id", **partly("upvotes IS NOT NULL")),
    Index("papers_without_abstract", "first_seen_at", "id", **partly("abstract = ''")),
    comment="One FlatPaper a row: lists are JSON, times are microseconds since 1970 in UTC, the long texts stand last",
)
Index("papers_without_arxiv_id", papers.c.title_key, **partly(WITHOUT_ARXIV_ID))

external_ids = Table(
    "external_ids",
    metadata,
    Column("scheme", TEXT, primary_key=True),
    Column("value", TEXT, primary_key=True),
    # By its index a paper's ids are found when it turns out to be another: without, SQLite looks through all of them,
    # for 9 ms among 120,000. It costs a new id under a microsecond.
    Column("paper_id", NUMBER, ForeignKey("papers.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
    comment="Which paper an id belongs to: the look-up for the ids that the papers hold",
)

title_words = Table(
    "title_words",
    metadata,
    Column("word", TEXT, primary_key=True),
    Column("paper_id", NUMBER, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
    comment="What tells the titles of the papers without an arXiv id: the only ones a new arXiv paper may be",
)

other_titles = Table(
    "other_titles",
    metadata,
    Column("title_key", BigInteger, primary_key=True, autoincrement=False),
    Column("paper_id", NUMBER, ForeignKey("papers.id"), primary_key=True, autoincrement=False, index=True),
    Column("title", TEXT, nullable=False),
    sqlite_with_rowid=False,
    comment="Titles that a paper came with and does not go by now",
)

former_numbers = Table(
    "former_numbers",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("paper_id", NUMBER, ForeignKey("papers.id"), nullable=False, index=True),
    comment="Numbers of papers that turned out to be another paper, which answers for them",
)

paper_changes = Table(
    "paper_changes",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("paper_id", NUMBER, ForeignKey("papers.id"), nullable=False, index=True),
    Column("seen_at", Instant, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("before", TEXT),
    Column("after", TEXT),
    comment="What became of papers after they were first seen, oldest first",
)

meta = Table(
    "meta",
    metadata,
    Column("key", TEXT, primary_key=True),
    Column("value", TEXT, nullable=False),
    comment="What the database knows about itself",
)

feed_days = Table(
    "feed_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", TEXT, primary_key=True),
    Column("feed", TEXT, primary_key=True),
    Column("state", TEXT, nullable=False),
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
    Column("last_error", TEXT),
    sqlite_with_rowid=False,
    comment="What each feed brought on each day; by day first, for that is how they are listed",
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("source", TEXT, primary_key=True),
    Column("feed", TEXT, primary_key=True),
    Column("checkpoint", TEXT, nullable=False),
    sqlite_with_rowid=False,
    comment="Where each feed is resumed",
)

turns = Table(
    "turns",
    metadata,
    Column("family", TEXT, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("holder", TEXT),
    Column("lease_until", Instant),
    Column("line", TEXT, nullable=False),
    sqlite_with_rowid=False,
    comment="Whose turn it is to ask a family of servers; the line is JSON: who waits, and how long the place is kept",
)

leases = Table(
    "leases",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("owner", TEXT, nullable=False),
    Column("until", Instant, nullable=False),
    sqlite_with_rowid=False,
    comment="What each of several processes does, and until when: shards, what is done once, and that it is there",
)

unannounced = Table(
    "unannounced",
    metadata,
    Column("paper_id", NUMBER, ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    comment="Papers that came as cross-listings or replacements, and that no source has announced yet",
)

upvotes = Table(
    "upvotes",
    metadata,
    Column("paper_id", NUMBER, ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("upvotes", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="How many votes a paper had on a day",
)

_OWED = partly("state = 'owed'")

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("key", TEXT, nullable=False),
    Column("part", BigInteger, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("nonce", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("lease_until", Instant),
    Column("not_before", Instant, nullable=False),
    Column("first_attempt_at", Instant),
    Column("expires_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("message_id", BigInteger),
    Column("last_error", TEXT),
    Column("payload", TEXT, nullable=False),
    Column("paper_id", BigInteger),
    UniqueConstraint("key", "part", name="deliveries_key"),
    Index("deliveries_in_line", "channel_id", "id", **_OWED),
    Index("deliveries_due", "not_before", **_OWED),
    Index("deliveries_expiring", "expires_at", **_OWED),
    Index("deliveries_leased", "channel_id", **partly("lease_until IS NOT NULL")),
    Index("deliveries_by_state", "state", "id"),
    Index("deliveries_settled", "channel_id", "settled_at"),
    Index("deliveries_ended", "settled_at"),
    Index("deliveries_by_guild", "guild_id"),
    Index("deliveries_by_paper", "paper_id", "guild_id", **partly("paper_id IS NOT NULL")),
    comment="One message a row, owed or done; the order of a channel is that of the ids",
)

resting_channels = Table(
    "resting_channels",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger),
    Column("trouble", TEXT, nullable=False),
    Column("missing", TEXT, nullable=False),
    Column("since", Instant, nullable=False),
    Column("again_at", Instant, nullable=False),
    Column("tries", BigInteger, nullable=False),
    Column("told_at", Instant),
    comment="Channels that nothing can be posted in for now, until something could be",
)

served_guilds = Table(
    "served_guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("turn", BigInteger, nullable=False),
    comment="Which turn each server had last, counted from 1; direct messages stand under 0",
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("query", TEXT, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("cadence", TEXT, nullable=False, server_default="arrival"),
    Column("zone", TEXT, nullable=False, server_default="UTC"),
    Column("digest_at", BigInteger, nullable=False, server_default="540"),
    Column("weekday", BigInteger, nullable=False, server_default="0"),
    Column("most_per_day", BigInteger, nullable=False, server_default="5"),
    Column("quiet_from", BigInteger),
    Column("quiet_until", BigInteger),
    Column("role_id", BigInteger),
    Column("has_threads", Boolean, nullable=False, server_default=false()),
    Column("is_silent", Boolean, nullable=False, server_default=true()),
    Column("paused_at", Instant),
    UniqueConstraint("channel_id", "query", name="subscriptions_once"),
    Index("subscriptions_by_guild", "guild_id"),
    sqlite_autoincrement=True,
    comment="What each channel follows; numbers are never used again, for deliveries are known by them",
)

topic_drafts = Table(
    "topic_drafts",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger),
    Column("query", TEXT, nullable=False),
    Column("typed", TEXT, nullable=False, server_default=text("''")),
    Column("posting", TEXT, nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
    sqlite_autoincrement=True,
    comment="Topics that somebody looks at a preview of, for a day; the choices are JSON, numbers are never used again",
)

imports = Table(
    "imports",
    metadata,
    Column("at", Instant, primary_key=True),
    comment="When imports were begun: what was first seen at such a moment is no news",
)

held_back = Table(
    "held_back",
    metadata,
    Column("subscription_id", BigInteger, primary_key=True, autoincrement=False),
    Column("paper_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("matched_at", Instant, nullable=False),
    Column("reason", TEXT, nullable=False),
    Column("delivery_key", TEXT),
    Column("refused_key", TEXT),
    Index("held_back_waiting", "subscription_id", "matched_at", **partly("delivery_key IS NULL")),
    Index("held_back_by_paper", "paper_id", "guild_id"),
    Index("held_back_by_time", "matched_at"),
    comment="Papers that matched a topic and were not posted at once: why, and the key of what brings them after all",
)

servers = Table(
    "servers",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("manager_role_id", BigInteger),
    Column("log_channel_id", BigInteger),
    Column("zone", TEXT, nullable=False),
    Column("left_at", Instant),
    Column("approves_nominations", Boolean, nullable=False, server_default=false()),
    comment="What each Discord server has settled, and since when it is left",
)

spent_keys = Table(
    "spent_keys",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    comment="Hashes of the keys of deliveries that are forgotten, so that none of them is owed again",
)
