"""The ``genworld`` command: the same verbs as the page, one file each for what belongs together.

A fault that a person can act on is one line on standard error and exit code 2; nothing is written then.
Only what a verb needs is loaded, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import genworld
from genworld.cli import bench, data, evaluate, explore, jobs, models, own, sample, share, surprise, tables, train
from genworld.errors import GenworldError

FAULT = 2
"""Exit code of a fault that a person can act on, as of a wrong option."""

app = typer.Typer(
    name="genworld",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(models.app, name="models")
app.command("families")(tables.families)
app.command("datasets")(tables.datasets)
app.command("sample")(sample.sample)
app.command("learn")(own.learn)
app.command("check")(own.check)
app.command("repair")(own.repair)
app.command("surprise")(surprise.surprise)
app.command("train")(train.train)
app.command("worker")(jobs.worker)
app.add_typer(jobs.app, name="jobs")
app.command("evaluate")(evaluate.evaluate)
app.command("explore")(explore.explore)
app.command("export")(share.export)
app.command("serve")(share.serve)
app.command("bench")(bench.bench)
app.add_typer(data.app, name="data")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"genworld {genworld.__version__}")
        raise typer.Exit


@app.callback()
def genworld_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """Explore, curate and export generated game worlds: levels, characters and objects."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command.

    Args:
        arguments: without the program's name; those of this process when None.

    Raises:
        SystemExit: always; code 0 when all went well, 2 for a fault that a person can act on.
    """
    try:
        app(args=None if arguments is None else list(arguments), prog_name="genworld")
    except GenworldError as error:
        typer.echo(f"genworld: {error.sentence}", err=True)
        sys.exit(FAULT)
