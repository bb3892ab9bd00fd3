"""Blends and children for the page: the ways between tiles, and more like them. Importing this loads torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from genworld import play, render, sampling
from genworld.content import Example, Level, Picture
from genworld.errors import GenworldError
from genworld.latent import animation, breeding
from genworld.latent.interpolation import Way, grid, strip
from genworld.models.base import LatentModel
from genworld.models.point import Point
from genworld.packs.slugs import slug
from genworld.provenance import LatentOrigin, SeedOrigin, first
from genworld.sampling import LoadedModel, Sampled
from genworld.ui import animations, exports, tiles
from genworld.ui.draw import in_time, turn
from genworld.ui.subjects import Subject, in_art

NO_LATENT = "{title} draws piece by piece, so it knows no way from one of its {kind}s to another. More like these mixes them instead."


@dataclass(frozen=True)
class Blend:
    """The way between two examples, or the square between four.

    Args:
        ends: two (first and last), or four (the corners in reading order), all of one model.
        steps: frames of the way, or along each side of the square.
        way: how latents go.
    """

    ends: tuple[Subject, ...]
    steps: int
    way: Way = Way.SPHERICAL

    @property
    def total(self) -> int:
        """How many frames there are."""
        return self.steps if len(self.ends) == 2 else self.steps**2

    @cached_property
    def loaded(self) -> LoadedModel:
        """The model of all ends. Raises GenworldError where they have not one, or it has no latent space."""
        loaded = one_model(self.ends)
        if not isinstance(loaded.model, LatentModel):
            raise GenworldError(NO_LATENT.format(title=loaded.checkpoint.title, kind=loaded.checkpoint.kind))
        return loaded

    @cached_property
    def points(self) -> list[Point]:
        """The points of all frames in reading order; of a changed end, that of the sample it began with."""
        ends = [_point(end) for end in self.ends]
        if len(ends) == 2:
            return strip(ends[0], ends[1], self.steps, self.way)
        rows = grid(ends[0], ends[1], ends[2], ends[3], self.steps, self.way)
        return [point for row in rows for point in row]

    @property
    def corners(self) -> dict[int, Subject]:
        """The ends by the index of their frame."""
        indices = {0, self.steps - 1, self.total - self.steps, self.total - 1}
        return dict(zip(sorted(indices), self.ends, strict=True))

    def frame(self, index: int) -> Sampled:
        """One frame: at an end the tile itself as it was made, to the bit."""
        end = self.corners.get(index)
        if end is not None:
            return in_art(end, end.sampled)
        point = self.points[index]
        example = sampling.at(sampling.latent_model(self.loaded), point)
        return in_art(self.ends[0], Sampled(example, sampling.latent_origin(self.loaded, point)))

    def frames(self, start: int, count: int) -> Iterator[Sampled]:
        """Frames in reading order from `start` on, within a turn that the caller has."""
        return in_time(map(self.frame, range(start, min(start + count, self.total))), count)


def one_model(subjects: Sequence[Subject]) -> LoadedModel:
    """The model that all come from.

    Raises:
        GenworldError: it is not on this machine any more, or there are several.
    """
    if any(one.loaded is None for one in subjects):
        raise GenworldError(
            "The model that this comes from is not on this machine any more, so nothing new can be made of it; "
            "select others, or put the model back."
        )
    models = {one.loaded.checkpoint.digest: one.loaded for one in subjects if one.loaded is not None}
    if len(models) > 1:
        titles = [loaded.checkpoint.title for loaded in models.values()]
        raise GenworldError(
            f"Tiles of one model go together, but these come from {', '.join(titles[:-1])} and {titles[-1]}; "
            "select tiles of one of them."
        )
    return next(iter(models.values()))


def _point(end: Subject) -> Point:
    origin = first(end.sampled.origin)
    if not isinstance(origin, SeedOrigin | LatentOrigin):
        raise GenworldError(
            "A blend goes between samples, but one of these was brought as a file; open its sliders to find its like."
        )
    return sampling.point_of(origin)[1]


def blended(blend: Blend, start: int, count: int) -> dict[str, Any]:
    """Some frames of a blend as tiles, each with whether it can be played.

    Args:
        blend: between what, in how many steps.
        start: index of the first frame, in reading order.
        count: how many, at most.
    """
    title, source = blend.loaded.checkpoint.title, blend.loaded.checkpoint.manifest.run.data
    with turn():
        shown = [
            {**tiles.of_sample(made, title, source), "name": f"{title}, frame {number}", **_played(made.example)}
            for number, made in enumerate(blend.frames(start, count), start + 1)
        ]
    return {"tiles": shown, "next": start + len(shown), "said": _changed(blend)}


def _played(example: Example) -> dict[str, Any]:
    """Whether one gets from start to goal in a level, and why not; None where that says nothing."""
    if not isinstance(example, Level):
        return {"playable": None}
    verdict = play.check(example)
    return {"playable": verdict.reachable, "verdict": verdict.why}


def _changed(blend: Blend) -> str:
    changed = sum(not isinstance(end.sampled.origin, SeedOrigin | LatentOrigin) for end in blend.ends)
    if not changed:
        return ""
    one = "One end was" if changed == 1 else f"{changed} ends were"
    return f"{one} changed by hand: shown as changed; the frames between blend from the sample before the change."


def animated(blend: Blend, token: str, *, form: str, seconds: float, scale: int, bounce: bool) -> dict[str, Any]:
    """A blend of two as an animation to be fetched: its path, name and length.

    Args:
        blend: between what, in how many steps.
        token: by which the page asks how far it is.
        form: ``"gif"`` or ``"webp"`` (lossless).
        seconds: from the first end to the other.
        scale: pixels of the file for each pixel of a picture.
        bounce: whether it goes back again.

    Raises:
        GenworldError: it would have too many pixels, or it was stopped.
    """
    title = blend.loaded.checkpoint.title
    with animations.making(token, 2 * blend.total) as on_its_way:
        with turn():
            pictures = list(_pictures(blend, on_its_way))
        with turn():
            write = getattr(animation, form)
            written = write(pictures, seconds=seconds, scale=scale, bounce=bounce, progress=on_its_way.step)
    path = exports.written(f"{slug(title, 'genworld')}-blend.{form}", written)
    return {"path": str(path), "name": path.name, "bytes": len(written)}


def _pictures(blend: Blend, on_its_way: animations.Animation) -> Iterator[Picture]:
    for sampled in blend.frames(0, blend.total):
        yield render.picture(sampled.example)
        on_its_way.step()


def bred(
    parents: Sequence[Subject], *, far: float, seed: int, start: int, count: int, known: Sequence[str] = ()
) -> dict[str, Any]:
    """Some of the children of a selection as tiles; all are drawn in the art of the first parent.

    Args:
        parents: of one model.
        far: 0 (nearly the same) to 1 (quite different).
        seed: of this litter.
        start: index of the first child.
        count: how many, at most: fewer come where a model has hardly anything else near by.
        known: digests of the children before the first.
    """
    loaded = one_model(parents)
    title, source = loaded.checkpoint.title, loaded.checkpoint.manifest.run.data
    sampled = [one.sampled for one in parents]
    with turn():
        made = breeding.children(sampled, loaded=loaded, far=far, seed=seed, count=count, start=start, known=known)
        dressed = [in_art(parents[0], child) for child in in_time(made, count)]
    named = enumerate((tiles.of_sample(child, title, source) for child in dressed), start + 1)
    return {"tiles": [{**tile, "name": f"{title}, child {number}"} for number, tile in named], "next": start + count}
