"""Three answers to "how long may it take": family and settings chosen by what the data are.

Times are those of two processor cores; with a graphics card the same settings are through sooner. What a training takes
on the machine at hand is measured, see `genworld.training.costs`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from genworld.content import LevelSpec, Tag
from genworld.datasets import Dataset
from genworld.datasets.symmetry import allowed
from genworld.errors import GenworldError, unknown
from genworld.models import FAMILIES
from genworld.training.holding import hold_out
from genworld.training.lessons import WINDOW, WINDOW_SIDES


@dataclass(frozen=True)
class Preset:
    """One answer.

    Args:
        name, title: for the command and for a person.
        summary: what to expect, one sentence.
        images: examples that are looked at, repetitions included, where they have `USUAL` cells; fewer larger ones.
        batch: examples a step.
        levels: family for levels.
    """

    name: str
    title: str
    summary: str
    images: int
    batch: int
    levels: str


PRESETS = {
    preset.name: preset
    for preset in (
        Preset("quick", "Quick", "A few minutes, for a first look: sprites are rough.", 32_000, 32, "vae"),
        Preset("good", "Good", "About half an hour: fit to choose from.", 300_000, 48, "gan"),
        Preset("best", "Best", "Two hours or more: the finest that these examples give.", 1_800_000, 48, "gan"),
    )
}
"""Of quick, with 200 sprites of 32 x 32: a step takes 0.2 seconds of one core, so all 1,000 take three to four minutes.
Then there are figures in flat colours, without detail."""
SPRITES = "gan"
"""Family for sprites: a VAE of the same time draws them blurred."""
USUAL = 32 * 32
"""Cells or pixels of the examples that the presets were measured with."""
SEEN = 6_000
"""Times that one example is looked at, at most: what follows only learns it by heart."""
ROUND = 50
FEWEST = 300
"""Steps that every training has."""
FEW = 32
"""Examples below which batches are smaller."""
SMALL_BATCH = 16
CONTEST: dict[str, Any] = {"loss": "relativistic", "penalty": 1.0, "penalty_fake": True}
"""How the bundled GANs were trained: in side-by-side trials it learned quicker than the default."""
PAINTED: dict[str, Any] = {"palette": 32}
"""Of sprites. Of 200 monsters after 1,000 steps, recall was 0.22 with it and 0.04 without in shapes, 0.10 and 0.03 in
colours, and what had been quilted was of one cloth."""
SELDOM = 500
"""Times that each example is looked at, below which nothing is learned by heart: changing examples only slows learning."""
UNCHANGED: dict[str, Any] = {"adapt": 0, "hole": 0, "colour": 0}
"""Of 200 monsters after 1,000 steps, 160 looks at each, the variety of samples was 0.81 with it and 0.64 without, and
outlines were clearer; of 20 after 800 steps it was the other way round."""
WINDOWS = (24, 16, 12, 8)
"""Sides of windows, the largest that most of the levels have is taken."""
WHOLE = 32
"""Side up to which levels of one size are learned whole."""
CLOSED = 0.5
"""Share of open cells below which windows of nothing but rock are left out."""
LEAST_OPEN = 0.25
HELD_OUT = 0.15
GROUPS = 40
"""Sprites, or families of them, from which on some are held out; fewer are too precious, and tell too little."""


def preset(name: str) -> Preset:
    """A preset by name. Raises GenworldError for a name that is none."""
    if name not in PRESETS:
        raise unknown("preset", name, PRESETS)
    return PRESETS[name]


def suggested(data: Dataset, name: str, family: str | None = None) -> dict[str, Any]:
    """What an `Order` for these data should say, by field: family, preset, settings, window, least_open, hold_out.

    Args:
        data: all of it, as `open_dataset` gives it.
        name: one of `PRESETS`.
        family: where a person has chosen it.

    Raises:
        GenworldError: no such preset or family.
    """
    chosen = preset(name)
    wanted = family or (chosen.levels if isinstance(data.spec, LevelSpec) else SPRITES)
    if wanted not in FAMILIES:
        raise unknown("family", wanted, FAMILIES)
    cuts = _cuts(data, resizable=FAMILIES[wanted].resizable)
    return {"family": wanted, "preset": name, "settings": _settings(data, chosen, wanted, cuts["window"]), **cuts}


def _settings(data: Dataset, chosen: Preset, family: str, window: int | None) -> dict[str, Any]:
    fields = FAMILIES[family].Config.model_fields
    flips = {"flips": allowed(data).flips} if "flips" in fields else {}
    if "batch" not in fields:
        return flips
    examples = _examples(data, window)
    batch = chosen.batch if examples >= FEW else SMALL_BATCH
    learning = {"steps": _steps(data, chosen, window, examples, batch), "batch": batch, "preview_every": 0}
    looks = learning["steps"] * batch / examples
    return learning | (_contest(looks, sprites=bool(data.sprites)) if family == "gan" else {}) | flips


def _contest(looks: float, *, sprites: bool) -> dict[str, Any]:
    """Settings of a GAN that looks so often at each example."""
    return CONTEST | (PAINTED if sprites else {}) | (UNCHANGED if looks < SELDOM else {})


def _steps(data: Dataset, chosen: Preset, window: int | None, examples: int, batch: int) -> int:
    """As many as the preset has time for, and fewer where there is little to learn from; a round number."""
    images = chosen.images * math.pow(USUAL / _cells(data, window), 0.75)
    steps = min(images, examples * SEEN) / batch
    return max(FEWEST, round(steps / ROUND) * ROUND)


def _cells(data: Dataset, window: int | None) -> int:
    if window is not None:
        return window * window
    return max(data.examples[0].height * data.examples[0].width, WINDOW_SIDES[0] ** 2)


def _examples(data: Dataset, window: int | None) -> int:
    """Examples that share no cell."""
    if window is None:
        return len(data)
    return sum((each.height // window) * (each.width // window) for each in data.examples)


def _cuts(data: Dataset, *, resizable: bool) -> dict[str, Any]:
    """Window, least share of open cells, and share held out."""
    if not isinstance(data.spec, LevelSpec):
        return {"window": None, "least_open": 0.0, "hold_out": HELD_OUT * (len(set(data.groups)) >= GROUPS)}
    window = None if resizable else _window(data)
    least_open = LEAST_OPEN if _open(data) < CLOSED and not resizable else 0.0
    return {"window": window, "least_open": least_open, "hold_out": HELD_OUT * _divisible(data, window or WINDOW)}


def _divisible(data: Dataset, window: int) -> bool:
    """Whether there is enough to hold some of it out."""
    try:
        return bool(hold_out(data, HELD_OUT, window))
    except GenworldError:
        return False


def _window(data: Dataset) -> int | None:
    """None where all levels have one small size."""
    sides = sorted(min(each.height, each.width) for each in data.examples)
    if data.spec.height is not None and max(data.examples[0].height, data.examples[0].width) <= WHOLE:
        return None
    middle = sides[len(sides) // 2]
    return next((side for side in WINDOWS if side <= middle), WINDOWS[-1])


def _open(data: Dataset) -> float:
    """Share of all cells that are neither solid nor void."""
    shut = sum(int(level.legend.has(level.tiles, Tag.SOLID, Tag.VOID).sum()) for level in data.levels)
    return 1 - shut / sum(int(level.tiles.size) for level in data.levels)
