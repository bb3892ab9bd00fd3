"""The nearest training example of a sample, in words and where its licence allows it as a picture. Importing this loads torch."""

from __future__ import annotations

from typing import Any

from genworld import render
from genworld.content import Example, Level
from genworld.latent import novelty
from genworld.latent.novelty import Nearest
from genworld.measure.level_copies import NEAR as NEAR_LEVEL
from genworld.measure.sprite_copies import NEAR as NEAR_SPRITE
from genworld.provenance import DataSource
from genworld.stock.licences import may_pass_on
from genworld.ui.dresses import in_art
from genworld.ui.figures import shown as number
from genworld.ui.pictures import shown as picture
from genworld.ui.subjects import Subject


def told(subject: Subject) -> dict[str, Any]:
    """What the large view says; ``{"words": ""}`` where nobody can tell.

    Args:
        subject: as it is made here again.
    """
    example = subject.sampled.example
    found = novelty.nearest(subject.loaded.checkpoint, example) if subject.loaded else None
    if found is None:
        return {"words": "", "about": "", "shown": None}
    kind = "level" if isinstance(example, Level) else "sprite"
    return {
        "words": words(found),
        "about": about(found, kind),
        "shown": _shown(found, subject) if found.shown is not None and may_show(subject.source) else None,
    }


def may_show(source: DataSource) -> bool:
    """Whether a training example may be shown: under a licence that is known, free, and not restricted by its class."""
    return may_pass_on(source) and source.sellable is not False


def words(found: Nearest) -> str:
    """How near it is, for somebody who designs.

    >>> words(Nearest(distance=0.114, known=20_000, total=20_000, apart=0.094))
    'about 11% different; the 20,000 training examples differ by 9% from each other'
    >>> words(Nearest(near=True, distance=0.01, known=12, total=12, apart=0.1, sides=(16, 16)))
    'a part of 16 × 16 is almost one of 12 training examples'
    >>> words(Nearest(shown_distance=0.25, shown_of=256))
    '25% different from the nearest of 256 that are kept'
    """
    part = f"a part of {found.sides[1]} × {found.sides[0]} is " if found.sides else ""
    if found.distance is None:
        where = f"in its nearest part of {found.sides[1]} × {found.sides[0]} " if found.sides else ""
        return f"{_percent(found.shown_distance)} different {where}from the nearest of {found.shown_of} that are kept"
    if found.exact:
        return f"{part}a copy of one of {found.total:,} training examples"
    if found.near:
        return f"{part}almost one of {found.total:,} training examples"
    where = f" in its nearest part of {found.sides[1]} × {found.sides[0]}" if found.sides else ""
    return (
        f"about {_percent(found.distance)} different{where}; the {found.total:,} training examples differ by "
        f"{_percent(found.apart)} from each other"
    )


def about(found: Nearest, kind: str) -> str:
    """What exactly was measured."""
    what = (
        f"Share of tiles that differ, turned and mirrored as training did; up to {NEAR_LEVEL:.0%} is almost a copy."
        if kind == "level"
        else f"Difference of colour and opacity (root mean square), mirrored too; below {NEAR_SPRITE:.0%} is almost a copy."
    )
    if found.distance is None:
        return f"{what} This model keeps no fingerprints of all its training examples, so the nearest may be nearer."
    some = "" if found.known == found.total else f" of {found.known:,} of them"
    return f"{what} Told by fingerprints{some}: copies for certain, distances right to about {found.error:.0%}."


def _shown(found: Nearest, subject: Subject) -> dict[str, Any]:
    """The nearest of those that are kept as they are."""
    assert found.shown is not None  # noqa: S101  whoever calls has looked
    return {
        **picture(render.picture(_dressed(found.shown, subject))),
        "words": f"Nearest of {found.shown_of} that are kept: {_percent(found.shown_distance)} different",
    }


def _dressed(example: Example, subject: Subject) -> Example:
    return in_art(example, subject.art)


def _percent(share: float) -> str:
    return number(round(share, 2) if share >= 0.01 else share, share=True)
