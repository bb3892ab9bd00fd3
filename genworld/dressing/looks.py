"""How tiles look, in numbers: colour, texture, outline, and whether they go on seamlessly."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

OUTLINE = 8
"""Side of the grid on which outlines are compared."""

AT_ONCE = 2**20
"""Pixels that are measured at once."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Looks:
    """Measures of N tiles.

    Args:
        opacity: (N,) share of pixels that are drawn, 0 to 1.
        colour: (N, 3) mean CIE Lab of those.
        texture: (N,) standard deviation of their lightness.
        seam: (N,) how much more lightness jumps from one border to the opposite one than within; about 1 where the
            tile goes on seamlessly.
        spread: (N,) standard deviation of their hue, as distance in the a and b of Lab.
        rim: (N,) distance in Lab between the pixels of the border and those within.
        uneven: (N,) largest distance in Lab between two quarters: of a ground little, of half a door much.
        outline: (N, `OUTLINE`, `OUTLINE`) share that is drawn of each part.
        parts: (N, `OUTLINE`, `OUTLINE`, 3) mean Lab of each part, where what is clear counts as black.
    """

    opacity: Floats
    colour: Floats
    texture: Floats
    seam: Floats
    spread: Floats
    rim: Floats
    uneven: Floats
    outline: Floats
    parts: Floats

    def __len__(self) -> int:
        return len(self.opacity)


def looks(tiles: NDArray[np.uint8]) -> Looks:
    """The measures of (N, height, width, 4) RGBA tiles. A large sheet is measured part by part, to be sparing."""
    step = max(1, AT_ONCE // (tiles.shape[1] * tiles.shape[2]))
    parts = [_looks(tiles[start : start + step]) for start in range(0, len(tiles), step)]
    return Looks(**{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Looks)})


def _looks(tiles: NDArray[np.uint8]) -> Looks:
    drawn = (tiles[..., 3] > 127).astype(np.float32)
    colours = lab(tiles[..., :3]) * drawn[..., None]
    total = np.maximum(drawn.sum(axis=(1, 2)), 1)
    mean = colours.sum(axis=(1, 2)) / total[:, None]
    light = colours[..., 0]
    apart = drawn[..., None] * (colours - mean[:, None, None]) ** 2
    parts = _parts(colours)
    variance = apart.sum(axis=(1, 2)) / total[:, None]
    return Looks(
        opacity=drawn.mean(axis=(1, 2)),
        colour=mean,
        texture=np.sqrt(variance[:, 0]),
        seam=_seam(light),
        spread=np.sqrt(variance[:, 1:].sum(axis=1)),
        rim=_rim(colours),
        uneven=_uneven(parts),
        outline=_parts(drawn[..., None])[..., 0],
        parts=parts,
    )


def lab(rgb: NDArray[np.uint8]) -> Floats:
    """(..., 3) CIE Lab (D65) of (..., 3) sRGB."""
    table = np.arange(256, dtype=np.float64) / 255
    linear = np.where(table <= 0.04045, table / 12.92, ((table + 0.055) / 1.055) ** 2.4).astype(np.float32)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], dtype=np.float32)
    xyz = linear[rgb] @ to_xyz.T / np.array([0.9505, 1.0, 1.089], dtype=np.float32)
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    parts = (116 * bent[..., 1] - 16, 500 * (bent[..., 0] - bent[..., 1]), 200 * (bent[..., 1] - bent[..., 2]))
    return np.stack(parts, axis=-1).astype(np.float32)


def _seam(light: Floats) -> Floats:
    over = np.abs(light[:, :, 0] - light[:, :, -1]).mean(axis=1) + np.abs(light[:, 0] - light[:, -1]).mean(axis=1)
    within = np.abs(np.diff(light, axis=2)).mean(axis=(1, 2)) + np.abs(np.diff(light, axis=1)).mean(axis=(1, 2))
    ratio: Floats = (over + 2) / (within + 2)
    return ratio


def _rim(colours: Floats) -> Floats:
    inside = colours[:, 1:-1, 1:-1]
    count = colours.shape[1] * colours.shape[2]
    within = inside.shape[1] * inside.shape[2]
    if not within:
        return np.zeros(len(colours), dtype=np.float32)
    total = inside.sum(axis=(1, 2))
    border = (colours.sum(axis=(1, 2)) - total) / (count - within)
    return np.asarray(np.linalg.norm(border - total / within, axis=1), dtype=np.float32)


def _uneven(parts: Floats) -> Floats:
    half = OUTLINE // 2
    quarters = parts.reshape(-1, 2, half, 2, half, 3).mean(axis=(2, 4)).reshape(-1, 4, 3)
    gaps = np.linalg.norm(quarters[:, :, None] - quarters[:, None], axis=-1)
    return np.asarray(gaps.max(axis=(1, 2)), dtype=np.float32)


def _parts(values: Floats) -> Floats:
    """(N, `OUTLINE`, `OUTLINE`, channels) means of (N, height, width, channels)."""
    height, width = values.shape[1:3]
    means: Floats = np.einsum("ph,nhwc,qw->npqc", _shares(height), values, _shares(width), optimize=True)
    return means


def _shares(side: int) -> Floats:
    """(`OUTLINE`, side) by how much each pixel counts in the mean of each part; a small picture has pixels in several."""
    edges = np.linspace(0, side, OUTLINE + 1)
    pixels = np.arange(side)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(covered, 0) / (side / OUTLINE), dtype=np.float32)
