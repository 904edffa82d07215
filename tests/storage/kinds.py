"""Says of a test which kinds of databases it is for; without a word one of storage is for all of them, and any other
for the kind that `pytest --database` names.
"""

import pytest

KINDS = ("sqlite", "postgresql")

on_both = pytest.mark.parametrize("database_kind", KINDS, indirect=True)
"""For a test of a service, or of the whole bot, that matters enough to be run on every kind each time."""

sqlite_alone = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
postgresql_alone = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
