"""The project as a whole: its rules, its documents, what ships with it."""

from __future__ import annotations

import ast
import os
import re
import shlex
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import genworld
from genworld import checkpoint, cli
from genworld.datasets import BUILTIN, READERS
from genworld.limits import BUNDLED_FILE_BYTES
from genworld.models import FAMILIES
from genworld.packs import FORMATS
from genworld.paths import CHECKOUT

SOURCES = sorted((CHECKOUT / "genworld").rglob("*.py"))
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
BUNDLED = sorted(path for path in (CHECKOUT / "checkpoints").glob("*") if path.is_dir())
PLANNED = (
    "adventurers",
    "adventurers-flow",
    "city",
    "dungeon",
    "dungeon-markov",
    "interiors",
    "overworld",
    "platformer",
    "platformer-hmm",
)
CLEAN = {"CC0-1.0", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "0BSD"}
GROUND = ("content", "errors", "limits", "mode", "paths", "provenance", "seeding", "storage", "render", "datasets", "library", "packs")  # fmt: skip
BANNED = {"engine", "manager", "handler", "helper", "util", "utils", "core", "misc", "common"}
FORBIDDEN = {
    "code or pickles of strangers": r"torch\.load\(|\b(import|from) pickle|\bpickle\.\w|\beval\((?!\))|\bexec\(|yaml\.load|shell\s*=\s*True|os\.system",
    "global randomness": r"\b(torch|np|numpy)\.random\.seed|torch\.(cuda\.)?manual_seed|\brandom\.seed\(|np\.random\.(rand|randint|choice)\(",
}


def front_matter() -> dict[str, str]:
    head = README.split("---")[1]
    pairs = (line.split(": ", 1) for line in head.splitlines() if ": " in line)
    return {key: value.strip('"') for key, value in pairs}


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


# -- rules of the source


def test_imports_go_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    linter = pytest.importorskip("importlinter.cli", reason="import-linter comes with the extra 'dev'")
    monkeypatch.chdir(CHECKOUT)
    assert linter.lint_imports(no_cache=True) == 0


def test_what_reads_and_exports_never_loads_torch() -> None:
    imports = "; ".join(f"import genworld.{module}" for module in GROUND)
    code = f"import sys; {imports}; assert not {{'torch', 'gradio'}} & sys.modules.keys()"
    result = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_the_source_is_free_of(rule: str) -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()}"
        for path in [*SOURCES, CHECKOUT / "app.py"]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(FORBIDDEN[rule], line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("x = torch.load(path)", "code or pickles of strangers"),
        ("import pickle", "code or pickles of strangers"),
        ("eval(text)", "code or pickles of strangers"),
        ("torch.manual_seed(0)", "global randomness"),
        ("np.random.seed(0)", "global randomness"),
        ("random.seed(0)", "global randomness"),
    ],
)
def test_the_rules_would_find(line: str, rule: str) -> None:
    assert re.search(FORBIDDEN[rule], line)


def test_a_model_in_use_is_no_eval() -> None:
    assert not re.search(FORBIDDEN["code or pickles of strangers"], "return model.eval().requires_grad_(False)")


def test_names_say_what_things_are() -> None:
    names = [(path, part) for path in SOURCES for part in path.relative_to(CHECKOUT).with_suffix("").parts]
    for path in SOURCES:
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        names += [(path, node.name) for node in tree if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    odd = [(path.name, name) for path, name in names if BANNED & set(_words(name))]
    assert odd == []


def _words(name: str) -> list[str]:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")


def test_every_module_says_what_it_is() -> None:
    silent = [path for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_no_test_reaches_another_machine(attempts: list[str]) -> None:
    with socket.socket() as probe, pytest.raises(OSError, match="tried to reach"):
        probe.connect(("192.0.2.1", 80))
    assert attempts == ["('192.0.2.1', 80)"]
    attempts.clear()


# -- packaging


def test_the_lock_satisfies_the_project() -> None:
    lines = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    locked = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert all(str(each.specifier).startswith("==") for each in locked)
    versions = {canonicalize_name(each.name): str(each.specifier)[2:] for each in locked}
    for needed in map(Requirement, PROJECT["project"]["dependencies"]):
        assert needed.specifier.contains(versions[canonicalize_name(needed.name)]), needed


def test_the_space_runs_what_the_project_says() -> None:
    space = front_matter()
    assert space["app_file"] == "app.py"
    assert (CHECKOUT / "app.py").is_file()
    assert f"gradio=={space['sdk_version']}\n" in (CHECKOUT / "requirements.txt").read_text(encoding="utf-8")
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(space["python_version"])
    assert space["license"] == PROJECT["project"]["license"].lower()
    assert len(space["short_description"]) <= 60


def test_the_version_is_said_once() -> None:
    assert PROJECT["project"]["version"] == genworld.__version__


def test_the_command_is_installed() -> None:
    assert PROJECT["project"]["scripts"] == {"genworld": "genworld.cli:main"}


def test_the_licence_is_whole() -> None:
    text = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_ci_can_be_run() -> None:
    script = CHECKOUT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


# -- documents


def test_the_readme_names_everything_in_the_registries() -> None:
    from genworld.ui.tabs import TABS

    verbs = [f"`genworld {each.name}`" for each in (*cli.app.registered_commands, *cli.app.registered_groups)]
    files = [reader for reader in READERS if reader != "builtin"]
    names = [
        *verbs,
        *(f"`{name}`" for name in (*FAMILIES, *FORMATS, *files)),
        *(f"`builtin:{name}`" for name in BUILTIN),
    ]
    missing = [name for name in (*names, *(f"**{tab.title}" for tab in TABS)) if name not in README]
    assert missing == []


def test_the_readme_names_what_is_bundled() -> None:
    missing = [folder.name for folder in BUNDLED if f"`{folder.name}`" not in README]
    assert missing == []


COMMANDS = [line for block in code_blocks("") for line in block.splitlines() if line.startswith("genworld ")]


def test_the_readme_shows_the_command() -> None:
    shown = {shlex.split(line)[1] for line in COMMANDS}
    assert {"sample", "train", "export", "serve"} <= shown


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_of_the_readme_are_understood(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, verb, *words = shlex.split(line)
    with pytest.raises(SystemExit):
        cli.main([verb, "--help"])
    text = capsys.readouterr().out
    assert all(f"{word} " in text for word in words if word.startswith("--"))
    families = [words[at + 1] for at, word in enumerate(words) if word == "--family"]
    assert all(family in FAMILIES for family in families)


@pytest.mark.parametrize("block", code_blocks("python"))
def test_the_python_of_the_readme_runs(block: str, tmp_path: Path) -> None:
    environ = {**os.environ, "OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        [sys.executable, "-c", block], cwd=CHECKOUT, env=environ, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "12 of 12" in result.stdout


def test_what_the_readme_links_to_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)|src=\"([^\":]+)\"", README)
    paths = [CHECKOUT / (first or second) for first, second in linked]
    assert paths
    assert [str(path) for path in paths if not path.exists()] == []


# -- what ships


def test_what_is_planned_is_bundled() -> None:
    assert [name for name in PLANNED if not (CHECKOUT / "checkpoints" / name / checkpoint.MANIFEST).is_file()] == []


def test_no_file_is_too_large_for_a_hub() -> None:
    roots = [CHECKOUT / name for name in ("assets", "checkpoints", "genworld", "tests")]
    large = [
        path
        for root in roots
        for path in root.rglob("*")
        if path.is_file() and path.stat().st_size > BUNDLED_FILE_BYTES
    ]
    assert large == []


@pytest.mark.parametrize("folder", BUNDLED, ids=lambda folder: folder.name)
def test_a_bundled_model_is_complete(folder: Path) -> None:
    found = checkpoint.read(folder)
    model = found.load()
    assert found.name == folder.name
    assert model.family == found.family
    data = found.manifest.run.data
    assert data.licence in CLEAN
    assert data.sellable
    assert data.credit or data.licence in ("CC0-1.0", "0BSD")
    assert found.manifest.measures, "a bundled model is measured"
    assert found.manifest.resume is None, "nobody goes on with a bundled model"
    assert_card(found)


def assert_card(found: checkpoint.Checkpoint) -> None:
    assert found.card
    text = found.card.read_text(encoding="utf-8")
    run: Any = found.manifest.run
    for said in (run.data.licence, run.command, f"seed {run.seed}", f"{run.steps:,} steps", "## Quality", "## Limits"):
        assert said in text
    assert found.digest in text
    assert found.preview
    assert found.preview.stat().st_size <= 400_000
    assert (found.folder / "sheet.png").is_file()
    assert "/home/" not in run.command
    assert not re.search(r"(?<!:)/\w+/\w+", run.command), "the command names a path of somebody's machine"
