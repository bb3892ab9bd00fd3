"""What a training will take on this machine, measured by a short trial before it begins: time and memory."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, islice

import torch

from genworld import limits
from genworld.content import Level
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.models import build
from genworld.models.base import GenerativeModel, LatentModel, SampleRequest, device_of
from genworld.recent import Recent
from genworld.training.devices import spare_threads
from genworld.training.room import held, room
from genworld.training.saved_tensors import Holding

SMALL = 4
"""Examples a step of the first trial; a second one takes twice as many, for memory grows in a straight line with them."""
TRIED = 256
"""Examples that a trial sees."""
COUNTED = 20_000
"""Cells that a trial of counting sees."""
STEPS = 2
"""Steps that are timed, after the first."""
THREADS = 0.75
"""Twice as many threads are 2 to the power of this times as fast."""
LONG = 2.0
"""Seconds of a step from which on it is not tried with the whole batch, but told from the small ones."""
DEARER = 3.0
"""A step with a penalty takes at most so many times as long as one without."""
SPARE = 1.3
"""What scratch space adds to the tensors that are counted."""
GROUND = 450 * limits.MIB
"""What a process with torch takes before it learns anything."""
COPIES = 6
"""Numbers for each weight: itself, its average, its gradient, two of its optimizer, and a copy while it is saved."""
BESIDE = 1.08
"""Looks, frames and saves: time of a training as a multiple of its steps'."""
CARD_SAMPLES = 64
SLIDER_SAMPLES = 6_000
"""Samples that fitting the sliders draws, about."""
SLIDER_SECONDS = 12.0
"""What fitting them takes besides."""
CELL_BYTES = 400
"""Memory for each cell that is counted, in each of its symmetries."""
SYMMETRIES = {"none": 1, "mirror": 2, "turns": 8}


@dataclass(frozen=True)
class Cost:
    """What a training takes.

    Args:
        step_seconds: of one step.
        seconds: of all steps with what is done between them.
        measuring_seconds: of what follows the last step.
        bytes: of memory at most; on the GPU where it learns there.
        device: where it was measured.
    """

    step_seconds: float
    seconds: float
    measuring_seconds: float
    bytes: int
    device: str

    @property
    def total_seconds(self) -> float:
        """From the start to the finished model."""
        return self.seconds + self.measuring_seconds


@dataclass(frozen=True)
class _Trial:
    """Seconds of a step and of a sample, and bytes that a step holds, with the batch of the settings."""

    step: float
    sample: float
    held: float


_lock = threading.Lock()
_trials = Recent[str, _Trial](64)


def cost(model: GenerativeModel, data: Dataset, threads: int | None = None) -> Cost:
    """What learning from data takes; the first time a trial of a second or two, then it is known.

    Args:
        model: untrained, where it will learn; it stays as it is.
        data: as the model learns it, see `lessons`.
        threads: that it will learn with on the CPU; those of a training in the background when None.
    """
    quicker = (threads or spare_threads()) ** THREADS
    with _lock, _one_thread():
        trial = _trials.get(_key(model)) or _tried(model, data)
        _trials.put(_key(model), trial)
    if isinstance(model, LatentModel):
        return _of_steps(model, data, trial, quicker if device_of(model).type == "cpu" else 1.0)
    return _of_counting(model, data, trial)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Within it torch computes in this thread alone, whose time can be told from that of other programs."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def require_room(wanted: Cost, *, here: bool = False) -> None:
    """See to it that the memory that is free suffices; where nobody tells how much that is, it is taken to.

    Args:
        wanted: of a training.
        here: whether this process will do it, not one of its own: what this one holds already is not asked for again.

    Raises:
        GenworldError: it does not; the sentence has the figures.
    """
    free = room(wanted.device)
    saved = min(held(), GROUND) if here and not wanted.device.startswith("cuda") else 0
    if free is not None and wanted.bytes - saved > free:
        raise GenworldError(
            f"This training needs about {_said(wanted.bytes)} of memory, but at most {_said(free)} are free"
            f"{' on the graphics card' if wanted.device.startswith('cuda') else ''}; "
            "take a smaller batch, fewer channels or a smaller window, or close other programs."
        )


def _said(count: float) -> str:
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{max(1, count // 2**20):.0f} MiB"


def _key(model: GenerativeModel) -> str:
    settings = model.config.model_dump(mode="json") | {"steps": 0}
    told = [model.family, settings, model.spec.to_dict(), str(device_of(model))]
    return json.dumps(told, sort_keys=True)


def _of_steps(model: LatentModel, data: Dataset, trial: _Trial, quicker: float) -> Cost:
    device = device_of(model).type
    weights = sum(each.numel() for each in model.parameters()) * 4 * COPIES * 2  # a second network judges or encodes
    stored = 2 * sum(each.height * each.width for each in data.examples) * (1 if data.levels else 4)
    samples = CARD_SAMPLES + SLIDER_SAMPLES
    return Cost(
        step_seconds=trial.step / quicker,
        seconds=trial.step / quicker * model.config.steps * BESIDE,
        measuring_seconds=trial.sample * samples + SLIDER_SECONDS,
        bytes=int(trial.held * SPARE + weights + GROUND + stored),
        device=device,
    )


def _of_counting(model: GenerativeModel, data: Dataset, trial: _Trial) -> Cost:
    cells = _cells(data) * SYMMETRIES.get(getattr(model.config, "flips", "none"), 1)
    seconds = trial.step * _cells(data)
    return Cost(
        step_seconds=seconds / getattr(model.config, "steps", getattr(model.config, "order", 0) + 1),
        seconds=seconds,
        measuring_seconds=trial.sample * CARD_SAMPLES / 2,
        bytes=int(cells * CELL_BYTES + GROUND),
        device="cpu",
    )


def _cells(data: Dataset) -> int:
    return sum(each.height * each.width for each in data.examples)


def _tried(model: GenerativeModel, data: Dataset) -> _Trial:
    return _try_steps(model, data) if isinstance(model, LatentModel) else _try_counting(model, data)


# -- families that learn in steps


def _try_steps(model: LatentModel, data: Dataset) -> _Trial:
    some = data.take(range(min(len(data), TRIED)))
    batch = int(model.config.batch)
    first, second = (_Run(model, some, size) for size in (SMALL, 2 * SMALL))
    slope = max(0.0, (second.held - first.held) / SMALL)
    held = first.held + slope * (batch - SMALL)
    step = max(0.0, (second.seconds - first.seconds) / SMALL) * (batch - 2 * SMALL) + second.seconds
    free = room(device_of(model).type)
    if step < LONG and (free is None or held * SPARE < free):
        step = _Run(model, some, batch).seconds
    return _Trial(step, second.sample_seconds(), held)


class _Run:
    """A few steps of a copy of a model, untrained, with a batch of its own.

    Args:
        model: what is copied.
        data: a few examples.
        batch: examples a step.
    """

    def __init__(self, model: LatentModel, data: Dataset, batch: int) -> None:
        changes = {"batch": batch, "preview_every": 0, "steps": max(STEPS + 1, model.config.steps)}
        settings = model.config.model_dump(mode="json") | changes
        self._model = build(model.family, model.spec, settings).to(device_of(model))
        self._device = device_of(model)
        steps = iter(self._model.fit(data, seed=0))
        holding = Holding()
        with torch.autograd.graph.saved_tensors_hooks(holding.pack, holding.unpack):
            first = self._timed(steps)
        self.held = float(holding.most)
        usual = min(self._timed(steps) for _ in range(STEPS))
        self.seconds = usual + self._penalty(first, usual)

    def _timed(self, steps: Iterator[object]) -> float:
        clock = self._clock()
        next(steps)
        return self._clock() - clock

    def _clock(self) -> float:
        """Seconds; of the processor alone where it learns there, so that other programs do not count."""
        if self._device.type == "cuda":
            torch.cuda.synchronize()
            return time.perf_counter()
        return time.thread_time()

    def _penalty(self, first: float, usual: float) -> float:
        """What the steps that are dearer, of which the first is one, add to each."""
        every = getattr(self._model.config, "penalty_every", 0)
        return (min(first, DEARER * usual) - usual) / every if every and first > usual else 0.0

    def sample_seconds(self) -> float:
        """Of one sample alone."""
        requests = [SampleRequest(0, index) for index in range(STEPS + 1)]
        with torch.no_grad():
            self._model.sample(requests[:1])
            clock = self._clock()
            for request in requests[1:]:
                self._model.sample([request])
        return (self._clock() - clock) / STEPS


# -- families that count


def _try_counting(model: GenerativeModel, data: Dataset) -> _Trial:
    """Seconds for each cell, of a few of the levels."""
    reached = accumulate(each.height * each.width for each in data.examples)
    few = 1 + sum(1 for cells in islice(reached, len(data) - 1) if cells < COUNTED)
    some = data.take(range(few))
    tried = build(model.family, model.spec, model.config.model_dump(mode="json"))
    clock = time.thread_time()
    for _ in tried.fit(some, seed=0):
        pass
    learned = time.thread_time() - clock
    first = some.examples[0]
    size = (first.height, first.width) if isinstance(first, Level) else None
    clock = time.thread_time()
    tried.sample([SampleRequest(0, 0, size=size)])
    return _Trial(learned / _cells(some), time.thread_time() - clock, 0.0)
