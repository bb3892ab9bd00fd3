"""From the maps of a project to levels, a legend and the art that draws it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genworld import art, limits
from genworld.art.tiled import Mark, TiledArt
from genworld.content import MAX_TILES, Legend, Level, LevelSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.datasets.licences import source_of
from genworld.datasets.meaning import distinct_chars, guess_style, unique_names
from genworld.datasets.reader import classes_of, one_size
from genworld.datasets.tiled.areas import solid_cells
from genworld.datasets.tiled.cells import GID, Gids
from genworld.datasets.tiled.files import Files, steps_out
from genworld.datasets.tiled.marks import Thing, marks_of
from genworld.datasets.tiled.naming import completed, name_of, says_solid, tags_of
from genworld.datasets.tiled.pictures import frames_of, shown
from genworld.datasets.tiled.project import Project
from genworld.datasets.tiled.skeleton import skeleton
from genworld.datasets.tiled.tokens import grids_of, merge, tokens_of
from genworld.errors import GenworldError

LOOK = 4
"""Pixels a side of the small pictures that tell which tiles look alike."""

LISTED = 5
"""Names that a note lists before it counts the rest."""

NOTHING_SOLID = (
    "Nothing in this map says what is solid, so that levels cannot be checked for a way through; set it in the legend."
)


class Learned:
    """What the maps of a project are made of.

    Args:
        project: the maps.
        files: of the upload, for pictures; takes notes.
    """

    def __init__(self, project: Project, files: Files) -> None:
        self._project, self._files = project, files
        self._marks = marks_of(project)
        self._tokens = tokens_of(project.stacks, self._marks.grids)
        gids = np.unique(self._tokens.stacks & GID)
        self._frames = frames_of(gids[gids > 0].tolist(), project, files)
        self._merged = merge(self._tokens, self._weights(), self._looks())

    def _weights(self) -> NDArray[np.float64]:
        """(layers,) what each counts when tokens are compared: lower and visible ones more."""
        layers = self._project.layers
        return np.array(
            [len(layers) - index + len(layers) * layer.look.visible for index, layer in enumerate(layers)], float
        )

    def _looks(self) -> NDArray[np.float64]:
        """(tokens, d) a small picture of each; none where nothing is merged."""
        stacks = self._tokens.stacks
        if len(stacks) <= MAX_TILES:
            return np.zeros((len(stacks), 1))
        drawn = self._art(stacks, [()] * len(stacks), b"", {})
        rows, columns = (np.linspace(0, side - 1, LOOK).round().astype(int) for side in drawn.shown)
        small = [drawn.tile_picture(index)[rows][:, columns] for index in range(len(stacks))]
        return np.array(small, dtype=np.float64).reshape(len(small), -1) / 255

    def dataset(self, name: str, style: Style | None) -> Dataset:
        """One level for each map; the art of their legend is kept on this machine."""
        legend = self._legend(name, style)
        sizes = [each.size for each in self._project.maps]
        levels = tuple(Level(grid, legend) for grid in grids_of(self._tokens, self._merged, sizes))
        paths = [each.path for each in self._project.maps]
        classes, labels = classes_of(paths)
        height, width = one_size(levels)
        return Dataset(
            name=name,
            spec=LevelSpec(legend, height, width, classes),
            examples=levels,
            labels=labels,
            groups=tuple(paths),
            source=source_of(name),
            notes=(*self._files.notes, *self._merge_notes(legend), *_solid_notes(legend)),
        )

    def _legend(self, name: str, style: Style | None) -> Legend:
        beside = self._companions()
        document = skeleton(self._project, self._files)
        made = self._art(
            self._tokens.stacks[self._merged.kept], [_marks(each) for each in self._things], document, beside
        )
        art.put(made)
        sizes = [each.size for each in self._project.maps]
        chosen = style or guess_style(grids_of(self._tokens, self._merged, sizes), self._tiles(None))
        return Legend(name, chosen, self._tiles(chosen), made.reference)

    @cached_property
    def _things(self) -> list[tuple[Thing, ...]]:
        """The objects of each tile."""
        return [self._marks.sets[self._tokens.marks[token]] for token in self._merged.kept]

    @cached_property
    def _stacks(self) -> list[list[int]]:
        """The ids of each tile."""
        stacks: list[list[int]] = self._tokens.stacks[self._merged.kept].tolist()
        return stacks

    @cached_property
    def _names(self) -> tuple[str, ...]:
        pairs = zip(self._stacks, self._things, strict=True)
        return unique_names(name_of(stack, things, self._project) for stack, things in pairs)

    @cached_property
    def _stopping(self) -> list[bool]:
        """Whether more than half of the cells of each tile lie under rectangles that its maker calls solid."""
        ids = self._merged.into[self._tokens.cells]
        under = np.bincount(ids, weights=solid_cells(self._project), minlength=len(self._merged.kept))
        share = under / np.bincount(ids, minlength=len(self._merged.kept))
        stopping: list[bool] = (share > 0.5).tolist()
        return stopping

    def _tiles(self, style: Style | None) -> tuple[Tile, ...]:
        each = zip(self._stacks, self._things, self._stopping, strict=True)
        tags: Sequence[frozenset[Tag]] = [
            tags_of(stack, things, self._project, style, stops=stops) for stack, things, stops in each
        ]
        if style:
            tags = completed(tags, [not any(stack) for stack in self._stacks], style)
        chars = distinct_chars(len(self._names))
        return tuple(Tile(*one) for one in zip(chars, self._names, tags, strict=True))

    def _art(
        self, stacks: Gids, marks: Sequence[tuple[Mark, ...]], document: bytes, beside: Mapping[str, bytes]
    ) -> TiledArt:
        first = self._project.maps[0]
        return TiledArt(
            place=self._home + first.path,
            cell=first.cell,
            shown=shown(first.cell),
            strata=self._project.strata,
            stacks=stacks,
            marks=tuple(marks),
            frames=self._frames,
            document=document,
            beside=beside,
        )

    @cached_property
    def _home(self) -> str:
        """Folders above the upload, named by us, so that what lies in ``../tilesets`` has a place beside the maps."""
        return "maps/" * max(map(steps_out, self._files.referred.values()), default=0)

    def _companions(self) -> dict[str, bytes]:
        """The tilesets, pictures and templates of the maps, as long as they fit into an art."""
        maps = {each.path for each in self._project.maps}
        found: dict[str, bytes] = {}
        for path, meant in self._files.referred.items():
            data = b"" if path in maps else self._read(path)
            if sum(map(len, found.values())) + len(data) > limits.ART_BYTES // 2:
                self._files.note(
                    "size", "The files of this map are too large to travel with it; packs leave some of them out."
                )
            elif data:
                found[posixpath.normpath(self._home + meant)] = data
        return found

    def _read(self, path: str) -> bytes:
        try:
            return self._files.read(path)
        except GenworldError as error:
            self._files.note(path, error.sentence)
            return b""

    def _merge_notes(self, legend: Legend) -> Iterator[str]:
        """Which tokens were given up, by name."""
        gone = np.setdiff1d(np.arange(len(self._tokens.counts)), self._merged.kept).tolist()
        if not gone:
            return
        named = [self._became(token, legend) for token in gone[:LISTED]]
        rest = f" and {len(gone) - LISTED} more" if len(gone) > LISTED else ""
        yield (
            f"This map has {len(self._tokens.counts)} different stacks of tiles and {MAX_TILES} can be learned: the rarest became "
            f"the most alike of those ({', '.join(named)}{rest})."
        )

    def _became(self, token: int, legend: Legend) -> str:
        stack = self._tokens.stacks[token].tolist()
        name = name_of(stack, self._marks.sets[self._tokens.marks[token]], self._project)
        return f"{name!r} became {legend.names[self._merged.into[token]]!r}"


def _marks(things: Sequence[Thing]) -> tuple[Mark, ...]:
    return tuple(thing.mark for thing in things)


def _solid_notes(legend: Legend) -> Iterator[str]:
    if not says_solid([tile.tags for tile in legend.tiles]):
        yield NOTHING_SOLID
