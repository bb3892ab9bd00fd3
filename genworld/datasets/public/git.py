"""Files of one commit, taken out of a git repository on the net without a working tree.

Git names files, folders and commits by the hash of what they hold and checks each hash as it comes in, so that files
taken by a full commit are those that the commit names, whoever answered. Nothing is checked out: no link, hook or
filter of the repository is followed, and sizes are bounded.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess  # fixed words, no shell
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from genworld import limits
from genworld.errors import GenworldError

FILE_BYTES = 32 * limits.MIB
TOTAL_BYTES = 512 * limits.MIB
FILES = 20_000
PLAIN = ("100644", "100755")
"""Modes of files; links and modules are not taken."""

Told = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much (0 where nobody knows)."""

_COUNTED = re.compile(rb"(Receiving objects|Resolving deltas):\s+\d+% \((\d+)/(\d+)\)")
_FULL = re.compile(r"[0-9a-f]{40}")
_FAULTS = (
    (("no space left",), "the disk is full; free some space and try again"),
    (
        (
            "resolve host",
            "failed to connect",
            "couldn't connect",
            "connection refused",
            "unable to access",
            "timed out",
        ),
        "it cannot be reached from this machine; check the connection to the internet and try again",
    ),
    (
        ("not our ref", "unadvertised object", "couldn't find remote ref", "no such remote ref"),
        "the pinned commit is not there any more; update genworld",
    ),
    (
        (
            "corrupt",
            "mismatch",
            "inflate",
            "bad object",
            "index-pack",
            "not send all",
            "missing",
            "unexpected disconnect",
        ),
        "what came is damaged or not what was pinned, so nothing of it was taken; try again later",
    ),
)


class Repository:
    """A repository on the net, and a folder for what is taken of it.

    Args:
        url: where it is.
        folder: empty; everything goes there.
        told: about progress.
    """

    def __init__(self, url: str, folder: Path, told: Told) -> None:
        self._url, self._folder, self._told = url, folder, told
        self._run("init", "--quiet", "--bare", "--template=", str(folder))
        self._run("remote", "add", "origin", url)

    def commit(self, name: str) -> str:
        """Bring a commit with its folders, without its files.

        Args:
            name: 40 hexadecimal digits, or "HEAD".

        Returns:
            The full name of the commit.

        Raises:
            GenworldError: it does not come, or another comes.
        """
        self._fetch("Asking for the list of files", "--depth=1", "--filter=blob:none", "origin", name)
        found = self._run("rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
        if _FULL.fullmatch(name) and found != name:
            raise GenworldError(f"{self._url} answered with commit {found} in place of {name}; nothing was taken.")
        return found

    def paths(self, commit: str) -> dict[str, str]:
        """Hash of every plain file by its path."""
        rows = self._run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
        found = {}
        for row in filter(None, rows):
            head, _, path = row.partition(b"\t")
            mode, _, name = head.decode().split(" ")
            if mode in PLAIN:
                found[path.decode("utf-8", "surrogateescape")] = name
        return found

    def files(self, wanted: dict[str, str]) -> dict[str, bytes]:
        """Bring files by path and hash.

        Raises:
            GenworldError: too many or too large, one does not come, or its bytes do not have its hash.
        """
        if len(wanted) > FILES:
            raise GenworldError(f"At most {FILES:,} files are taken, but {self._url} has {len(wanted):,}.")
        names = sorted(set(wanted.values()))
        listed = self._folder / "wanted"
        listed.write_text("\n".join(names) + "\n", encoding="ascii")
        more = ("--no-write-fetch-head", "--filter=blob:none", "--stdin", "origin")
        self._fetch(f"Fetching {len(wanted):,} files", *more, listed=listed)
        blobs = dict(zip(names, self._blobs(names, listed), strict=True))
        return {path: blobs[name] for path, name in wanted.items()}

    def _blobs(self, names: Sequence[str], listed: Path) -> Iterator[bytes]:
        """The bytes of each, checked against its hash once more."""
        total = 0
        with listed.open("rb") as given, self._started(("cat-file", "--batch"), given) as process:
            out = _pipe(process.stdout)
            for name in names:
                head = out.readline().decode().split()
                if len(head) != 3 or head[0] != name or head[1] != "blob":
                    raise self._fault(f"missing {name}")
                size = int(head[2])
                total += size
                if size > FILE_BYTES or total > TOTAL_BYTES:
                    raise GenworldError(
                        f"{self._url} holds more than the {TOTAL_BYTES // limits.MIB} MiB that are taken."
                    )
                raw = out.read(size)
                out.read(1)
                if hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest() != name:
                    raise self._fault(f"hash mismatch {name}")
                yield raw

    def _fetch(self, what: str, *words: str, listed: Path | None = None) -> None:
        """Fetch, telling how far it is."""
        command = ("fetch", "--progress", "--no-tags", "--recurse-submodules=no", *words)
        self._told(what, 0, 0)
        with (listed or Path(os.devnull)).open("rb") as given, self._started(command, given) as process:
            said = b""
            while piece := os.read(_pipe(process.stderr).fileno(), 65536):
                said = (said + piece)[-65536:]
                for _, done, total in _COUNTED.findall(piece):
                    self._told(what, int(done), int(total))
            if process.wait():
                raise self._fault(said.decode("utf-8", "replace"))

    def _run(self, *words: str) -> bytes:
        with self._started(words, subprocess.DEVNULL) as process:
            out, said = process.communicate()
        if process.returncode:
            raise self._fault(said.decode("utf-8", "replace"))
        return out

    @contextmanager
    def _started(self, words: Sequence[str], given: IO[bytes] | int) -> Iterator[subprocess.Popen[bytes]]:
        """A git that ends with the block, also when somebody presses Ctrl+C."""
        try:
            process = subprocess.Popen(  # noqa: S603  # words of ours, addresses of the catalogue
                ["git", *self._settings(), *words],  # noqa: S607  # the person's own git, wherever it is
                cwd=self._folder,
                env=_environment(),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise GenworldError(
                "Public data is fetched with git, but there is no git on this machine; install it (git-scm.com) and "
                "try again."
            ) from error
        try:
            yield process
        finally:
            _end(process)

    def _settings(self) -> list[str]:
        """No question is asked, nothing runs, and no other way than that of the address is taken."""
        scheme = self._url.partition(":")[0]
        chosen = {
            "protocol.allow": "never",
            f"protocol.{scheme}.allow": "always",
            "core.hooksPath": os.devnull,
            "credential.helper": "",
            "fetch.negotiationAlgorithm": "noop",
            "gc.auto": "0",
            "http.lowSpeedLimit": "1000",
            "http.lowSpeedTime": "60",
            "remote.origin.promisor": "true",
            "remote.origin.partialclonefilter": "blob:none",
        }
        return [word for key, value in chosen.items() for word in ("-c", f"{key}={value}")]

    def _fault(self, said: str) -> GenworldError:
        lower = said.lower()
        for marks, sentence in _FAULTS:
            if any(mark in lower for mark in marks):
                return GenworldError(f"Nothing was fetched from {self._url}: {sentence}.")
        last = [line for line in said.splitlines() if line.strip()][-1:]
        return GenworldError(f"Nothing was fetched from {self._url}: git said {' '.join(last)!a}; try again later.")


def _environment() -> dict[str, str]:
    """This process's, so that a proxy counts, without what points git at other repositories."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {**plain, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "LC_ALL": "C"}


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("git was started without a pipe")
    return pipe


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a git and what it started, if they have not ended."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
    for pipe in (process.stdout, process.stderr):
        _pipe(pipe).close()
