"""Public data comes whole and verified, or not at all; tried against a git server on loopback."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from git_server import git, repository, serving
from PIL import Image
from wad_samples import two_rooms

from genworld.content import Style
from genworld.datasets import open_dataset, store
from genworld.datasets.public import CATALOGUE, PublicSet, dcss, fetch, here, public_set
from genworld.errors import GenworldError

ROOM = (
    b"""; 0
##########
##########
###  ######
###@ ######
""".replace(b"###  ######", b"###  #####").replace(b"###@ ######", b"###@ #####")
    + b"""###$$$$ ##
###    . #
### . .. #
###      #
##########
##########

"""
)
LEVELS = {"hard/000.txt": ROOM, "medium/train/000.txt": ROOM + ROOM.replace(b"; 0", b"; 1")}
BOXOBAN = {**LEVELS, "LICENSE": b"Apache License", "README.md": b"not taken"}


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy stands before loopback."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder of repositories and the address under which they are served."""
    root = tmp_path / "served"
    root.mkdir()
    with serving(root) as address:
        yield root, address


def boxoban(served: tuple[Path, str], **change: object) -> PublicSet:
    """The set of a small repository that is served."""
    root, address = served
    commit = repository(root / "boxoban.git", BOXOBAN)
    wanted = {"LICENSE", *LEVELS}
    made = replace(
        CATALOGUE["boxoban"], url=f"{address}/boxoban.git", commit=commit, digests={}, wanted=wanted.__contains__
    )
    return replace(made, **change)  # type: ignore[arg-type]


def left(home: Path) -> list[str]:
    """What lies in the folder of kept data."""
    return sorted(path.name for path in (home / "data").glob("*")) if (home / "data").exists() else []


def test_a_set_is_fetched_verified_and_opened(served: tuple[Path, str], own_machine: Path) -> None:
    chosen = boxoban(served)
    told: list[tuple[str, int, int]] = []
    (kept,) = fetch(chosen, lambda *each: told.append(each))
    assert (kept.name, kept.count, kept.licence, kept.sellable) == ("boxoban", 3, "Apache-2.0", True)
    assert (kept.public, kept.commit) == ("boxoban", chosen.commit)
    assert re.search(r"SHA-256 over what was taken: [0-9a-f]{64}", kept.source.note)
    data = open_dataset("data:boxoban")
    assert data.source.credit == "Boxoban levels, Google DeepMind"
    assert data.levels[0].legend.style is Style.BOX_PUSHING
    files = sorted(path.name for path in store.place_of(kept).rglob("*"))
    assert files == ["LICENSE", "hard_000.txt", "medium_train_000.txt", "tiles.json"]
    assert any(total for _, _, total in told)
    assert left(own_machine) == ["boxoban"]


def test_what_is_here_is_not_fetched_again(served: tuple[Path, str]) -> None:
    chosen = boxoban(served)
    first = fetch(chosen)
    nowhere = replace(chosen, url="http://127.0.0.1:9/boxoban.git")
    assert fetch(nowhere) == first == here(chosen)


def test_a_changed_object_is_refused(served: tuple[Path, str], own_machine: Path) -> None:
    chosen = boxoban(served)
    folder = served[0] / "boxoban.git"
    unpacked(folder)
    name = git(folder, "rev-parse", "HEAD:hard/000.txt")
    raw = ROOM.replace(b"@", b" ")
    path = folder / "objects" / name[:2] / name[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"blob %d\0" % len(raw) + raw))
    with pytest.raises(GenworldError, match="Nothing was fetched"):
        fetch(chosen)
    assert left(own_machine) == []


def test_a_changed_folder_is_refused(served: tuple[Path, str], own_machine: Path) -> None:
    """Another list of files under the name of the pinned one."""
    chosen = boxoban(served)
    folder = served[0] / "boxoban.git"
    unpacked(folder)
    name, other = git(folder, "rev-parse", "HEAD^{tree}"), git(folder, "rev-parse", "HEAD:hard")
    path = folder / "objects" / name[:2] / name[2:]
    path.chmod(0o644)
    path.write_bytes((folder / "objects" / other[:2] / other[2:]).read_bytes())
    with pytest.raises(GenworldError, match="Nothing was fetched"):
        fetch(chosen)
    assert left(own_machine) == []


def unpacked(folder: Path) -> None:
    """Every object of a repository as a file of its own."""
    for pack in (folder / "objects" / "pack").glob("*.pack"):
        raw = pack.read_bytes()
        for each in folder.glob("objects/pack/*"):
            each.unlink()
        (folder / "all.pack").write_bytes(raw)
        git(folder, "config", "core.bare", "true")
        subprocess.run(["git", "unpack-objects", "-q"], cwd=folder, input=raw, check=True)


def test_files_with_another_digest_are_refused(served: tuple[Path, str], own_machine: Path) -> None:
    chosen = boxoban(served, commit="HEAD", digests={"hard/000.txt": "0" * 64})
    with pytest.raises(GenworldError, match=r"hard/000.txt .* is not the file that was pinned"):
        fetch(chosen)
    assert left(own_machine) == []


def test_files_pinned_by_digest_come_from_any_commit(served: tuple[Path, str]) -> None:
    digests = {path: sha256(raw).hexdigest() for path, raw in LEVELS.items()}
    chosen = boxoban(served, commit="HEAD", digests=digests)
    (kept,) = fetch(chosen)
    assert re.fullmatch(r"[0-9a-f]{40}", kept.commit)
    assert fetch(replace(chosen, url="http://127.0.0.1:9/")) == [kept]


FAULTS = [
    ({"commit": "1" * 40}, "the pinned commit is not there any more"),
    ({"url": "http://127.0.0.1:9/boxoban.git"}, "cannot be reached from this machine"),
    ({"digests": {"gone.txt": "0" * 64}}, "gone.txt is not in .* any more"),
    ({"wanted": lambda path: False}, "What is wanted is not in .* any more"),
]


@pytest.mark.parametrize(("change", "told"), FAULTS)
def test_faults_are_sentences(
    served: tuple[Path, str], own_machine: Path, change: dict[str, object], told: str
) -> None:
    with pytest.raises(GenworldError, match=told):
        fetch(boxoban(served, **change))
    assert left(own_machine) == []


def test_without_git(served: tuple[Path, str], own_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = boxoban(served)
    monkeypatch.setenv("PATH", str(own_machine))
    with pytest.raises(GenworldError, match="there is no git on this machine; install it"):
        fetch(chosen)
    assert left(own_machine) == []


def test_without_room(served: tuple[Path, str], own_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = boxoban(served)
    monkeypatch.setattr("genworld.datasets.copies.SPARE", 2**60)
    with pytest.raises(GenworldError, match=r"MiB are needed in .* free some space"):
        fetch(chosen)
    assert left(own_machine) == []


@pytest.mark.parametrize("at", ["Asking", "Fetching", "Keeping"])
def test_stopped_in_the_middle_nothing_is_left_and_it_can_be_done_again(
    served: tuple[Path, str], own_machine: Path, at: str
) -> None:
    chosen = boxoban(served)

    def stop(what: str, done: int, total: int) -> None:
        if what.startswith(at):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(chosen, stop)
    assert left(own_machine) == []
    assert len(fetch(chosen)) == 1


def test_a_removed_part_alone_comes_again(served: tuple[Path, str]) -> None:
    root, address = served
    commit = repository(root / "tiles.git", tiles())
    chosen = replace(CATALOGUE["dcss"], url=f"{address}/tiles.git", commit=commit)
    parts = ["dcss-adventurers", "dcss-characters", "dcss-objects", "dcss-scenery"]
    assert [kept.name for kept in fetch(chosen)] == parts
    store.discard("dcss-objects")
    told: list[str] = []
    assert len(fetch(chosen, lambda what, *_: told.append(what))) == 4
    assert [what for what in told if what.startswith("Keeping")] == ["Keeping Dungeon Crawl objects"]


def picture(shade: int, side: int = 32) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (side, side), (shade, 255 - shade, 40, 255)).save(file, "PNG")
    return file.getvalue()


def tiles() -> dict[str, bytes]:
    """A small release of the tiles of Dungeon Crawl."""
    pictures = {
        **{f"player/{slot}/{slot}_{index}": 10 * index for slot in dcss.FILLED for index in range(3)},
        "player/base/centaur_f": 5,
        "player/cloak/red-c": 6,
        "player/hand1/artefact/glaive": 7,
        "player/halo/holy": 8,
        "mon/orc": 100,
        "mon/khufu": 101,
        "mon/demons/imp": 102,
        "mon/demons/deep/imp": 103,
        "mon/statues/angel": 104,
        "item/potion/ruby": 105,
        "dngn/altars/zin": 106,
        "dngn/floor/grass/grass_0": 108,
        "dngn/wall/brick": 109,
        "gui/button": 107,
    }
    files = {f"{dcss.RELEASE}{name}.png": picture(shade) for name, shade in pictures.items()}
    return {
        **files,
        f"{dcss.RELEASE}mon/large.png": picture(9, side=48),
        dcss.EXCLUDED: b"unclear:\n- khufu.png\n- rltiles/mon/demons/ice_fiend.png\n",
        "README.md": b"CC0",
        "ARTISTS.md": b"artists",
        "tools/code.py": b"",
    }


def test_tiles_are_sorted_and_those_of_unclear_licence_left_out() -> None:
    taken = {path: raw for path, raw in tiles().items() if dcss.wanted(path)}
    assert not [path for path in taken if "gui" in path or "halo" in path or "tools" in path]
    people, characters, objects, scenery = dcss.convert(taken)
    assert sorted(name for name in characters.files if name.endswith(".png")) == [
        "characters/demons/imp.png",
        "characters/demons/mon_demons_imp.png",
        "characters/humanoids/orc.png",
    ]
    assert {"scenery/floor/grass_0.png", "scenery/wall/brick.png"} <= scenery.files.keys()
    assert {"objects/statues/angel.png", "objects/potion/ruby.png", "objects/altars/zin.png"} <= objects.files.keys()
    assert all(
        {"README.md", "ARTISTS.md"} <= {name.rpartition("/")[2] for name in part.files} for part in (people, objects)
    )
    assert "dcss/player_parts/hand1/glaive.png" in people.files
    assert not [name for name in people.files if "centaur" in name or "red-c" in name]
    rows = list(csv.DictReader(io.StringIO(people.files["dcss/adventurer_parts.csv"].decode())))
    assert len(rows) == dcss.DOLLS
    assert not [row for row in rows if row["hair"] and row["head"]]


def test_the_list_of_unclear_tiles_is_read_wherever_a_name_stands() -> None:
    text = "- a.png\n\t- rltiles/mon/b-c.png\nfoo **d_1.png**, e.PNG"
    assert dcss.excluded(text) == {"a.png", "b-c.png", "d_1.png"}


def test_people_are_dressed_from_what_was_fetched(served: tuple[Path, str]) -> None:
    root, address = served
    commit = repository(root / "tiles.git", tiles())
    fetch(replace(CATALOGUE["dcss"], url=f"{address}/tiles.git", commit=commit))
    data = open_dataset("data:dcss-adventurers", count=12)
    assert (len(data), data.spec.height, data.source.licence) == (12, 32, "CC0-1.0")  # type: ignore[union-attr]
    assert open_dataset("data:dcss-characters").spec.classes == ("demons", "humanoids")


def test_maps_of_freedoom_are_drawn(served: tuple[Path, str]) -> None:
    root, address = served
    files = {
        "levels/e1m1.wad": two_rooms(),
        "levels/somebody/draft.wad": b"",
        "CREDITS": b"all",
        "COPYING.adoc": b"BSD",
    }
    commit = repository(root / "freedoom.git", files)
    (kept,) = fetch(replace(CATALOGUE["freedoom"], url=f"{address}/freedoom.git", commit=commit))
    assert (kept.reader, kept.count, kept.licence) == ("wad", 1, "BSD-3-Clause")
    assert "Freedoom project" in open_dataset("data:freedoom").source.credit


def test_every_set_of_the_catalogue_is_pinned_clean_and_credited() -> None:
    for chosen in CATALOGUE.values():
        assert re.fullmatch(r"[0-9a-f]{40}", chosen.commit) or len(chosen.digests) > 20
        assert chosen.licence in ("CC0-1.0", "Apache-2.0", "BSD-3-Clause")
        assert chosen.credit
        assert chosen.url.startswith("https://")
        assert not chosen.wanted("../secret")


def test_the_nearest_name_is_told() -> None:
    with pytest.raises(GenworldError, match="Did you mean 'boxoban'"):
        public_set("boxobann")
