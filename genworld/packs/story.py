"""What is written into the properties of a map about the level that it holds."""

from __future__ import annotations

from genworld.library import Item
from genworld.provenance import EditOrigin, FillOrigin, FinishOrigin, Origin, SeedOrigin, in_words


def story(item: Item) -> dict[str, str | int]:
    """Facts about a kept level by name: what it is called, where it comes from, under which licence."""
    seed = seed_of(item.origin)
    return {
        "name": item.name,
        "origin": in_words(item.origin),
        **({} if seed is None else {"seed": seed}),
        "model": item.model,
        "digest": item.digest,
        "licence": item.source.licence,
        **({"credit": item.source.credit} if item.source.credit else {}),
    }


def seed_of(origin: Origin) -> int | None:
    """The seed that a thing, or what it was made from, was drawn with."""
    match origin:
        case SeedOrigin():
            return origin.seed
        case EditOrigin() | FillOrigin() | FinishOrigin():
            return seed_of(origin.parent)
    return None
