"""``genworld surprise``: how likely levels are to a model, and where they are not."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.own import Options, Places, levels

if TYPE_CHECKING:
    from genworld.content import Level
    from genworld.measure import Surprise
    from genworld.sampling import LoadedModel

SHOWN = 3
"""Cells that are named for each level."""


def surprise(
    model: Annotated[
        str, typer.Argument(help="Model of the family markov or hmm (see: genworld models), or the path of its folder.")
    ],
    files: Places,
    options: Options = None,
    picture: Annotated[
        Path | None, typer.Option(help="Folder for a picture of each level that glows where the model is surprised.")
    ] = None,
) -> None:
    """Say how surprising levels are to a model: bits for each tile, and the tiles that it would hardly put there."""
    from genworld import measure, sampling
    from genworld.render import png_bytes
    from genworld.render.heat import with_heat
    from genworld.storage import write_whole

    loaded = sampling.open_model(model)
    for number, (name, level) in enumerate(levels(files, options), start=1):
        own = _adapted(level, loaded)
        with sampling.canonical():
            found = measure.surprise(loaded.model, own)
        typer.echo(f"{name}: {_in_words(found, own)}")
        if picture is not None:
            picture.mkdir(parents=True, exist_ok=True)
            write_whole(picture / f"{number:03d}.png", png_bytes(with_heat(level, measure.glow(found))))


def _adapted(level: Level, loaded: LoadedModel) -> Level:
    """A level in the model's own tiles."""
    from genworld.content import Level
    from genworld.errors import GenworldError
    from genworld.latent.brought import adapted

    own = adapted(level, loaded.checkpoint.spec)
    if not isinstance(own, Level):
        raise GenworldError(f"{loaded.checkpoint.title} makes no levels; take a model of the family markov or hmm.")
    return own


def _in_words(found: Surprise, level: Level) -> str:
    """The mean, and the most surprising cells by column and row."""
    rest = found.cells[found.cells < math.inf]
    mean = float(rest.mean()) if rest.size else 0.0
    odd = f", {found.impossible} of them impossible to it" if found.impossible else ""
    cells = [
        f"{level.legend.names[level.tiles[row, column]]} at {column},{row} ({_bits(found.cells[row, column])})"
        for row, column in found.strongest(SHOWN)
    ]
    return f"{mean:.2f} bits per tile of {found.cells.size:,}{odd}; most surprising: {', '.join(cells)}"


def _bits(value: float) -> str:
    return "impossible" if math.isinf(value) else f"{value:.1f} bits"
