"""``genworld bench``: how fast this machine is."""

from __future__ import annotations

from typing import Annotated

import typer

from genworld.errors import unknown


def bench(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="sampling or start; both when left out.")] = None,
) -> None:
    """Measure speed on this machine: samples of the bundled models, the start of the page."""
    from genworld.bench import BENCHES

    if name is not None and name not in BENCHES:
        raise unknown("bench", name, BENCHES)
    for title, run in [BENCHES[name]] if name else BENCHES.values():
        typer.echo(f"{title[:1].upper()}{title[1:]}")
        for timing in run():
            typer.echo(f"  {timing}")
