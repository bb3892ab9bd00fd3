"""``genworld data``: what is kept on this machine, and public data that can be fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.texts import Line, table

if TYPE_CHECKING:
    from genworld.datasets.kept import Kept
    from genworld.datasets.public import PublicSet

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Kept data, and public data that can be fetched; train and learn take it as data:NAME.",
)


@app.command("list")
def listed() -> None:
    """List the data that is kept on this machine, and the public sets that can be fetched."""
    from genworld.datasets import store
    from genworld.datasets.public import CATALOGUE

    kept = store.all()
    if kept:
        head = ("kept", "title", "holds", "licence", "may be sold")
        typer.echo(table(head, [_kept_row(each) for each in kept]) + "\n")
    rows = [_public_row(each) for each in CATALOGUE.values()]
    typer.echo(table(("public", "title", "holds", "licence", "fetched"), rows))
    typer.echo("\nFetch one: genworld data fetch NAME    Train on kept data: genworld train data:NAME")


def _kept_row(kept: Kept) -> tuple[str, ...]:
    sold = {True: "yes", False: "no", None: "?"}[kept.sellable]
    return (f"data:{kept.name}", kept.title, kept.sizes, kept.licence, sold)


def _public_row(chosen: PublicSet) -> tuple[str, ...]:
    from genworld.datasets.public import here

    return (chosen.name, chosen.title, chosen.holds, chosen.licence, "yes" if here(chosen) else "no")


@app.command("fetch")
def fetch(
    name: Annotated[str, typer.Argument(help="Of a public set (see: genworld data list).")],
) -> None:
    """Fetch a public data set with git, verify it, and keep it. Ctrl+C leaves nothing half."""
    from genworld.datasets import public

    chosen = public.public_set(name)
    if len(public.here(chosen)) >= len(chosen.parts):
        typer.echo(f"{chosen.title} is here already.")
    progress = _Told()
    try:
        found = public.fetch(chosen, progress.tell)
    finally:
        progress.end()
    for kept in found:
        typer.echo(f"data:{kept.name}: {kept.sizes}. Licence {kept.licence}. {kept.credit}")


class _Told:
    """One line of progress after the other, a new one for each kind of work."""

    def __init__(self) -> None:
        self._line, self._what = Line(), ""

    def tell(self, what: str, done: int, total: int) -> None:
        """Say how much of something is done."""
        if what != self._what:
            self.end()
            self._line, self._what = Line(), what
        self._line.show(f"{what}: {done:,} of {total:,}" if total else what)

    def end(self) -> None:
        """Leave the line as it is."""
        if self._what:
            self._line.show(self._what, last=True)
        self._what = ""


@app.command("remove")
def remove(
    name: Annotated[str, typer.Argument(help="Of kept data, or of a public set, all of whose parts go.")],
) -> None:
    """Move kept data to the trash in the data folder."""
    from genworld.datasets import store

    for kept in _named(name):
        label = store.discard(kept)
        typer.echo(f"data:{kept} is in the trash now: {store.trash() / label}")


def _named(name: str) -> list[str]:
    """The kept data that a name means: itself, or the parts of a public set."""
    from genworld.datasets import store
    from genworld.datasets.public import CATALOGUE, here

    plain = name.removeprefix(f"{store.SCHEME}:")
    own = [kept.name for kept in store.all() if kept.name == plain]
    parts = [kept.name for kept in here(CATALOGUE[plain])] if plain in CATALOGUE else []
    return own or parts or [store.find(plain).name]
