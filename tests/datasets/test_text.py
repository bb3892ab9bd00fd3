"""Levels as characters: what is read, and what is told when it cannot be."""

from __future__ import annotations

import contextlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genworld.content import Style, Tag
from genworld.datasets import open_dataset
from genworld.errors import GenworldError

TILES = {
    "#": {"meaning": "wall", "tags": ["solid"]},
    " ": {"meaning": "floor", "tags": ["passable"]},
    "@": {"meaning": "player", "tags": ["passable", "start"]},
}


def legend(**more: Any) -> dict[str, Any]:
    return {"game": "tiny", "style": "top-down dungeon", "tiles": TILES, **more}


def write(folder: Path, about: object, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    if about is not None:
        (folder / "tiles.json").write_text(json.dumps(about), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.txt").write_bytes(text.encode())
    return folder


def refused(place: Path) -> str:
    with pytest.raises(GenworldError) as caught:
        open_dataset(str(place))
    assert "\n" not in caught.value.sentence
    return caught.value.sentence


def test_spaces_are_tiles_and_levels_stay_whole(tmp_path: Path) -> None:
    folder = write(tmp_path / "t", legend(), a="  # \n@   \n", b="###\n\n\n")
    data = open_dataset(str(folder))
    assert [level.to_text() for level in data.levels] == ["  # \n@   \n", "###\n"]
    assert (data.spec.height, data.spec.width, data.spec.classes) == (None, None, ())
    assert data.groups == ("a.txt", "b.txt")
    assert len(data.windows(1, 2, 1)) == 6 + 2


def test_packed_levels_are_taken_apart(tmp_path: Path) -> None:
    text = "; 0\n ##\n @ \n\n; 1\n###\n#  \n\n"
    data = open_dataset(str(write(tmp_path / "t", legend(), rooms=text)))
    assert [level.to_text() for level in data.levels] == [" ##\n @ \n", "###\n#  \n"]
    assert (data.spec.height, data.spec.width) == (2, 3)
    assert data.groups == ("rooms.txt 0", "rooms.txt 1")


def test_semicolon_of_the_legend_is_a_tile(tmp_path: Path) -> None:
    tiles = {**TILES, ";": {"meaning": "grass", "tags": ["passable"]}}
    data = open_dataset(str(write(tmp_path / "t", legend(tiles=tiles), a=";;\n##\n")))
    assert data.levels[0].to_text() == ";;\n##\n"


def test_windows_newlines_and_a_mark_are_no_tiles(tmp_path: Path) -> None:
    data = open_dataset(str(write(tmp_path / "t", legend(), a="\ufeff##\r\n  \r\n")))
    assert data.levels[0].to_text() == "##\n  \n"


def test_zip_single_file_and_folder_read_alike(tmp_path: Path) -> None:
    folder = write(tmp_path / "t", legend(), a="#@\n")
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"t/{file.name}")
    places = (folder, tmp_path / "t.zip", folder / "a.txt")
    assert len({open_dataset(str(place)).digest for place in places}) == 1


def test_folders_are_classes(tmp_path: Path) -> None:
    folder = write(tmp_path / "t", legend())
    for name in ("easy", "hard"):
        write(folder / name, None, a="#@\n", b="@#\n")
    data = open_dataset(str(folder))
    assert data.spec.classes == ("easy", "hard")
    assert data.labels.tolist() == [[1, 0], [1, 0], [0, 1], [0, 1]]


@pytest.mark.parametrize(
    ("style", "tags", "expected"),
    [
        ("top-down dungeon", ["passable"], (Style.TOP_DOWN, "dungeon")),
        ("top-down puzzle rooms", ["solid", "pushable"], (Style.BOX_PUSHING, "dungeon")),
        ("top-down rooms (kitchens)", ["passable"], (Style.TOP_DOWN, "interiors")),
        ("top-down overworld (real terrain)", ["liquid"], (Style.TOP_DOWN, "overworld")),
        ("platformer (vertical)", ["solid-top"], (Style.PLATFORMER, "platformer")),
        ("", ["climbable"], (Style.PLATFORMER, "platformer")),
        ("", [], (Style.TOP_DOWN, "dungeon")),
    ],
)
def test_style_and_tileset_follow_from_words_and_tags(
    tmp_path: Path, style: str, tags: list[str], expected: tuple[Style, str]
) -> None:
    tiles = {**TILES, "x": {"meaning": "thing", "tags": tags}}
    found = open_dataset(str(write(tmp_path / "t", legend(style=style, tiles=tiles), a="x\n"))).spec.legend
    assert (found.style, found.tileset) == expected


def test_tileset_can_be_chosen(tmp_path: Path) -> None:
    data = open_dataset(str(write(tmp_path / "t", legend(tileset="city"), a="#\n")))
    assert data.spec.legend.tileset == "city"
    assert data.spec.legend.ids(Tag.START) == (2,)


@pytest.mark.parametrize(
    ("more", "licence", "sellable"),
    [
        ({}, "unknown", None),
        ({"licence_class": "clean"}, "unknown", True),
        ({"licence_class": "credit"}, "unknown", True),
        ({"licence_class": "restricted: research and tests only"}, "unknown", False),
        ({"licence_class": "secret"}, "unknown", None),
        ({"licence": "CC0-1.0"}, "CC0-1.0", True),
        ({"licence": "CC-BY-NC-4.0"}, "CC-BY-NC-4.0", False),
        ({"licence": "CC-BY-4.0", "licence_class": "restricted"}, "CC-BY-4.0", False),
        ({"game": "freedoom", "licence_class": "clean"}, "BSD-3-Clause", True),
        ({"game": "vglc_smb", "licence_class": "restricted"}, "MIT", False),
    ],
)
def test_licence_is_kept(tmp_path: Path, more: dict[str, str], licence: str, sellable: bool | None) -> None:
    source = open_dataset(str(write(tmp_path / "t", legend(notes="A note", credit="By me", **more), a="#\n"))).source
    assert (source.licence, source.sellable, source.credit) == (licence, sellable, "By me")
    assert "A note" in source.note
    assert more.get("licence_class", "") in source.note


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("##\n#\n", "line 2 has 1"),
        ("##\n#?\n", "Line 2, column 2 of a.txt holds '?'"),
        ("", "empty"),
        ("\n\n", "empty"),
        ("##\n\n##\n", "line 2 has 0"),
        ("; 0\n##\n; 1\n#\n##\n", "a.txt 1"),
    ],
)
def test_bad_levels_are_told(tmp_path: Path, text: str, part: str) -> None:
    assert part in refused(write(tmp_path / "t", legend(), a=text))


@pytest.mark.parametrize(
    ("about", "part"),
    [
        ([], "should hold 'tiles'"),
        ({"tiles": []}, "should hold 'tiles'"),
        ({"tiles": {}}, "1 to 255"),
        ({"tiles": {"##": TILES["#"]}}, "one character"),
        ({"tiles": {"": TILES["#"]}}, "one character"),
        ({"tiles": {"#": {"meaning": "wall", "tags": ["sollid"]}}}, "Did you mean 'solid'?"),
        ({"tiles": {"#": {"meaning": "wall"}}}, "should be described as"),
        ({"tiles": {"#": {"meaning": 3, "tags": []}}}, "should be described as"),
        ({"tiles": {"#": {"meaning": "wall", "tags": [["solid"]]}}}, "should be described as"),
        ({"tiles": {"#": TILES["#"], " ": TILES["#"]}}, "'wall' twice"),
        ({"tiles": TILES, "tileset": "../../etc"}, "no tileset"),
        ({"tiles": TILES, "game": 3}, "'game'"),
        ({"tiles": TILES, "licence": None}, "'licence'"),
    ],
)
def test_bad_legends_are_told(tmp_path: Path, about: object, part: str) -> None:
    assert part in refused(write(tmp_path / "t", about, a="#\n"))


def test_missing_parts_are_told(tmp_path: Path) -> None:
    assert "Expected levels drawn with characters in a" in refused(write(tmp_path / "a", None, a="\n"))
    assert "there is none" in refused(write(tmp_path / "b", legend()))
    write(tmp_path / "c", None)
    write(tmp_path / "c" / "one", legend(), a="#\n")
    write(tmp_path / "c" / "two", legend(), a="#\n")
    assert "2 legends" in refused(tmp_path / "c")
    assert "holds neither" in refused(write(tmp_path / "d", None))


def test_levels_without_a_legend_are_guessed(tmp_path: Path) -> None:
    prose = "These are the levels that we drew for the first world of our game, with many words in it."
    folder = write(tmp_path / "t", None, a="#####\n#S.E\n#q.~#\n", README=prose)
    data = open_dataset(str(folder), licence="CC0-1.0")
    assert [level.to_text() for level in data.levels] == ["#####\n#S.E \n#q.~#\n"]  # padded
    legend = data.spec.legend
    assert (legend.style, legend.tileset, legend.name) == (Style.TOP_DOWN, "dungeon", "t")
    assert {tile.char: (tile.name, set(tile.tags)) for tile in legend.tiles} == {
        "#": ("wall", {Tag.SOLID}),
        ".": ("floor", {Tag.PASSABLE}),
        "S": ("start point", {Tag.PASSABLE, Tag.START}),
        "E": ("end", {Tag.PASSABLE, Tag.GOAL}),
        "~": ("water", {Tag.SOLID, Tag.LIQUID}),
        "q": ("'q'", {Tag.PASSABLE}),
        " ": ("outside", {Tag.VOID}),
    }
    assert data.notes[0].startswith("No tiles.json says what the characters mean, so it was guessed: # wall, . floor")
    assert data.notes[1].startswith("Nothing is known of q:")
    assert (data.source.licence, data.source.sellable) == ("CC0-1.0", True)


@pytest.mark.parametrize(
    ("text", "style", "meanings"),
    [
        ("#####\n#@$.#\n#####\n", Style.BOX_PUSHING, {"$": "box", ".": "target", "@": "player"}),
        ("------\n--SSS-\nSSES-E\nEE-EEE\n------\nXXXXXX\n", Style.PLATFORMER, {"S": "brick", "E": "foe", "-": "sky"}),
        ("......\n......\n..@...\n...##.\n######\n######\n", Style.PLATFORMER, {".": "air", "@": "start"}),
        ("######\n#.@..#\n#.##.#\n#...>#\n######\n", Style.TOP_DOWN, {".": "floor", ">": "exit"}),
        ("1111\n1001\n1111\n", Style.TOP_DOWN, {"1": "solid", "0": "open"}),
    ],
)
def test_conventions_depend_on_what_is_drawn(tmp_path: Path, text: str, style: Style, meanings: dict[str, str]) -> None:
    legend = open_dataset(str(write(tmp_path / "t", None, a=text) / "a.txt")).spec.legend
    assert legend.style is style
    assert {tile.char: tile.name for tile in legend.tiles}.items() >= meanings.items()


def test_empty_lines_part_levels_without_a_legend(tmp_path: Path) -> None:
    data = open_dataset(str(write(tmp_path / "t", None, a="##\n..\n\n\n###\n", b="; first\n#.\n; second\n.#\n")))
    assert data.groups == ("a.txt 1", "a.txt 2", "b.txt first", "b.txt second")


def test_a_legend_counts_only_in_the_folder_of_a_single_file(tmp_path: Path) -> None:
    write(tmp_path / "t", None, a="#@\n")
    write(tmp_path / "t" / "deeper", legend())
    assert open_dataset(str(tmp_path / "t" / "a.txt")).notes
    write(tmp_path / "t", legend(game="mine"))
    assert open_dataset(str(tmp_path / "t" / "a.txt")).name == "mine"


def test_what_was_understood_can_be_corrected(tmp_path: Path) -> None:
    folder = write(tmp_path / "t", legend(), a="#@ \n")
    data = open_dataset(
        str(folder), style="platformer", tags={"floor": ["passable", "empty"]}, title="Mine", credit="By me"
    )
    legend_found = data.spec.legend
    assert (legend_found.style, legend_found.tileset) == (Style.PLATFORMER, "platformer")
    assert legend_found.ids(Tag.EMPTY) == (1,)
    assert data.levels[0].legend == legend_found
    assert (data.name, data.source.credit, data.source.digest) == ("Mine", "By me", data.digest)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"style": "sideways"}, "no style called 'sideways'"),
        ({"tags": {"wal": ["solid"]}}, "Did you mean 'wall'"),
        ({"tags": {"wall": ["sollid"]}}, "Did you mean 'solid'"),
        ({"tags": {"wall": "solid"}}, "Tags are given as"),
        ({"tags": [1]}, "Tags are given as"),
    ],
)
def test_bad_corrections_are_told(tmp_path: Path, options: dict[str, Any], part: str) -> None:
    with pytest.raises(GenworldError, match=part):
        open_dataset(str(write(tmp_path / "t", legend(), a="#@ \n")), **options)


def test_more_characters_than_a_legend_holds_are_told(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + index) for index in range(256))
    assert "256 different characters" in refused(write(tmp_path / "t", None, a=text))
    assert "shows nothing" in refused(write(tmp_path / "u", None, a="#\x07#"))


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="#@ ;.$-E\n\r\t\x85\u2028", max_size=60))
def test_any_text_without_a_legend_ends_in_levels_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    with contextlib.suppress(GenworldError):
        assert open_dataset(str(write(tmp_path_factory.mktemp("fuzz"), None, a=text))).notes


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="#@ ;?\n\r\t\x85\u2028", max_size=60))
def test_any_text_ends_in_levels_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = write(tmp_path_factory.mktemp("fuzz"), legend(), a=text)
    try:
        data = open_dataset(str(folder))
    except GenworldError:
        return
    assert all(level.to_text().rstrip("\n") in text.replace("\r\n", "\n") for level in data.levels)
