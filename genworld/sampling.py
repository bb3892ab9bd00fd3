"""Sampling: the canonical render, and origins that re-render.

Floating-point results depend on batch size and thread count, so there is one canonical render: a
batch of one, one thread, 32-bit floats on the CPU. What the page shows, keeps and exports is that.
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from genworld import checkpoint as checkpoints
from genworld import limits, paths
from genworld.checkpoint import Checkpoint
from genworld.content import Example, Level, Sprite
from genworld.errors import GenworldError
from genworld.finishing import finished
from genworld.limits import Limits
from genworld.mode import Mode
from genworld.models.base import CanFill, GenerativeModel, LatentModel, SampleRequest
from genworld.models.point import Point, decode, points_of
from genworld.provenance import (
    EditOrigin,
    FillOrigin,
    Finish,
    FinishOrigin,
    ImportOrigin,
    LatentOrigin,
    Lineage,
    Origin,
    SeedOrigin,
    chain,
)
from genworld.recent import Recent

SMALLEST_SIDE = 4
"""Rows or columns of a level asked for, at least."""


@dataclass(frozen=True)
class Sampled:
    """An example and where it comes from."""

    example: Example
    origin: Origin


@dataclass(frozen=True)
class LoadedModel:
    """A checkpoint with its model in memory, on the CPU."""

    checkpoint: Checkpoint
    model: GenerativeModel


def open_model(name_or_path: str) -> LoadedModel:
    """A model by name or path; kept in memory, and read anew when its checkpoint has changed."""
    return opened(checkpoints.find(name_or_path))


def opened(checkpoint: Checkpoint) -> LoadedModel:
    """The model of a checkpoint; kept in memory as by `open_model`."""
    return _load(checkpoint.folder.resolve(), checkpoint.digest)


@lru_cache(maxsize=8)
def _load(folder: Path, digest: str) -> LoadedModel:
    checkpoint = checkpoints.of_folder(folder, digest, mine=folder.parent == checkpoints.models_home())
    return LoadedModel(checkpoint, checkpoint.load())


def latent_model(loaded: LoadedModel) -> LatentModel:
    """The model, for whoever moves in its latent space. Raises GenworldError for one that has none."""
    if not isinstance(loaded.model, LatentModel):
        raise GenworldError(
            f"{loaded.checkpoint.title} draws piece by piece and has no latent space to move in; take a GAN, a VAE or a flow."
        )
    return loaded.model


_one_at_a_time = threading.RLock()


@contextmanager
def canonical() -> Iterator[None]:
    """Within it torch computes canonically: one thread, no gradients. One render at a time in a process."""
    with _one_at_a_time, torch.inference_mode():
        threads = torch.get_num_threads()
        if threads != 1:
            torch.set_num_threads(1)
        try:
            yield
        finally:
            if threads != 1:
                torch.set_num_threads(threads)


@contextmanager
def bulk() -> Iterator[None]:
    """Within it torch may use all threads, for batches that are only measured. No canonical render runs meanwhile: keep
    it to some 40 ms at a time."""
    with _one_at_a_time, torch.inference_mode():
        yield


def render(model: GenerativeModel, request: SampleRequest) -> Example:
    """The canonical render of one sample."""
    with canonical():
        return model.sample([request])[0]


def at(model: LatentModel, point: Point) -> Example:
    """The canonical render of one point. Raises GenworldError for a point of another model."""
    with canonical():
        return decode(model, [point])[0]


def sample(
    loaded: LoadedModel,
    *,
    seed: int,
    count: int,
    start: int = 0,
    condition: tuple[str, ...] = (),
    variety: float | None = None,
    size: tuple[int, int] | None = None,
    bounds: Limits = limits.LIMITS[Mode.LOCAL],
) -> Iterator[Sampled]:
    """Samples `start` to `start + count - 1` of stream `seed`, one canonical render after the other.

    Takes what `requests` takes, and raises what it raises, at once.
    """
    wanted = requests(
        loaded, seed=seed, count=count, start=start, condition=condition, variety=variety, size=size, bounds=bounds
    )
    return (drawn(loaded, request) for request in wanted)


def drawn(loaded: LoadedModel, request: SampleRequest) -> Sampled:
    """The canonical render of one request, and where it comes from."""
    return Sampled(render(loaded.model, request), seed_origin(loaded, request))


def requests(
    loaded: LoadedModel,
    *,
    seed: int,
    count: int,
    start: int = 0,
    condition: tuple[str, ...] = (),
    variety: float | None = None,
    size: tuple[int, int] | None = None,
    bounds: Limits = limits.LIMITS[Mode.LOCAL],
) -> list[SampleRequest]:
    """What is asked of a model for samples `start` to `start + count - 1` of stream `seed`, checked.

    Args:
        loaded: the model.
        seed: 0 to `limits.MAX_SEED`.
        count: how many, up to ``bounds.sample_count``.
        start: index of the first.
        condition: classes that all should have.
        variety: truncation or temperature within the model's range; None for its default.
        size: (rows, columns) in tiles, for models that can.
        bounds: limits of the mode.

    Raises:
        GenworldError: anything is out of its range.
    """
    model = loaded.model
    seed = limits.whole("The seed", seed, 0, limits.MAX_SEED)
    count = limits.whole("The count", count, 1, bounds.sample_count, "samples")
    start = limits.whole("The first index", start, 0, limits.MAX_SEED - count)
    condition = tuple(dict.fromkeys(condition))
    model.class_indices(condition)
    size = checked_size(model, size, bounds)
    if variety is not None:
        variety = limits.real(f"The {model.variety.name}", variety, model.variety.low, model.variety.high)
    return [SampleRequest(seed, index, condition, variety, size) for index in range(start, start + count)]


def checked_size(model: GenerativeModel, size: tuple[int, int] | None, bounds: Limits) -> tuple[int, int] | None:
    """A size that the model can serve; None for its own, where that is within the bounds. Raises GenworldError for another."""
    side = bounds.level_side
    if size is None:
        own = (model.spec.height, model.spec.width) if model.resizable else (None, None)
        vast = any(length is not None and length > side for length in own)
        return model.nearest_size((min(own[0] or side, side), min(own[1] or side, side))) if vast else None
    if not model.resizable:
        if size == (model.spec.height, model.spec.width):
            return None
        raise GenworldError(
            f"This model makes {model.spec.height} x {model.spec.width} only, but {size[0]} x {size[1]} was asked for; "
            "leave the size out, or take a model that can make any size."
        )
    rows = limits.whole("The height", size[0], SMALLEST_SIDE, bounds.level_side, "tiles")
    columns = limits.whole("The width", size[1], SMALLEST_SIDE, bounds.level_side, "tiles")
    model.require_size((rows, columns))
    return rows, columns


def seed_origin(loaded: LoadedModel, request: SampleRequest) -> SeedOrigin:
    """The record by which a sample can be made again."""
    return SeedOrigin(
        checkpoint=loaded.checkpoint.digest,
        model=loaded.checkpoint.told_name,
        seed=request.seed,
        index=request.index,
        condition=request.condition,
        size=request.size,
        attempt=request.attempt,
        nudges=request.nudges,
        **{loaded.model.variety.name: loaded.model.variety_of(request)},
    )


def latent_origin(loaded: LoadedModel, point: Point, lineage: Lineage = ()) -> LatentOrigin:
    """The record by which the example at a point can be made again, to the bit."""
    return LatentOrigin(
        checkpoint=loaded.checkpoint.digest,
        model=loaded.checkpoint.told_name,
        z=_told(point.z),
        weights=_told(point.weights),
        shift=_told(point.shift),
        variety=point.variety,
        lineage=lineage,
    )


def _told(vector: NDArray[np.float32]) -> tuple[float, ...]:
    """The shortest decimals that give the same 32 bits: origins travel with every tile."""
    return tuple(map(float, vector.astype(str)))


def told_point(origin: LatentOrigin) -> Point:
    """The point that a record tells of."""
    return Point(np.array(origin.z), np.array(origin.weights), np.array(origin.shift), origin.variety)


def point_of(origin: SeedOrigin | LatentOrigin) -> tuple[LoadedModel, Point]:
    """Where in its model's latent space an example lies, and that model.

    Raises:
        GenworldError: the model is not on this machine, or has no latent space; or the sample was nudged, for then it
            was chosen among several.
    """
    loaded = of_digest(origin.checkpoint)
    model = latent_model(loaded)
    if isinstance(origin, LatentOrigin):
        return loaded, told_point(origin)
    if origin.nudges:
        raise GenworldError(
            "This sample was chosen among several for what it was nudged to, so it is no one point; sample without nudges."
        )
    return loaded, points_of(model, [_request(origin, _variety(model, origin))])[0]


REMEMBERED = 256
"""Examples that were made again and are kept at hand."""

_recent = Recent[str, Example](REMEMBERED)
"""By a digest of their origin: origins themselves may be large."""


def rerender(origin: Origin, patience: float = math.inf) -> Example:
    """Make again, canonically, what an origin tells of. Recent ones are remembered: a chain costs its last link.

    Args:
        origin: of anything but an import.
        patience: seconds after which no further link is begun; whoever asks once more goes on from there.

    Raises:
        GenworldError: the model is not on this machine, the origin is a file that a person brought, or the patience
            is over.
    """
    end = time.monotonic() + patience
    made: Example | None = None
    key = str(paths.home())  # another data folder has other models
    for link in reversed(list(chain(origin))):
        key = _key(key, link)
        known = _recent.get(key)
        if known is None and time.monotonic() > end:
            raise GenworldError(
                f"Making this level again takes longer than {patience:g} seconds; ask once more, and it goes on from here."
            )
        made = _made(link, made) if known is None else known
        _recent.put(key, made)
    assert made is not None  # noqa: S101  there is at least one link
    return made


def _key(before: str, link: Origin) -> str:
    """A digest of an origin, from that of its parent and what it adds."""
    return hashlib.sha256(f"{before} {link.model_dump_json(exclude={'parent'})}".encode()).hexdigest()


def _made(origin: Origin, parent: Example | None) -> Example:
    """What one link of an origin makes, of what its parent made where it has one."""
    match origin:
        case SeedOrigin():
            return _from_seed(origin)
        case LatentOrigin():
            return _from_latent(origin)
        case EditOrigin():
            return _edited(parent, origin)
        case FillOrigin():
            return _filled(parent, origin)
        case FinishOrigin():
            return finished(_sprite(parent), origin.finish)
        case ImportOrigin():
            raise GenworldError(
                f"{origin.file} was brought by a person and cannot be made again; its stored copy is what counts."
            )


def of_digest(digest: str) -> LoadedModel:
    """The model of a checkpoint's digest, whatever its name; kept in memory.

    Raises:
        GenworldError: it is not on this machine, or damaged.
    """
    checkpoint = checkpoints.by_digest(digest)
    return opened(checkpoint)


def _from_seed(origin: SeedOrigin) -> Example:
    model = of_digest(origin.checkpoint).model
    return render(model, _request(origin, _variety(model, origin)))


def _variety(model: GenerativeModel, origin: SeedOrigin) -> float | None:
    return origin.truncation if model.variety.name == "truncation" else origin.temperature


def _request(origin: SeedOrigin, variety: float | None) -> SampleRequest:
    return SampleRequest(
        origin.seed,
        origin.index,
        origin.condition,
        variety,
        origin.size,
        attempt=origin.attempt,
        nudges=origin.nudges,
    )


def _from_latent(origin: LatentOrigin) -> Example:
    model = of_digest(origin.checkpoint).model
    if not isinstance(model, LatentModel):
        raise GenworldError(
            f"This was made from a latent, but {origin.model!r} has no such space; its stored copy is what counts."
        )
    return at(model, told_point(origin))


def _level(example: Example | None) -> Level:
    if isinstance(example, Level):
        return example
    raise GenworldError(
        "Cells were changed in a sprite's origin, but only levels have cells; its stored copy is what counts."
    )


def _sprite(example: Example | None) -> Sprite:
    if isinstance(example, Sprite):
        return example
    raise GenworldError("A level was given a finish, but only sprites are; its stored copy is what counts.")


def with_finish(sampled: Sampled, finish: Finish) -> Sampled:
    """A sprite with a finish, and the origin that tells of it. Raises GenworldError for a level."""
    made = finished(_sprite(sampled.example), finish)
    return Sampled(made, FinishOrigin(parent=sampled.origin, finish=finish))


def _edited(parent: Example | None, origin: EditOrigin) -> Level:
    level = _level(parent)
    tiles = level.tiles.copy()
    for row, column, tile in origin.edits:
        _require_cell(level, row, column)
        tiles[row, column] = limits.whole("A tile id", tile, 0, len(level.legend.tiles) - 1)
    return Level(tiles, level.legend)


def _filled(parent: Example | None, origin: FillOrigin) -> Level:
    level = _level(parent)
    model = of_digest(origin.checkpoint).model
    if not isinstance(model, CanFill):
        raise GenworldError(
            f"Part of this was made anew by {origin.model!r}, which cannot do that here; its stored copy is what counts."
        )
    mask: NDArray[np.bool_] = np.zeros((level.height, level.width), dtype=np.bool_)
    for row, column in origin.mask:
        _require_cell(level, row, column)
        mask[row, column] = True
    with canonical():
        return model.fill(level, mask, seed=origin.seed, temperature=origin.temperature, nudges=origin.nudges)


def _require_cell(level: Level, row: int, column: int) -> None:
    limits.whole("A row", row, 0, level.height - 1)
    limits.whole("A column", column, 0, level.width - 1)
