"""What people drop on the page: laid out as one private folder, and swept away an hour later.

The browser sends files through Gradio's upload, which puts each at ``<upload folder>/<sha256>/<name>`` and says where;
then it names them here. A path is trusted only if it leads to exactly such a place, and a name only once it is cleaned.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from gradio.utils import get_upload_folder

from genworld.errors import GenworldError
from genworld.limits import MIB, NAME_LENGTH, Limits
from genworld.ui import asked

KEPT_SECONDS = 3600.0
DEPTH = 16
"""Folders within each other, at most."""
ZIP = ".zip"
SUFFIXES = (
    *(".tmx", ".tmj", ".tsx", ".tsj", ".tx", ".tj", ".world", ".ldtk", ".ldtkl", ".json", ".xml"),
    *(".wad", ".txt", ".csv", ".png", ".gif", ".webp", ".bmp", ".jpg", ".jpeg", ZIP),
)
"""Of files that a reader may want; what else lies in a project's folder stays where it is."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNFIT = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')


@dataclass(frozen=True)
class Sent:
    """One file as the browser names it.

    Args:
        path: where Gradio put it, as its answer said.
        name: POSIX path relative to what was dropped.
    """

    path: str
    name: str


@dataclass(frozen=True)
class Upload:
    """An open upload: a private folder to which files may be added.

    Args:
        token: names it; nobody can guess it.
    """

    token: str

    @classmethod
    def begin(cls, title: str) -> Upload:
        """A new one, for data called `title`. Uploads older than an hour are swept away first."""
        sweep()
        upload = cls(secrets.token_urlsafe(24))
        (folder() / upload.token / called(title)).mkdir(parents=True)
        return upload

    @classmethod
    def of(cls, token: object) -> Upload:
        """The upload of a token. Raises GenworldError when there is none, or not any more."""
        if isinstance(token, str) and _TOKEN.fullmatch(token) and (folder() / token).is_dir():
            return cls(token)
        raise GenworldError("What was dropped is kept for an hour and is not here any more; drop it again.")

    @property
    def root(self) -> Path:
        """The folder that holds the files; its name is that of the data."""
        return next(path for path in (folder() / self.token).iterdir() if path.is_dir())

    @property
    def place(self) -> Path:
        """What a reader opens: a zip that came alone, or the folder."""
        files = self.files()
        alone = files[0] if len(files) == 1 else None
        return self.root / alone if alone and alone.lower().endswith(ZIP) else self.root

    def files(self) -> list[str]:
        """Names of the files, sorted, relative to the folder."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())

    def add(self, sent: Sequence[Sent], limits: Limits) -> None:
        """Lay more files down, or newer ones in the place of older ones.

        Raises:
            GenworldError: a path that is no upload, a name that cannot be, more files or bytes than `limits` allow, or
                the disk refuses; what was there stays.
        """
        wanted = {self._within(cleaned(one.name)): checked(one.path) for one in sent}
        self._check_room(wanted, limits)
        try:
            for name, source in wanted.items():
                _lay(source, self.root / name)
            os.utime(folder() / self.token)  # the hour begins anew
        except OSError as error:
            raise GenworldError(
                f"What was dropped could not be stored ({error.strerror}); rename files whose names clash with those "
                "of folders, or free some space, and drop it again."
            ) from error

    def fault(self, error: GenworldError) -> GenworldError:
        """`error` without the folder of the upload: where files lie on this machine is nobody's concern."""
        return GenworldError(error.sentence.replace(f"{self.root.parent}/", ""))

    def forget(self) -> None:
        """Remove it."""
        shutil.rmtree(folder() / self.token, ignore_errors=True)

    def _within(self, name: str) -> str:
        """A name without the folder that was dropped: the root stands for it."""
        top, _, rest = name.partition("/")
        return rest if rest and called(top) == self.root.name else name

    def _check_room(self, wanted: dict[str, Path], limits: Limits) -> None:
        sizes = {name: (self.root / name).stat().st_size for name in self.files()}
        sizes |= {name: source.stat().st_size for name, source in wanted.items()}
        if len(sizes) > limits.upload_files:
            raise GenworldError(
                f"At most {limits.upload_files:,} files are taken at once, but {len(sizes):,} came; drop fewer, or a zip."
            )
        if sum(sizes.values()) > limits.upload_bytes:
            raise GenworldError(
                f"At most {limits.upload_bytes // MIB:,} MB are taken at once, but {sum(sizes.values()) / MIB:,.1f} came; "
                "drop fewer or smaller files."
            )


def receive(request: Mapping[str, Any], limits: Limits) -> Upload:
    """Files that a browser sent, laid down as a new upload, or added to the one of its token.

    Args:
        request: ``files``, each with ``path`` and ``name``, and perhaps the ``token`` of an open upload.
        limits: of the mode.

    Raises:
        GenworldError: as `Upload.add` does; a new upload is gone then.
    """
    files = [asked.entry(one) for one in asked.some(request.get("files"), limits.upload_files)]
    sent = [Sent(one.get("path"), one.get("name")) for one in files]  # type: ignore[arg-type]  # both are checked below
    names = [cleaned(one.name) for one in sent]
    token = request.get("token")
    upload = Upload.begin(title_of(names)) if token is None else Upload.of(token)
    try:
        upload.add(sent, limits)
    except GenworldError:
        if token is None:
            upload.forget()
        raise
    return upload


def folder() -> Path:
    """Where open uploads lie."""
    return _upload_folder() / "genworld-drops"


def sweep(now: float | None = None) -> None:
    """Remove uploads that are older than an hour."""
    edge = (time.time() if now is None else now) - KEPT_SECONDS
    sweep_in(folder(), edge)


def sweep_in(place: Path, edge: float) -> None:
    """Remove the folders in a place that were last changed before `edge`, in seconds since 1970."""
    for old in place.glob("*/"):
        if age(old) < edge:
            shutil.rmtree(old, ignore_errors=True)


def age(path: Path) -> float:
    """When a folder was last changed, in seconds since 1970; what another sweep took away was never there."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def checked(path: object) -> Path:
    """The file that Gradio's upload answered with: a regular file at ``<sha256>/<name>`` in its folder, no link.

    Raises:
        GenworldError: any other path, or a file that was swept away.
    """
    if isinstance(path, str) and "\0" not in path:
        given = Path(path)
        if given.parent.parent.resolve() == _upload_folder() and _is_upload(given):
            return given
    raise GenworldError("Files come to this page by dropping them on it, but something else came; drop them again.")


def _is_upload(path: Path) -> bool:
    try:
        plain = stat.S_ISREG(path.lstat().st_mode) and not path.parent.is_symlink()
    except OSError:
        return False
    return plain and _DIGEST.fullmatch(path.parent.name) is not None and path.name not in ("", ".", "..")


def cleaned(name: object) -> str:
    """A relative name that is safe on any disk and leads nowhere else.

    Raises:
        GenworldError: no name, a kind of file that no reader wants, or too many folders within each other.

    >>> cleaned("maps\\\\..\\\\/a/./b\\x07.tmx")
    'maps/a/b.tmx'
    """
    if not isinstance(name, str) or len(name) > 4 * NAME_LENGTH * DEPTH:
        raise GenworldError("Each file has a name, but something else came; drop the files again.")
    parts = [part for part in map(_part, re.split(r"[/\\]", name)) if part]
    if not parts or PurePosixPath(parts[-1]).suffix.lower() not in SUFFIXES:
        raise GenworldError(
            f"Maps, tilesets, pictures and zips are read, but {shown(name)} is none of them; drop files that end in "
            f"{', '.join(SUFFIXES[:4])}, {SUFFIXES[7]}, .wad, .txt, .png or {ZIP}."
        )
    if len(parts) > DEPTH:
        raise GenworldError(f"Folders are read {DEPTH} deep, but {shown(name)} lies deeper; drop an inner folder.")
    return "/".join(parts)


def _part(part: str) -> str:
    """One part of a path, or nothing where it is no name."""
    plain = "".join(char for char in unicodedata.normalize("NFC", part) if unicodedata.category(char)[0] != "C")
    fit = _UNFIT.sub("_", plain).strip()
    if not fit.strip("."):
        return ""
    stem, dot, suffix = fit.rpartition(".")
    return fit if len(fit) <= NAME_LENGTH else f"{stem[: NAME_LENGTH - 8]}{dot}{suffix[:7]}"


def called(title: str) -> str:
    """The name of a folder for data of this title; dots would be taken for a suffix.

    >>> called("Level 1.5: caves")
    'Level 1 5_ caves'
    """
    return _part(title.replace(".", " ").replace("/", " ").replace("\\", " "))[:40].strip() or "Dropped"


def shown(name: str) -> str:
    """A name fit for a sentence: short and printable."""
    return ascii(name if len(name) <= NAME_LENGTH else name[:NAME_LENGTH] + "...")


def title_of(names: Sequence[str]) -> str:
    """What data of these file names is called: the folder that they share, or the first map.

    >>> title_of(["game/maps/a.tmx", "game/tiles.png"]), title_of(["tiles.png", "cave.tmx"])
    ('game', 'cave')
    """
    tops = {PurePosixPath(name).parts[0] for name in names}
    if len(tops) == 1 and not any(PurePosixPath(name).parts[0] == name for name in names):
        return tops.pop()
    return PurePosixPath(min(names, key=_rank)).stem


def _rank(name: str) -> tuple[int, str]:
    """Maps before what they are drawn with."""
    suffix = PurePosixPath(name).suffix.lower()
    legend = PurePosixPath(name).name == "tiles.json"
    return (len(SUFFIXES) if legend else SUFFIXES.index(suffix), name) if suffix in SUFFIXES else (99, name)


def _lay(source: Path, target: Path) -> None:
    """A second name for the file: Gradio may sweep its own away, and the same file may come under many names."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(source, target, follow_symlinks=False)


def _upload_folder() -> Path:
    return Path(get_upload_folder()).resolve()
