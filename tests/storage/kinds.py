"""Says of a test which kinds of databases it is for; without a word it is for all of them."""

import pytest

KINDS = ("sqlite", "postgresql")

sqlite_alone = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
postgresql_alone = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
