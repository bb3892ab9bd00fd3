"""Where a thing comes from: data and its licence, training run, origin of a sample.

All records are frozen, validated on the way in and plain JSON on the way out.
Origins nest (an edit has a parent), so that a kept item tells its whole story.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in lower-case hexadecimal."""


Nudges = tuple[tuple[str, Annotated[float, Field(ge=-8, le=8)]], ...]
"""More or less of what carries a tag: the tag, and what is added to the log-chance of its tiles at each draw."""


Lineage = Annotated[
    tuple[Annotated[tuple[Digest, ...], Field(min_length=1, max_length=64)], ...], Field(max_length=256)
]
"""Digests of the examples that something was bred from: one entry for each generation, the oldest first."""


class Record(BaseModel):
    """A frozen record: unknown keys, NaN and infinity are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class DataSource(Record):
    """A data set, who made it and under which licence."""

    name: str
    licence: str = Field(description="SPDX identifier such as CC0-1.0, or 'unknown'")
    credit: str = Field("", description="the line that must ship with what was learned from it, or empty")
    url: str = ""
    sellable: bool | None = Field(None, description="may results be sold; None when nobody said")
    digest: str = Field("", description="SHA-256 over the examples in order")
    note: str = ""


class TrainingRun(Record):
    """How a checkpoint came to be."""

    data: DataSource
    examples: int = Field(ge=0)
    window: int | None = Field(
        None, ge=1, description="side in tiles of the windows that levels were cut into, if they were"
    )
    least_open: float = Field(0.0, ge=0, le=1, description="share of cells neither solid nor void in a window")
    hold_out: float = Field(0.0, ge=0, lt=1, description="share of the data kept from the model")
    typical: tuple[int, int] | None = Field(
        None, description="rows, columns of the middle example; older models do not tell"
    )
    steps: int = Field(ge=0)
    seed: int
    command: str
    seconds: float = Field(0.0, ge=0)
    torch: str = ""
    genworld: str = ""


class SeedOrigin(Record):
    """Sample `index` of stream `seed` of a checkpoint."""

    kind: Literal["seed"] = "seed"
    checkpoint: Digest
    model: str = Field(description="name of the checkpoint when the sample was made; the digest is what counts")
    seed: int = Field(ge=0, lt=2**63)
    index: int = Field(ge=0, lt=2**31)
    condition: tuple[str, ...] = ()
    truncation: float | None = None
    temperature: float | None = None
    size: tuple[int, int] | None = Field(None, description="rows, columns in tiles; None for the model's own size")
    attempt: int = Field(
        0, ge=0, lt=2**16, description="which draw of this sample it is, where earlier ones were refused"
    )
    nudges: Nudges = ()


class LatentOrigin(Record):
    """A point of a checkpoint's latent space; see `genworld.models.point.Point`."""

    kind: Literal["latent"] = "latent"
    checkpoint: Digest
    model: str
    z: tuple[float, ...] = Field(description="the latent")
    weights: tuple[float, ...] = Field((), description="class weights, one for each class of the spec")
    shift: tuple[float, ...] = Field((), description="what is added to the code; none for nothing")
    variety: float = Field(1.0, description="truncation or temperature")
    lineage: Lineage = ()


class Finish(Record):
    """The last hand at a sprite; see `genworld.finishing`."""

    colours: int | None = Field(None, ge=1, le=256, description="at most; None leaves them as they are")
    palette: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{6}$")], ...] = Field(
        (), max_length=256, description="colours that alone may be used, in place of a number of them"
    )
    hard: bool = Field(False, description="whether a pixel is either there or not, never see-through")
    strays: bool = Field(False, description="whether pixels that touch no other are taken away")


class FinishOrigin(Record):
    """A sprite that was given a finish."""

    kind: Literal["finish"] = "finish"
    parent: Origin
    finish: Finish


class EditOrigin(Record):
    """A level with single cells changed by hand."""

    kind: Literal["edit"] = "edit"
    parent: Origin
    edits: tuple[tuple[int, int, int], ...] = Field(description="row, column, new tile id")


class FillOrigin(Record):
    """A level of which the cells in `mask` were made anew and the rest kept."""

    kind: Literal["fill"] = "fill"
    parent: Origin
    checkpoint: Digest
    model: str
    mask: tuple[tuple[int, int], ...] = Field(description="row, column of each cell made anew")
    seed: int = Field(ge=0, lt=2**63)
    temperature: float = 1.0
    nudges: Nudges = ()


class ImportOrigin(Record):
    """A picture or level that a person brought."""

    kind: Literal["import"] = "import"
    file: str
    digest: Digest


Origin = Annotated[
    SeedOrigin | LatentOrigin | EditOrigin | FillOrigin | FinishOrigin | ImportOrigin,
    Field(discriminator="kind"),
]

EditOrigin.model_rebuild()
FillOrigin.model_rebuild()
FinishOrigin.model_rebuild()

ORIGIN: TypeAdapter[Origin] = TypeAdapter(Origin)
"""Reads and writes any origin: ``ORIGIN.validate_json``, ``ORIGIN.dump_json``."""


def chain(origin: Origin) -> Iterator[Origin]:
    """An origin, its parent, and so on to the first."""
    yield origin
    while isinstance(origin, EditOrigin | FillOrigin | FinishOrigin):
        origin = origin.parent
        yield origin


def first(origin: Origin) -> SeedOrigin | LatentOrigin | ImportOrigin:
    """What stands at the beginning of an origin."""
    while isinstance(origin, EditOrigin | FillOrigin | FinishOrigin):
        origin = origin.parent
    return origin


def in_words(origin: Origin) -> str:
    """One sentence about an origin, for a person."""
    match origin:
        case SeedOrigin():
            wish = f", {' + '.join(origin.condition)}" if origin.condition else ""
            return f"Sample {origin.index} of seed {origin.seed} from {origin.model}{wish}"
        case LatentOrigin():
            return f"{_bred(origin.lineage)} of {origin.model}'s latent space"
        case EditOrigin():
            return f"{in_words(origin.parent)}, {_counted(len(origin.edits), 'cell')} changed by hand"
        case FillOrigin():
            return f"{in_words(origin.parent)}, {_counted(len(origin.mask), 'cell')} made anew by {origin.model} (seed {origin.seed})"
        case FinishOrigin():
            return f"{in_words(origin.parent)}, finished {_finish(origin.finish)}".rstrip()
        case ImportOrigin():
            return f"Imported from {origin.file}"


def _finish(finish: Finish) -> str:
    if finish.palette:
        return f"in {_counted(len(finish.palette), 'colour')} of a palette"
    return "" if finish.colours is None else f"in {_counted(finish.colours, 'colour')} at most"


def _bred(lineage: Lineage) -> str:
    if not lineage:
        return "A chosen point"
    parents = "a sample" if len(lineage[-1]) == 1 else f"{len(lineage[-1])} samples"
    return f"More like {parents}, generation {len(lineage)}: a point"


def _counted(count: int, one: str) -> str:
    return f"{count} {one}{'s' * (count != 1)}"
