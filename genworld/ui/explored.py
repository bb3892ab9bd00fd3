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
from genworld.latent.interpolation import Way, between
from genworld.models.base import LatentModel
from genworld.models.point import Point
from genworld.provenance import LatentOrigin, SeedOrigin
from genworld.sampling import LoadedModel, Sampled
from genworld.ui import animations, exports, tiles
from genworld.ui.draw import in_time, turn
from genworld.ui.origins import first
from genworld.ui.subjects import Subject, in_art

NO_LATENT = "{title} draws cell by cell, so it knows no way from one of its {kind}s to another. More like these mixes them instead."


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
    def points(self) -> tuple[Point, ...]:
        """The points of the ends; of a changed one, that of the sample it began with."""
        return tuple(map(_point, self.ends))

    def frame(self, index: int) -> Sampled:
        """One frame: at an end the tile itself as it was made, to the bit."""
        down, across = divmod(index, self.steps)
        last = self.steps - 1
        at_ends = {0, last}
        if across in at_ends and (len(self.ends) == 2 or down in at_ends):
            return self._end(2 * (down == last) + (across == last) if len(self.ends) == 4 else int(across == last))
        point = self._point(down / last, across / last)
        assert isinstance(self.loaded.model, LatentModel)  # noqa: S101  `loaded` has looked
        made = Sampled(sampling.at(self.loaded.model, point), sampling.latent_origin(self.loaded, point))
        return in_art(self.ends[0], made)

    def frames(self, start: int, count: int) -> Iterator[Sampled]:
        """Frames in reading order from `start` on."""
        with turn():
            yield from in_time(map(self.frame, range(start, min(start + count, self.total))), count)

    def _end(self, index: int) -> Sampled:
        return in_art(self.ends[index], self.ends[index].sampled)

    def _point(self, down: float, across: float) -> Point:
        if len(self.points) == 2:
            return between(*self.points, across, self.way)
        top_left, top_right, bottom_left, bottom_right = self.points
        left = between(top_left, bottom_left, down, self.way)
        return between(left, between(top_right, bottom_right, down, self.way), across, self.way)


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
    made = enumerate(blend.frames(start, count), start)
    shown = [
        {**tiles.of_sample(sampled, title, source), "name": f"{title}, frame {index + 1}", **_played(sampled.example)}
        for index, sampled in made
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
        pictures = list(_pictures(blend, on_its_way))
        with turn():
            write = getattr(animation, form)
            written = write(pictures, seconds=seconds, scale=scale, bounce=bounce, progress=on_its_way.step)
    path = exports.place(f"{_plain(title)}-blend.{form}", written)
    return {"path": str(path), "name": path.name, "bytes": len(written)}


def _pictures(blend: Blend, on_its_way: animations.Animation) -> Iterator[Picture]:
    for sampled in blend.frames(0, blend.total):
        yield render.picture(sampled.example)
        on_its_way.step()


def _plain(title: str) -> str:
    """A title as part of a file's name."""
    letters = "".join(one if one.isascii() and one.isalnum() else "-" for one in title.lower())
    return "-".join(filter(None, letters.split("-"))) or "genworld"


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
