"""``genworld sample``: samples of a model as files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.texts import Line
from genworld.limits import LIMITS, MAX_SEED
from genworld.mode import Mode

if TYPE_CHECKING:
    from genworld.provenance import Finish
    from genworld.sampling import LoadedModel, Sampled

BOUNDS = LIMITS[Mode.LOCAL]


def sample(
    model: Annotated[str, typer.Argument(help="Name of a model (see: genworld models), or the path of its folder.")],
    count: Annotated[int, typer.Option(min=1, max=BOUNDS.sample_count, help="Samples wanted.")] = 16,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="The same seed gives the same samples.")] = 0,
    start: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Number of the first sample of the seed.")] = 0,
    size: Annotated[
        str | None,
        typer.Option(metavar="WIDTHxHEIGHT", help="Size in tiles, such as 60x20, for models of any size."),
    ] = None,
    width: Annotated[
        int | None,
        typer.Option(
            min=4,
            max=BOUNDS.level_side,
            help="Width in tiles, for models of any size.  [default: the model's own, or as the height]",
        ),
    ] = None,
    height: Annotated[
        int | None,
        typer.Option(
            min=4,
            max=BOUNDS.level_side,
            help="Height in tiles, for models of any size.  [default: the model's own, or as the width]",
        ),
    ] = None,
    truncation: Annotated[
        float | None,
        typer.Option(help="Variety of a gan: 0 (all alike) to 1.25 (unusual).  [default: 1]"),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(
            help="Variety of a markov or hmm (0.3 to 2), a vae (0 to 1.5) or a flow (0 to 1.2).  [default: 1]"
        ),
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(help="A class that all samples should have; may be repeated where classes go together."),
    ] = None,
    exit: Annotated[  # noqa: A002
        list[str] | None,
        typer.Option(
            metavar="SIDE", help="A side on which levels should open: north, east, south or west; may be repeated."
        ),
    ] = None,
    ends: Annotated[bool, typer.Option("--ends", help="Levels should have a start and a goal.")] = False,
    more: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TAG=AMOUNT", help="More (above 0) or less of what carries a tag, -8 to 8, such as liquid=1.5."
        ),
    ] = None,
    playable: Annotated[
        bool, typer.Option("--playable", help="Only levels that can be walked from start to goal.")
    ] = False,
    finish: Annotated[
        bool,
        typer.Option(
            "--finish", help="Clean edges, no stray pixels, and no more colours than sprites of the data usually have."
        ),
    ] = False,
    colours: Annotated[
        int | None, typer.Option(min=1, max=256, help="Colours of a sprite at most, in place of that number.")
    ] = None,
    palette: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A .gpl or .hex file: sprites are drawn in its colours and no others."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the files; must be new, empty, or of an earlier run.  [default: out/MODEL]"),
    ] = None,
) -> None:
    """Write samples of a model: a PNG each, levels also as text and in the format of the maps that were learned from,
    and samples.json that tells how to make each again."""
    from genworld import sampling, shaping
    from genworld.cli import folder

    target = folder.checked(out or Path("out") / Path(model).name)
    loaded = sampling.open_model(model)
    chosen = shaping.sample(
        loaded,
        seed=seed,
        count=count,
        start=start,
        condition=tuple(condition or ()),
        variety=variety(loaded, truncation, temperature),
        size=sides(size, width, height),
        shape=shaping.Shape(tuple(exit or ()), ends, nudges(more or ()), playable),
    )
    wanted = finish_of(loaded, finish=finish, colours=colours, palette=palette)
    made: list[Sampled] = []
    line = Line()
    for each in chosen if wanted is None else (sampling.with_finish(each, wanted) for each in chosen):
        made.append(each)
        line.show(f"{len(made)} of {count} samples", last=len(made) == count)
    stems = [f"{loaded.checkpoint.name}-{seed}-{index:03d}" for index in range(start, start + count)]
    folder.write(target, loaded, dict(zip(stems, made, strict=True)))
    typer.echo(f"{count} {loaded.checkpoint.kind}{'s' * (count != 1)} in {target}")


def finish_of(loaded: LoadedModel, *, finish: bool, colours: int | None, palette: Path | None) -> Finish | None:
    """What was asked for; None where nothing was. Raises GenworldError for levels, or a file that is no palette."""
    from genworld.finishing import read_palette
    from genworld.latent.finishes import suited_to
    from genworld.provenance import Finish

    if not finish and colours is None and palette is None:
        return None
    suited = suited_to(loaded.checkpoint)
    wanted = suited if finish else Finish()
    changes = {"colours": colours} if colours is not None else {}
    locked = {"palette": read_palette(palette.expanduser()).colours, "colours": None} if palette is not None else {}
    return wanted.model_copy(update=changes | locked)


def sides(size: str | None, width: int | None, height: int | None) -> tuple[int, int] | None:
    """(rows, columns) asked for; one side alone makes a square.

    >>> sides("60x20", None, None), sides(None, 8, None), sides(None, None, None)
    ((20, 60), (8, 8), None)
    """
    from genworld.errors import GenworldError

    if size is not None:
        found = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", size.strip().lower())
        if found is None or width is not None or height is not None:
            raise GenworldError(
                f"A size is WIDTHxHEIGHT in tiles, such as 60x20, and stands without --width and --height, but {size!r} came."
            )
        return int(found[2]), int(found[1])
    if width is None and height is None:
        return None
    return height or width or 0, width or height or 0


def nudges(texts: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Tags and amounts of TAG=AMOUNT texts. Raises GenworldError for an amount that is no number."""
    from genworld.cli.given import pairs
    from genworld.errors import GenworldError

    found = []
    for tag, amount in pairs("--more", texts).items():
        try:
            found.append((tag, float(amount)))
        except ValueError as error:
            raise GenworldError(f"--more takes TAG=AMOUNT with a number, but {amount!r} came for {tag}.") from error
    return tuple(found)


def variety(loaded: LoadedModel, truncation: float | None, temperature: float | None) -> float | None:
    """The value of the control that the model has. Raises GenworldError for one that it has not."""
    from genworld.errors import GenworldError

    given = {"truncation": truncation, "temperature": temperature}
    own = loaded.model.variety.name
    for name, value in given.items():
        if value is not None and name != own:
            raise GenworldError(
                f"{loaded.checkpoint.name!r} is a {loaded.checkpoint.family}, which has a {own} and no {name}; "
                f"use --{own}."
            )
    return given[own]
