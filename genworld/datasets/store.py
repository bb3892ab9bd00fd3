"""Data that is kept: copied whole into the person's data folder, so that a training finds it hours or days later.

``<data folder>/data/<name>/`` holds ``data.json`` (a `Kept`) and ``files/``. A data set appears there by one rename of
a folder that is complete, so that whoever looks sees all of it or nothing, also where two processes keep at once.
Whoever keeps the same files with the same options again gets what is there.
"""

from __future__ import annotations

import errno
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genworld import paths
from genworld.datasets import copies
from genworld.datasets.dataset import Dataset
from genworld.datasets.kept import Kept, Options
from genworld.datasets.reader import Reader
from genworld.datasets.readers import READERS, check_options, recognise
from genworld.datasets.understood import sizes_in_words
from genworld.errors import GenworldError, unknown
from genworld.limits import MANIFEST_BYTES, NAME_LENGTH
from genworld.storage import PARTIAL, read_bounded, sweep_partial, sync_folder, write_whole

SCHEME = "data"
"""What a name starts with where a data set is asked for: ``data:NAME``."""
RECORD = "data.json"
FILES = "files"
TITLES = 1000
"""Data sets of one title, about."""

_NAME = re.compile(r"[a-z0-9](-?[a-z0-9]){0,39}")
_LABEL = re.compile(r"(?P<name>[a-z0-9-]{1,40})-[0-9a-f]{16}\.data")


def folder() -> Path:
    """Where kept data lies; made when something is kept."""
    return paths.home() / "data"


def trash() -> Path:
    """Where what is wanted no more goes, beside models that are wanted no more."""
    return paths.home() / "trash"


def keep(
    place: Path | str,
    *,
    name: str = "",
    title: str = "",
    options: Mapping[str, object] | None = None,
    reader: str = "",
    digest: str = "",
    said: Mapping[str, object] | None = None,
    public: str = "",
    commit: str = "",
    watch: copies.Watch | None = None,
) -> Kept:
    """A copy of what stands at a place, which outlives it.

    Args:
        place: a folder, a zip, or a file; the files that a map refers to come along.
        name: that it has in the store, with a number where that is taken; made from the title when empty.
        title: what a person reads; the name that the reader gives when empty.
        options: of the reader, as `open_dataset` takes them; JSON must be able to hold them.
        reader: name of the reader; found by what is there when empty.
        digest: of the data set as it was shown to the person; the copy must be the same. Not checked when empty.
        said: fields of the `DataSource` in place of what the reader says of it.
        public, commit: where it was fetched, for public data.
        watch: told how many bytes of how many are copied.

    Returns:
        What was kept, or what was already there of the same files, options and licence.

    Raises:
        GenworldError: nothing a reader knows, too much, the disk is full (nothing is left then), or the copy is not
            what was shown.
    """
    given = _plain(options or {})
    chosen = READERS[reader] if reader else recognise(Path(place))
    check_options(chosen, dict(given))
    files, inner = copies.wanted(Path(place))
    with partial(copies.size_of(files)) as fresh:
        content = copies.copy(files, fresh / FILES, watch)
        data = _understood(chosen, fresh / FILES, inner, given, Path(place))
        _check_same(data, digest, Path(place))
        kept = Kept(
            **_described(data, title, said or {}),
            reader=chosen.name,
            options=given,
            place=inner,
            files=len(files),
            bytes=copies.size_of(files),
            content=content,
            public=public,
            commit=commit,
        )
        return next((each for each in all() if each.matches(kept)), None) or _settled(fresh, kept, name)


def _understood(reader: Reader, files: Path, inner: str, options: Options, place: Path) -> Dataset:
    """The examples of the copy. Raises GenworldError that names the place that was given in place of the copy's."""
    try:
        return reader.read(files / inner, **options)
    except GenworldError as error:
        raise GenworldError(error.sentence.replace(f"{files / inner}", f"{place}")) from error


def _check_same(data: Dataset, digest: str, place: Path) -> None:
    if digest and data.digest != digest:
        raise GenworldError(
            f"{place.name} is not what was understood before, so it changed meanwhile; look at it again."
        )


def _described(data: Dataset, title: str, said: Mapping[str, object]) -> dict[str, Any]:
    """What a record says of the examples themselves."""
    return {
        "name": "new",
        "title": _titled(title or data.name),
        "kind": data.spec.kind,
        "count": len(data),
        "sizes": sizes_in_words(data.examples),
        "classes": data.spec.classes,
        "source": data.source.model_copy(update={**said, "digest": data.digest}),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _plain(options: Mapping[str, object]) -> Options:
    """Options as JSON keeps them, so that they are the same when they come back."""
    try:
        plain: Options = json.loads(json.dumps(dict(options), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise GenworldError(
            f"Options are texts, numbers and lists of them, but something else came ({error})."
        ) from error
    return plain


def _titled(title: str) -> str:
    plain = "".join(char for char in " ".join(title.split()) if char.isprintable())
    return plain[:NAME_LENGTH] or "Data"


@contextmanager
def partial(needed: int) -> Iterator[Path]:
    """A folder on the store's disk for what is not complete yet; it is gone after, unless it was moved away.

    Args:
        needed: bytes that will be written.

    Raises:
        GenworldError: the disk is full or refuses.
    """
    home = folder()
    try:
        home.mkdir(exist_ok=True)
        sweep_partial(home)
        copies.check_room(needed, home)
        fresh = home / f"{PARTIAL}{secrets.token_hex(8)}"
        fresh.mkdir()
    except OSError as error:
        raise GenworldError(f"{home} cannot be written ({error.strerror}); set GENWORLD_HOME.") from error
    try:
        yield fresh
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise copies.no_room(needed, home) from error
        raise GenworldError(f"The data could not be copied to {home} ({error.strerror}); check both places.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _settled(fresh: Path, kept: Kept, wish: str) -> Kept:
    """Move a complete folder to the first name that is free, or find the same data there."""
    for name in _names(wish or kept.title):
        named = kept.model_copy(update={"name": name})
        write_whole(fresh / RECORD, (named.model_dump_json(indent=1) + "\n").encode())
        if _moved(fresh, folder() / name):
            return named
        there = _read(folder() / name)
        if there is not None and there.matches(kept):
            return there
    raise GenworldError(f"There are {TITLES - 1} data sets called {kept.title!r} already; give this one another title.")


def _names(title: str) -> Iterator[str]:
    base = re.sub(r"[^a-z0-9]+", "-", title.lower())[:36].strip("-") or "data"
    yield base
    yield from (f"{base}-{number}" for number in range(2, TITLES))


def _moved(source: Path, target: Path) -> bool:
    """Rename a folder; False where something has its name already."""
    if target.exists():
        return False
    try:
        source.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST) or target.exists():  # another process was quicker
            return False
        raise
    sync_folder(target.parent)
    return True


def all() -> list[Kept]:  # noqa: A001  # read as store.all()
    """What is kept, by title. What is damaged is left out."""
    found = (_read(path) for path in sorted(folder().glob("[!.]*/")))
    return sorted((kept for kept in found if kept is not None), key=lambda kept: (kept.title.lower(), kept.name))


def _read(path: Path) -> Kept | None:
    try:
        kept = Kept.model_validate_json(read_bounded(path / RECORD, MANIFEST_BYTES))
    except (GenworldError, ValueError):
        return None
    return kept if kept.name == path.name and kept.reader in READERS else None


def find(name: str) -> Kept:
    """What is known of one. Raises GenworldError when it is not there; tells the nearest name."""
    kept = _read(folder() / name) if _NAME.fullmatch(name) else None
    if kept is None:
        raise unknown("kept data set", name, [each.name for each in all()])
    return kept


def mark(name: str) -> int:
    """What changes when other data get a name: when its record was written, in nanoseconds; 0 where there is none."""
    try:
        return (folder() / name / RECORD).stat().st_mtime_ns if _NAME.fullmatch(name) else 0
    except OSError:
        return 0


def place_of(kept: Kept) -> Path:
    """What a reader opens.

    Raises:
        GenworldError: its record points elsewhere.
    """
    files = folder() / kept.name / FILES
    path = (files / kept.place).resolve()
    if not path.is_relative_to(files.resolve()):
        raise GenworldError(f"The record of data:{kept.name} points outside of its folder; keep the data anew.")
    return path


def open(name: str, **options: object) -> Dataset:  # noqa: A001  # read as store.open()
    """The examples of kept data, with its licence and credit.

    Args:
        name: as in `Kept.name`.
        options: of the reader, on top of those that it was kept with; without any, it is exactly what was kept.

    Raises:
        GenworldError: it is not there, its files were changed since, or an unknown option.
    """
    kept = find(name)
    reader = READERS[kept.reader]
    check_options(reader, options)
    data = reader.read(place_of(kept), **{**kept.options, **options})
    if not options and data.digest != kept.digest:
        raise GenworldError(
            f"The files of data:{name} are not what was kept, so something changed them; remove it and keep it anew."
        )
    return replace(data, name=kept.title, source=kept.source.model_copy(update={"digest": data.digest}))


def discard(name: str) -> str:
    """Put kept data away.

    Returns:
        What it is called in the trash, for `restore`; nobody can guess it.

    Raises:
        GenworldError: there is none, or the disk refuses.
    """
    kept = find(name)
    label = f"{kept.name}-{secrets.token_hex(8)}.data"
    try:
        trash().mkdir(exist_ok=True)
        (folder() / kept.name).rename(trash() / label)
    except OSError as error:
        raise GenworldError(f"data:{name} could not be moved to the trash ({error.strerror}); try again.") from error
    return label


def restore(label: str) -> Kept:
    """Put kept data back where it was.

    Raises:
        GenworldError: it is not in the trash, or there is other data of its name by now.
    """
    match = _LABEL.fullmatch(label)
    if match is None or not (trash() / label).is_dir():
        raise GenworldError("This data is not in the trash any more; bring it again.")
    folder().mkdir(exist_ok=True)
    if not _moved(trash() / label, folder() / match["name"]):
        raise GenworldError(f"There is other data called {match['name']} by now; move that to the trash first.")
    return find(match["name"])
