"""``genworld learn``, ``check`` and ``repair``: a person's own maps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.errors import GenworldError

if TYPE_CHECKING:
    from genworld.content import Level
    from genworld.datasets import Dataset

NOT_PLAYABLE = 1
"""Exit code where a level cannot be walked from start to goal, or nobody knows."""

Places = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Maps of one kind (TMX, TMJ, LDtk, text), or a folder or zip. Tilesets are found beside.",
    ),
]
Options = Annotated[
    list[str] | None,
    typer.Option("--data", metavar="KEY=VALUE", help="An option of the data, such as style=platformer or licence=MIT."),
]


def learn(
    files: Places,
    out: Annotated[
        str | None,
        typer.Option(help="Name of the model, or the path of its folder.  [default: after the first file]"),
    ] = None,
    title: Annotated[str, typer.Option(help="What people read.  [default: the name of the maps]")] = "",
    options: Options = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a model of the same name.")] = False,
) -> None:
    """Learn from your own maps in seconds; then sample, on the page or with `genworld sample`."""
    from genworld import learning
    from genworld.cli.gather import gathered
    from genworld.cli.given import command_of_learn

    with gathered(files) as place:
        data = opened(place, options)
    folder = _folder(out, title or data.name, replace=replace)
    tell(data)
    made = learning.learn(data, title=title or data.name, folder=folder, command=command_of_learn(files, options or ()))
    typer.echo(f"Learned {made.title} in {made.manifest.run.seconds:.1f} s; saved in {made.folder}")
    typer.echo(f"Try it: genworld sample {made.name if out is None or '/' not in out else made.folder} --count 8")


def opened(place: Path, options: Sequence[str] | None) -> Dataset:
    """The data of a place, with options as they were typed."""
    from genworld.cli.given import number, pairs
    from genworld.datasets import open_dataset

    return open_dataset(str(place), **{key: number(value) for key, value in pairs("--data", options or ()).items()})


def tell(data: Dataset) -> None:
    """What was understood, and what a person should know about it."""
    from genworld.datasets.understood import sizes_in_words

    typer.echo(f"{sizes_in_words(data.examples)}; {len(tiles_of(data))} kinds of tiles")
    for note in data.notes:
        typer.echo(f"Note: {note}", err=True)


def tiles_of(data: Dataset) -> Sequence[str]:
    """Names of the tiles of a data set of levels; none for sprites."""
    from genworld.content import LevelSpec

    return data.spec.legend.names if isinstance(data.spec, LevelSpec) else ()


def _folder(out: str | None, title: str, *, replace: bool) -> Path:
    from genworld import learning
    from genworld.checkpoint import models_home
    from genworld.cli.given import place

    if out is None:
        return models_home() / learning.free_name(title)
    path = Path(out)
    named = path.name == out
    return place(out if named else None, None if named else path, title, replace=replace)


def check(
    files: Places,
    options: Options = None,
    picture: Annotated[
        Path | None, typer.Option(help="Folder for a picture of each level with the way drawn over it.")
    ] = None,
) -> None:
    """Say whether levels can be walked from start to goal; exit code 1 where one cannot."""
    from genworld import play
    from genworld.render import png_bytes
    from genworld.render.ways import with_path
    from genworld.storage import write_whole

    found = []
    for name, level in levels(files, options):
        verdict = play.check(level)
        found.append(verdict.reachable is True)
        typer.echo(f"{name}: {word(verdict.reachable)}. {verdict.why}")
        if picture is not None:
            picture.mkdir(parents=True, exist_ok=True)
            write_whole(picture / f"{len(found):03d}.png", png_bytes(with_path(level, verdict.path)))
    if not all(found):
        raise typer.Exit(NOT_PLAYABLE)


def word(reachable: bool | None) -> str:
    """A verdict in one word.

    >>> word(True), word(False), word(None)
    ('playable', 'not playable', 'unknown')
    """
    return {True: "playable", False: "not playable", None: "unknown"}[reachable]


def levels(files: Sequence[Path], options: Sequence[str] | None) -> list[tuple[str, Level]]:
    """Every level of some files with a name. Raises GenworldError where there is none."""
    from genworld.cli.gather import gathered

    with gathered(files) as place:
        data = opened(place, options)
    if not data.levels:
        raise GenworldError(f"Levels were expected, but {data.name!r} holds sprites; give maps or text levels.")
    return list(zip(data.groups, data.levels, strict=True))


def repair(
    files: Places,
    out: Annotated[Path, typer.Option(help="Folder for the repaired levels; nothing there is overwritten.")] = Path(),
    model: Annotated[
        str | None,
        typer.Option(help="Model whose patterns are preferred.  [default: the patterns of the levels themselves]"),
    ] = None,
    options: Options = None,
) -> None:
    """Change as few cells as it takes to walk from start to goal, and say which. TMX and LDtk stay what they were."""
    from genworld import play, sampling, shaping

    found = levels(files, options)
    patterns = (
        shaping.patterns_of(sampling.open_model(model)) if model else play.Patterns.learn([level for _, level in found])
    )
    mended = True
    for number, (name, level) in enumerate(found, start=1):
        done = play.repair(level, patterns)
        mended = mended and done.verdict.reachable is True
        cells = ", ".join(f"{column},{row}" for row, column, *_ in done.changed[:8])
        more = f" and {len(done.changed) - 8} more" if len(done.changed) > 8 else ""
        told = f"{len(done.changed)} cells changed ({cells}{more})" if done.changed else "nothing to change"
        typer.echo(f"{name}: {word(done.verdict.reachable)}, {told}")
        if done.changed:
            for path in write(out.expanduser(), done.level, f"{Path(name).stem}-repaired", number):
                typer.echo(f"  {path}")
    if not mended:
        raise typer.Exit(NOT_PLAYABLE)


def write(folder: Path, level: Level, stem: str, number: int) -> list[Path]:
    """A level in its own format, or as text with a picture; never over a file that is there."""
    from genworld.cli.folder import level_files
    from genworld.storage import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    taken = {path.stem for path in folder.iterdir()}
    free = next(each for each in (stem, *(f"{stem}-{k}" for k in range(number, 10_000))) if each not in taken)
    written = []
    for name, data in level_files(level, free).items():
        place = folder / Path(name).name
        write_whole(place, data)
        written.append(place)
    return written
