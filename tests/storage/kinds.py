"""Says of a test which kind of database it is for; without a word, one that takes a database is for all of them,
and one of services or commands for SQLite unless more are asked for.
"""

import pytest

KINDS = ("sqlite", "postgresql")
ALL = "all"
"""What `pytest --database` is told for every test on every kind."""

sqlite_alone = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
postgresql_alone = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
on_both = pytest.mark.on_both
"""For a test of a service that matters enough to be run on every kind each time."""
any_database = pytest.mark.any_database
"""For a test of what people see, of which what is kept is tested on every kind elsewhere: it runs on SQLite, and with
`--database` on what is asked for.
"""
