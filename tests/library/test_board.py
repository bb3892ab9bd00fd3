"""Keeping, removing, undoing, and what other boards may not see."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genworld.content import Example, Legend, Level, Sprite, Style, Tag, Tile
from genworld.errors import GenworldError
from genworld.library import Board, Draft, Item, Library, new_secret
from genworld.library import names as naming
from genworld.limits import LIMITS, NAME_LENGTH, Limits
from genworld.mode import Mode
from genworld.provenance import DataSource, EditOrigin, ImportOrigin, SeedOrigin

LEGEND = Legend(
    "cave",
    Style.TOP_DOWN,
    (Tile("#", "rock", frozenset({Tag.SOLID})), Tile(" ", "floor", frozenset({Tag.PASSABLE}))),
    "dungeon",
)
SOURCE = DataSource(name="caves", licence="CC0-1.0", sellable=True)


def sprite(number: int) -> Sprite:
    pixels = np.full((4, 4, 4), 255, dtype=np.uint8)
    pixels[0, 0, :3] = [number // 65536, number // 256 % 256, number % 256]
    return Sprite(pixels)


def seed_origin(index: int) -> SeedOrigin:
    return SeedOrigin(checkpoint="a" * 64, model="caves", seed=7, index=index, truncation=0.7)


def keep(board: Board, number: int) -> Item:
    return board.keep(sprite(number), origin=seed_origin(number), model="Caves", title=f"Cave {number}", source=SOURCE)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite") as opened:
        yield opened


@pytest.fixture
def board(library: Library) -> Board:
    return library.board()


def names(board: Board) -> list[str]:
    return [item.name for item in board.items()]


def test_what_is_kept_comes_back_whole(library: Library, board: Board) -> None:
    level = Level(np.array([[0, 1, 0]], dtype=np.uint8), LEGEND)
    origin = EditOrigin(parent=ImportOrigin(file="x.png", digest="b" * 64), edits=((0, 1, 1),))
    board.keep(level, origin=origin, model="Caves", title="A cave", source=SOURCE)
    keep(board, 3)
    path = library.path
    library.close()
    with Library.open(path) as again:
        first, second = again.board().items()
        assert again.notice is None
    assert (first.kind, first.name, first.example, first.origin) == ("level", "A cave", level, origin)
    assert (first.model, first.source, first.digest) == ("Caves", SOURCE, level.digest)
    assert (second.kind, second.example, second.origin) == ("sprite", sprite(3), seed_origin(3))
    assert first.created.endswith("+00:00")


def test_keeping_the_same_content_twice_gives_the_item_that_is_there(board: Board) -> None:
    first = keep(board, 1)
    again = board.keep(sprite(1), origin=seed_origin(9), model="Other", title="Other", source=SOURCE)
    assert again == first
    assert board.count() == 1
    assert board.digests() == {first.digest: first.id}


def test_undo_and_redo_walk_the_whole_history(board: Board) -> None:
    assert (board.undo(), board.redo(), board.can_undo, board.can_redo) == (None, None, False, False)
    first = keep(board, 1)
    keep(board, 2)
    board.remove([first.id])
    board.rename("Best caves")
    assert board.undo() == "Undone: renamed the board from “My board” to “Best caves”"
    assert board.undo() == "Undone: removed “Cave 1”"
    assert names(board) == ["Cave 1", "Cave 2"]
    assert board.undo() == "Undone: kept “Cave 2”"
    assert board.redo() == "Redone: kept “Cave 2”"
    assert board.redo() == "Redone: removed “Cave 1”"
    assert board.redo() == "Redone: renamed the board from “My board” to “Best caves”"
    assert (board.redo(), names(board), board.name) == (None, ["Cave 2"], "Best caves")


def test_history_survives_a_restart(library: Library, board: Board) -> None:
    keep(board, 1)
    keep(board, 2)
    board.undo()
    path = library.path
    library.close()
    with Library.open(path) as again:
        board = again.board()
        assert board.can_undo
        assert board.can_redo
        board.redo()
        board.undo()
        board.undo()
        assert board.items() == []


def test_a_new_change_forgets_what_could_be_redone(board: Board) -> None:
    keep(board, 1)
    board.undo()
    keep(board, 2)
    assert not board.can_redo
    board.undo()
    assert not board.can_undo


def test_keeping_again_what_was_removed_puts_it_last(board: Board) -> None:
    first = keep(board, 1)
    keep(board, 2)
    board.remove([first.id])
    keep(board, 1)
    assert names(board) == ["Cave 2", "Cave 1"]
    board.undo()
    board.undo()
    assert names(board) == ["Cave 1", "Cave 2"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 4), st.sampled_from(["undo", "redo", "remove", "rename"])), max_size=25))
def test_undo_is_the_stack_of_states(steps: list[int | str]) -> None:
    """Against a model that simply remembers every state of the board."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library.sqlite") as library:
        board = library.board()

        def state() -> tuple[list[str], str]:
            return sorted(names(board)), board.name

        past, future = [state()], []
        for number, step in enumerate(steps):
            if step == "undo":
                assert (board.undo() is None) == (len(past) == 1)
                if len(past) > 1:
                    future.append(past.pop())
            elif step == "redo":
                assert (board.redo() is None) == (not future)
                if future:
                    past.append(future.pop())
            else:
                held = board.items()
                if step == "rename":
                    board.rename(f"name {number}")
                elif step == "remove":
                    board.remove([item.id for item in held[:2]])
                else:
                    keep(board, int(step))
                if state() != past[-1]:
                    past, future = [*past, state()], []
            assert state() == past[-1]


def test_many_are_kept_and_removed_with_one_click(board: Board) -> None:
    drafts = [Draft(sprite(n % 1500), seed_origin(n), "Caves", f"Cave {n}", SOURCE) for n in range(1600)]
    kept = board.keep_all(drafts)
    assert len(kept) == 1600
    assert kept[1500] == kept[0]
    assert board.count() == 1500
    board.remove(item.id for item in kept)
    assert board.undo() == "Undone: removed 1500 items"
    assert board.undo() == "Undone: kept 1500 items"
    assert board.count() == 0


def test_a_full_board_refuses_and_keeps_what_it_has(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {mode: Limits(**{**vars(bounds), "board_items": 2}) for mode, bounds in LIMITS.items()}
    monkeypatch.setattr("genworld.library.shelf.LIMITS", small)
    board = library.board()
    keep(board, 1)
    with pytest.raises(GenworldError, match="at most 2 items"):
        board.keep_all([Draft(sprite(n), seed_origin(n), "Caves", "x", SOURCE) for n in (2, 3)])
    assert names(board) == ["Cave 1"]
    keep(board, 2)
    keep(board, 2)


def test_boards_do_not_see_each_other(library: Library) -> None:
    mine, theirs = library.board(new_secret()), library.board(new_secret())
    item = keep(theirs, 1)
    for attempt in (lambda: mine.item(item.id), lambda: mine.remove([item.id])):
        with pytest.raises(GenworldError, match="no item"):
            attempt()
    assert mine.undo() is None
    assert mine.items() == []
    assert keep(mine, 1).id != item.id
    assert theirs.items() == [item]


def test_a_board_is_found_by_its_secret_of_which_only_the_hash_is_stored(library: Library) -> None:
    secret = new_secret()
    board = library.board(secret)
    assert library.board(secret).id == board.id
    assert library.board(new_secret()).id != board.id
    assert library.board().id == library.board(None).id
    library.close()
    stored = b"".join(path.read_bytes() for path in library.path.parent.rglob("*") if path.is_file())
    assert secret.encode() not in stored


@pytest.mark.parametrize("secret", ["", "short", 7, ["x" * 40]])
def test_a_secret_that_could_be_guessed_is_refused(library: Library, secret: str) -> None:
    with pytest.raises(GenworldError, match="secret"):
        library.board(secret)


def test_a_public_page_has_no_local_person(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite", Mode.PUBLIC) as library:
        for attempt in (library.board, library.boards):
            with pytest.raises(GenworldError, match="secret"):
                attempt()
        assert library.board(new_secret()).count() == 0


def test_boards_are_listed_oldest_first(library: Library) -> None:
    made = [library.board(), library.board(new_secret())]
    assert [board.id for board in library.boards()] == [board.id for board in made]


@pytest.mark.parametrize("item_id", [0, -1, 10**30, True, None, "1", 1.0, [1], float("nan")])
def test_whatever_comes_as_an_id_is_not_found(board: Board, item_id: int) -> None:
    keep(board, 1)
    with pytest.raises(GenworldError, match="no item"):
        board.item(item_id)
    with pytest.raises(GenworldError, match="no item"):
        board.remove([item_id])
    assert board.count() == 1


def test_removing_refuses_all_when_one_is_unknown(board: Board) -> None:
    first = keep(board, 1)
    with pytest.raises(GenworldError, match="no item"):
        board.remove([first.id, 99])
    assert board.items() == [first]
    board.remove([])
    assert board.undo() == "Undone: kept “Cave 1”"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("  Wild\tcaves\n", "Wild caves"), ("Cafe\u0301", "Café"), ("a\u202eb\x00c\x1b[31m", "abc[31m"), ("<b>&", "<b>&")],
)
def test_names_are_cleaned(board: Board, typed: str, shown: str) -> None:
    board.rename(typed)
    assert board.name == shown


@pytest.mark.parametrize("typed", ["", " \n", "\u202e", "x" * (NAME_LENGTH + 1), None, {"a": 1}, 5, "\ud800"])
def test_names_that_cannot_be_are_refused(board: Board, typed: str) -> None:
    with pytest.raises(GenworldError, match="name"):
        board.rename(typed)
    assert board.name == "My board"
    assert not board.can_undo


@given(st.text())
def test_a_cleaned_name_is_clean(text: str) -> None:
    name = naming.shortened(text, "untitled")
    assert 1 <= len(name) <= NAME_LENGTH
    assert naming.cleaned(name) == name
    name.encode()


def test_titles_are_cut_rather_than_lost(board: Board) -> None:
    item = board.keep(sprite(1), origin=seed_origin(1), model="Caves", title="x" * 500, source=SOURCE)
    assert item.name == "x" * NAME_LENGTH
    nameless = board.keep(sprite(2), origin=seed_origin(2), model="Caves", title="\u202e", source=SOURCE)
    assert nameless.name == "Caves"


def test_the_log_only_grows(library: Library, board: Board) -> None:
    import sqlite3

    keep(board, 1)
    board.undo()
    other = sqlite3.connect(library.path)
    for statement in ("DELETE FROM events", "UPDATE events SET turn = 'do'", "DELETE FROM items"):
        with pytest.raises(sqlite3.IntegrityError):
            other.execute(statement)
    other.rollback()
    assert [row[0] for row in other.execute("SELECT turn FROM events ORDER BY id")] == ["do", "undo"]
    other.close()


def test_curating_never_loads_torch() -> None:
    code = "import sys, genworld.library; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_examples_of_any_kind_can_be_told_apart(board: Board) -> None:
    examples: list[Example] = [sprite(1), Level(np.zeros((1, 1), dtype=np.uint8), LEGEND)]
    for example in examples:
        board.keep(example, origin=seed_origin(0), model="m", title="t", source=SOURCE)
    assert [item.kind for item in board.items()] == ["sprite", "level"]
