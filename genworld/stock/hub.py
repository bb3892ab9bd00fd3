"""Models on a model hub, with the person's own token: put there, and brought from there at one pinned revision.

The token is read when it is needed and goes to the hub alone: it is never kept, shown, logged or part of an error.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from genworld import card, checkpoint, limits
from genworld.checkpoint import CARD, MANIFEST, Checkpoint
from genworld.errors import GenworldError
from genworld.mode import LOOPBACK, Mode
from genworld.stock import bundle, licences
from genworld.stock.arrival import Arrival
from genworld.stock.parts import part_of
from genworld.storage import read_bounded

if TYPE_CHECKING:
    from huggingface_hub import HfApi

T = TypeVar("T")
TOKEN_BYTES = 1024
FILES = 1_000
_REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


@dataclass(frozen=True)
class Hub:
    """A hub and who is there.

    Args:
        endpoint: its address; the one that huggingface_hub is set to when empty.
        token_file: where the token lies; that of the person's own login, or HF_TOKEN, when None.
    """

    endpoint: str = ""
    token_file: Path | None = None


@dataclass(frozen=True)
class Pushed:
    """A model that was put on a hub: its address there, and the revision that it has now."""

    address: str
    revision: str
    private: bool


@dataclass(frozen=True)
class Parcel:
    """What would go to a hub.

    Args:
        checkpoint: the model, with the licence that goes with it.
        files: by their path there.
        words: what a person should read before it goes: data, licence, whether its results may be sold, and what
            of the data goes along.
    """

    checkpoint: Checkpoint
    files: bundle.Content
    words: str


def parcel(name: str, *, public: bool = False, licence: str = "") -> Parcel:
    """What `push` would send, and what to read before it does.

    Args:
        name: of a model, or the path of its folder.
        public: whether everybody may see it there.
        licence: of its data, where the model does not say or says less; as an SPDX identifier or in words.

    Raises:
        GenworldError: there is no such model, it is damaged, or everybody would see what was learned from data of
            which nobody knows the licence.
    """
    found = checkpoint.find(name)
    source = licences.stated(found, licence)
    if public:
        licences.require_known(found, source)
    manifest = found.manifest.model_copy(update={"run": found.manifest.run.model_copy(update={"data": source})})
    told = replace(found, manifest=manifest)
    examples = licences.may_pass_on(source)
    files = {path: held for path, held in bundle.contents(told).items() if examples or not licences.shows_data(path)}
    text = card.text(told, card.stored_report(told))
    files[CARD] = (text if card.SHEET in files else licences.without_sheet(text)).encode()
    return Parcel(told, files, licences.words(told, files, public=public))


def push(parcel: Parcel, repo: str, hub: Hub | None = None, *, public: bool = False) -> Pushed:
    """Put a model on a hub in one commit; what its repository held before stays in its history.

    Args:
        parcel: as `parcel` gave it, once a person has read its words.
        repo: ``"USER/NAME"``; made when missing.
        hub: where.
        public: whether everybody may see it. A repository that is public already takes it only then.

    Raises:
        GenworldError: no name of a repository, no token, or the hub refuses or cannot be reached.
    """
    hub = hub or Hub()
    _checked(repo)
    api = _api(hub, needed=True)
    made = _answer(api, repo, lambda: api.create_repo(repo, private=not public, exist_ok=True))
    info = _answer(api, repo, lambda: api.model_info(repo))
    if not public and not info.private:
        raise GenworldError(
            f"{repo} can be seen by everybody, but the model was to be private; push with --public, or to another name."
        )
    operations = _operations(parcel, {each.rfilename for each in info.siblings or ()})
    message = f"{parcel.checkpoint.title} ({parcel.checkpoint.digest[:12]})"
    commit = _answer(api, repo, lambda: api.create_commit(repo, operations, commit_message=message))
    return Pushed(str(made), commit.oid, bool(info.private))


def _operations(parcel: Parcel, there: set[str]) -> list[Any]:
    """Every file of the model, and away with those of an earlier one."""
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    stale = sorted(name for name in there - parcel.files.keys() if part_of(name))
    return [
        *(CommitOperationAdd(path, held) for path, held in sorted(parcel.files.items())),
        *(CommitOperationDelete(name) for name in stale),
    ]


def pull(repo: str, hub: Hub | None = None, *, revision: str = "main", mode: Mode = Mode.LOCAL) -> tuple[Arrival, str]:
    """Bring a model from a hub, checked as any model of a stranger is.

    Args:
        repo: ``"USER/NAME"``.
        hub: where.
        revision: a commit, a branch or a tag; whatever it names is pinned to its commit before anything is fetched.
        mode: models are brought on a person's own machine alone.

    Returns:
        The model, and the commit that it was brought from.

    Raises:
        GenworldError: a public page, no such model there, one that is damaged or holds what no model has, or the hub
            cannot be reached. Nothing is left behind.
    """
    if mode is not Mode.LOCAL:
        raise GenworldError("Models are pulled on your own machine, but this is a public page; run genworld there.")
    _checked(repo)
    api = _api(hub or Hub(), needed=False)
    info = _answer(api, repo, lambda: api.model_info(repo, revision=revision, files_metadata=True))
    commit = str(info.sha)
    sizes = {each.rfilename: each.size or 0 for each in info.siblings or ()}
    wanted = _wanted(repo, sizes)
    with tempfile.TemporaryDirectory(prefix="genworld-pull-") as folder:
        for name in wanted:
            _answer(api, repo, partial(api.hf_hub_download, repo, name, revision=commit, local_dir=folder))
        return bundle.bring(Path(folder), mode=mode), commit


def _wanted(repo: str, sizes: dict[str, int]) -> list[str]:
    """The files that are parts of a model, within bounds, before one of them is fetched."""
    known = {name: (size, part) for name, size in sizes.items() if (part := part_of(name)) is not None}
    if MANIFEST not in known:
        raise GenworldError(
            f"{repo} holds no model of genworld, for it has no {MANIFEST}; pull one that genworld pushed."
        )
    large = next((name for name, (size, part) in known.items() if size > part.most), None)
    if large or len(known) > FILES or sum(size for size, _ in known.values()) > limits.ZIP_TOTAL_BYTES:
        raise GenworldError(
            f"{repo} holds more than a model of genworld has, at most {FILES} files with "
            f"{limits.ZIP_TOTAL_BYTES // limits.MIB} MiB together; pull another."
        )
    return sorted(known)


def _checked(repo: str) -> None:
    if not _REPO.fullmatch(repo):
        raise GenworldError(
            f"A model on a hub is called USER/NAME, but {repo[: limits.NAME_LENGTH]!r} came; give both."
        )


def _api(hub: Hub, *, needed: bool) -> HfApi:
    """What speaks to the hub. A login goes to the hub that it is for; elsewhere the token is named by its file."""
    from huggingface_hub import HfApi, constants, get_token

    endpoint = _endpoint(hub.endpoint) if hub.endpoint else constants.ENDPOINT
    own = endpoint == constants.ENDPOINT
    token = _read_token(hub.token_file) if hub.token_file else get_token() if own else None
    if needed and not token:
        raise GenworldError(
            "A model is pushed with your own token, but none was found; log in with 'hf auth login', set HF_TOKEN, or give "
            "--token-file FILE."
            if own
            else f"A model is pushed to {endpoint} with a token of yours for it; give --token-file FILE."
        )
    return HfApi(endpoint, token=token or False)


def _endpoint(address: str) -> str:
    """An address that a token may be sent to: encrypted, or this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.username or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        raise GenworldError(
            f"A hub has an address such as https://huggingface.co, but {address[: limits.NAME_LENGTH]!r} came; "
            "give one that starts with https://."
        )
    return address.rstrip("/")


def _read_token(path: Path) -> str:
    raw = read_bounded(path.expanduser(), TOKEN_BYTES).strip()
    if not re.fullmatch(rb"[!-~]+", raw):
        raise GenworldError(
            f"{path.name} should hold a token and nothing else, but it does not; write it there on one line."
        )
    return raw.decode()


def _answer(api: HfApi, repo: str, ask: Callable[[], T]) -> T:
    """What a hub answers; what goes wrong in our own words, for those of the library may repeat what was sent."""
    try:
        return ask()
    except Exception as error:  # the library and what it speaks through raise dozens of kinds
        status = getattr(getattr(error, "response", None), "status_code", None)
        fault = _fault(api.endpoint, repo, status, type(error).__name__)
    raise fault  # here, so that it carries nothing of the error


def _fault(endpoint: str, repo: str, status: int | None, kind: str) -> GenworldError:
    if status in (401, 403):
        return GenworldError(
            f"{endpoint} does not let you at {repo} (answer {status}); check that it exists and that your token may read it, "
            "or write to it."
        )
    if status == 404:
        return GenworldError(
            f"There is no model {repo} at {endpoint} for you; check its name, its revision and your token."
        )
    if status is not None:
        return GenworldError(f"{endpoint} answered {status} for {repo}; try again later.")
    return GenworldError(
        f"{endpoint} could not be reached, or its answer for {repo} was not understood ({kind}); try again later."
    )
