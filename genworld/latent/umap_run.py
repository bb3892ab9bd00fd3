"""UMAP in a process of its own: ``python -m genworld.latent.umap_run FOLDER``.

Loading umap alone takes seconds and holds Python's lock; so it must not happen where a page is served. The folder holds
``features.npy`` and ``settings.json``; ``xy.npy`` is left there. Standard output says how far it is, a line each:
``starting``, then ``STEP TOTAL`` of the epochs.

McInnes, Healy and Melville 2018: UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction.
"""

from __future__ import annotations

import json
import os
import re
import sys
import warnings
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

FEATURES, SETTINGS, PLACES = "features.npy", "settings.json", "xy.npy"
STARTING = "starting"
LOW_PRIORITY = 10
"""What is added to the niceness: whoever waits for a picture comes first."""


class EpochLines:
    """What a progress bar is written to: each of its updates becomes a line ``STEP TOTAL``."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        """Pass on the last ``STEP/TOTAL`` in a text of the bar."""
        found = re.findall(r"(\d+)/(\d+)", text)
        if found:
            print(*found[-1], file=self._out, flush=True)
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def places(features: NDArray[np.float32], settings: dict[str, float], out: TextIO) -> NDArray[np.float32]:
    """(N, 2) places of (N, F) features; the same for the same settings.

    Args:
        features: one row for each sample.
        settings: ``seed``, ``neighbours``, ``spread``; see `genworld.latent.umaps.Settings`.
        out: takes the lines of progress.
    """
    from umap import UMAP

    made = UMAP(
        n_components=2,
        n_neighbors=min(int(settings["neighbours"]), len(features) - 1),
        min_dist=settings["spread"],
        random_state=int(settings["seed"]),
        n_jobs=1,
        verbose=True,
        tqdm_kwds={"file": EpochLines(out), "mininterval": 0.2, "bar_format": "{n_fmt}/{total_fmt}"},
    )
    return np.asarray(made.fit_transform(features), dtype=np.float32)


def main(folder: Path) -> None:
    """Read the folder's features and settings, and leave the places there."""
    with suppress(OSError, AttributeError):  # not every system has priorities
        os.nice(LOW_PRIORITY)
    out = sys.stdout
    print(STARTING, file=out, flush=True)
    warnings.simplefilter("ignore")
    features = np.load(folder / FEATURES, allow_pickle=False)
    settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    with redirect_stdout(StringIO()):  # what umap itself says is for nobody
        found = places(features, settings, out)
    np.save(folder / PLACES, found, allow_pickle=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    os._exit(0)  # taking compiled code down again can take longer than the epochs
