"""The model card: what a checkpoint is, what it learned from, how good it is, with pictures.

Three files beside the manifest: ``README.md`` with the front matter of model hubs, ``preview.png`` for the picker,
``sheet.png`` with samples beside real data at the same scale.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torchvision.utils import make_grid

from genworld import render, sampling
from genworld.checkpoint import CARD, PREVIEW, Checkpoint
from genworld.content import Example, Level, LevelSpec, Picture, TileGrid
from genworld.errors import GenworldError
from genworld.measure import Report
from genworld.models import family
from genworld.seeding import numpy_stream
from genworld.storage import write_whole

if TYPE_CHECKING:
    from genworld.provenance import DataSource

SHEET = "sheet.png"
SEED = 1
"""Of the samples on the card; `genworld sample NAME --seed 1` makes the same."""
LARGEST = (16, 24)
"""Rows and columns of the levels on a card, for models of any size."""
GAP = 4
CAPTION = 36
INK, PAPER = (235, 235, 240, 255), (32, 32, 38, 255)
HUB_LICENCES = frozenset(
    {"apache-2.0", "bsd-2-clause", "bsd-3-clause", "cc-by-3.0", "cc-by-4.0", "cc0-1.0", "isc", "mit", "unlicense"}
)
"""Identifiers that model hubs know; others are written as ``other``."""


@dataclass(frozen=True)
class Look:
    """How the pictures of one kind of content are laid out.

    Args:
        columns, rows: of the preview.
        half: columns and rows of each half of the sheet.
        scale: pixels shown for each pixel of a picture.
        samples: made for both.
    """

    columns: int
    rows: int
    half: tuple[int, int]
    scale: int
    samples: int


LOOKS = {"sprite": Look(8, 4, (8, 8), 2, 64), "level": Look(3, 2, (2, 3), 1, 24)}


def write_card(
    checkpoint: Checkpoint,
    *,
    real: Sequence[Example],
    samples: Sequence[Example] | None = None,
    report: Report | None = None,
) -> None:
    """Write README.md, preview.png and sheet.png into the folder of a checkpoint.

    Args:
        checkpoint: as `checkpoint.save` gave it.
        real: examples that it learned from; a few are shown beside the samples.
        samples: what to show, all of one size; None makes canonical samples of seed `SEED`.
        report: measured quality; None takes what the manifest holds, if anything.

    Raises:
        GenworldError: no real example, no tileset for the levels, or the disk refuses.
    """
    if not real:
        raise GenworldError("A card shows samples beside real data, but no real example came; give a few.")
    look = LOOKS[checkpoint.kind]
    shown = list(samples) if samples is not None else drawn(checkpoint, real, look.samples)
    report = report or stored_report(checkpoint)
    write_whole(checkpoint.folder / PREVIEW, render.png_bytes(preview(shown, look)))
    write_whole(checkpoint.folder / SHEET, render.png_bytes(sheet(shown, real, look)))
    write_whole(checkpoint.folder / CARD, text(checkpoint, report).encode())


def rewrite(checkpoint: Checkpoint) -> None:
    """The text of a card that is there anew, from what the manifest says now; its pictures stay.

    Raises:
        GenworldError: the disk refuses.
    """
    if checkpoint.card is not None:
        write_whole(checkpoint.card, text(checkpoint, stored_report(checkpoint)).encode())


def drawn(checkpoint: Checkpoint, real: Sequence[Example], count: int) -> list[Example]:
    """Canonical samples for a card; those of a model of any size are no larger than the real levels."""
    loaded = sampling.opened(checkpoint)
    size = loaded.model.nearest_size(_card_size(real)) if loaded.model.resizable else None
    return [each.example for each in sampling.sample(loaded, seed=SEED, count=count, size=size)]


def _card_size(real: Sequence[Example]) -> tuple[int, int]:
    rows, columns = (max(sampling.SMALLEST_SIDE, sorted(sides)[len(real) // 2]) for sides in _sides(real))
    return min(rows, LARGEST[0]), min(columns, LARGEST[1])


def _sides(examples: Sequence[Example]) -> tuple[list[int], list[int]]:
    return [each.height for each in examples], [each.width for each in examples]


def stored_report(checkpoint: Checkpoint) -> Report | None:
    """The measured quality that a manifest holds, if anything."""
    measures = checkpoint.manifest.measures
    return Report.model_validate(measures) if measures else None


def preview(samples: Sequence[Example], look: Look) -> Picture:
    """Samples side by side on transparent ground: sprites as they come, of the levels the fullest."""
    chosen = sorted(samples, key=lambda each: -_fullness(each.tiles) if isinstance(each, Level) else 0.0)
    pictures = [render.picture(each) for each in chosen[: look.columns * look.rows]]
    return render.contact_sheet(pictures, look.columns, look.scale, GAP, background=(0, 0, 0, 0))


def sheet(samples: Sequence[Example], real: Sequence[Example], look: Look) -> Picture:
    """Samples on the left, training data on the right, at one scale, each under its caption."""
    count = min(look.half[0] * look.half[1], len(samples))
    beside = alike(real, samples[0], count)
    halves = [_half("Samples", samples[:count], look), _half("Training data", beside, look)]
    height = max(half.shape[0] for half in halves)
    return np.concatenate([_padded(half, height) for half in halves], axis=1)


def _half(caption: str, examples: Sequence[Example], look: Look) -> Picture:
    pictures = np.stack([render.enlarge(render.picture(each), look.scale) for each in examples])
    tiles = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    grid = make_grid(tiles, nrow=look.half[0], padding=GAP, pad_value=0).permute(1, 2, 0).numpy()
    ground = Image.new("RGBA", (grid.shape[1], grid.shape[0] + CAPTION), PAPER)
    ground.alpha_composite(Image.fromarray(np.ascontiguousarray(grid)), (0, CAPTION))
    ImageDraw.Draw(ground).text((GAP * 2, CAPTION // 2), caption, INK, ImageFont.load_default(20), anchor="lm")
    return np.asarray(ground)


def _padded(half: Picture, height: int) -> Picture:
    ground = np.empty((height, half.shape[1] + GAP * 2, 4), dtype=np.uint8)
    ground[:] = PAPER
    ground[: half.shape[0], GAP:-GAP] = half
    return ground


def alike(real: Sequence[Example], sample: Example, count: int) -> list[Example]:
    """Real examples as large as the sample, drawn from all of them; of larger levels a window.

    Raises:
        GenworldError: all are smaller than the sample.
    """
    fitting = [each for each in real if each.height >= sample.height and each.width >= sample.width]
    if not fitting:
        raise GenworldError(
            f"Real examples of {sample.height} x {sample.width} or more are shown beside the samples, but all are "
            "smaller; give larger ones or smaller samples."
        )
    random = numpy_stream(SEED, "card")
    order = random.permutation(len(fitting))
    chosen = [fitting[order[index % len(order)]] for index in range(count)]
    return [_window(each, sample.height, sample.width, random) for each in chosen]


def _window(example: Example, height: int, width: int, random: np.random.Generator) -> Example:
    """The example, or a random window among the fuller half of its windows."""
    if not isinstance(example, Level) or (example.height, example.width) == (height, width):
        return example
    tops, lefts = (range(0, side - cut + 1, 4) for side, cut in ((example.height, height), (example.width, width)))
    cuts = [example.tiles[top : top + height, left : left + width] for top in tops for left in lefts]
    cuts.sort(key=_fullness)
    return Level(cuts[int(random.integers(len(cuts) // 2, len(cuts)))], example.legend)


def _fullness(grid: TileGrid) -> float:
    """How little one tile prevails: the chance that two cells differ (Simpson's index)."""
    shares = np.bincount(grid.reshape(-1)) / grid.size
    return float(1 - (shares**2).sum())


def text(checkpoint: Checkpoint, report: Report | None) -> str:
    """README.md of a checkpoint."""
    parts = (
        front_matter(checkpoint),
        f"# {plain(checkpoint.title)}",
        plain(checkpoint.summary),
        f"![Samples beside training data]({SHEET})",
        _about(checkpoint),
        _data(checkpoint.manifest.run.data),
        _training(checkpoint),
        _quality(report),
        _limits(checkpoint, report),
        _use(checkpoint),
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def front_matter(checkpoint: Checkpoint) -> str:
    """What model hubs read. JSON strings are YAML strings, so no name can break out of its line."""
    licence = checkpoint.manifest.run.data.licence
    known = licence.lower() in HUB_LICENCES
    lines = [f"license: {licence.lower() if known else 'other'}"]
    lines += [] if known else [f"license_name: {json.dumps(plain(licence))}"]
    kind = "level-generation" if checkpoint.kind == "level" else "sprite-generation"
    tags = ("genworld", "game-development", "procedural-content-generation", "pixel-art", kind, checkpoint.family)
    lines += ["library_name: genworld", "pipeline_tag: unconditional-image-generation", "tags:"]
    return "\n".join(["---", *lines, *(f"- {tag}" for tag in tags), "---"])


def plain(words: str) -> str:
    """Words of strangers as Markdown that shows them and does nothing else.

    >>> plain("a <b> | [c](d)")
    'a &lt;b> \\\\| \\\\[c\\\\](d)'
    """
    return re.sub(r"([\\`*_\[\]|#])", r"\\\1", " ".join(words.split()).replace("&", "&amp;").replace("<", "&lt;"))


def _about(checkpoint: Checkpoint) -> str:
    kind = family(checkpoint.family)
    lines = [
        f"- **Makes:** {checkpoint.makes}, {_size(checkpoint)}",
        f"- **Family:** {kind.title} (`{kind.family}`)",
        f"- **Variety:** {kind.variety.name} {kind.variety.low:g} to {kind.variety.high:g}, "
        f"default {kind.variety.default:g}",
    ]
    if checkpoint.spec.classes:
        how = "one of" if checkpoint.spec.exclusive else "any of"
        lines.append(f"- **Classes:** {how} {', '.join(map(plain, checkpoint.spec.classes))}")
    if isinstance(checkpoint.spec, LevelSpec):
        lines.append(f"- **Tiles:** {', '.join(map(plain, checkpoint.spec.legend.names))}")
    return "\n".join([*lines, f"- **Digest:** `{checkpoint.digest}`"])


def _size(checkpoint: Checkpoint) -> str:
    unit = "tiles" if checkpoint.kind == "level" else "pixels"
    if None in (checkpoint.spec.height, checkpoint.spec.width):
        return f"learned from {unit} of many sizes"
    return f"{checkpoint.spec.height} x {checkpoint.spec.width} {unit}"


def _data(source: DataSource) -> str:
    answers = {True: "Yes.", False: "No.", None: "Nobody said; ask its makers."}
    lines = ["## Data and licence", f"Learned from **{plain(source.name)}**, licence {plain(source.licence)}."]
    lines += [f"Credit: {plain(source.credit)}."] if source.credit else []
    lines += [f"Source: <{source.url}>"] if re.fullmatch(r"https://[\w./~%-]+", source.url) else []
    lines += [plain(source.note)] if source.note else []
    lines += [f"**May I sell what it makes?** {answers[source.sellable]}"]
    return "\n\n".join(lines)


def _training(checkpoint: Checkpoint) -> str:
    run = checkpoint.manifest.run
    minutes = f"{run.seconds / 60:.0f} minutes" if run.seconds >= 90 else f"{run.seconds:.0f} seconds"
    return (
        f"## Training\n\n{run.steps:,} steps in {minutes} on {run.examples:,} examples, seed {run.seed}, "
        f"genworld {plain(run.genworld)}, torch {plain(run.torch)}.\n\n```\n{run.command.replace('```', '')}\n```\n\n"
        f"Settings: `{json.dumps(checkpoint.manifest.config)}`"
    )


def _quality(report: Report | None) -> str:
    if report is None:
        return "## Quality\n\nNot measured."
    return (
        "## Quality\n\nThe ceiling is the same figure for held-out real data: what a perfect model would get.\n\n"
        + report.table()
    )


def _limits(checkpoint: Checkpoint, report: Report | None) -> str:
    return "\n".join(["## Limits", "", *(f"- {line}" for line in limits_of(checkpoint, report))])


def limits_of(checkpoint: Checkpoint, report: Report | None) -> list[str]:
    """What a person should know before they ship what a model makes, a sentence each.

    Args:
        checkpoint: as it was read.
        report: measured quality, or None where nobody measured.
    """
    lines = ["It knows only what its data shows; look at samples before you ship them."]
    if checkpoint.kind == "level":
        lines.append("Levels are not repaired: a start, an exit or a way between them is not promised.")
    if not any(checkpoint.free_sides):
        lines.append("It makes one size only.")
    elif not all(checkpoint.free_sides):
        lines.append(f"It makes {checkpoint.makes} only.")
    if report is None:
        lines.append("Nobody measured how often it repeats its training data.")
    return lines


def _use(checkpoint: Checkpoint) -> str:
    name = checkpoint.name
    return f"""## Use

```
genworld sample {name} --count 16 --seed {SEED} --out out/{name}
```

```python
from genworld import render, sampling

model = sampling.open_model("{name}")
for sampled in sampling.sample(model, seed={SEED}, count=16):
    picture = render.picture(sampled.example)  # (H, W, 4) uint8
```"""
