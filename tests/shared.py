"""Finds the builders' material that lies beside a checkout; a test that needs it skips where it is missing."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).parent.parent.parent / "shared"


def shared(path: str) -> Path:
    """The file or folder of the material at `path`; skips the test, saying why, where it is missing."""
    found = _SHARED / path
    if not found.exists():
        pytest.skip(f"needs the builders' material {path}, which is not part of the project")
    return found
