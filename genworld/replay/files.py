"""A replay beside its model: ``replay.json`` with curves and notes, ``replay.safetensors`` with the frames.

The JSON names the digest of the frames. What is damaged is absent, and the log tells: a model is whole without it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from genworld.content import Spec
from genworld.errors import GenworldError
from genworld.limits import BUNDLED_FILE_BYTES
from genworld.provenance import Digest, Record
from genworld.replay.packing import pack, unpack
from genworld.replay.record import Frame, Kind, Note, Replay
from genworld.replay.thinning import FRAMES, POINTS, Point, spread, thinned
from genworld.storage import read_bounded, sha256, write_whole

FORMAT = 1
JSON = "replay.json"
BLOB = "replay.safetensors"
JSON_BYTES = 2 * 2**20
"""Of curves and notes, at most."""
NOTES = 256
"""Notes that are kept, the last ones."""
SENTENCE = 500
"""Characters of a note."""
SHORTEST = 32
"""Points that a curve keeps at least where there are many curves."""

_log = logging.getLogger(__name__)

_Step = Annotated[int, Field(ge=0, lt=2**53)]
_Name = Annotated[str, Field(min_length=1, max_length=80)]
_Curve = Annotated[tuple[tuple[_Step, float], ...], Field(max_length=POINTS)]


class _NoteRecord(Record):
    step: _Step
    kind: Kind
    text: Annotated[str, Field(max_length=SENTENCE)]


class _Content(Record):
    """``replay.json``."""

    format: int
    total: _Step
    curves: Annotated[dict[_Name, _Curve], Field(max_length=64)]
    notes: Annotated[tuple[_NoteRecord, ...], Field(max_length=NOTES)]
    frames: Annotated[tuple[_Step, ...], Field(max_length=FRAMES)]
    sha256: Digest


def write(folder: Path, replay: Replay) -> None:
    """Writes a replay into the folder of a model; one that is there is replaced.

    At most 9 MB are used: where its frames need more, those that tell least are left out. Values keep six digits.

    Raises:
        GenworldError: the folder cannot be written.
    """
    frames = _bounded({frame.step: pack(frame.examples) for frame in replay.frames}, replay.total)
    blob = save({_key(step): np.frombuffer(data, dtype=np.uint8) for step, data in frames.items()})
    text = _content(replay, tuple(frames), sha256(blob)).model_dump_json() + "\n"
    # Between the two writes the frames are not those that the JSON names: for a moment the replay has none.
    write_whole(folder / BLOB, blob)
    write_whole(folder / JSON, text.encode())


def read(folder: Path, spec: Spec) -> Replay | None:
    """The replay of the model in `folder`; None where there is none or its JSON is damaged.

    Damaged frames are absent while curves and notes are read.

    Args:
        folder: of the model.
        spec: of the model: what its frames show.
    """
    if not (folder / JSON).is_file():
        return None
    try:
        content = _Content.model_validate_json(read_bounded(folder / JSON, JSON_BYTES))
        if content.format != FORMAT:
            raise GenworldError(f"Expected a replay of format {FORMAT}, but {content.format} came; update genworld.")
        _require_rising(content)
    except (GenworldError, ValidationError) as error:
        _log.warning("no replay of %s: %s", folder.name, error)
        return None
    notes = tuple(Note(note.step, note.kind, note.text) for note in content.notes)
    return Replay(content.total, dict(content.curves), tuple(_frames(folder, content, spec)), notes)


def _content(replay: Replay, steps: tuple[int, ...], digest: str) -> _Content:
    # All curves together have a bound as well, so many curves are short ones.
    most = max(SHORTEST, min(POINTS, JSON_BYTES // 64 // max(1, len(replay.curves))))
    return _Content(
        format=FORMAT,
        total=replay.total,
        curves={name: _rounded(curve, most) for name, curve in replay.curves.items()},
        notes=tuple(_NoteRecord(step=n.step, kind=n.kind, text=n.text[:SENTENCE]) for n in replay.notes[-NOTES:]),
        frames=steps,
        sha256=digest,
    )


def _rounded(curve: tuple[tuple[int, float], ...], most: int) -> tuple[tuple[int, float], ...]:
    points = thinned([Point(step, value) for step, value in curve], most)
    return tuple((point.step, float(f"{point.value:.6g}")) for point in points)


def _bounded(frames: dict[int, bytes], total: int) -> dict[int, bytes]:
    """As many of the frames as fit, evenly; the last one always stays."""
    while sum(map(len, frames.values())) > BUNDLED_FILE_BYTES - JSON_BYTES and len(frames) > 2:
        frames = {step: frames[step] for step in spread(sorted(frames), total, len(frames) - 1)}
    return frames


def _require_rising(content: _Content) -> None:
    for steps in (content.frames, *(tuple(step for step, _ in curve) for curve in content.curves.values())):
        if any(later <= earlier for earlier, later in pairwise(steps)):
            raise GenworldError("Expected steps that rise, but the replay goes back; train again.")


def _frames(folder: Path, content: _Content, spec: Spec) -> Iterator[Frame]:
    try:
        tensors = _tensors(folder, content.sha256)
    except (GenworldError, SafetensorError, ValueError) as error:
        _log.warning("no frames in the replay of %s: %s", folder.name, error)
        return
    for step in content.frames:
        with suppress(GenworldError, KeyError):
            yield Frame(step, tuple(unpack(tensors[_key(step)].tobytes(), spec)))


def _tensors(folder: Path, digest: str) -> dict[str, Any]:
    data = read_bounded(folder / BLOB, BUNDLED_FILE_BYTES)
    if sha256(data) != digest:
        raise GenworldError(f"{BLOB} is not the file that {JSON} names; train again.")
    return dict(load(data))


def _key(step: int) -> str:
    return f"frame/{step:012d}"
