"""``genworld export`` and ``genworld serve``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.errors import GenworldError, unknown

if TYPE_CHECKING:
    from genworld.library import Board, Library


def export(
    board: Annotated[
        str | None, typer.Argument(help="Name or id of a board.  [default: your own, the one that the page shows]")
    ] = None,
    format: Annotated[str, typer.Option(help="Format of the pack: tiled (opens in Tiled).")] = "tiled",  # noqa: A002
    out: Annotated[Path, typer.Option(help="Folder for the zip; a pack of the same name is replaced.")] = Path(),
    name: Annotated[str | None, typer.Option(help="Name of the pack.  [default: the board's]")] = None,
    palette: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A .gpl or .hex file: sprites of the pack are drawn in its colours and no others."
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            help="Folder of your project: the levels of your own maps go beside the original, instead of into a pack; "
            "nothing there is overwritten."
        ),
    ] = None,
) -> None:
    """Write a board as a level pack: one zip with pictures, maps, manifest, licence and credits."""
    from genworld import packs
    from genworld.finishing import read_palette
    from genworld.library import Library
    from genworld.library.shelf import FILE
    from genworld.paths import home

    if palette is not None and into is not None:
        raise GenworldError("A palette is for the sprites of a pack, but --into writes levels; leave one of them out.")
    colours = None if palette is None else read_palette(palette.expanduser())
    if not (home() / FILE).exists():
        raise GenworldError("A pack needs at least one item, but nothing is kept yet; keep samples on the page first.")
    with Library.open() as library:
        chosen = find(library, board)
        if into is None:
            wanted, title = chosen.items(), name or chosen.name
            paths = [packs.export(wanted, name=title, format=format, folder=out.expanduser(), palette=colours)]
        else:
            folder = into.expanduser()
            paths = packs.write_into(folder, packs.belonging(folder, chosen.items()))
    for path in paths:
        typer.echo(str(path))


def find(library: Library, board: str | None) -> Board:
    """A board by id or name; None is the local person's. Raises GenworldError when there is none, or several."""
    if board is None:
        return library.board()
    boards = library.boards()
    found = [each for each in boards if each.id == board] or [each for each in boards if each.name == board]
    if not found:
        raise unknown("board", board, {each.name for each in boards})
    if len(found) > 1:
        ids = ", ".join(each.id for each in found)
        raise GenworldError(f"{len(found)} boards are called {board!r}; give the id of one: {ids}.")
    return found[0]


def serve(
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on; another than this opens the page to others.  [default: 127.0.0.1]"),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to listen on.  [default: the first free one from 7860]")
    ] = None,
) -> None:
    """Open the page; it stays until Ctrl+C."""
    from genworld.ui import serve as serve_page

    serve_page(host, port)
