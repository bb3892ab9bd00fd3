"""In my art: levels of a model in a person's own tileset, put on tile by tile."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from genworld import dressing, render
from genworld.art.dressed import AROUND, NOTHING, DressedArt
from genworld.art.sheet import Cut, Sheet
from genworld.content import MAX_TILES, Legend, Level, LevelSpec, TileGrid
from genworld.datasets.untrusted import open_bundle
from genworld.dressing import Pick
from genworld.dressing.kept import of_digest
from genworld.errors import GenworldError
from genworld.limits import LIMITS, whole
from genworld.mode import Mode
from genworld.ui import asked, dresses, legends, pictures, uploads
from genworld.ui.components.part import Answer, Asked, Part
from genworld.ui.pictures import data_uri
from genworld.ui.uploads import Upload

SHEETS_AT_ONCE = 1000
REMEMBERED = 64
"""Arts that one browser may know, at most."""
SHEET_NAME_LENGTH = 1000
"""Of the path of a picture inside what was dropped."""
SHOWN = 336
"""Pixels of the level that is tried on, at most: the part with the most kinds of tiles."""
SHEET_BYTES = {Mode.LOCAL: 64 * 2**20, Mode.PUBLIC: 8 * 2**20}
"""Of all pictures of an art together."""

Source = tuple[tuple[Sheet, ...], DressedArt | None]
"""A person's sheets, and the art that they come from where one is being changed."""


class Wardrobe(Part):
    """The dialog "In my art".

    Args:
        mode: whose limits hold, and whether arts are listed.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self.limits = LIMITS[mode]
        super().__init__(
            "wardrobe",
            [self.arts, self.lay, self.proposals, self.try_on, self.wear],
            elem_id="wardrobe",
            suffixes=[
                ".tsx",
                ".tsj",
                ".tmx",
                ".tmj",
                ".json",
                ".png",
                ".gif",
                ".webp",
                ".bmp",
                ".jpg",
                ".jpeg",
                ".zip",
            ],
            bounds={"bytes": self.limits.upload_bytes, "files": self.limits.upload_files},
            nothing=NOTHING,
            around=AROUND,
            public=mode is Mode.PUBLIC,
        )

    def arts(self, request: Asked) -> Answer:
        """The arts that were made for the tiles of a model: all of a person's own, or those that the browser knows."""
        legend = _legend(request)
        if self.mode is Mode.LOCAL:
            found = dressing.kept_for(legend)
        else:
            known = [dresses.digest(one) for one in asked.texts("Arts", request.get("arts", []), REMEMBERED)]
            found = [art for art in (of_digest(one, legend) for one in known) if art is not None]
        return {"arts": [_named(art) for art in found]}

    def lay(self, request: Asked) -> Answer:
        """Lay uploaded files of a tileset down: as a new upload, or added to the one of a token."""
        upload = uploads.receive(request, self.limits)
        return {"token": upload.token, "name": upload.root.name}

    def proposals(self, request: Asked) -> Answer:
        """Each tile of the legend with what it wears and what else it could wear."""
        from genworld.ui import draw  # see workspace.warm_up

        legend, (sheets, art) = _legend(request), self._source(request)
        with draw.turn():
            found = dressing.suggest(legend, sheets)
        chosen = dressing.picks_of(art) if art else [choices[0].pick for choices in found]
        counts = np.bincount(self._level(request).tiles.ravel(), minlength=len(legend.tiles))
        rows = [
            {
                **entry,
                "count": int(count),
                "pick": _pick_in_json(pick),
                "choices": [{**_pick_in_json(choice.pick), "why": choice.why} for choice in choices],
            }
            for entry, count, pick, choices in zip(legends.entries(legend), counts, chosen, found, strict=True)
        ]
        return {"legend": rows, **_sheets_in_json(sheets)}

    def try_on(self, request: Asked) -> Answer:
        """A sample of the model in what was chosen so far."""
        level, art = self._level(request), self._dressed(request)
        height, width = (max(1, SHOWN // side) for side in art.tile)
        picture = render.picture(Level(_telling(level.tiles, height, width), level.legend), art=art)
        return pictures.shown(picture)

    def wear(self, request: Asked) -> Answer:
        """Keep what was chosen; from now on levels of the model can be drawn and exported in it."""
        art = self._dressed(request)
        if sum(len(sheet.data) for sheet in art.sheets) > SHEET_BYTES[self.mode]:
            raise GenworldError(
                f"The pictures of a tileset have at most {SHEET_BYTES[self.mode] >> 20} MB together, but these have more; "
                "leave out those that draw nothing here."
            )
        dressing.keep(art, listed=self.mode is Mode.LOCAL)
        return {"art": _named(art)}

    def _dressed(self, request: Asked) -> DressedArt:
        legend, (sheets, _) = _legend(request), self._source(request)
        picks = [_pick(one) for one in asked.some(request.get("picks"), MAX_TILES)]
        return dressing.dress(legend, sheets, picks, asked.text("The name of your art", request.get("name")))

    def _source(self, request: Asked) -> Source:
        """The sheets that a request is about: of an upload, cut as it says, or of an art that is there."""
        if request.get("art") is not None:
            legend = _legend(request)
            art = of_digest(dresses.digest(request["art"]), legend)
            if art is None:
                raise GenworldError("This art is not on this machine any more; bring the tileset again.")
            return art.sheets, art
        cuts = [_cut(one) for one in asked.some(request["cuts"], SHEETS_AT_ONCE)] if request.get("cuts") else []
        return _uploaded(Upload.of(request.get("token")), tuple(cuts)), None

    def _level(self, request: Asked) -> Level:
        from genworld.ui import draw, shelf  # see workspace.warm_up

        wish = asked.wish({**asked.entry(request.get("wish")), "art": None}, self.limits)
        index = whole("The index", request.get("index", 0), 0, asked.MAX_INDEX)
        example = draw.render(shelf.wished(wish), wish, index, 1)[0].example
        if not isinstance(example, Level):
            raise _no_levels()
        return example


def _legend(request: Asked) -> Legend:
    from genworld.ui import shelf  # see workspace.warm_up

    spec = shelf.on_shelf(asked.text("The model", request.get("model"))).spec
    if not isinstance(spec, LevelSpec):
        raise _no_levels()
    return spec.legend


def _no_levels() -> GenworldError:
    return GenworldError("Levels are drawn in a tileset, but this model makes sprites; choose a model of levels.")


def _telling(grid: TileGrid, height: int, width: int) -> TileGrid:
    """The part of a grid, of at most this size, that holds the most kinds of tiles."""
    tops = range(0, max(1, grid.shape[0] - height + 1), max(1, height // 4))
    lefts = range(0, max(1, grid.shape[1] - width + 1), max(1, width // 4))
    parts = (grid[top : top + height, left : left + width] for top in tops for left in lefts)
    return max(parts, key=lambda part: len(np.unique(part)))


def _named(art: DressedArt) -> Answer:
    return {"digest": art.digest, "name": art.name, "tile": list(art.tile)}


def _cut(value: Any) -> tuple[str, Cut]:
    one = asked.entry(value)
    numbers: list[Any] = [one.get(name) for name in ("height", "width", "margin", "spacing")]  # Cut checks them
    return asked.text("The name of a sheet", one.get("file"), SHEET_NAME_LENGTH), Cut(*numbers)


def _pick(value: Any) -> Pick:
    one = asked.entry(value)
    most = 2**31 - 1
    return Pick(
        whole("The ground of a tile", one.get("ground"), AROUND, most),
        whole("The thing on a tile", one.get("thing"), NOTHING, most),
    )


def _pick_in_json(pick: Pick) -> Answer:
    return {"ground": pick.ground, "thing": pick.thing}


def _uploaded(upload: Upload, cuts: tuple[tuple[str, Cut], ...]) -> tuple[Sheet, ...]:
    from genworld.ui import draw  # see workspace.warm_up

    try:
        with draw.turn():
            return _read(upload.token, upload.place.stat().st_mtime_ns, tuple(upload.files()), cuts)
    except GenworldError as error:
        raise upload.fault(error) from error


@lru_cache(maxsize=4)
def _read(token: str, _: int, files: tuple[str, ...], cuts: tuple[tuple[str, Cut], ...]) -> tuple[Sheet, ...]:  # noqa: ARG001
    with open_bundle(Upload.of(token).place) as bundle:
        return tuple(dressing.read_sheets(bundle, dict(cuts)))


def _sheets_in_json(sheets: tuple[Sheet, ...]) -> Answer:
    return {"sheets": [_sheet_in_json(sheet) for sheet in sheets]}


def _sheet_in_json(sheet: Sheet) -> Answer:
    height, width = sheet.picture.shape[:2]
    rows, columns = sheet.grid
    return {
        "name": sheet.name,
        "file": sheet.file,
        "picture": data_uri(sheet.data if _is_plain(sheet) else render.png_bytes(sheet.picture)),
        "height": int(height),
        "width": int(width),
        "cut": sheet.cut.to_dict(),
        "rows": rows,
        "columns": columns,
        "described": sheet.described,
        "terrains": [wang.name for wang in sheet.wangs],
    }


def _is_plain(sheet: Sheet) -> bool:
    """Whether its file is shown by every browser just as it is cut."""
    return sheet.clear is None and sheet.data.startswith(b"\x89PNG")
