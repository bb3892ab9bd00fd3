"""The command on a person's own maps: learn, sample, check, repair."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import pytiled_parser

from genworld import checkpoint, cli, sampling
from genworld.content import Level
from genworld.datasets import open_dataset
from genworld.library import Library

sys.path.insert(0, str(Path(__file__).parent / "datasets"))

from tiled_samples import cave, with_attributes, write_project  # type: ignore[import-not-found]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(own_machine: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process: code, output, faults."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main([str(each) for each in arguments])
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A map whose tileset and picture stand beside it."""
    return write_project(tmp_path / "game", with_attributes(cave(), tiledversion="1.10.2"))


def _text_level(folder: Path, *lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    place = folder / "hall.txt"
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


def test_a_map_is_learned_and_sampled_in_its_own_format(run: Run, project: Path, tmp_path: Path) -> None:
    code, said, _ = run("learn", project, "--out", "my-caves", "--title", "My caves")
    assert code == 0
    assert "My caves" in said
    assert checkpoint.find("my-caves").mine
    code, _, _ = run("sample", "my-caves", "--size", "30x10", "--count", 2, "--out", tmp_path / "out")
    assert code == 0
    for path in sorted((tmp_path / "out").glob("*.tmx")):
        beside = project.parent / path.name
        beside.write_bytes(path.read_bytes())  # its tileset is named relative to the original
        found = pytiled_parser.parse_map(beside)
        assert (found.map_size.width, found.map_size.height) == (30, 10)
    assert len(list((tmp_path / "out").glob("*.tmx"))) == 2


def test_a_learned_model_is_not_replaced_by_chance(run: Run, project: Path) -> None:
    assert run("learn", project, "--out", "my-caves")[0] == 0
    code, _, fault = run("learn", project, "--out", "my-caves")
    assert code == 2
    assert "my-caves" in fault
    assert run("learn", project, "--out", "my-caves", "--replace")[0] == 0


def test_without_a_name_a_free_one_is_taken(run: Run, project: Path) -> None:
    first, second = (run("learn", project)[1] for _ in range(2))
    assert first != second


def test_a_map_may_name_files_beside_it_only(run: Run, project: Path, tmp_path: Path) -> None:
    """A path to anything else than a tileset or picture is never opened."""
    (tmp_path / "secret.txt").write_text("canary", encoding="utf-8")
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace(".tsx", ".tsx/../../secret.txt"), encoding="utf-8")
    code, said, fault = run("learn", project, "--out", "odd")
    assert "canary" not in said + fault
    assert code in (0, 2)


@pytest.mark.parametrize(
    ("lines", "code", "word"),
    [
        (("#####", "#S.E#", "#####"), 0, "playable"),
        (("#######", "#S.#.E#", "#######"), 1, "not playable"),
    ],
)
def test_check_says_whether_the_goal_is_reached(
    run: Run, tmp_path: Path, lines: tuple[str, ...], code: int, word: str
) -> None:
    place = _text_level(tmp_path / "levels", *lines)
    found, said, _ = run("check", place, "--picture", tmp_path / "ways")
    assert found == code
    assert f": {word}." in said
    assert (tmp_path / "ways" / "001.png").is_file()


def test_repair_opens_the_way_and_says_what_it_changed(run: Run, tmp_path: Path) -> None:
    place = _text_level(tmp_path / "levels", "#######", "#S.#.E#", "#..#..#", "#######")
    code, said, _ = run("repair", place, "--out", tmp_path / "out")
    assert code == 0
    assert "1 cells changed" in said or "1 cell changed" in said
    written = next((tmp_path / "out").glob("*.txt"))
    assert run("check", written)[0] == 0
    before, after = (path.read_text(encoding="utf-8") for path in (place, written))
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_repair_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    place = _text_level(tmp_path / "levels", "#######", "#S.#.E#", "#######")
    for _ in range(2):
        assert run("repair", place, "--out", tmp_path / "out")[0] == 0
    assert len(list((tmp_path / "out").glob("*.txt"))) == 2


def test_a_repaired_map_stays_a_map_of_its_project(run: Run, tmp_path: Path) -> None:
    project = write_project(tmp_path / "game", cave())
    code, said, fault = run("repair", project, "--out", project.parent)
    assert code in (0, 1), fault
    if "changed (" in said:
        level = open_dataset(str(next(project.parent.glob("*repaired*.tmx")))).levels[0]
        assert isinstance(level, Level)


@pytest.mark.parametrize(
    "arguments",
    [
        ("sample", "dungeon-markov", "--size", "wide"),
        ("sample", "dungeon-markov", "--size", "20x20", "--width", 20),
        ("sample", "dungeon-markov", "--exit", "up"),
        ("sample", "dungeon-markov", "--more", "liquid"),
        ("sample", "dungeon-markov", "--more", "liquid=lots"),
        ("sample", "adventurers", "--playable"),
        ("learn", "nowhere.tmx"),
        ("check", "nowhere.tmx"),
        ("bench", "own", "--data", "nowhere"),
    ],
)
def test_what_cannot_be_is_one_sentence(run: Run, tmp_path: Path, arguments: tuple[object, ...]) -> None:
    extra = ("--out", tmp_path / "out") if arguments[0] == "sample" else ()
    code, _, fault = run(*arguments, *extra)
    assert code == 2
    assert fault.startswith("genworld: ")
    assert len(fault.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_board_goes_straight_into_the_project(run: Run, project: Path) -> None:
    run("learn", project, "--out", "my-caves")
    loaded = sampling.open_model("my-caves")
    with Library.open() as library:
        for made in sampling.sample(loaded, seed=1, count=2):
            library.board().keep(
                made.example,
                origin=made.origin,
                model=loaded.checkpoint.title,
                title="Cave",
                source=loaded.checkpoint.manifest.run.data,
            )
    before = {path: path.read_bytes() for path in project.parent.iterdir()}
    code, said, _ = run("export", "--into", project.parent)
    assert code == 0
    assert said.split() == [str(project.with_name(f"cave-0{number}.tmx")) for number in (1, 2)]
    assert {path: path.read_bytes() for path in before} == before
    assert pytiled_parser.parse_map(Path(said.split()[0])).map_size.width == 20
    code, _, fault = run("export", "--into", project.parent / "none")
    assert code == 2
    assert "no folder" in fault


def test_surprise_says_what_a_model_finds_odd(run: Run, tmp_path: Path) -> None:
    room = ("##########", *("#........#",) * 8, "##########")
    odd = (*room[:4], "#...S....#", *room[5:])
    maps, other = _text_level(tmp_path / "maps", *room, "", *odd), _text_level(tmp_path / "other", *odd[::-1])
    assert run("learn", maps, "--out", "rooms")[0] == 0
    code, said, fault = run("surprise", "rooms", other, "--picture", tmp_path / "glow")
    assert (code, fault) == (0, "")
    assert "bits per tile of 100" in said
    assert "at 4,5" in said
    assert (tmp_path / "glow" / "001.png").is_file()
    code, _, fault = run("surprise", "rooms", _text_level(tmp_path / "strange", *("~" * 10,) * 10))
    assert code == 2
    assert "The model knows the tiles of" in fault
    code, _, fault = run("surprise", "dungeon", other)
    assert code == 2
    assert len(fault.splitlines()) == 1
