"""What somebody wants trained, as plain JSON: the spec of a job, and what a command amounts to."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from genworld import limits
from genworld.checkpoint import Checkpoint
from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.models import configure, first_fault
from genworld.provenance import Record
from genworld.training.lessons import WINDOW_SIDES, Cuts
from genworld.training.run import Training, begin, go_on

NAMED = ("builtin:", "data:")
"""How data start that are no path."""
THREADS = 256


class Order(Record):
    """One training, wholly described: the same order on the same machine gives the same weights.

    Args:
        data: ``builtin:NAME``, ``data:NAME`` or a path.
        options: of the data's reader; sizes may be pairs of rows and columns.
        digest: of the examples when they were ordered, as `DataSource.digest`; not checked when empty.
        family: one of `genworld.models.FAMILIES`.
        preset: by which the settings were chosen; empty where a person chose them.
        settings: of the family; those left out are what suits the data.
        window, least_open, hold_out: see `Cuts`.
        seed: of everything random.
        title: what people read; from the data when empty.
        device: one of `DEVICES`.
        threads: of torch on the CPU; None leaves them to it.
    """

    data: str = Field(min_length=1, max_length=4096)
    options: dict[str, Any] = Field(default_factory=dict)
    digest: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    family: str
    preset: str = Field("", max_length=40)
    settings: dict[str, Any] = Field(default_factory=dict)
    window: int | None = Field(None, ge=WINDOW_SIDES[0], le=WINDOW_SIDES[1])
    least_open: float = Field(0.0, ge=0, le=0.9)
    hold_out: float = Field(0.0, ge=0, le=0.5)
    seed: int = Field(0, ge=0, le=limits.MAX_SEED)
    title: str = Field("", max_length=limits.NAME_LENGTH)
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int | None = Field(None, ge=1, le=THREADS)

    @classmethod
    def checked(cls, fields: Mapping[str, Any]) -> Order:
        """An order from what a form, a command or a job's spec says.

        Raises:
            GenworldError: a field that is unknown, missing or out of its range, or settings that do not fit the family.
        """
        try:
            order = cls.model_validate(dict(fields))
        except ValidationError as error:
            raise GenworldError(f"This training cannot be ordered: {first_fault(error)}.") from error
        configure(order.family, order.settings)
        return order

    @property
    def spec(self) -> dict[str, Any]:
        """Itself as plain JSON, which `checked` takes."""
        return self.model_dump(mode="json")

    @property
    def cuts(self) -> Cuts:
        """What of the data the model sees."""
        return Cuts(self.window, self.least_open, self.hold_out)

    @property
    def command(self) -> str:
        """The command that does the same, for the card."""
        return command_of(self.data, self.family, self.settings, self.options, self.seed, self.cuts)

    def began(self, checkpoint: Checkpoint) -> bool:
        """Whether a checkpoint is one of a training by this order, be it with a smaller batch for lack of memory."""
        wanted = configure(self.family, self.settings).model_dump(mode="json")
        stated = {name: wanted[name] for name in self.settings if name != "batch"}
        run = checkpoint.manifest.run
        return (
            (checkpoint.family, run.seed, Cuts(run.window, run.least_open, run.hold_out))
            == (self.family, self.seed, self.cuts)
        ) and stated.items() <= checkpoint.manifest.config.items()

    def data_set(self) -> Dataset:
        """The data. Raises GenworldError where they are not there any more, not understood, or not those ordered."""
        sizes = {key: tuple(value) if isinstance(value, list) else value for key, value in self.options.items()}
        data = open_dataset(self.data, **sizes)
        if self.digest and data.source.digest != self.digest:
            raise GenworldError(
                f"{self.data} holds other examples than when this training was ordered; order a new one with these."
            )
        return data

    def begin(self, data: Dataset | None = None) -> Training:
        """A new run of it.

        Args:
            data: what `data_set` gave, where it is at hand.

        Raises:
            GenworldError: something does not fit the data, or there is no such device.
        """
        return begin(
            data or self.data_set(),
            self.family,
            self.settings,
            seed=self.seed,
            command=self.command,
            cuts=self.cuts,
            device=self.device,
        )

    def go_on(self, checkpoint: Checkpoint, data: Dataset | None = None) -> Training:
        """The run from where a checkpoint of it was saved.

        Raises:
            GenworldError: other data, or no training state.
        """
        return go_on(checkpoint, data or self.data_set(), device=self.device)


def command_of(
    data: str,
    family: str,
    settings: Mapping[str, object],
    options: Mapping[str, object],
    seed: int,
    cuts: Cuts,
) -> str:
    """The command for the card. Of a path only the last part: where a person keeps files is nobody's business.

    >>> command_of("/home/ada/maps", "vae", {"steps": 100, "half": True}, {"size": (8, 9)}, 0, Cuts(window=16))
    'genworld train maps --family vae --seed 0 --window 16 --set steps=100 --set half=true --data size=8x9'
    """
    words = ["genworld", "train", spoken(data)]
    words += ["--family", family, "--seed", str(seed)]
    words += [word for key, value in vars(cuts).items() if value for word in (f"--{key.replace('_', '-')}", str(value))]
    words += set_words(settings)
    words += [word for key, value in options.items() for word in ("--data", f"{key}={_said(value)}")]
    return shlex.join(words)


def set_words(settings: Mapping[str, object]) -> list[str]:
    """Settings as words of a command."""
    return [word for key, value in settings.items() for word in ("--set", f"{key}={_said(value)}")]


def spoken(data: str) -> str:
    """How a card names the data of a command."""
    return data if data.startswith(NAMED) else Path(data).name


def _said(value: object) -> str:
    if isinstance(value, list | tuple):
        return "x".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
