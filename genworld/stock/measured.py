"""Figures that were measured again, on the card and in the manifest of one's own model."""

from __future__ import annotations

from collections.abc import Sequence

from genworld import card, checkpoint, paths
from genworld.checkpoint import Checkpoint
from genworld.content import Example
from genworld.errors import GenworldError
from genworld.measure import Report
from genworld.stock import own


def require_writable(found: Checkpoint) -> None:
    """Refuse figures for a model that came with genworld, or that is being trained. Raises GenworldError."""
    if found.folder.parent == paths.shipped("checkpoints"):
        raise GenworldError(f"Figures are written to models of your own, but {found.name} came with genworld.")
    if found.mine:
        own.require_idle(found.folder.name)


def write(found: Checkpoint, report: Report, real: Sequence[Example]) -> Checkpoint:
    """Put figures into the manifest and the card of a model; its weights and its digest stay as they are.

    Args:
        found: the model that was measured.
        report: the figures, measured against what it learned from.
        real: examples that it learned from, for the pictures of a card where it has none yet.

    Raises:
        GenworldError: the model came with genworld, is being trained or was trained further since, or the disk refuses.
    """
    require_writable(found)
    now = checkpoint.read(found.folder, mine=found.mine)
    if now.digest != found.digest:
        raise GenworldError(f"{found.name} was trained further while it was measured; measure it again.")
    checkpoint.write_manifest(now.folder, now.manifest.model_copy(update={"measures": report.to_dict()}))
    made = checkpoint.read(now.folder, mine=now.mine)
    if made.card is None:
        card.write_card(made, real=real)
    else:
        card.rewrite(made)
    return made
