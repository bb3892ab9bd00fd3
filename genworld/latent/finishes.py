"""The finish that suits a model: what its training examples look like."""

from __future__ import annotations

from genworld.checkpoint import Checkpoint
from genworld.content import Sprite
from genworld.errors import GenworldError
from genworld.finishing import suited
from genworld.latent import examples
from genworld.provenance import Finish
from genworld.recent import Recent

USUAL = Finish(colours=32, strays=True)
"""For a model that nobody kept examples of."""


def suited_to(checkpoint: Checkpoint) -> Finish:
    """The finish for sprites of a model, by the examples that were kept with it.

    Raises:
        GenworldError: it makes levels.
    """
    if checkpoint.kind != "sprite":
        raise GenworldError(f"{checkpoint.title} makes levels, but a finish is for sprites; leave it out.")
    known = _known.get(checkpoint.digest)
    if known is None:
        real = [each for each in examples.of(checkpoint) if isinstance(each, Sprite)]
        known = suited(real) if real else USUAL
        _known.put(checkpoint.digest, known)
    return known


_known = Recent[str, Finish](64)
"""By digest of the checkpoint: looking at its examples takes a while."""
