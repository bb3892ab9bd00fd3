"""The Models tab: what is known of each model, its pictures, and the replay of its training. Importing this loads torch."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from genworld import art, card, checkpoint, replay
from genworld.checkpoint import MANIFEST, Checkpoint
from genworld.content import LevelSpec
from genworld.errors import GenworldError
from genworld.limits import MIB, PICTURE_PIXELS
from genworld.models import FAMILIES
from genworld.models.base import LatentModel
from genworld.provenance import DataSource
from genworld.recent import Recent
from genworld.replay import Frame, Replay
from genworld.stock import bundle, names, own
from genworld.storage import read_bounded
from genworld.ui import draw, figures, films, folders, shelf
from genworld.ui.pictures import data_uri

PICTURE_BYTES = 16 * MIB
PNG = b"\x89PNG\r\n\x1a\n"
LINK = re.compile(r"https://[\w./~%-]{1,300}")
"""What is offered as a link; other sources are shown as text."""
TILES_TOLD = 40
REPLAY = "replay.json"
AT_HAND = 4
"""Replays in memory."""
LONGEST_SIDE = 384
"""Pixels of a frame's picture, at most."""

_replays: Recent[tuple[str, str, int], Replay | bool] = Recent(AT_HAND)


def brief(names: Sequence[str]) -> dict[str, Any]:
    """What the cards say beyond what the bar knows, by name; damaged models have nothing to say."""
    found = {name: _sound(name) for name in names}
    return {name: _brief(one) for name, one in found.items() if one is not None}


def _sound(name: str) -> Checkpoint | None:
    try:
        return shelf.on_shelf(name)
    except GenworldError:
        return None


def _brief(found: Checkpoint) -> dict[str, Any]:
    run = found.manifest.run
    return {
        "changed": (found.folder / MANIFEST).stat().st_mtime,
        "steps": run.steps,
        "data": run.data.name,
        "sellable": run.data.sellable,
    }


def told(name: str) -> dict[str, Any]:
    """Everything about one model, in words and numbers.

    Raises:
        GenworldError: there is none of this name, or its manifest is damaged.
    """
    found = shelf.on_shelf(name)
    report = figures.report_of(found.manifest.measures)
    return {
        "name": name,
        "digest": found.digest,
        "title": found.title,
        "summary": found.summary,
        "kind": found.kind,
        "makes": makes(found),
        "classes": list(found.spec.classes),
        "exclusive": found.spec.exclusive,
        "tiles": list(found.spec.legend.names[:TILES_TOLD]) if isinstance(found.spec, LevelSpec) else [],
        "figures": figures.in_json(report),
        "limits": card.limits_of(found, report),
        "data": _data(found.manifest.run.data),
        "run": _run(found),
        "sheet": _size_of(found.folder / card.SHEET),
    }


def makes(found: Checkpoint) -> str:
    """What comes out of a model: its kind and size."""
    size = (found.spec.height, found.spec.width)
    if FAMILIES[found.family].resizable:
        return found.makes
    if None in size:
        return f"{found.kind}s of many sizes"
    unit = "tiles" if found.kind == "level" else "pixels"
    return f"{found.kind}s of {size[1]} × {size[0]} {unit}"


def _data(source: DataSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "licence": source.licence,
        "credit": source.credit,
        "url": source.url,
        "link": LINK.fullmatch(source.url) is not None,
        "sellable": source.sellable,
        "note": source.note,
    }


def _run(found: Checkpoint) -> dict[str, Any]:
    run = found.manifest.run
    return {
        "steps": run.steps,
        "seconds": run.seconds,
        "examples": run.examples,
        "seed": run.seed,
        "window": run.window,
        "holdOut": run.hold_out,
        "command": run.command,
        "versions": ", ".join(
            f"{what} {version}" for what, version in (("genworld", run.genworld), ("torch", run.torch)) if version
        ),
    }


def earlier(name: str) -> list[dict[str, Any]]:
    """Earlier checkpoints of a model that can be gone back to, the newest first."""
    return [{"step": one.manifest.step, "digest": one.digest} for one in checkpoint.earlier(shelf.on_shelf(name))][::-1]


def went_back(name: str, to: str) -> dict[str, Any]:
    """Make an earlier checkpoint the present one, which stays among the earlier ones.

    Raises:
        GenworldError: the model came with genworld, is being trained, or has no such checkpoint.
    """
    found = _own(name)
    own.require_idle(name)
    return {"step": checkpoint.go_back(found, to).manifest.step}


def renamed(name: str, title: str) -> dict[str, Any]:
    """Another title for one of a person's own models."""
    return {"title": names.rename(name, title).title}


def exported(name: str, folder: Path) -> Path:
    """A model as one zip in a folder."""
    return bundle.export(name, folder)


def brought(place: Path) -> dict[str, Any]:
    """A model out of a zip that somebody exported, among the person's own; `new` unless it was here already."""
    arrival = bundle.bring(place)
    return {"model": arrival.checkpoint.folder.name, "title": arrival.checkpoint.title, "new": arrival.new}


def digest(value: object) -> str:
    """A digest as the browser sends it. Raises GenworldError for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
        return value
    raise GenworldError(
        "A step is named by its digest, 64 hexadecimal digits, but something else came; reload the page."
    )


def _own(name: str) -> Checkpoint:
    found = shelf.on_shelf(name)
    if not found.mine:
        raise GenworldError(f"Only models of your own are changed, but {name} came with genworld.")
    return found


def sheet(name: str) -> dict[str, Any]:
    """Samples beside training data, as one picture.

    Raises:
        GenworldError: the model has none, or it is no picture of ours.
    """
    path = folders.folder(name) / card.SHEET
    size = _size_of(path)
    if size is None:
        raise GenworldError("This model has no sheet of samples beside real data; measure it to have one.")
    return {"picture": data_uri(read_bounded(path, PICTURE_BYTES)), **size}


def _size_of(path: Path) -> dict[str, int] | None:
    """Width and height of a PNG in pixels; None where there is no PNG, or none that a browser should unpack."""
    try:
        with path.open("rb") as file:
            head = file.read(24)
    except OSError:
        return None
    if len(head) < 24 or not head.startswith(PNG):
        return None
    width, height = struct.unpack(">II", head[16:24])
    return {"width": width, "height": height} if 0 < width * height <= PICTURE_PIXELS else None


def replayed(name: str) -> dict[str, Any]:
    """The replay of a training: curves, notes, the steps of all frames, and the pictures of the last."""
    found = shelf.on_shelf(name)
    known = _replay(found)
    if known is None:
        return {"replay": None, "counted": not issubclass(FAMILIES[found.family].serving(found.kind), LatentModel)}
    return {
        "replay": {
            "total": known.total,
            "curves": {curve: [list(point) for point in points] for curve, points in known.curves.items()},
            "notes": [films.noticed(note) for note in known.notes],
            "frames": [_frame(frame, shown=frame is known.frames[-1]) for frame in known.frames],
        }
    }


def frames(name: str, steps: Sequence[int]) -> dict[str, Any]:
    """The pictures of some frames of a replay; steps that have none are left out."""
    known = _replay(shelf.on_shelf(name))
    wanted = [frame for frame in known.frames if frame.step in steps] if known else []
    with draw.turn():
        return {"frames": [_frame(frame, shown=True) for frame in wanted]}


def _replay(found: Checkpoint) -> Replay | None:
    """The replay of a checkpoint, read once for as long as its file stays."""
    try:
        written = (found.folder / REPLAY).stat().st_mtime_ns
    except OSError:
        return None
    known = _replays.of((str(found.folder), found.digest, written), lambda: _read(found))
    return known if isinstance(known, Replay) else None


def _read(found: Checkpoint) -> Replay | bool:
    art.adopt(found.folder)  # levels are drawn with it
    return replay.read(found.folder, found.spec) or False


def _frame(frame: Frame, *, shown: bool) -> dict[str, Any]:
    return {"step": frame.step, "tiles": [films.tile(one, LONGEST_SIDE) for one in frame.examples] if shown else []}
