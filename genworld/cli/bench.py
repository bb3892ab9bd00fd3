"""``genworld bench``: how fast this machine is, and how well things go on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genworld.errors import GenworldError, unknown


def bench(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="sampling, start, hostile or own; all when left out.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of real data, for benches that measure on some.")] = None,
) -> None:
    """Measure on this machine: samples of the bundled models, the start of the page, hostile files, learning from your own maps."""
    from genworld.bench import BENCHES

    if name is not None and name not in BENCHES:
        raise unknown("bench", name, BENCHES)
    if data is not None and not data.is_dir():
        raise GenworldError(f"There is no folder {str(data)!r} with data to measure on; check the path.")
    for title, run in [BENCHES[name]] if name else BENCHES.values():
        typer.echo(f"{title[:1].upper()}{title[1:]}")
        for row in run(data):
            typer.echo(f"  {row}")
