"""``genworld explore``: what the sliders and the maps of a model need, made beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.texts import Line, table
from genworld.errors import GenworldError, unknown

if TYPE_CHECKING:
    from genworld.datasets import Dataset
    from genworld.latent.maps import Method
    from genworld.latent.preparing import Prepared
    from genworld.sampling import LoadedModel

BEFORE = 2_000
"""Samples of a map, where nothing else is asked for; as `genworld.latent.maps.COUNT`."""


def explore(
    model: Annotated[str, typer.Argument(help="Name of a model (see: genworld models), or the path of its folder.")],
    count: Annotated[int, typer.Option(min=16, max=20_000, help="Samples of the map.")] = BEFORE,
    method: Annotated[
        str | None,
        typer.Option(help="umap, pca or measured.  [default: umap; measured where there is no latent space]"),
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(
            metavar="DATASET",
            help="The data that it learned from: fingerprints of all and a few as they are are kept, to tell copies and to be laid over its maps.",
        ),
    ] = None,
    ship: Annotated[bool, typer.Option("--ship", help="Put all of it into the model's own folder.")] = False,
) -> None:
    """Prepare a model for the tabs Latent and Map: measure samples, fit the sliders, place the map. Ctrl+C stops."""
    from genworld import paths, sampling
    from genworld.latent import kept, preparing

    loaded = sampling.open_model(model)
    chosen = _method(loaded, method)
    line = _Steps()
    if examples is not None:
        preparing.keep_examples(loaded, learned_from(loaded, examples), line.show)
    prepared = preparing.prepare(loaded, count=count, method=chosen, told=line.show)
    line.end()
    typer.echo(summary(prepared))
    if ship:
        files = preparing.ship(loaded, count)
        typer.echo(f"\n{len(files)} files of {sum(file.stat().st_size for file in files) / 2**10:,.0f} KiB in all")
    folder = loaded.checkpoint.folder / kept.FOLDER if ship else paths.home() / kept.FOLDER / loaded.checkpoint.digest
    typer.echo(f"Kept in {folder}")


def _method(loaded: LoadedModel, name: str | None) -> Method:
    from genworld.latent import maps

    offered = maps.methods(loaded)
    if name is None:
        return maps.Method.UMAP if maps.Method.UMAP in offered else maps.Method.MEASURED
    if name not in list(maps.Method):
        raise unknown("method", name, [each.value for each in maps.Method])
    return maps.Method(name)


def learned_from(loaded: LoadedModel, place: Path) -> Dataset:
    """The examples of a data set as a model learned them.

    Raises:
        GenworldError: it learned from other data.
    """
    from genworld.datasets import open_dataset
    from genworld.training import Cuts

    run, data = loaded.checkpoint.manifest.run, open_dataset(str(place))
    if data.source.digest != run.data.digest:
        raise GenworldError(
            f"{loaded.checkpoint.title} learned from {run.data.name}, but {place.name} holds something else; "
            "give the data of its training."
        )
    return Cuts(run.window, run.least_open, run.hold_out).divide(data, loaded.checkpoint.family)[0]


class _Steps:
    """One line of progress after the other, a new one for each kind of work."""

    def __init__(self) -> None:
        self._line, self._what = Line(), ""

    def show(self, what: str, done: int, total: int) -> None:
        """Say how much of something is done."""
        kind = what.split(",")[0]
        if kind != self._what:
            self.end()
            self._line, self._what = Line(), kind
        self._line.show(f"{what}: {done:,} of {total:,}" if total else what, last=bool(total) and done == total)
        if total and done == total:
            self._what = ""

    def end(self) -> None:
        """Leave the line as it is."""
        if self._what:
            self._line.show("", last=True)
        self._what = ""


def summary(prepared: Prepared) -> str:
    """What was found, as tables."""
    lines = [f"{prepared.measured:,} samples measured"]
    if prepared.shares:
        lines.append(f"Principal axes hold {prepared.shares[0]:.1%} and {prepared.shares[1]:.1%} of the variance")
    lines.append(
        f"{prepared.empty:.0%} of the map of {prepared.axes[0]} and {prepared.axes[1]} is empty (32 x 32 cells)"
    )
    rows = [(title, f"{score:.2f}", "yes") for title, score in prepared.shown]
    rows += [(each.title, f"{each.score:.2f}", f"no: {each.why}") for each in prepared.hidden]
    scores = table(("slider", "R2 or share of variance", "shown"), rows) if rows else ""
    has = [(title, f"{share:.0%}") for title, share in prepared.described]
    return "\n\n".join(
        filter(None, ("\n".join(lines), scores, "" if rows else table(("attribute", "defined for"), has)))
    )
