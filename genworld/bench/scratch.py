"""A data folder for the length of a bench."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "GENWORLD_HOME"


@contextmanager
def own_home() -> Iterator[Path]:
    """An empty data folder, which this process and those that it starts take for the person's; gone afterwards."""
    before = os.environ.get(NAME)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ[NAME] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop(NAME)
            if before is not None:
                os.environ[NAME] = before
