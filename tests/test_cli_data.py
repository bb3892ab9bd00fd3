"""The command on kept and public data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from genworld import cli
from genworld.datasets import store
from genworld.datasets.public import catalogue

sys.path.insert(0, str(Path(__file__).parent / "datasets"))

from git_server import repository, serving  # type: ignore[import-not-found]

Run = Callable[..., tuple[int, str, str]]
ROOM = b"; 0\n" + b"\n".join([b"#" * 10, b"#@$.     #", *[b"#        #"] * 7, b"#" * 10]) + b"\n"


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


def test_without_anything_the_public_sets_are_listed(run: Run) -> None:
    code, out, _ = run("data", "list")
    assert code == 0
    for name in catalogue.CATALOGUE:
        assert f"\n{name} " in out
    assert "data:" not in out.split("\n")[0]


def test_fetch_list_learn_and_remove(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "served").mkdir()
    commit = repository(tmp_path / "served" / "rooms.git", {"hard/000.txt": ROOM * 4, "LICENSE": b"Apache"})
    with serving(tmp_path / "served") as address:
        real = catalogue.CATALOGUE["boxoban"]
        small = replace(
            real, url=f"{address}/rooms.git", commit=commit, digests={}, wanted=lambda path: path[0] in "hL"
        )
        monkeypatch.setitem(catalogue.CATALOGUE, "boxoban", small)
        code, out, err = run("data", "fetch", "boxoban")
    assert (code, out) == (
        0,
        "data:boxoban: 4 maps of 10 x 10 tiles. Licence Apache-2.0. Boxoban levels, Google DeepMind\n",
    )
    assert "Fetching 2 files" in err
    code, out, _ = run("data", "list")
    assert "data:boxoban" in out
    assert run("data", "fetch", "boxoban")[1].startswith("Boxoban is here already.")
    code, out, _ = run("learn", "data:boxoban")
    assert (code, "Learned Boxoban in" in out) == (0, True)
    code, out, _ = run("data", "remove", "data:boxoban")
    assert (code, "is in the trash now" in out, store.all()) == (0, True, [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("data", "fetch", "boxobann"), "no public data set called 'boxobann'. Did you mean 'boxoban'?"),
        (("data", "remove", "nothing"), "no kept data set called 'nothing'"),
        (("train", "data:nothing"), "no kept data set called 'nothing'"),
        (("learn", "data:nothing"), "no kept data set called 'nothing'"),
    ],
)
def test_faults_are_one_line(run: Run, words: tuple[str, ...], told: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
