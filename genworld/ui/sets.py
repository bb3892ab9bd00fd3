"""The data that somebody can train from: what they kept before, and what comes with genworld."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from genworld import datasets
from genworld.content import Picture, Sprite
from genworld.datasets import BUILTIN, Dataset, store
from genworld.datasets.builtin import ENOUGH
from genworld.datasets.kept import Kept
from genworld.datasets.understood import licence_in_words, shrunk, sizes_in_words, thumbnail
from genworld.errors import GenworldError, unknown
from genworld.limits import NAME_LENGTH
from genworld.recent import Recent
from genworld.render import contact_sheet, picture
from genworld.ui.asked import text
from genworld.ui.pictures import shown

LONGEST = 2 * NAME_LENGTH
LOOKED_AT = 12
"""Built-in levels that are drawn to be looked at: they are made one by one."""
THUMB = 32
SHEET = (132, 268)
"""Rows, columns in pixels of the picture of a set, at most."""
OPEN = 4
"""Sets that stay at hand."""

_open = Recent[str, Dataset](OPEN)


def listed() -> list[dict[str, Any]]:
    """The sets, a person's own first, each newest first; without opening any."""
    own = sorted(store.all(), key=lambda kept: kept.created, reverse=True)
    return [*map(_own, own), *map(_builtin, BUILTIN)]


def _own(kept: Kept) -> dict[str, Any]:
    one = "map" if kept.kind == "level" else "sprite"
    return {
        "name": f"data:{kept.name}",
        "title": kept.title,
        "kind": kept.kind,
        "amount": f"{kept.count:,} {one}{'s' * (kept.count > 1)}",
        "licence": "licence unknown" if kept.licence == "unknown" else kept.licence,
        "own": True,
    }


def _builtin(name: str) -> dict[str, Any]:
    return {
        "name": f"builtin:{name}",
        "title": BUILTIN[name].title,
        "kind": "level",
        "amount": "levels made here",
        "licence": "CC0-1.0",
        "own": False,
    }


def named(value: object) -> str:
    """The name of a set that a browser sent. A path is none: what a browser says never leads to a file.

    Raises:
        GenworldError: there is no such set; tells the nearest name.
    """
    name = text("The data", value, LONGEST)
    head, _, rest = name.partition(":")
    if head == "data":
        store.find(rest)
    elif head != "builtin" or rest not in BUILTIN:
        raise unknown("data set", name, [f"builtin:{one}" for one in BUILTIN])
    return name


def about(name: str) -> tuple[str, str]:
    """Title and kind of a set; its bare name where it is not there any more."""
    head, _, rest = name.partition(":")
    if head == "builtin" and rest in BUILTIN:
        return BUILTIN[rest].title, "level"
    return _about(rest, store.mark(rest))


@lru_cache(maxsize=256)
def _about(name: str, mark: int) -> tuple[str, str]:  # noqa: ARG001  other data may get the name
    try:
        kept = store.find(name)
    except GenworldError:
        return name, "level"
    return kept.title, kept.kind


def is_builtin(name: str) -> bool:
    """Whether a set is made here instead of read."""
    return name.startswith("builtin:")


def options(name: str, preset: str) -> dict[str, int]:
    """How a training of a preset opens a set."""
    return {"count": ENOUGH[preset]} if is_builtin(name) else {}


def opened(name: str, count: int = ENOUGH["quick"]) -> Dataset:
    """The examples of a set; of a built-in one `count`."""
    if is_builtin(name):
        return _at_hand(f"{name} {count}", name, count=count)
    return _at_hand(f"{name} {store.find(name.partition(':')[2]).digest}", name)


def _at_hand(key: str, name: str, **chosen: object) -> Dataset:
    known = _open.get(key)
    if known is None:
        known = datasets.open_dataset(name, **chosen)
        _open.put(key, known)
    return known


def discard(name: str) -> str:
    """Put a set of one's own into the trash.

    Returns:
        What it is called there, for `restore`.

    Raises:
        GenworldError: it came with genworld.
    """
    if is_builtin(name):
        raise GenworldError("Only data of your own goes to the trash, but this comes with genworld.")
    return store.discard(name.partition(":")[2])


def restore(label: str) -> str:
    """Put a set back. Returns its name."""
    return f"data:{store.restore(label).name}"


def small_picture(name: str) -> dict[str, Any]:
    """One example, as small as in a list."""
    example = opened(name, LOOKED_AT).examples[0]
    return shown(shrunk(picture(example) if isinstance(example, Sprite) else thumbnail(example), THUMB))


def preview(name: str) -> dict[str, Any]:
    """What is in a set, to be looked at before anything is learned from it."""
    data = opened(name, LOOKED_AT)
    return {
        "kind": data.spec.kind,
        "sizes": _sizes(name, data),
        "classes": _classes(data),
        "licence": licence_in_words(data.source),
        "notes": list(data.notes),
        "picture": shown(sheet(data)),
    }


def _sizes(name: str, data: Dataset) -> str:
    if not is_builtin(name):
        return sizes_in_words(data.examples)
    first = data.examples[0]
    fewest, most = min(ENOUGH.values()), max(ENOUGH.values())
    return f"{fewest} to {most:,} maps of {first.width} x {first.height} tiles, made as they are needed"


def _classes(data: Dataset) -> str:
    names = data.spec.classes
    return f"{len(names)} classes: {', '.join(names)}" if names else ""


def sheet(data: Dataset) -> Picture:
    """Some examples of all side by side, on clear ground; of large levels one, made smaller."""
    if data.levels:
        return shrunk(thumbnail(data.examples[0]), SHEET[0])
    height, width = (length + 2 for length in data.sprites[0].pixels.shape[:2])
    columns, rows = max(1, SHEET[1] // width), max(1, SHEET[0] // height)
    step = -(-len(data.sprites) // (columns * rows))
    pictures = [picture(one) for one in data.sprites[::step]]
    return contact_sheet(pictures, min(columns, len(pictures)), 1, 2, background=(0, 0, 0, 0))
