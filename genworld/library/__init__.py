"""Boards and what people kept, jobs and what they told, in one SQLite file. SQL lives in this package and nowhere else.

>>> import tempfile
>>> from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library.sqlite") as library:
...     library.board().count()
0
"""

from genworld.library.board import Board
from genworld.library.items import Draft, Item
from genworld.library.jobs import Job, Jobs, Lease, LeaseLostError, Report, State, Wish
from genworld.library.shelf import Library, new_secret

__all__ = [
    "Board",
    "Draft",
    "Item",
    "Job",
    "Jobs",
    "Lease",
    "LeaseLostError",
    "Library",
    "Report",
    "State",
    "Wish",
    "new_secret",
]
