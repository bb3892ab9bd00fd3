"""The board beside every tab: what was kept, taking it back, and the pack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from genworld import packs
from genworld.errors import GenworldError
from genworld.finishing.palette import BYTES, Palette, parse_palette
from genworld.library import Board, Draft, Item, Library, new_secret
from genworld.limits import LIMITS, whole
from genworld.mode import Mode
from genworld.ui import asked, boards, exports, projects, tiles
from genworld.ui.components.part import Answer, Asked, Part

KEPT_AT_ONCE = 256
MADE_AT_ONCE = 64
PICTURES_AT_ONCE = 64


class BoardPanel(Part):
    """The panel.

    Args:
        mode: whose board it is, and whose limits hold.
        library: where boards are.
    """

    def __init__(self, mode: Mode, library: Library) -> None:
        self.mode = mode
        self.library = library
        super().__init__(
            "boardPanel",
            [
                self.board,
                self.keep,
                self.keep_made,
                self.remove,
                self.rename,
                self.undo,
                self.redo,
                self.pictures,
                self.export_pack,
                *([self.project, self.write_into] if mode is Mode.LOCAL else []),
            ],
            elem_id="board-panel",
            formats=exports.formats(),
            notice=library.notice or "",
            public=mode is Mode.PUBLIC,
        )

    def board(self, request: Asked) -> Answer:
        """The board as it stands; in public mode with a new secret where the browser holds none."""
        made = new_secret() if self.mode is Mode.PUBLIC and not request.get("secret") else None
        request = {**request, "secret": made} if made else request
        return {**self._summary(self._mine(request)), "secret": made}

    def keep(self, request: Asked) -> Answer:
        """Keep samples: they are drawn here once more, and on disk when this answers."""
        from genworld.ui import draw  # see workspace.warm_up

        wish = asked.wish(request, LIMITS[self.mode])
        wanted = asked.some(request.get("indices"), KEPT_AT_ONCE)
        drafts = draw.drafts(wish, [whole("The index", one, 0, asked.MAX_INDEX) for one in wanted])
        return self._change(request, lambda board: board.keep_all(drafts))

    def keep_made(self, request: Asked) -> Answer:
        """Keep levels that were shaped or changed: each is made here again from its origin, and one undo takes all back."""
        from genworld.ui import draw

        wanted = [asked.entry(one) for one in asked.some(request.get("made"), MADE_AT_ONCE)]
        made = (self._draft({**one, "secret": request.get("secret")}) for one in wanted)
        drafts = list(draw.in_time(made, len(wanted)))
        return self._change(request, lambda board: board.keep_all(drafts))

    def remove(self, request: Asked) -> Answer:
        """Take items off the board."""
        ids = asked.ids(request.get("ids"), LIMITS[self.mode].board_items)
        return self._change(request, lambda board: board.remove(ids))

    def rename(self, request: Asked) -> Answer:
        """Give the board, and so its pack, another name."""
        name = asked.text("The name of a board", request.get("name"))
        return self._change(request, lambda board: board.rename(name))

    def undo(self, request: Asked) -> Answer:
        """Take the last change back."""
        return self._change(request, lambda board: board.undo() or "There is nothing to undo.")

    def redo(self, request: Asked) -> Answer:
        """Make it again."""
        return self._change(request, lambda board: board.redo() or "There is nothing to redo.")

    def pictures(self, request: Asked) -> Answer:
        """Kept items as tiles."""
        ids = asked.ids(request.get("ids"), PICTURES_AT_ONCE)
        board = self._mine(request)
        return {"tiles": [tiles.of_item(board.item(one)) for one in ids]}

    def export_pack(self, request: Asked) -> Answer:
        """The whole board as a pack, and where it can be fetched."""
        chosen = asked.text("The format", request.get("format"))
        board = self._mine(request)
        palette = _palette(request["palette"]) if request.get("palette") else None
        path = exports.export(board.items(), name=board.name, format=chosen, palette=palette)
        return {"path": str(path), "name": path.name, "bytes": path.stat().st_size}

    def project(self, request: Asked) -> Answer:
        """What would be written into a project's folder: counts, and names once a folder is given."""
        return projects.planned(self._chosen(request), request.get("folder"))

    def write_into(self, request: Asked) -> Answer:
        """Levels of own maps into their project's folder, beside the originals."""
        return projects.write(self._chosen(request), request.get("folder"))

    def _chosen(self, request: Asked) -> list[Item]:
        """The items named, else all. Raises GenworldError in public mode: the server's folders are not a visitor's."""
        if self.mode is not Mode.LOCAL:
            raise GenworldError("A page for everybody writes into no folder; export a pack instead.")
        board = self._mine(request)
        wanted = asked.ids(request["ids"], LIMITS[self.mode].board_items) if request.get("ids") else None
        return board.items() if wanted is None else [board.item(one) for one in wanted]

    def _draft(self, one: Asked) -> Draft:
        from genworld.ui import subjects  # see workspace.warm_up

        name = asked.text("The name of a level", one.get("name"))
        return subjects.draft(subjects.of(self.library, self.mode, one), name)

    def _mine(self, request: Asked) -> Board:
        return boards.board_of(self.library, self.mode, request)

    def _change(self, request: Asked, make: Callable[[Board], Any]) -> Answer:
        board = self._mine(request)
        said = make(board)
        return {**self._summary(board), "said": said if isinstance(said, str) else None}

    def _summary(self, board: Board) -> Answer:
        # Only a person's own page writes into folders, so only there it matters whether anything could be written.
        own = self.mode is Mode.LOCAL and any(map(packs.has_original, board.legends()))
        return {**boards.summary(board), "own": own}


def _palette(value: object) -> Palette:
    """The palette that a browser read from a file."""
    file = asked.entry(value)
    name, text = asked.text("The name of a palette", file.get("name")), asked.text("A palette", file.get("text"), BYTES)
    return parse_palette(name, text.encode("utf-8", "replace"))
