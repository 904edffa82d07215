"""Where Paperboy remembers papers. `open_storage` is the only way in; nothing of SQLAlchemy comes out."""

from storage.opening import open_storage

__all__ = ["open_storage"]
