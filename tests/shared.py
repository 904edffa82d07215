"""Finds the builders' material that lies beside a checkout; a test that needs it skips where it is missing."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).parent.parent.parent / "shared"


def find_shared(path: str) -> Path | None:
    """The file or folder of the material at `path`, or None where it is missing."""
    found = _SHARED / path
    return found if found.exists() else None


def shared(path: str) -> Path:
    """The file or folder of the material at `path`; skips the test, saying why, where it is missing."""
    found = find_shared(path)
    if found is None:
        pytest.skip(f"needs the builders' material {path}, which is not part of the project")
    return found
