"""The command: every verb, the same bytes as the package, and one plain sentence for every fault."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import genworld
from genworld import checkpoint, cli, paths, render, sampling, training
from genworld.cli import sample, tables
from genworld.content import Level
from genworld.datasets import BUILTIN, READERS, Dataset, open_dataset
from genworld.library import Library
from genworld.models import FAMILIES
from genworld.models.base import SampleRequest
from genworld.packs import FORMATS
from genworld.provenance import ORIGIN
from genworld.training.order import command_of
from genworld.training.pace import Pace

SMALL = {"steps": 2, "batch": 4, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 8}
VERBS = ("models", "families", "datasets", "sample", "train", "export", "serve")


@dataclass(frozen=True)
class Result:
    """What a run of the command left."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process."""

    def run(*arguments: object) -> Result:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main([str(each) for each in arguments])
        said = capsys.readouterr()
        return Result(int(stopped.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, blots: Dataset) -> Path:
    """Models in a folder: rooms (markov), crypt (vae), blots (vae), gems (gan)."""
    folder = tmp_path_factory.mktemp("shelf")
    rooms = open_dataset("builtin:dungeon", count=8, size=20)
    for name, family, data in (
        ("rooms", "markov", rooms),
        ("crypt", "vae", rooms),
        ("blots", "vae", blots),
        ("gems", "gan", blots),
    ):
        made = training.begin(data, family, SMALL if family != "markov" else {}, seed=0, device="cpu")
        list(made)
        made.save(folder / name)
    return folder


def pixels(path: Path) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(path.read_bytes())))


def tree(*roots: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file()}


# -- help


def test_the_command_says_its_version(run: Run) -> None:
    assert run("--version") == Result(0, f"genworld {genworld.__version__}\n", "")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(run: Run, verb: str) -> None:
    assert verb in run("--help").out
    result = run(verb, "--help")
    assert result.code == 0
    assert f"genworld {verb}" in result.out


def test_help_names_the_families_and_their_variety(run: Run) -> None:
    text = " ".join(run("sample", "--help").out.split())
    for family in FAMILIES.values():
        assert family.family in text
        assert f"{family.variety.low:g}" in text
        assert f"{family.variety.high:g}" in text
        assert family.variety.default == 1
    assert all(name in " ".join(run("train", "--help").out.split()) for name in FAMILIES)
    assert all(name in run("export", "--help").out for name in FORMATS)


def test_help_tells_the_default_steps(run: Run) -> None:
    text = run("train", "--help").out
    for name in ("vae", "gan", "flow"):
        assert f"{name} {FAMILIES[name].Config.model_fields['steps'].default}" in " ".join(text.split())


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_needs_no_torch(option: str) -> None:
    code = f"""import sys
from genworld import cli
try:
    cli.main([{option!r}])
finally:
    assert not {{"torch", "gradio", "numpy"}} & sys.modules.keys()
"""
    assert in_process("-c", code).returncode == 0


def in_process(*words: str) -> subprocess.CompletedProcess[str]:
    """A real process, in the checkout."""
    root = paths.CHECKOUT
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, cwd=root)


# -- tables


def test_models_are_listed(run: Run, shelf: Path, own_machine: Path) -> None:
    (own_machine / "models").symlink_to(shelf)
    lines = [line for line in run("models").out.splitlines() if line.endswith("mine")]
    assert [line.split()[:3] for line in lines] == [
        ["blots", "sprite", "vae"],
        ["crypt", "level", "vae"],
        ["gems", "sprite", "gan"],
        ["rooms", "level", "markov"],
    ]
    assert all("CC0-1.0" in line for line in lines)
    assert "16 x 16 pixels" in lines[0]
    assert "20 x 20 tiles" in lines[1]
    assert "any" in lines[3]


def test_families_are_listed(run: Run) -> None:
    assert all(name in run("families").out for name in FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_setting_of_a_family_has_range_default_and_words(run: Run, name: str) -> None:
    out = run("families", name).out
    for setting, field in FAMILIES[name].Config.model_fields.items():
        line = next(line for line in out.splitlines() if line.startswith(f"{setting} "))
        assert field.description
        assert line.endswith(field.description)
        assert tables._text(field.default) in line
        assert " any " not in line


def test_data_sets_are_listed(run: Run) -> None:
    out = run("datasets").out
    assert all(f"builtin:{name}" in out for name in BUILTIN)
    assert all(name in out for name in READERS)


# -- sample


@pytest.mark.parametrize("name", ["rooms", "blots", "gems"])
def test_the_same_origin_gives_the_same_bytes(run: Run, shelf: Path, place: Path, name: str) -> None:
    """From the command alone, from the command among 64, and from the package before saving and after."""
    assert run("sample", shelf / name, "--count", 64, "--seed", 5, "--out", "many").code == 0
    assert run("sample", shelf / name, "--count", 1, "--start", 41, "--seed", 5, "--out", "one").code == 0
    alone = sampling.render(checkpoint.read(shelf / name).load(), SampleRequest(5, 41))
    for folder in ("many", "one"):
        assert (pixels(place / folder / f"{name}-5-041.png") == render.picture(alone)).all()


def test_samples_come_with_their_origins(run: Run, shelf: Path, place: Path) -> None:
    result = run("sample", shelf / "rooms", "--count", 3, "--width", 9, "--height", 7, "--condition", "vaults")
    folder = place / "out" / "rooms"
    index = json.loads((folder / "samples.json").read_text())
    assert result.out == f"3 levels in {folder}\n"
    assert index["model"]["digest"] == checkpoint.read(shelf / "rooms").digest
    assert index["model"]["data"]["licence"] == "CC0-1.0"
    assert {name for each in index["samples"] for name in each["files"]} | {"samples.json"} == set(os.listdir(folder))
    legend = open_dataset("builtin:dungeon", count=1).levels[0].legend
    for number, each in enumerate(index["samples"]):
        origin = ORIGIN.validate_python(each["origin"])
        assert (origin.index, origin.size, origin.condition) == (number, (7, 9), ("vaults",))  # type: ignore[union-attr]
        level = Level.from_text((folder / each["files"][1]).read_text().splitlines(), legend)
        assert level.digest == each["digest"]
        assert (pixels(folder / each["files"][0]) == render.picture(level)).all()


def test_one_side_alone_makes_a_square() -> None:
    assert sample.sides(None, 9, None) == sample.sides(None, None, 9) == (9, 9)
    assert sample.sides(None, 9, 7) == (7, 9)
    assert sample.sides(None, None, None) is None


def test_variety_changes_the_samples(run: Run, shelf: Path, place: Path) -> None:
    for folder, truncation in (("safe", 0), ("wild", 1.25)):
        assert run("sample", shelf / "gems", "--truncation", truncation, "--count", 4, "--out", folder).code == 0
    safe, wild = (
        [pixels(path).tobytes() for path in sorted((place / folder).glob("*.png"))] for folder in ("safe", "wild")
    )
    assert safe != wild


def test_sprites_are_finished(run: Run, shelf: Path, place: Path) -> None:
    (place / "two.hex").write_text("000000\nffffff\n")
    asked = {"raw": [], "made": ["--finish", "--colours", 3], "locked": ["--palette", "two.hex"]}
    counts = {}
    for folder, options in asked.items():
        assert run("sample", shelf / "gems", "--count", 2, *options, "--out", folder).code == 0
        pictures = [pixels(path) for path in sorted((place / folder).glob("*.png"))]
        counts[folder] = [len(np.unique(one[one[..., 3] > 0][:, :3], axis=0)) for one in pictures]
    assert min(counts["raw"]) > 3
    assert max(counts["made"]) <= 3
    assert max(counts["locked"]) <= 2
    index = json.loads((place / "locked" / "samples.json").read_text())
    assert index["samples"][0]["origin"]["finish"]["palette"] == ["000000", "ffffff"]


def test_levels_have_no_finish(run: Run, shelf: Path, place: Path) -> None:
    result = run("sample", shelf / "rooms", "--finish")
    assert result.code == 2
    assert "a finish is for sprites" in result.err


def test_a_folder_of_an_earlier_run_is_replaced(run: Run, shelf: Path, place: Path) -> None:
    run("sample", shelf / "blots", "--count", 5, "--out", "mine")
    assert run("sample", shelf / "gems", "--count", 2, "--out", "mine").code == 0
    assert sorted(os.listdir(place / "mine")) == ["gems-0-000.png", "gems-0-001.png", "samples.json"]
    assert os.listdir(place) == ["mine"]


def test_a_folder_with_anything_else_is_left_alone(run: Run, shelf: Path, place: Path) -> None:
    run("sample", shelf / "blots", "--count", 2, "--out", "mine")
    (place / "mine" / "diary.txt").write_text("dear diary")
    before = tree(place)
    result = run("sample", shelf / "gems", "--count", 2, "--out", "mine")
    assert result.code == 2
    assert "'diary.txt'" in result.err
    assert tree(place) == before


@pytest.mark.parametrize(
    "index",
    ['{"samples": 3}', "[]", "{", '{"format": 1, "samples": [{"files": [["a"]]}]}', "[" * 100_000],
    ids=range(5),
)
def test_an_index_that_is_none_protects_the_folder(run: Run, shelf: Path, place: Path, index: str) -> None:
    (place / "mine").mkdir()
    (place / "mine" / "samples.json").write_text(index)
    assert run("sample", shelf / "gems", "--out", "mine").code == 2
    assert (place / "mine" / "samples.json").read_text() == index


def test_a_full_disk_leaves_nothing(run: Run, shelf: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = run("sample", shelf / "gems", "--out", "deep/down/mine")
    assert result.code == 2
    assert "No space left" in result.err
    assert os.listdir(place) == []


# -- train


def test_training_makes_a_model_with_a_card(run: Run, own_machine: Path) -> None:
    result = run("train", "builtin:dungeon", "--data", "count=8", "--data", "size=20", "--set", "order=3", "--seed", 4)
    folder = own_machine / "models" / "dungeon-markov"
    if (genworld_bundled := paths.shipped("checkpoints") / "dungeon-markov").exists():
        folder = folder.with_name(f"{genworld_bundled.name}-2")
    made = checkpoint.read(folder)
    assert result.code == 0
    assert f"Saved {folder.name}" in result.out
    assert "100.0%" in result.err
    assert made.manifest.config["order"] == 3
    assert made.manifest.run.command == (
        "genworld train builtin:dungeon --family markov --seed 4 --set order=3 --data count=8 --data size=20"
    )
    assert made.card
    assert made.preview
    assert run("sample", folder.name, "--count", 1).code == 0


def test_the_command_on_the_card_makes_the_same_model(run: Run) -> None:
    def train_into(folder: str, *words: str) -> checkpoint.Checkpoint:
        assert run(*words, "--no-sliders", "--out", folder).code == 0
        return checkpoint.read(Path(folder))

    words = ("train", "builtin:dungeon", "--data", "count=8", "--data", "size=20", "--family", "vae", "--window", "16")
    small = [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]
    first = train_into("first", *words, *small)
    assert train_into("second", *first.manifest.run.command.split()[1:]).digest == first.digest


def test_a_model_that_cannot_be_measured_is_kept_all_the_same(run: Run, place: Path) -> None:
    words = ("--data", "count=6", "--data", "size=20", "--hold-out", "0.3", "--out", "mine")
    result = run("train", "builtin:dungeon", *words)
    assert result.code == 0
    assert "Not measured" in result.err
    assert checkpoint.read(place / "mine").manifest.measures == {}


def test_what_is_held_out_measures_the_model(run: Run, place: Path) -> None:
    words = ("--data", "count=40", "--data", "size=16", "--hold-out", "0.3", "--out", "mine")
    assert run("train", "builtin:dungeon", *words).code == 0
    made = checkpoint.read(place / "mine")
    assert made.manifest.measures["figures"]
    assert made.card
    assert "TPKL" in made.card.read_text(encoding="utf-8")


def test_an_unnamed_model_never_replaces_another(run: Run, own_machine: Path) -> None:
    for _ in range(2):
        assert run("train", "builtin:caves", "--data", "count=4", "--data", "size=20").code == 0
    assert sorted(os.listdir(own_machine / "models")) == ["caves-markov", "caves-markov-2"]


def test_a_model_is_replaced_only_when_asked(run: Run) -> None:
    words = ("train", "builtin:dungeon", "--data", "count=4", "--data", "size=20", "--out", "mine")
    assert run(*words).code == 0
    assert run(*words).code == 2
    assert run(*words, "--replace").code == 0


def test_ctrl_c_keeps_what_was_learned_and_resume_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    words = ["train", "builtin:dungeon", "--data", "count=4", "--data", "size=20", "--out", "mine", "--no-sliders"]
    small = [word for key, value in (SMALL | {"steps": 9}).items() for word in ("--set", f"{key}={value}")]

    def interrupted(self: training.Training) -> Iterator[Any]:
        for progress in unbroken(self):
            if progress.step == 3:
                signal.raise_signal(signal.SIGINT)
            yield progress

    unbroken = training.Training.__iter__
    with monkeypatch.context() as patch:
        patch.setattr(training.Training, "__iter__", interrupted)
        stopped = run(*words, "--family", "vae", *small)
    assert stopped.code == 130
    assert "step 3 of 9" in stopped.err
    assert checkpoint.read(place / "mine").manifest.step == 3
    assert run(*words, "--resume", "--steps", 5).code == 0
    assert checkpoint.read(place / "mine").manifest.step == 5
    again = run(*words, "--resume")
    assert again.code == 2
    assert "--steps" in again.err


def test_long_training_is_saved_now_and_then(run: Run, monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    saves: list[int] = []
    save = training.Training.save

    def counted(self: training.Training, folder: Path, **options: Any) -> checkpoint.Checkpoint:
        saves.append(self.last.step if self.last else 0)
        return save(self, folder, **options)

    monkeypatch.setattr(Pace, "due", lambda self, seconds: True)
    monkeypatch.setattr(training.Training, "save", counted)
    small = [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]
    words = ("--data", "count=4", "--data", "size=20", "--family", "vae", "--out", "mine")
    assert run("train", "builtin:dungeon", *words, *small, "--no-sliders").code == 0
    assert saves == [1, 2, 2]


def test_a_path_stays_private() -> None:
    said = command_of("/home/ada/secret project/maps.zip", "vae", {}, {}, 0, training.Cuts())
    assert said == "genworld train maps.zip --family vae --seed 0"


# -- export


def keep(count: int, shelf: Path) -> None:
    loaded = sampling.open_model(str(shelf / "rooms"))
    with Library.open() as library:
        board = library.board()
        for each in sampling.sample(loaded, seed=0, count=count):
            source = loaded.checkpoint.manifest.run.data
            board.keep(each.example, origin=each.origin, model="Rooms", title="room", source=source)


def test_a_board_is_exported(run: Run, shelf: Path, place: Path) -> None:
    keep(2, shelf)
    with Library.open() as library:
        library.board().rename("Crypt of Ada")
        board = library.board().id
    for number, words in enumerate([(), ("Crypt of Ada",), (board,)]):
        result = run("export", *words, "--out", f"packs/{number}")
        assert result.code == 0
        assert zipfile.ZipFile(result.out.strip()).testzip() is None
        assert (place / "packs" / str(number) / "crypt-of-ada.zip").is_file()


# -- serve


def test_serve_opens_the_page(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import genworld.ui

    served: list[tuple[str | None, int | None]] = []
    monkeypatch.setattr(genworld.ui, "serve", lambda host, port: served.append((host, port)))
    assert run("serve", "--host", "127.0.0.1", "--port", 7999).code == 0
    assert served == [("127.0.0.1", 7999)]


# -- bad input


LEGEND = {"tiles": {"#": {"meaning": "wall", "tags": ["solid"]}, ".": {"meaning": "floor", "tags": ["passable"]}}}


def no_folder(_: Path, __: Path) -> list[str]:
    return ["train", "nowhere"]


def no_picture(place: Path, _: Path) -> list[str]:
    with zipfile.ZipFile(place / "notes.zip", "w") as file:
        file.writestr("notes.md", "nothing here")
    return ["train", "notes.zip"]


def not_a_zip(place: Path, _: Path) -> list[str]:
    (place / "odd.zip").write_bytes(b"PK\x03\x04 but no more")
    return ["train", "odd.zip"]


def maps(place: Path, text: str) -> list[str]:
    (place / "maps").mkdir()
    (place / "maps" / "tiles.json").write_text(json.dumps(LEGEND))
    (place / "maps" / "one.txt").write_text(text)
    return ["train", "maps"]


def odd_character(place: Path, _: Path) -> list[str]:
    return maps(place, "####\n#.?#\n####\n")


def ragged(place: Path, _: Path) -> list[str]:
    return maps(place, "####\n#.#\n####\n")


def too_small(place: Path, _: Path) -> list[str]:
    (place / "one.txt").write_text("##\n##\n")
    return ["train", "one.txt"]


def copy_of(place: Path, shelf: Path, change: Callable[[bytes], bytes], name: str = "gems") -> list[str]:
    """A copy of a model whose weights were changed."""
    (place / "copy").mkdir()
    for path in filter(Path.is_file, (shelf / name).iterdir()):
        data = path.read_bytes()
        weights = path.stem == checkpoint.read(shelf / name).manifest.weights.sha256
        (place / "copy" / path.name).write_bytes(change(data) if weights else data)
    return ["sample", "copy"]


def truncated(place: Path, shelf: Path) -> list[str]:
    return copy_of(place, shelf, lambda data: data[:-100])


def flipped(place: Path, shelf: Path) -> list[str]:
    return copy_of(place, shelf, lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])


def with_manifest(place: Path, shelf: Path, change: Callable[[dict[str, Any]], None]) -> list[str]:
    words = copy_of(place, shelf, lambda data: data)
    manifest = json.loads((place / "copy" / "manifest.json").read_text())
    change(manifest)
    (place / "copy" / "manifest.json").write_text(json.dumps(manifest))
    return words


def unknown_key(place: Path, shelf: Path) -> list[str]:
    return with_manifest(place, shelf, lambda manifest: manifest["config"].update(temper=3))


def config_nan(place: Path, shelf: Path) -> list[str]:
    return with_manifest(place, shelf, lambda manifest: manifest["config"].update(penalty=float("nan")))


def manifest_cut(place: Path, shelf: Path) -> list[str]:
    words = copy_of(place, shelf, lambda data: data)
    (place / "copy" / "manifest.json").write_text('{"format": 1')
    return words


def state_flipped(place: Path, shelf: Path) -> list[str]:
    copy_of(place, shelf, lambda data: data, "crypt")
    resume = checkpoint.read(place / "copy").manifest.resume
    assert resume is not None
    (place / "copy" / resume.file).write_bytes(b"broken")
    return ["train", "builtin:dungeon", "--data", "count=8", "--data", "size=20", "--resume", "--out", "copy"]


def other_data(place: Path, shelf: Path) -> list[str]:
    copy_of(place, shelf, lambda data: data)
    return ["train", "builtin:dungeon", "--data", "count=4", "--resume", "--out", "copy"]


def words(*words: str) -> Callable[[Path, Path], list[str]]:
    def arguments(_: Path, shelf: Path) -> list[str]:
        return [word.replace("SHELF", str(shelf)) for word in words]

    arguments.__name__ = "-".join(words).replace("SHELF/", "")
    return arguments


def foreign_folder(place: Path, _: Path) -> list[str]:
    (place / "work").mkdir()
    (place / "work" / "thesis.txt").write_text("years of work")
    return ["train", "builtin:dungeon", "--data", "count=4", "--out", "work"]


C4 = ("train", "builtin:dungeon", "--data", "count=4")
FAULTS = [
    (no_folder, "'nowhere'"),
    (no_picture, "neither"),
    (not_a_zip, "zip"),
    (odd_character, "'?'"),
    (ragged, "line 2 has 3"),
    (too_small, "at least 4 x 4 tiles"),
    (truncated, "damaged"),
    (flipped, "damaged"),
    (unknown_key, "'temper' is not known"),
    (config_nan, "penalty"),
    (manifest_cut, "not JSON"),
    (state_flipped, "damaged"),
    (other_data, "other examples"),
    (foreign_folder, "something else"),
    (words("sample", "nobody"), "'nobody'"),
    (words("sample", "SHELF/rooms", "--condition", "castle"), "'castle'"),
    (words("sample", "SHELF/rooms", "--condition", "halls", "--condition", "vaults"), "one class each"),
    (words("sample", "SHELF/rooms", "--truncation", "0.5"), "use --temperature"),
    (words("sample", "SHELF/gems", "--temperature", "0.5"), "use --truncation"),
    (words("sample", "SHELF/gems", "--truncation", "nan"), "nan came"),
    (words("sample", "SHELF/gems", "--truncation", "9"), "0 to 1.25"),
    (words("sample", "SHELF/gems", "--width", "40"), "16 x 16 only"),
    (words("sample", "SHELF/gems", "--start", "2147483647"), "first index"),
    (words("families", "diffusion"), "'diffusion'"),
    (words("train", "builtin:moon"), "'moon'"),
    (words("train", "builtin:dungeon", "--data", "count=x"), "'x' came"),
    (words("train", "builtin:dungeon", "--data", "colour=3"), "'colour'"),
    (words(*C4, "--family", "diffusion"), "'diffusion'"),
    (words(*C4, "--set", "temper=3"), "'temper' is not known"),
    (words(*C4, "--set", "escape=nan"), "escape"),
    (words(*C4, "--set", "order"), "KEY=VALUE"),
    (words(*C4, "--steps", "3"), "'steps' is not known"),
    (words(*C4, "--name", "My Model"), "'My Model'"),
    (words(*C4, "--name", "a", "--out", "b"), "give one"),
    (words(*C4, "--window", "64"), "64 x 64"),
    (words(*C4, "--device", "abacus"), "'abacus'"),
    (words(*C4, "--resume"), "which model"),
    (words(*C4, "--resume", "--name", "nobody"), "go on with"),
    (words("export"), "nothing is kept"),
    (words("export", "nobody"), "nothing is kept"),
]


@pytest.mark.parametrize(("fault", "named"), FAULTS, ids=[fault.__name__.replace("_", " ") for fault, _ in FAULTS])
def test_a_fault_is_one_plain_sentence(
    run: Run, shelf: Path, place: Path, own_machine: Path, fault: Callable[[Path, Path], list[str]], named: str
) -> None:
    arguments = fault(place, shelf)
    before = tree(place, own_machine, shelf)
    result = run(*arguments)
    lines = result.err.splitlines()
    assert result.code == 2
    assert len(lines) == 1, result.err
    assert lines[0].startswith("genworld: ")
    assert named in lines[0]
    assert lines[0].endswith((".", "?"))
    assert result.out == ""
    assert tree(place, own_machine, shelf) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("sample", "x", "--count", "0"),
        ("sample", "x", "--count", "many"),
        ("sample", "x", "--seed", "-1"),
        ("sample", "x", "--width", "3"),
        ("train", "builtin:dungeon", "--steps", "0"),
        ("train", "builtin:dungeon", "--hold-out", "0.9"),
        ("train", "builtin:dungeon", "--least-open", "-1"),
        ("serve", "--port", "70000"),
        ("fly",),
    ],
    ids=" ".join,
)
def test_an_option_out_of_range_says_so(run: Run, place: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert "Error: " in result.err
    assert "Traceback" not in result.err
    assert os.listdir(place) == []


def test_a_board_that_is_not_there_is_a_fault_where_others_are(run: Run, shelf: Path) -> None:
    keep(1, shelf)
    result = run("export", "My bord")
    assert result.code == 2
    assert "Did you mean 'My board'?" in result.err
    assert run("export", "--format", "floppy").code == 2


def test_the_real_command_ends_with_one_sentence_and_code_2(place: Path) -> None:
    result = in_process("-m", "genworld.cli", "train", str(place / "nowhere"))
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("genworld: There is no folder")
    assert os.listdir(place) == []
