"""``genworld bench own``: what learning from a person's own maps must hold, measured.

Takes a folder of data with ``tiled`` (maps), ``levels/vglc_smb`` and ``levels/freedoom``; what is not there is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from genworld.bench import own_page

WITHOUT_DATA = "Real maps, chains, redone boxes and repair are measured on data: give its folder with --data."


def run(folder: Path | None) -> Iterator[object]:
    """Rows about the page, about real maps, about chains of one map, about redone boxes, about repair."""
    yield from own_page.run()
    if folder is None:
        yield WITHOUT_DATA
        return
    yield from on_data(folder)


def on_data(folder: Path) -> Iterator[object]:
    """The rows that need real data."""
    from genworld.bench import own_maps, own_models, own_play, own_playable  # each loads models and measures of its own

    for part, measure in (
        ("tiled", own_maps.run),
        ("levels/vglc_smb", own_models.smb),
        ("levels/vglc_smb", own_playable.run),
        ("levels/vglc_smb", own_models.redone),
        ("levels/freedoom", own_models.redone_bundled),
        ("levels/freedoom", own_play.repair),
    ):
        if (folder / part).is_dir():
            yield from measure(folder / part)
        else:
            yield f"{part} is not in {folder}: left out."
