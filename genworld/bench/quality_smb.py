"""Super Mario Bros. learned from single maps, beside MarioGAN and TOAD-GAN: how alike, how new, how quick."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import torch

from genworld import learning
from genworld.bench import quality_peers as peers
from genworld.bench.quality_figures import mean_tpkl, near_share
from genworld.bench.quality_rows import Aimed, Beside, Peer
from genworld.datasets import Dataset, open_dataset
from genworld.measure.level_copies import verbatim_shares
from genworld.measure.variety import pairwise_hamming, unique_share
from genworld.models.base import GenerativeModel
from genworld.models.bulk import grids
from genworld.seeding import stream

SEGMENT = (14, 28)
"""Rows and columns of what MarioGAN makes."""
WANTED, INSTEAD = "mario-1-1.txt", "mario-2-1.txt"
"""The map that MarioGAN learned from, and one like it."""
SAMPLES = 10_000
THREADS = 2
ROUNDS = 5
AT_ONCE = 2048
"""Levels that are made in a round."""
MOST_TPKL, LEAST_SPEED = 0.2, 5000.0


@dataclass(frozen=True)
class Pace:
    """Levels in a second.

    Args:
        wall: by the clock.
        processor: in a second of one processor's time, which other programs do not shorten.
    """

    wall: float
    processor: float


def run(folder: Path) -> Iterator[object]:
    """Rows about one map, its speed, and all maps of a folder, each learned alone."""
    data = open_dataset(str(folder))
    index = _chosen(data.groups)
    name = data.groups[index]
    if name != WANTED:
        yield f"{WANTED} is not in {folder}: {name} stands for it, so figures beside MarioGAN's are of another map."
    with tempfile.TemporaryDirectory() as scratch:
        checkpoint = learning.learn(data.take([index]), title="segments", folder=Path(scratch) / "segments")
        model = checkpoint.load()
        yield from alike(model, data.take([index]), Path(name).stem)
        yield from quick(model, Path(name).stem)
        yield from each(data, Path(scratch))


def _chosen(names: tuple[str, ...]) -> int:
    return next((names.index(name) for name in (WANTED, INSTEAD) if name in names), 0)


def alike(model: GenerativeModel, data: Dataset, name: str) -> Iterator[Beside]:
    """How samples of a map's segments resemble all its windows, and how often they only repeat them."""
    windows = data.windows(*SEGMENT, stride=1).array()
    samples = grids(model, 1, SAMPLES, size=SEGMENT)
    yield Aimed(
        f"{name}, TPKL to all windows",
        mean_tpkl(windows, samples),
        peer=peers.MARIO_TPKL,
        note=f"{len(windows)} windows each",
        aim=MOST_TPKL,
    )
    yield Beside(
        f"{name}, unique of {len(samples):,}", unique_share(samples), "share", more=True, peer=peers.MARIO_UNIQUE
    )
    yield Beside(
        f"{name}, near copies of windows",
        near_share(samples, windows),
        "share",
        note="the whole map was learned: nothing is held out",
    )
    verbatim = float(verbatim_shares(samples[: len(windows)], [data.levels[0].tiles]).mean())
    yield Beside(f"{name}, verbatim windows of 8 columns", verbatim, "share")
    yield Beside(f"{name}, pairwise Hamming", pairwise_hamming(samples), more=True, real=pairwise_hamming(windows))


def quick(model: GenerativeModel, name: str) -> Iterator[Beside]:
    """Segments a second, by turns with a plain DCGAN of MarioGAN's size."""
    dcgan = peers.PlainDcgan().eval()
    noise = torch.randn(AT_ONCE, peers.LATENT, generator=stream(0, "bench/dcgan"))
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        ours, plain = by_turns(
            lambda: grids(model, 1, AT_ONCE, size=SEGMENT), lambda: dcgan.levels(noise, *SEGMENT).numpy()
        )
    finally:
        torch.set_num_threads(before)
    what = f"{name}, segments a second, batched"
    yield Aimed(
        what,
        ours.wall,
        "rate",
        more=True,
        peer=Peer("a plain DCGAN of MarioGAN's size, here", plain.wall),
        note=f"median of {ROUNDS} rounds by turns, {THREADS} threads",
        aim=LEAST_SPEED,
    )
    yield Beside(
        f"{name}, segments in a second of one processor",
        ours.processor,
        "rate",
        more=True,
        peer=Peer("that DCGAN", plain.processor),
        note="other programs do not shorten it",
    )
    yield Beside(f"{what}, beside what is known", ours.wall, "rate", more=True, peer=peers.MARIO_SPEED)


def by_turns(*acts: Callable[[], object]) -> list[Pace]:
    """The pace of acts that make `AT_ONCE` levels each: medians over `ROUNDS` rounds, after one to get warm."""
    rounds = [[_timed(act) for act in acts] for _ in range(ROUNDS + 1)][1:]
    return [
        Pace(AT_ONCE / median(each[0] for each in times), AT_ONCE / median(each[1] for each in times))
        for times in zip(*rounds, strict=True)
    ]


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of processors."""
    began, busy = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - busy


def each(data: Dataset, scratch: Path) -> Iterator[Beside]:
    """The mean TPKL of all maps, each learned alone."""
    found = []
    for index, name in enumerate(data.groups):
        checkpoint = learning.learn(data.take([index]), title=name, folder=scratch / f"map-{index}")
        windows = data.take([index]).windows(*SEGMENT, stride=1).array()
        found.append(mean_tpkl(windows, grids(checkpoint.load(), 1, 2 * len(windows), size=SEGMENT)))
    good = int(np.sum(np.array(found) <= MOST_TPKL))
    yield Beside(
        f"mean of {len(found)} maps, each learned alone, TPKL to all windows",
        float(np.mean(found)),
        peer=peers.SINGLE_TPKL,
        note=f"worst {max(found):.3f}, {good} of {len(found)} at most {MOST_TPKL:g}; the peer: whole levels, 15 maps",
    )
