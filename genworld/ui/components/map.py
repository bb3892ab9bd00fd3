"""The map of what a model makes: points to look at, to keep, and to generate between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genworld.errors import unknown
from genworld.library import Library
from genworld.limits import LIMITS, MAX_SEED, real, whole
from genworld.mode import Mode
from genworld.ui import asked, boards, fetched
from genworld.ui.components.part import Answer, Asked, Part

if TYPE_CHECKING:
    from genworld.ui.maps import Chart

METHODS = ("pca", "umap", "measured")
FEWEST = 50
"""Fewer points are a grid, not a map."""
USUAL = 2_000
TILES_AT_ONCE = 32
PICTURES_AT_ONCE = 24
FARTHEST = 1e6
"""No place of a map is farther out."""
KEPT_SHOWN = 1_000
"""The newest of a large board."""
EXAMPLES = 100_000


class MapView(Part):
    """Settings, plot and preview. It holds no state: a map is a pure function of what is asked.

    Args:
        mode: whose limits hold.
        library: where kept items are.
    """

    def __init__(self, mode: Mode, library: Library) -> None:
        self.mode = mode
        self.library = library
        self.limits = LIMITS[mode]
        layout = [self.map_about, self.map_grow, self.map_places, self.map_measures, self.map_labels]
        umap = [self.map_umap, self.map_umap_state, self.map_umap_leave]
        seen = [self.map_tiles, self.map_pictures, self.map_made, self.map_kept, self.map_items]
        super().__init__(
            "mapView",
            [*layout, *umap, *seen, self.map_training, self.map_example],
            elem_id="map",
            bounds={"fewest": FEWEST, "most": self.limits.map_points, "usual": USUAL, "seed": MAX_SEED},
            plotly=fetched.plotly_address(),
        )

    def map_about(self, request: Asked) -> Answer:
        """What can be chosen for a model."""
        from genworld.ui import maps  # see workspace.warm_up

        return maps.about(asked.text("The model", request.get("model")))

    def map_grow(self, request: Asked) -> Answer:
        """A piece of the work that a map needs; asked until it is done."""
        from genworld.ui import maps

        return maps.grown(self._chart(request))

    def map_places(self, request: Asked) -> Answer:
        """Where each sample lies."""
        from genworld.ui import maps

        return maps.places(self._chart(request))

    def map_measures(self, request: Asked) -> Answer:
        """What is measured of the samples from an index on."""
        from genworld.ui import maps

        start = whole("The first index", request.get("start"), 0, self.limits.map_points)
        return maps.measures(self._chart(request), start)

    def map_labels(self, request: Asked) -> Answer:
        """The classes of each sample."""
        from genworld.ui import maps

        return maps.labels(self._chart(request))

    def map_umap(self, request: Asked) -> Answer:
        """Begin to lay a UMAP out, or find it laid out."""
        from genworld.ui import maps

        return maps.umap_begun(self._chart(request), self.mode)

    def map_umap_state(self, request: Asked) -> Answer:
        """How far it is."""
        from genworld.ui import maps

        return maps.umap_state(asked.secret(request.get("token")))

    def map_umap_leave(self, request: Asked) -> Answer:
        """Wait for it no more."""
        from genworld.ui import maps

        return maps.umap_left(asked.secret(request.get("token")))

    def map_tiles(self, request: Asked) -> Answer:
        """Samples of the map, to look at."""
        from genworld.ui import maps

        chart = self._chart(request)
        wanted = asked.some(request.get("indices"), TILES_AT_ONCE)
        return maps.shown(chart, [whole("The index", one, 0, chart.count - 1) for one in wanted])

    def map_pictures(self, request: Asked) -> Answer:
        """Small pictures of samples, to lie on the map."""
        from genworld.ui import maps

        chart = self._chart(request)
        wanted = asked.some(request.get("indices"), PICTURES_AT_ONCE)
        indices = [whole("The index", one, 0, chart.count - 1) for one in wanted]
        return maps.pictured(chart, indices, large=request.get("large") is True)

    def map_made(self, request: Asked) -> Answer:
        """What the model makes at a place of the map."""
        from genworld.ui import maps

        x, y = (real(f"The place on {name}", request.get(name), -FARTHEST, FARTHEST) for name in ("x", "y"))
        return maps.made(self._chart(request), x, y, thorough=request.get("thorough") is True)

    def map_kept(self, request: Asked) -> Answer:
        """Where the kept items of the asker's own board lie."""
        from genworld.ui import maps

        board = boards.board_of(self.library, self.mode, request)
        newest = sorted(board.digests().values())[-KEPT_SHOWN:]
        return maps.kept(self._chart(request), [board.item(one) for one in newest])

    def map_items(self, request: Asked) -> Answer:
        """Some of them, to look at."""
        from genworld.ui import maps

        board = boards.board_of(self.library, self.mode, request)
        return maps.items([board.item(one) for one in asked.ids(request.get("ids"), TILES_AT_ONCE)])

    def map_training(self, request: Asked) -> Answer:
        """Where the examples lie that the model learned from."""
        from genworld.ui import maps

        return maps.training(self._chart(request))

    def map_example(self, request: Asked) -> Answer:
        """One of them, to look at."""
        from genworld.ui import maps

        model = asked.text("The model", request.get("model"))
        return maps.example(model, whole("The number of an example", request.get("index"), 0, EXAMPLES))

    def _chart(self, request: Asked) -> Chart:
        from genworld.ui import maps

        method = asked.text("The method", request.get("method"))
        if method not in METHODS:
            raise unknown("method", method, METHODS)
        axes = request.get("axes")
        return maps.chart(
            asked.wish(request, self.limits),
            whole("The number of samples", request.get("count"), FEWEST, self.limits.map_points),
            method,
            None if axes is None else _pair(asked.texts("The axes", axes, 2)),
            bounds=self.limits,
        )


def _pair(names: tuple[str, ...]) -> tuple[str, str]:
    whole("The number of axes", len(names), 2, 2)
    return names[0], names[1]
