"""From the catalogue into the store."""

from __future__ import annotations

from pathlib import Path

from genworld import limits
from genworld.datasets import store
from genworld.datasets.kept import Kept
from genworld.datasets.public.git import Repository, Told
from genworld.datasets.public.sets import Part, PublicSet, Taken
from genworld.errors import GenworldError
from genworld.storage import sha256

__all__ = ["Told", "fetch", "here"]

ROOM = 128 * limits.MIB
"""Bytes that fetching any set takes on the disk while it goes on, about."""


def here(chosen: PublicSet) -> list[Kept]:
    """The parts of a set that are in the store."""
    return [kept for kept in store.all() if kept.public == chosen.name and _is_pinned(kept, chosen)]


def _is_pinned(kept: Kept, chosen: PublicSet) -> bool:
    return kept.commit == chosen.commit or bool(chosen.digests)


def fetch(chosen: PublicSet, told: Told | None = None) -> list[Kept]:
    """All parts of a set, fetched, verified and kept; those that are there already as they are.

    Whatever ends it early leaves nothing half: a part is in the store whole or not at all, and the next call goes on
    with those that are missing.

    Args:
        chosen: of the catalogue.
        told: about progress.

    Raises:
        GenworldError: no git, no way there, not what was pinned, or no room; the sentence says which.
    """
    tell, there = told or _silent, here(chosen)
    missing = set(chosen.parts) - {kept.name for kept in there}
    if len(there) >= len(chosen.parts) or not missing:
        return there
    with store.partial(ROOM) as fresh:
        (fresh / "git").mkdir()
        commit, taken = _taken(chosen, fresh / "git", tell)
        for part in chosen.convert(taken):
            if part.name in missing:
                tell(f"Keeping {part.title}", 0, 0)
                _keep(chosen, part, _written(part, fresh), commit, digest_of(taken))
    return here(chosen)


def _silent(what: str, done: int, total: int) -> None:
    """Nobody wants to know."""


def _taken(chosen: PublicSet, folder: Path, told: Told) -> tuple[str, Taken]:
    """The commit and the files that are wanted of it, all verified."""
    repository = Repository(chosen.url, folder, told)
    commit = repository.commit(chosen.commit)
    paths = {path: name for path, name in repository.paths(commit).items() if chosen.wanted(path)}
    gone = [path for path in chosen.digests if path not in paths]
    if gone or not paths:
        raise GenworldError(
            f"{gone[0] if gone else 'What is wanted'} is not in {chosen.url} any more; update genworld."
        )
    taken = repository.files(paths)
    for path, digest in chosen.digests.items():
        if sha256(taken[path]) != digest:
            raise GenworldError(
                f"{path} of {chosen.url} is not the file that was pinned (its SHA-256 differs), so nothing was taken; "
                "update genworld."
            )
    return commit, taken


def digest_of(taken: Taken) -> str:
    """SHA-256 over the paths and SHA-256 of files as they came, sorted: ``sha256sum`` of the output of ``sha256sum``."""
    lines = (f"{sha256(raw)}  {path}\n" for path, raw in sorted(taken.items()))
    return sha256("".join(lines).encode("utf-8", "surrogateescape"))


def _written(part: Part, fresh: Path) -> Path:
    """The files of a part below a folder of its own; their first folder."""
    for name, raw in part.files.items():
        place = fresh / part.name / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
    return next((fresh / part.name).iterdir())


def _keep(chosen: PublicSet, part: Part, place: Path, commit: str, digest: str) -> Kept:
    said = {
        "name": part.title,
        "licence": chosen.licence,
        "credit": chosen.credit,
        "url": chosen.page,
        "sellable": True,
        "note": f"Taken from {chosen.url} at commit {commit}; SHA-256 over what was taken: {digest}",
    }
    return store.keep(
        place,
        name=part.name,
        title=part.title,
        reader=part.reader,
        options=part.options,
        said=said,
        public=chosen.name,
        commit=commit,
    )
