"""``genworld evaluate``: what a model is worth, figure by figure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.course import STOPPED
from genworld.cli.texts import Line, table
from genworld.errors import GenworldError
from genworld.limits import MAX_SEED

if TYPE_CHECKING:
    from genworld.checkpoint import Checkpoint
    from genworld.measure import Report
    from genworld.training import Evaluation, Yardstick

COUNTS = (24, 20_000)


def evaluate(
    model: Annotated[str, typer.Argument(help="Name of a model (see: genworld models), or the path of its folder.")],
    data: Annotated[
        str | None,
        typer.Option(
            metavar="DATASET",
            help="What to measure against: the data that it learned from (what was held out then is the ceiling), or others "
            "of their kind; as for train.  [default: only what needs no data]",
        ),
    ] = None,
    options: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="KEY=VALUE", help="An option of the data, as train takes it with --data."),
    ] = None,
    count: Annotated[
        int,
        typer.Option(
            min=COUNTS[0], max=COUNTS[1], help="Samples at most; of levels 10,000 more are counted for distinct ones."
        ),
    ] = 2000,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Of the samples and of every choice.")] = 1,
    json_file: Annotated[Path | None, typer.Option("--json", help="File that gets all of it as JSON, too.")] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put the figures on the card and into the manifest of your own model.")
    ] = False,
) -> None:
    """Measure a model: quality, copies, playability, attributes, likelihood. Ctrl+C stops; nothing is written then."""
    from genworld import checkpoint, training
    from genworld.sampling import opened
    from genworld.stock import measured
    from genworld.training.evaluation import WITHOUT

    if write and data is None:
        raise GenworldError("A card holds figures measured against the data; give what it learned from with --data.")
    found = checkpoint.find(model)
    if write:
        measured.require_writable(found)
    if json_file is not None:
        _write(json_file, "")  # a path that cannot be written is told before minutes are spent
    against = _yardstick(found, data, options or ()) if data else None
    if write and against is not None and not against.own:
        raise GenworldError(f"{against.words} Figures on its card are of what it learned from; leave out --write.")
    line = _Steps()
    typer.echo(against.words if against else WITHOUT, err=True)
    try:
        done = training.evaluate(opened(found), against, count=count, seed=seed, told=line.show)
    except KeyboardInterrupt:
        line.end()
        typer.echo("Stopped; nothing was written.", err=True)
        raise typer.Exit(STOPPED) from None
    line.end()
    typer.echo(told(done))
    if json_file is not None:
        _write(
            json_file, json.dumps(done.model_dump(mode="json", exclude_none=True), indent=1, ensure_ascii=False) + "\n"
        )
    if write and against is not None:
        made = measured.write(found, done.report, against.training.examples)
        typer.echo(f"Written to {made.folder}")


def _yardstick(found: Checkpoint, place: str, options: Sequence[str]) -> Yardstick:
    """What the model is measured against."""
    from genworld import training
    from genworld.cli.given import number, pairs
    from genworld.datasets import open_dataset, open_unseen

    given = {key: number(value) for key, value in pairs("--option", options).items()}
    data = open_dataset(place, **given)
    drawn = data.source.digest == found.manifest.run.data.digest and not found.manifest.run.hold_out
    return training.yardstick(found, data, open_unseen(place, **given) if drawn else None)


def told(done: Evaluation) -> str:
    """All of it as tables."""
    ceiling = any(figure.ceiling is not None for figure in done.report.figures)
    lines = (
        f"{done.model}, {done.digest[:12]}",
        _table(done.report),
        "The ceiling is the same figure for real data that it did not see: what a perfect model would get."
        if ceiling
        else "",
        _table(done.attributes),
        done.range.words if done.range else "",
    )
    return "\n\n".join(filter(None, lines))


def _table(report: Report) -> str:
    head = ("figure", "value", "95% interval", "ceiling", "samples/training/held-out", "seed", "how to read it")
    return table(head, [figure.cells for figure in report.figures])


class _Steps:
    """One line of progress after the other, a new one for each kind of work."""

    def __init__(self) -> None:
        self._line, self._what = Line(), ""

    def show(self, what: str, done: int, total: int) -> None:
        """Say how much of something is done."""
        if what != self._what:
            self._line.clear()
            self._line, self._what = Line(), what
        self._line.show(f"{what}: {done:,} of {total:,}" if total else what)

    def end(self) -> None:
        """Take the line away."""
        self._line.clear()


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise GenworldError(f"{str(file)!r} cannot be written ({error.strerror}); choose another file.") from error
