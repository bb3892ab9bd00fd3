"""Models of strangers, checked whole before anything of them can be seen, then among a person's own.

Files are known by name and by what is in them; nothing is unpacked that is not. Texts and pictures are written anew,
weights must be those of their family, and a pickle is never opened. What fails leaves nothing behind.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from genworld import card, checkpoint, learning, limits
from genworld.checkpoint import CARD, MANIFEST, Checkpoint
from genworld.datasets.untrusted import Bundle, open_bundle
from genworld.errors import GenworldError
from genworld.library.names import cleaned, shortened
from genworld.mode import Mode
from genworld.provenance import TrainingRun
from genworld.stock import own, pickles, scrutiny
from genworld.stock.parts import part_of
from genworld.storage import sweep_partial, write_whole

STAGE = ".arriving-"
SUMMARY_LENGTH = 300
TEXT_LENGTH = 2_000
TRIES = 8
_ADDRESS = re.compile(r"https://[\w./~%-]{1,300}", re.ASCII)
_COMMAND = re.compile(r"genworld (?:train|learn) [\w ./:=,'-]{0,400}")
"""Commands on a card are typed off: nothing that a shell would take for more than words."""


@dataclass(frozen=True)
class Arrival:
    """A model that was brought.

    Args:
        checkpoint: where it is now.
        new: False when it was here already, and nothing was added.
    """

    checkpoint: Checkpoint
    new: bool


def bring(place: Path, *, mode: Mode = Mode.LOCAL) -> Arrival:
    """Put a model that somebody exported among the person's own.

    Args:
        place: a zip, or a folder with the same files.
        mode: models are brought on a person's own machine alone.

    Raises:
        GenworldError: a public page, no model of genworld, one that is damaged or holds what no model has,
            or the disk refuses. Nothing is left behind.
    """
    if mode is not Mode.LOCAL:
        raise GenworldError("Models are imported on your own machine, but this is a public page; run genworld there.")
    pickles.refuse_file(place)
    with _stage() as stage:
        with open_bundle(place) as bundle:
            _lay(bundle, stage)
        arrived = scrutiny.checked(stage)
        here = _here_already(arrived.digest)
        if here is not None:
            return Arrival(here, new=False)
        return Arrival(_shown(arrived), new=True)


@contextmanager
def _stage() -> Iterator[Path]:
    """A hidden folder among the person's models: what stands in it is no model yet, and is gone afterwards; one that was
    left when its process was killed goes an hour later."""
    sweep_partial(checkpoint.models_home(), STAGE)
    stage = checkpoint.models_home() / f"{STAGE}{secrets.token_hex(8)}"
    try:
        stage.mkdir(parents=True)
        yield stage
    except OSError as error:
        raise GenworldError(f"The model could not be written ({error.strerror}); free some space.") from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _lay(bundle: Bundle, stage: Path) -> None:
    """The files of a bundle into the stage, each of a known kind; its manifest must be among them."""
    names = _inside(bundle)
    for name, inside in names.items():
        part = part_of(inside)
        if part is None:
            raise _stranger(bundle, name)
        _require_no_link(bundle, name)
        raw = bundle.read(name, part.most)
        pickles.refuse(raw, bundle.where(name))
        if inside != CARD:  # it is written from the manifest
            (stage / inside).parent.mkdir(exist_ok=True)
            write_whole(stage / inside, scrutiny.clean(raw, inside, bundle.where(name)))


def _require_no_link(bundle: Bundle, name: str) -> None:
    if bundle.path.is_dir() and (bundle.path / name).is_symlink():
        raise GenworldError(f"{bundle.where(name)[: limits.NAME_LENGTH]!a} is a link; bring the file itself.")


def _inside(bundle: Bundle) -> dict[str, str]:
    """The files of a bundle by where they belong in a model's folder: all of them stand in the folder of the manifest."""
    tops = [PurePosixPath(name).parent for name in bundle.names if PurePosixPath(name).name == MANIFEST]
    tops = [top for top in tops if len(top.parts) <= 1]
    if len(tops) != 1 or bundle.chosen != bundle.names:
        pickles.refuse_names(bundle.path.name, bundle.names)
        raise GenworldError(
            f"A model is a zip with one {MANIFEST} beside its weights, but {bundle.path.name} holds "
            f"{'none' if not tops else 'several'}; bring a zip that genworld exported."
        )
    within = {name: PurePosixPath(name).relative_to(tops[0]) for name in bundle.names if _below(name, tops[0])}
    for name in bundle.names:
        if name not in within:
            raise _stranger(bundle, name)
    return {name: path.as_posix() for name, path in within.items()}


def _below(name: str, top: PurePosixPath) -> bool:
    return PurePosixPath(name).is_relative_to(top)


def _stranger(bundle: Bundle, name: str) -> GenworldError:
    pickles.refuse_names(bundle.path.name, [name])
    return GenworldError(
        f"{bundle.where(name)[: limits.NAME_LENGTH]!a} is no part of a model; take it out, or bring a zip that genworld exported."
    )


def _here_already(digest: str) -> Checkpoint | None:
    return next((each for each in checkpoint.available() if each.digest == digest), None)


def _shown(arrived: Checkpoint) -> Checkpoint:
    """The step that makes it visible: one rename, under a name that is free."""
    title = shortened(arrived.title, arrived.name)
    told = {"title": title, "summary": cleaned(arrived.summary)[:SUMMARY_LENGTH], "run": _run(arrived.manifest.run)}
    for _ in range(TRIES):
        name = _free(arrived.name, title)
        manifest = arrived.manifest.model_copy(update={**told, "name": name})
        checkpoint.write_manifest(arrived.folder, manifest)
        write_whole(arrived.folder / CARD, b"")
        card.rewrite(Checkpoint(arrived.folder, manifest))
        if own.moved(arrived.folder, checkpoint.models_home() / name):
            return checkpoint.read(checkpoint.models_home() / name, mine=True)
    raise GenworldError(f"No name was free for {title!r}; try again.")


def _run(run: TrainingRun) -> TrainingRun:
    """What a stranger tells of a training: words on one line each, a web address, a command that is ours."""
    words = {key: cleaned(getattr(run.data, key))[:TEXT_LENGTH] for key in ("name", "licence", "credit", "note")}
    data = run.data.model_copy(update={**words, "url": run.data.url if _ADDRESS.fullmatch(run.data.url) else ""})
    command = run.command if _COMMAND.fullmatch(run.command) else ""
    versions = {"torch": cleaned(run.torch)[:40], "genworld": cleaned(run.genworld)[:40]}
    return run.model_copy(update={**versions, "data": data, "command": command})


def _free(name: str, title: str) -> str:
    """The name that it has, where it is one and nobody has it; otherwise one like its title."""
    try:
        return learning.free_name(checkpoint.checked_name(name))
    except GenworldError:
        return learning.free_name(title)
