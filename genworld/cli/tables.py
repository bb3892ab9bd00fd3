"""What there is: families with their settings, data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.texts import shortened, table

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from genworld.models.base import GenerativeModel

BOUNDS = {"gt": "above {}", "ge": "{}", "lt": "to below {}", "le": "to {}"}
"""How the bounds of a setting read, in this order."""


def families(
    name: Annotated[
        str | None, typer.Argument(help="A family, to see all its settings; without, all families.")
    ] = None,
) -> None:
    """List the families of models, or every setting of one with its range and default, for train --set."""
    from genworld.models import FAMILIES, family

    if name is None:
        rows = [(each.family, each.title, " and ".join(sorted(each.kinds)), each.summary) for each in FAMILIES.values()]
        typer.echo(table(("family", "title", "learns", "summary"), rows))
        typer.echo("\nEvery setting of one: genworld families NAME")
        return
    typer.echo(settings_table(family(name)))


def settings_table(family: type[GenerativeModel]) -> str:
    """Every setting of a family: range, default and what it does, from its config class."""
    fields = family.Config.model_fields
    rows = [(name, _range(field), _text(field.default), field.description or "") for name, field in fields.items()]
    variety = family.variety
    return (
        f"{family.family}: {family.summary}\n\n{table(('setting', 'range', 'default', 'what it does'), rows)}\n\n"
        f"Samples take --{variety.name} {variety.low:g} to {variety.high:g}, default {variety.default:g}."
    )


def _range(field: FieldInfo) -> str:
    """What a setting may be, from its type and its bounds."""
    from typing import Literal, get_args, get_origin

    if get_origin(field.annotation) is Literal:
        return ", ".join(map(str, get_args(field.annotation)))
    if field.annotation is bool:
        return "true, false"
    bounds = {
        name: bound
        for metadata in field.metadata
        for name in BOUNDS
        if (bound := getattr(metadata, name, None)) is not None
    }
    return " ".join(word.format(_text(bounds[name])) for name, word in BOUNDS.items() if name in bounds) or "any"


def _text(value: object) -> str:
    """A value as it is typed."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "by itself"
    return f"{value:,}".replace(",", "_") if isinstance(value, int) else str(value)


def datasets() -> None:
    """List the data sets that ship with genworld, and the kinds of files that it reads."""
    from genworld.datasets import BUILTIN, READERS

    worlds = [(f"builtin:{world.name}", shortened(world.classes, most=6)) for world in BUILTIN.values()]
    typer.echo(table(("data set", "classes"), worlds))
    typer.echo("\nOr the path of a folder, zip or file; what is in it says how it is read:\n")
    readers = [(reader.name, reader.summary) for reader in READERS.values() if reader.name != "builtin"]
    typer.echo(table(("reader", "reads"), readers))
