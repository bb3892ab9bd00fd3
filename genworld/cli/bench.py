"""``genworld bench``: how fast this machine is, and how well things go on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from genworld.errors import GenworldError, unknown


def bench(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="sampling, start, hostile, own, explore, quality or train; all when left out."
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of real data, for benches that measure on some.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="File that gets the rows as JSON objects, too.")
    ] = None,
) -> None:
    """Measure on this machine: samples of the bundled models, the start of the page, hostile files, learning from your own maps, exploring, models beside those of others, training in the background."""
    from genworld.bench import BENCHES

    if name is not None and name not in BENCHES:
        raise unknown("bench", name, BENCHES)
    if data is not None and not data.is_dir():
        raise GenworldError(f"There is no folder {str(data)!r} with data to measure on; check the path.")
    if json_file is not None:
        _write(json_file, [])  # a path that cannot be written is told before minutes are spent
    rows: list[dict[str, Any]] = []
    for each in [name] if name else BENCHES:
        rows += _run(each, data)
    if json_file is not None:
        _write(json_file, rows)


def _run(name: str, data: Path | None) -> list[dict[str, Any]]:
    """The rows of one bench, each said as soon as it is there."""
    from genworld.bench import BENCHES, as_json

    title, run = BENCHES[name]
    typer.echo(f"{title[:1].upper()}{title[1:]}")
    rows = []
    for row in run(data):
        typer.echo(f"  {row}")
        rows.append({"bench": name, **as_json(row)})
    return rows


def _write(file: Path, rows: list[dict[str, Any]]) -> None:
    try:
        file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise GenworldError(f"{str(file)!r} cannot be written ({error.strerror}); choose another file.") from error
