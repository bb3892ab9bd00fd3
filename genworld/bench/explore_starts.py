"""Whether sliders and maps are the same on every start: two processes, each with an empty data folder, fit them anew.

As a program (``python -m genworld.bench.explore_starts FOLDER``) it is one such start and prints what it found.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from genworld import checkpoint, sampling
from genworld.bench.explore_served import MODELS
from genworld.bench.rows import Share
from genworld.errors import GenworldError
from genworld.latent import directions, maps, moves, survey
from genworld.latent.kept import FOLDER
from genworld.models.base import SampleRequest
from genworld.models.point import points_of

PROBES = 4
"""Samples whose readouts are compared: another sign would show."""
CLOSE = 0.01
"""Standard deviations, or units of a map, that rounding may make."""
THREADS = (1, 2)
"""Of the first start and the second: rounding differs, what people see must not."""
PATIENCE = 600.0

Found = list[Any]
"""What a person sees of a thing, and its numbers."""

Start = dict[str, list[Found]]


def run() -> Iterator[Share]:
    """Sliders and principal axes of each bundled model, fitted on two starts."""
    for name in MODELS:
        first, second = (started(name, threads) for threads in THREADS)
        for what, told in (
            ("sliders in the same order, with the same words and readouts", "sliders"),
            ("places on the principal axes", "places"),
        ):
            yield alike(f"{name}, {what} on two fresh starts", first[told], second[told])


def alike(what: str, first: list[Found], second: list[Found]) -> Share:
    """How many of two lists are the same at the same position.

    >>> alike("rows", [["a", [1.0]], ["b", [2.0]]], [["a", [1.001]], ["b", [-2.0]], ["c", [0.0]]]).good
    1
    """
    same = [_same(one, other) for one, other in zip(first, second, strict=False)]
    return Share(what, sum(same), max(len(first), len(second)))


def _same(one: Found, other: Found) -> bool:
    return one[0] == other[0] and np.allclose(one[1], other[1], rtol=0, atol=CLOSE)


def started(name: str, threads: int) -> Start:
    """What a fresh start finds, given nothing but the checkpoint: what ships ready-made with it is left behind."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "models" / name
        shutil.copytree(checkpoint.find(name).folder, folder, ignore=shutil.ignore_patterns(FOLDER))
        environ = {**os.environ, "GENWORLD_HOME": home, "OMP_NUM_THREADS": str(threads)}
        command = [sys.executable, "-m", "genworld.bench.explore_starts", str(folder)]
        done = subprocess.run(  # noqa: S603  our own module
            command, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    if done.returncode:
        raise GenworldError(f"A fresh start with {name} failed: {done.stderr[-400:]}")
    told: Start = json.loads(done.stdout.splitlines()[-1])
    return told


def found(folder: str) -> Start:
    """Ids, words and readouts of the sliders in their order, and some places on the principal axes."""
    loaded = sampling.open_model(folder)
    fitted = directions.directions_of(loaded)
    probes = points_of(sampling.latent_model(loaded), [SampleRequest(1, index) for index in range(PROBES)])
    stands = [moves.positions(loaded, point) for point in probes]
    places = maps.pca(survey.of(loaded)).xy[:PROBES]
    return {
        "sliders": [[f"{one.id}: {one.more}", [float(each[one.id]) for each in stands]] for one in fitted.shown],
        "places": [["a sample", list(map(float, place))] for place in places],
    }


if __name__ == "__main__":
    print(json.dumps(found(sys.argv[1])))  # noqa: T201  what the other process reads
