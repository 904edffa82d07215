"""Where Paperboy remembers papers. `open_storage` is the only way in; nothing of SQLAlchemy comes out.

`upkeep_of` is for those who care for a database as a whole, whether or not it can be opened.
"""

from storage.opening import open_as_it_is, open_storage
from storage.upkeep import upkeep_of

__all__ = ["open_as_it_is", "open_storage", "upkeep_of"]
