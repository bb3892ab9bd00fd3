"""Learn your own: what a person dropped on the page, what was understood of it, and the model learned from it."""

from __future__ import annotations

import importlib
import shlex
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from genworld import art, datasets
from genworld.content import LevelSpec, Picture, Sprite, Style, Tag
from genworld.datasets import Dataset, Reader, store
from genworld.datasets.understood import Entry, Understood, understood
from genworld.errors import GenworldError, unknown
from genworld.limits import LEGEND_TILES, LIMITS, NAME_LENGTH, SPRITE_SIDE, Limits, whole
from genworld.mode import Mode
from genworld.paths import PRIVATE
from genworld.render import contact_sheet, picture
from genworld.stock import trash
from genworld.ui import asked, folders, uploads
from genworld.ui.components.part import Answer, Asked, Part, require_local
from genworld.ui.pictures import shown
from genworld.ui.uploads import Upload

if TYPE_CHECKING:
    from genworld.checkpoint import Checkpoint

TILE_NAME_LENGTH = 4 * NAME_LENGTH
"""Names in a person's own project may be long."""
KEPT_FOR_VISITORS = 200
"""Models of visitors, at most: the newest stay."""

TAGS = {
    Tag.PASSABLE: ("walkable", "Can be walked on or through"),
    Tag.SOLID: ("solid", "Stops whoever walks"),
    Tag.SOLID_TOP: ("ledge", "Can be stood on, and jumped through from below"),
    Tag.CLIMBABLE: ("climb", "A ladder, a rope, a vine"),
    Tag.LIQUID: ("liquid", "Water, lava, slime"),
    Tag.HAZARD: ("hazard", "Hurts"),
    Tag.ENEMY: ("enemy", "A creature to be met here"),
    Tag.ITEM: ("item", "Can be collected"),
    Tag.KEY: ("key", "Opens doors"),
    Tag.DOOR: ("door", "A way through, perhaps locked"),
    Tag.DEVICE: ("device", "A switch, a lever, a station"),
    Tag.BREAKABLE: ("breakable", "Can be broken or dug away"),
    Tag.PUSHABLE: ("pushable", "A box that is pushed"),
    Tag.START: ("start", "Where the player begins"),
    Tag.GOAL: ("goal", "Where the player wants to be"),
    Tag.EMPTY: ("empty", "Air: nothing is here"),
    Tag.VOID: ("void", "Outside of the level"),
}
"""What a tile does, in a designer's words, and what that means."""

INSTEAD = {
    Mode.LOCAL: "Sprites take a deeper training than a few seconds: train a deeper model and watch it learn, its first "
    "samples come within a minute. If these are tiles, levels can be drawn with them: In my art, above the samples.",
    Mode.PUBLIC: "Sprites take a deeper training than a few seconds, which a public page has no room for: install "
    "genworld on your own machine and train there. If these are tiles, levels can be drawn with them: In my art, above "
    "the samples.",
}
"""What serves sprites, which are not learned in seconds."""
SHEET = (112, 160)
"""Rows, columns in pixels of the sheet that shows sprites, about; the page enlarges it."""
BORDER = 64
"""Pixels of a margin or spacing, at most."""


class Intake(Part):
    """The drop zone over the whole page and its dialog.

    Args:
        mode: whose limits hold, and whether models are named for others to find.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self.limits = LIMITS[mode]
        self._learned: set[str] = set()
        super().__init__(
            "intake",
            [self.take, self.understand, self.learn, self.unlearn, self.forget, *self._local()],
            elem_id="intake-part",
            suffixes=list(uploads.SUFFIXES),
            bounds={"bytes": self.limits.upload_bytes, "files": self.limits.upload_files},
            tags=[{"name": tag.value, "title": title, "summary": means} for tag, (title, means) in TAGS.items()],
            styles=[style.value for style in Style],
            public=mode is Mode.PUBLIC,
        )

    def take(self, request: Asked) -> Answer:
        """Lay uploaded files down: as a new upload, or added to the one of a token."""
        upload = uploads.receive(request, self.limits)
        _get_ready()
        return {"token": upload.token, "title": upload.root.name, "files": len(upload.files())}

    def understand(self, request: Asked) -> Answer:
        """What a reader made of the files."""
        from genworld.ui import draw  # see workspace.warm_up

        upload = Upload.of(request.get("token"))
        with draw.turn():
            reader, data = _open(upload, _options(request))
            art.make_room(self.limits.art_bytes)
            told = {**in_json(understood(data, reader)), "adjustable": list(datasets.options_of(reader))}
            # One sprite says little: many are shown beside each other.
            told["instead"] = None if told["learnable"] else INSTEAD[self.mode]
            return {**told, "pictures": [shown(sheet(data.sprites))]} if data.sprites else told

    def learn(self, request: Asked) -> Answer:
        """A model of it, in seconds, as the picker wants it."""
        from genworld import learning  # see workspace.warm_up
        from genworld.ui import draw, shelf

        upload = Upload.of(request.get("token"))
        title = asked.text("The name of the model", request.get("title"))
        command = shlex.join(("genworld", "learn", upload.place.name))
        with draw.turn():
            _, data = _open(upload, _options(request))
            require_modest(data, self.limits)
            name = learning.secret_name() if self.mode is Mode.PUBLIC else None
            made = learning.learn(data, title=title, name=name, command=command)
        self._learned.add(made.name)
        self._make_room(made)
        return {"model": shelf.entry(shelf.on_shelf(made.name), self.mode)}

    def unlearn(self, request: Asked) -> Answer:
        """Take back a model that was learned here: into the trash on a person's own machine, away on a public page."""
        name = asked.text("The model", request.get("model"))
        if name not in self._learned:
            raise GenworldError("Only a model that was just learned on this page is taken back here; this is another.")
        if self.mode is Mode.LOCAL:
            trash.discard(name)
        else:
            shutil.rmtree(folders.folder(name), ignore_errors=True)
        self._learned.discard(name)
        return {}

    def _local(self) -> list[Callable[[Asked], Answer]]:
        """What only a person's own machine does."""
        return [self.keep_data] if self.mode is Mode.LOCAL else []

    def keep_data(self, request: Asked) -> Answer:
        """Keep what was dropped among the person's data, to be trained from; a later sweep of uploads leaves it."""
        require_local(self.mode)
        upload = Upload.of(request.get("token"))
        title = asked.text("The name of the data", request.get("title"))
        try:
            reader, data, options = _opened(upload, _options(request))
            kept = store.keep(upload.place, title=title, options=options, reader=reader.name, digest=data.digest)
        except GenworldError as error:
            raise upload.fault(error) from error
        return {"data": f"data:{kept.name}"}

    def forget(self, request: Asked) -> Answer:
        """Remove the files of an upload."""
        Upload.of(request.get("token")).forget()
        return {}

    def _make_room(self, made: Checkpoint) -> None:
        """Public pages have a small disk: the oldest models of visitors go."""
        if self.mode is Mode.LOCAL:
            return
        private = sorted(made.folder.parent.glob(f"{PRIVATE}*/"), key=uploads.age)
        for old in private[:-KEPT_FOR_VISITORS]:
            shutil.rmtree(old, ignore_errors=True)


def _get_ready() -> None:
    """Load what learning needs while a person looks at the preview; at the page's start it would only delay it."""
    threading.Thread(target=importlib.import_module, args=("genworld.learning",), name="get-ready", daemon=True).start()


def require_modest(data: Dataset, limits: Limits) -> None:
    """Raises GenworldError for more levels than are learned from while somebody waits."""
    cells = sum(level.tiles.size for level in data.levels)
    if cells > limits.learned_cells:
        raise GenworldError(
            f"Maps of at most {limits.learned_cells:,} cells together are learned from on this page, but these have "
            f"{cells:,}; bring a part of them, or learn on your own machine with genworld learn."
        )


def in_json(told: Understood) -> Answer:
    """What was understood, for the browser."""
    learnable = told.kind == "level"
    return {
        "title": told.title,
        "reader": told.reader,
        "kind": told.kind,
        "count": told.count,
        "sizes": told.sizes,
        "classes": [list(pair) for pair in told.classes],
        "legend": [_entry(entry) for entry in told.legend],
        "pictures": [shown(pixels) for pixels in told.pictures],
        "notes": list(told.notes),
        "style": told.style.value if told.style else None,
        "licence": told.licence,
        "learnable": learnable,
    }


def sheet(sprites: Sequence[Sprite]) -> Picture:
    """Some sprites of all side by side, on clear ground, in about the shape of the preview."""
    height, width = sprites[0].height, sprites[0].width
    columns = max(1, SHEET[1] // (width + 2))
    most = columns * max(1, SHEET[0] // (height + 2))
    steps = range(0, len(sprites), -(-len(sprites) // most))
    pictures = [picture(sprites[index]) for index in steps]
    return contact_sheet(pictures, min(columns, len(pictures)), 1, 2, background=(0, 0, 0, 0))


def _entry(entry: Entry) -> Answer:
    return {"name": entry.name, "tags": list(entry.tags), "count": entry.count, "picture": shown(entry.picture)}


def _open(upload: Upload, options: Mapping[str, object]) -> tuple[Reader, Dataset]:
    """The data of an upload and what read it; see `_opened`."""
    try:
        reader, data, _ = _opened(upload, options)
    except GenworldError as error:
        raise upload.fault(error) from error
    return reader, data


def _opened(upload: Upload, options: Mapping[str, object]) -> tuple[Reader, Dataset, dict[str, object]]:
    """The data, what read them, and the options that it took.

    Options that the reader does not take are left out, and so are tags of tiles that are not there: a tileset that came
    later may have given them other names.
    """
    reader = datasets.recognise(upload.place)
    place = f"{reader.name}:{upload.place}"
    fitting = {name: value for name, value in options.items() if name in datasets.options_of(reader)}
    tags = fitting.pop("tags", None)
    plain = datasets.open_dataset(place, **fitting)
    if not isinstance(tags, dict):
        return reader, plain, fitting
    names = plain.spec.legend.names if isinstance(plain.spec, LevelSpec) else ()
    known = {name: value for name, value in tags.items() if name in names}
    taken = {**fitting, "tags": known} if known else fitting
    data = datasets.open_dataset(place, **taken) if known else plain
    return reader, _noted(data, len(tags) - len(known)), taken


def _noted(data: Dataset, lost: int) -> Dataset:
    """With a note where tags were let go."""
    if not lost:
        return data
    note = (
        f"What you said about {lost} tile{'s' * (lost > 1)} was let go: now that more is known they have other names."
    )
    return replace(data, notes=(*data.notes, note))


def _options(request: Asked) -> dict[str, object]:
    """Corrections of what was understood: the style, tags by tile name, the grid of a sheet."""
    options = request.get("options") or {}
    if not isinstance(options, dict):
        raise GenworldError("Corrections are an object with named values, but something else came; reload the page.")
    style, tags = options.get("style"), options.get("tags") or {}
    if style is not None and style not in list(Style):
        raise unknown("style", str(style)[:NAME_LENGTH], list(Style))
    if not isinstance(tags, dict) or len(tags) > LEGEND_TILES:
        raise GenworldError("Corrected tags come by tile name, but something else came; reload the page.")
    read = {asked.text("A tile", name, TILE_NAME_LENGTH): _tags(value) for name, value in tags.items()}
    return {**({"style": style} if style else {}), **({"tags": read} if read else {}), **_grid(options)}


def _grid(options: Mapping[str, Any]) -> dict[str, object]:
    """How a tilesheet is cut, as far as a person says."""
    grid: dict[str, object] = {}
    rows, columns = options.get("rows"), options.get("columns")
    if rows is not None or columns is not None:
        rows, columns = rows if rows is not None else columns, columns if columns is not None else rows
        grid["size"] = (
            whole("The height of a tile", rows, 1, SPRITE_SIDE, "pixels"),
            whole("The width of a tile", columns, 1, SPRITE_SIDE, "pixels"),
        )
    for name in ("margin", "spacing"):
        if options.get(name) is not None:
            grid[name] = whole(f"The {name}", options[name], 0, BORDER, "pixels")
    return grid


def _tags(value: Any) -> list[str]:
    names = asked.texts("Tags", value, len(Tag))
    for name in names:
        if name not in list(Tag):
            raise unknown("tag", name, list(Tag))
    return list(names)
