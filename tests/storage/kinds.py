"""Says of a test which kind of database it is for; without a word, one that takes a database is for all of them."""

import pytest

KINDS = ("sqlite", "postgresql")

sqlite_alone = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
postgresql_alone = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
