"""``genworld models``: those that can be sampled, and what a person does with their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.texts import shortened, table

if TYPE_CHECKING:
    from genworld.checkpoint import Checkpoint
    from genworld.mode import Mode
    from genworld.stock.hub import Hub

app = typer.Typer(
    no_args_is_help=False,
    rich_markup_mode=None,
    help="List the models that can be sampled, and name, export, import, remove or share your own. Without a verb: list.",
)

Name = Annotated[str, typer.Argument(help="Name of a model (see: genworld models).")]
AnyName = Annotated[str, typer.Argument(help="Name of a model (see: genworld models), or the path of its folder.")]
Repo = Annotated[str, typer.Argument(metavar="USER/REPO", help="What the model is called on the hub.")]
Endpoint = Annotated[
    str, typer.Option(help="Address of another hub.  [default: the one that huggingface_hub is set to]")
]
TokenFile = Annotated[
    Path | None,
    typer.Option(help="File with your token for the hub.  [default: that of your login (hf auth login), or HF_TOKEN]"),
]


@app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """List the models when no verb came."""
    if context.invoked_subcommand is None:
        listed()


@app.command("list")
def listed() -> None:
    """List the models that can be sampled: those bundled with genworld, then your own."""
    from genworld.checkpoint import available

    rows = [_model_row(checkpoint) for checkpoint in available()]
    if not rows:
        typer.echo("There is no model yet; train one, for example: genworld train builtin:dungeon --family markov")
        return
    typer.echo(table(("name", "kind", "family", "size", "classes", "licence of the data", "whose"), rows))


@app.command("show")
def show(name: AnyName) -> None:
    """Show the card of a model: what it makes, what it learned from, how good it is, its limits."""
    from genworld import card, checkpoint

    found = checkpoint.find(name)
    text = card.text(found, card.stored_report(found))
    typer.echo(text.split("---\n", 2)[2].strip())  # without what model hubs read
    typer.echo(f"\nFolder: {found.folder}")


@app.command("rename")
def rename(
    name: Name,
    title: Annotated[str | None, typer.Argument(help="What you read, such as 'Deep caves'.")] = None,
    to: Annotated[str | None, typer.Option("--name", help="What commands take, such as deep-caves.")] = None,
) -> None:
    """Give one of your own models another title, another name, or both. What was made with it stays as it is."""
    from genworld.stock import names

    made = names.rename(name, title, to=to)
    typer.echo(f"{made.name}: {made.title}")


@app.command("export")
def export(
    name: AnyName,
    out: Annotated[Path, typer.Option(help="Folder for the zip; one of the same name is replaced.")] = Path(),
    resumable: Annotated[
        bool, typer.Option("--resumable", help="With its training state and earlier steps, to go on with its training.")
    ] = False,
) -> None:
    """Write a model as one zip, for another machine or another person."""
    from genworld.stock import bundle

    typer.echo(str(bundle.export(name, out.expanduser(), resumable=resumable)))


@app.command("import")
def bring(place: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A zip that genworld exported.")]) -> None:
    """Bring a model that somebody exported. All of it is checked before you see it; pickles are never opened."""
    from genworld.stock import bundle

    arrival = bundle.bring(place.expanduser(), mode=_mode())
    _say_brought(arrival.checkpoint, new=arrival.new)


@app.command("remove")
def remove(name: Name) -> None:
    """Put one of your own models into the trash."""
    from genworld.stock import trash

    label = trash.discard(name)
    typer.echo(f"{name} is in the trash. To bring it back: genworld models restore {label}")


@app.command("restore")
def restore(label: Annotated[str, typer.Argument(help="What remove called it in the trash.")]) -> None:
    """Bring a model back out of the trash."""
    from genworld.stock import trash

    typer.echo(f"{trash.restore(label)} is back.")


@app.command("push")
def push(
    name: AnyName,
    repo: Repo,
    public: Annotated[bool, typer.Option("--public", help="Everybody may see it; without, only you.")] = False,
    licence: Annotated[str, typer.Option(help="Licence of its data, where the model does not know it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; what would be asked is still shown.")] = False,
    endpoint: Endpoint = "",
    token_file: TokenFile = None,
) -> None:
    """Put a model on a model hub, with your own token: private, unless you say otherwise."""
    from genworld.stock import hub

    parcel = hub.parcel(name, public=public, licence=licence)
    typer.echo(parcel.words)
    if not yes:
        typer.confirm(f"Push it to {repo}?", abort=True)
    pushed = hub.push(parcel, repo, _hub(endpoint, token_file), public=public)
    typer.echo(f"{pushed.address} at {pushed.revision[:12]}{' (private)' if pushed.private else ''}")


@app.command("pull")
def pull(
    repo: Repo,
    revision: Annotated[str, typer.Option(help="Commit, branch or tag; its commit is said, to be pinned.")] = "main",
    endpoint: Endpoint = "",
    token_file: TokenFile = None,
) -> None:
    """Bring a model from a model hub, checked as import does."""
    from genworld.stock import hub

    arrival, commit = hub.pull(repo, _hub(endpoint, token_file), revision=revision, mode=_mode())
    _say_brought(arrival.checkpoint, new=arrival.new)
    typer.echo(f"From {repo}; the same again: --revision {commit}")


def _hub(endpoint: str, token_file: Path | None) -> Hub:
    from genworld.stock.hub import Hub

    return Hub(endpoint, token_file)


def _mode() -> Mode:
    """Whose machine this is; what a page would be that listened here alone."""
    from genworld import mode

    return mode.decide("127.0.0.1")


def _say_brought(found: Checkpoint, *, new: bool) -> None:
    if new:
        typer.echo(f"{found.name}: {found.title}. Sample it: genworld sample {found.name}")
    else:
        typer.echo(f"It is here already, as {found.name}: {found.title}. Nothing was added.")


def _model_row(checkpoint: Checkpoint) -> tuple[str, ...]:
    return (
        checkpoint.name,
        checkpoint.kind,
        checkpoint.family,
        _size(checkpoint),
        shortened(checkpoint.spec.classes, most=3) or "-",
        checkpoint.manifest.run.data.licence,
        "mine" if checkpoint.mine else "bundled",
    )


def _size(checkpoint: Checkpoint) -> str:

    free = checkpoint.free_sides
    if all(free):
        return "any"
    if any(free):
        return f"any x {checkpoint.spec.width} tiles" if free[0] else f"{checkpoint.spec.height} x any tiles"
    unit = "tiles" if checkpoint.kind == "level" else "pixels"
    return f"{checkpoint.spec.height} x {checkpoint.spec.width} {unit}"
