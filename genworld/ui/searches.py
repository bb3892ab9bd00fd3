"""Pictures and levels that people bring, looked for in a latent space: a bounded piece of work for each request, under a
random token that only the asker holds. Importing this loads torch."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from genworld import datasets, render, sampling
from genworld.content import Example, Level, Picture, Sprite
from genworld.datasets.untrusted import PICTURE_SUFFIXES, read_file, read_picture
from genworld.errors import GenworldError
from genworld.latent import inversion
from genworld.latent.inversion import Found
from genworld.limits import ZIP_MEMBER_BYTES
from genworld.models.base import LatentModel
from genworld.recent import Recent
from genworld.sampling import LoadedModel
from genworld.ui import latents
from genworld.ui.draw import turn
from genworld.ui.pictures import data_uri
from genworld.ui.points import Place
from genworld.ui.uploads import Upload

OPEN_AT_ONCE = 64
"""Searches, a megabyte each; the one that nobody asked for longest goes first."""
PIECE_SECONDS = 0.2
"""Of work in one answer: the page shows the picture so far, and can stop."""


@dataclass
class Search:
    """One search on its way.

    Args:
        loaded: the model that is searched.
        steps: what is found so far, better each time.
    """

    loaded: LoadedModel
    steps: Iterator[Found]
    latest: Found | None = None
    over: bool = False
    busy: threading.Lock = field(default_factory=threading.Lock)

    def go_on(self) -> None:
        """A piece of work."""
        end = time.monotonic() + PIECE_SECONDS
        with turn(), self.busy:  # in this order: those who wait for the search are among those whose number is bounded
            while not self.over and time.monotonic() < end:
                found = next(self.steps, None)
                self.latest = found or self.latest
                self.over = found is None


_open = Recent[str, Search](OPEN_AT_ONCE)
"""By token."""


def begin(upload: Upload, loaded: LoadedModel) -> dict[str, Any]:
    """Read what was brought as an example of a model, and begin to look for it.

    Raises:
        GenworldError: the model has no latent space, or what came does not fit it.
    """
    if not isinstance(loaded.model, LatentModel):
        raise GenworldError(
            f"{loaded.checkpoint.title} has no latent space to look in; choose a GAN, a VAE or a flow in the bar above."
        )
    with turn():
        example = inversion.adapted(_read(upload, loaded), loaded.model.spec)
    token = secrets.token_urlsafe(24)
    _open.put(token, Search(loaded, inversion.search(loaded, example)))
    return {"token": token, **_picture(render.picture(example))}


def go_on(token: object, *, enough: bool = False) -> dict[str, Any]:
    """A piece of a search: the picture so far, how far it differs, and at the end the point.

    Args:
        token: as `begin` gave it.
        enough: whether what is there so far will do.
    """
    search = _found(token)
    if not (enough and search.latest):
        search.go_on()
    found = search.latest
    if found is None:
        return {"step": 0, "total": 1, "over": False}
    told = {"step": found.step, "total": found.total, "words": in_words(found)}
    if not (search.over or enough):
        return {**told, "over": False, **_picture(render.picture(found.example))}
    forget(token)
    place = _place(search.loaded, found)
    said = f"The nearest to yours: {in_words(found)}."
    return {**told, "over": True, "model": latents.described(search.loaded), **latents.settled(place), "said": said}


def forget(token: object) -> None:
    """Let a search go."""
    if isinstance(token, str):
        _open.forget(token)


def _found(token: object) -> Search:
    search = _open.get(token) if isinstance(token, str) else None
    if search is None:
        raise GenworldError("This search is over, or others needed its place; bring the picture again.")
    return search


def in_words(found: Found) -> str:
    """How far what was found differs from what was brought."""
    if not found.difference:
        return "the very same"
    what = "of the tiles differ" if isinstance(found.example, Level) else "difference in colour, on average"
    return f"{100 * found.difference:.1f}% {what}"


def _place(loaded: LoadedModel, found: Found) -> Place:
    return Place(loaded, found.point, sampling.latent_origin(loaded, found.point))


def _picture(pixels: Picture) -> dict[str, Any]:
    picture = data_uri(render.png_bytes(pixels))
    return {"picture": picture, "height": int(pixels.shape[0]), "width": int(pixels.shape[1])}


def _read(upload: Upload, loaded: LoadedModel) -> Example:
    """What a person brought: a picture for sprites, the first level of a map for levels."""
    files = upload.files()
    alone = len(files) == 1 and PurePosixPath(files[0]).suffix.lower() in PICTURE_SUFFIXES
    if loaded.checkpoint.kind == "sprite" and alone:
        return Sprite(read_picture(read_file(upload.root / files[0], ZIP_MEMBER_BYTES), files[0]))
    try:
        data = datasets.open_dataset(f"{datasets.recognise(upload.place).name}:{upload.place}")
    except GenworldError as error:
        raise upload.fault(error) from error
    return data.examples[0]
