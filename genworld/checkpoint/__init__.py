"""Checkpoints: a folder to a model and back. Atomic, hashed, no pickle.

``manifest.json`` names content-hashed files ``<sha256>.safetensors``. Blobs are written first and
the manifest last, so a reader sees one whole checkpoint or the one before. Readers trust only the
manifest and check every digest.
"""

from genworld.checkpoint.finding import available, by_digest, find, models_home
from genworld.checkpoint.history import Keep, earlier, go_back, of_folder
from genworld.checkpoint.record import (
    CARD,
    FORMAT,
    PREVIEW,
    Blob,
    Checkpoint,
    Manifest,
    checked_name,
    read,
    saved_in,
    write_manifest,
)
from genworld.checkpoint.saving import save
from genworld.paths import MANIFEST, PRIVATE

__all__ = [
    "CARD",
    "FORMAT",
    "MANIFEST",
    "PREVIEW",
    "PRIVATE",
    "Blob",
    "Checkpoint",
    "Keep",
    "Manifest",
    "available",
    "by_digest",
    "checked_name",
    "earlier",
    "find",
    "go_back",
    "models_home",
    "of_folder",
    "read",
    "save",
    "saved_in",
    "write_manifest",
]
