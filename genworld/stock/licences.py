"""What a person should know before a model of theirs can be seen by others: whose data it learned, and what of it goes along."""

from __future__ import annotations

from collections.abc import Collection

from genworld import card
from genworld.checkpoint import Checkpoint
from genworld.datasets.licences import SELLABLE, UNKNOWN
from genworld.errors import GenworldError
from genworld.latent.examples import KEY
from genworld.latent.kept import FOLDER
from genworld.library.names import checked
from genworld.packs.licences import may_i_sell_this
from genworld.provenance import DataSource


def stated(found: Checkpoint, licence: str) -> DataSource:
    """The data of a model, with the licence that a person states where the model knows none.

    Raises:
        GenworldError: the model says another: what its makers said is not overruled.
    """
    source = found.manifest.run.data
    if not licence or licence == source.licence:
        return source
    if is_known(source):
        raise GenworldError(
            f"{found.title} learned from {source.name}, which has the licence {source.licence}; leave out --licence, for "
            "what its makers said holds."
        )
    named = checked(licence, "A licence")
    return source.model_copy(update={"licence": named, "sellable": SELLABLE.get(named)})


def is_known(source: DataSource) -> bool:
    """Whether anybody said under which licence the data are."""
    return source.licence.strip().lower() not in ("", UNKNOWN)


def require_known(found: Checkpoint, source: DataSource) -> None:
    """Refuse to show everybody what nobody knows the licence of. Raises GenworldError."""
    if not is_known(source):
        raise GenworldError(
            f"{found.title} learned from {source.name}, and nobody said under which licence that may be passed on; if it is "
            'yours or you know it, say so: --licence CC-BY-4.0 (or --licence "all rights reserved"). Without --public only '
            "you see it."
        )


def may_pass_on(source: DataSource) -> bool:
    """Whether the data themselves may go along, as far as anybody said."""
    return SELLABLE.get(source.licence) is True


def shows_data(path: str) -> bool:
    """Whether a file of a model shows what it learned from, as it is.

    >>> shows_data("sheet.png"), shows_data("explore/training-codes.safetensors"), shows_data("preview.png")
    (True, True, False)
    """
    return path == card.SHEET or path.startswith(f"{FOLDER}/{KEY}")


def without_sheet(text: str) -> str:
    """A card that does not show the sheet."""
    return "\n\n".join(part for part in text.split("\n\n") if not part.endswith(f"({card.SHEET})"))


def words(found: Checkpoint, files: Collection[str], *, public: bool) -> str:
    """What to read before a model goes to a hub."""
    source = found.manifest.run.data
    lines = [
        f"{found.title}: {'everybody' if public else 'only you, and whom you let,'} will see it.",
        f"What it learned from: {source.name}; licence: {source.licence}.",
        f"May I sell what it makes: {may_i_sell_this([source])}",
    ]
    if any(map(shows_data, files)):
        lines.append("Some of its training data go along: in the sheet of the card, and to be laid over its maps.")
    else:
        lines.append("Its training data stay here: no sheet of them goes along, and none to be laid over its maps.")
    if any(path.endswith(".art") for path in files):
        lines.append(
            "The pictures of the tileset that it was learned with go along, for its levels are drawn with them."
        )
    return "\n".join(lines)
