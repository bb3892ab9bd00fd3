"""HMM: a hidden Markov model of levels, line by line.

A level is read as its columns (or rows). Behind each stands a hidden state, which says how a level goes on and shows
one of the columns that the data hold. A state shows many columns, and a column is shown by every state that it suits:
with many fewer states than columns, and prior counts for what was never seen to follow, columns come in an order of the
model's own and not only where they stood. It does not know where a level ends: that suits maps that are longer than
what is asked for, less so rooms with a wall around them. Learning is Baum-Welch; filling is exact: backward through what is pinned,
then forward drawing states and columns that agree with it.

References:
    Rabiner 1989, *A Tutorial on Hidden Markov Models*; Scott 2002, *Bayesian Methods for Hidden Markov Models*, for
    drawing states given evidence; Summerville and Mateas 2016 for levels as columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from genworld.content import Example, Level, LevelSpec, Spec, TileGrid
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import lines
from genworld.models.base import (
    CanFill,
    GenerativeModel,
    HasSurprise,
    ModelConfig,
    Progress,
    SampleRequest,
    State,
    Variety,
    device_of,
)
from genworld.models.baum_welch import Chain, Counts, Numbers, expected
from genworld.models.classes import ClassTable, none_has
from genworld.models.lines import Ids
from genworld.models.nudging import tile_nats
from genworld.models.pinned import all_but, pins_of
from genworld.models.resume import flatten, restore
from genworld.models.spelling import Speller
from genworld.models.words import Words
from genworld.provenance import Nudges
from genworld.seeding import numpy_stream, stream

DEFAULT_LENGTH = 48
"""Lines of a sample where neither the request nor the spec says."""
STATES = 128
"""Of 38 platformers cut into strips of 16 rows, 32 states gave a mean TPKL of 1.07, 64 of 0.89, 128 of 0.77 (held-out maps:
0.77) with 2 points more near copies than held-out maps have, 256 of 0.59 with 3."""
FEWEST = 8
"""States at least, of little data."""
SHARING = 3
"""Lines of the data for each state, at least. Of 5 platformers of 158 to 222 columns, each learned alone, a state for each
2 columns gave 38% verbatim windows and a mean TPKL of 0.13, for each 3 it gave 27% and 0.22, for each 4 25% and 0.31."""
TRIAL = 2
"""Rounds of learning by which the first states are judged."""
KEPT = 4
"""Temperatures whose tables stay in memory."""
LARGEST = 2**21
"""Chances of one kind at most, 8 MB of them: hubs want no larger files."""


class HmmConfig(ModelConfig):
    """Settings of a hidden Markov model."""

    along: Literal["auto", "columns", "rows"] = Field(
        "auto",
        description="lines that a level is read in; auto takes those of one length, of levels of one size columns, or "
        "rows for platformers taller than wide",
    )
    states: int = Field(
        STATES, ge=1, le=512, description="hidden states at most; more know the data closer and copy more of it"
    )
    steps: int = Field(25, ge=1, le=1000, description="rounds of learning")
    restarts: int = Field(3, ge=1, le=20, description="first states that are tried; the best go on")
    smoothing: float = Field(
        0.1, ge=1e-6, le=100, description="observations never made that are spread over each choice of a state"
    )
    unseen: float = Field(0.01, ge=1e-6, le=0.5, description="share of the lines in which single cells are drawn anew")


class Hmm(GenerativeModel, HasSurprise, CanFill):
    """A hidden Markov model whose chances are buffers.

    Buffers, for G combinations of classes, S states and V different lines of R cells:
        words: (V, R) uint8 lines.
        counts: (V,) int32 how often each stands in the data.
        start: (G, S), moves: (G, S, S), shows: (S, V) float32 chances, see `Chain`.
    """

    words: Tensor
    counts: Tensor
    start: Tensor
    moves: Tensor
    shows: Tensor

    family = "hmm"
    title = "Hidden Markov model"
    summary = "Learns how the columns of levels follow each other; makes levels of any length and redoes any part."
    kinds = frozenset({"level"})
    Config = HmmConfig
    variety: ClassVar[Variety] = Variety("temperature", 0.3, 2.0, 1.0)
    resizable = True
    strips = True

    def __init__(self, spec: Spec, config: HmmConfig) -> None:
        super().__init__(spec, config)
        assert isinstance(spec, LevelSpec)  # noqa: S101  `kinds` has refused sprites
        self.legend = spec.legend
        self.along = lines.resolved(spec, config.along)
        fixed = spec.height if self.along == "columns" else spec.width
        assert fixed is not None  # noqa: S101  `resolved` has seen to it
        self.cells = fixed
        self.classes = ClassTable(spec)
        self._resize(0, 0, 0)
        self._made: dict[float, Speller] = {}

    @classmethod
    def free_sides(cls, spec: Spec, config: ModelConfig) -> tuple[bool, bool]:
        assert isinstance(spec, LevelSpec)  # noqa: S101  `kinds` has refused sprites
        assert isinstance(config, HmmConfig)  # noqa: S101  it is this family's
        columns = lines.resolved(spec, config.along) == "columns"
        return not columns, columns

    @classmethod
    def suited(cls, data: Dataset) -> dict[str, Any]:
        """Fewer states for little data, where else most lines had one of their own and samples were the map again; and for
        so many different lines or classes that the chances would not fit into a file."""
        assert isinstance(data.spec, LevelSpec)  # noqa: S101  `kinds` has refused sprites
        along = lines.resolved(data.spec, "auto")
        all_lines = np.concatenate([lines.turned(level.tiles, along) for level in data.levels])
        words, groups = len(lines.distinct(all_lines)[0]), len(np.unique(data.labels, axis=0))
        room = min(LARGEST // words, math.isqrt(LARGEST // groups))
        return {"states": max(1, min(room, STATES, max(FEWEST, len(all_lines) // SHARING)))}

    def _resize(self, groups: int, states: int, words: int) -> None:
        self.register_buffer("words", torch.zeros(words, self.cells, dtype=torch.uint8))
        self.register_buffer("counts", torch.zeros(words, dtype=torch.int32))
        self.register_buffer("start", torch.zeros(groups, states))
        self.register_buffer("moves", torch.zeros(groups, states, states))
        self.register_buffer("shows", torch.zeros(states, words))

    # -- learning

    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:
        """One round of Baum-Welch for each step; the first also tries where to begin. The figure is that of the chain
        as the round found it: bits for each cell of the examples."""
        sequences, groups = self._read(data)
        step = 0
        if resume is not None:
            self.reserve({name.removeprefix("model/"): value for name, value in resume.items()})
            step = restore({"model": self}, resume)
        while step < self.config.steps:
            counts = self._begun(sequences, groups, seed) if step == 0 else expected(self._chain, sequences, groups)
            self._take(counts)
            step += 1
            yield Progress(step, self.config.steps, {"bits": self._bits(counts, data)}, self._state_at(step))

    def _read(self, data: Dataset) -> tuple[list[Ids], Ids]:
        """The words of each example, and the groups; words and classes are known from then on."""
        self._made = {}
        sequences = [lines.lines_of(level, self.along, self.cells) for level in data.levels]
        if max(map(len, sequences)) < 2:
            raise GenworldError(
                f"This family learns how {self.along} follow each other, but no level has two; bring larger levels."
            )
        self.classes.learn(data.labels)
        words, index, counts = lines.distinct(np.concatenate(sequences))
        self._refuse_vast(len(words))
        device = device_of(self)
        self.words, self.counts = (torch.from_numpy(each).to(device) for each in (words, counts.astype(np.int32)))
        ends = np.cumsum([len(sequence) for sequence in sequences])[:-1]
        return np.split(index, ends), np.array([self.classes.index(labels) for labels in data.labels])

    def _refuse_vast(self, words: int) -> None:
        states, groups = self.config.states, len(self.classes.shares())
        if max(words, groups * states) * states > LARGEST:
            raise GenworldError(
                f"{states} states for {words:,} different {self.along} and {groups} combinations of classes would take "
                "more than 8 MB; take fewer states, a smaller window, or levels without classes."
            )

    def _begun(self, sequences: list[Ids], groups: Ids, seed: int) -> Counts:
        """The counts that the likeliest of a few first guesses comes to."""
        tried = [self._tried(sequences, groups, numpy_stream(seed, f"start/{k}")) for k in range(self.config.restarts)]
        return max(tried, key=lambda counts: counts.nats)

    def _tried(self, sequences: list[Ids], groups: Ids, random: np.random.Generator) -> Counts:
        words = self.words.cpu().numpy()
        first = lines.seeded([words[sequence] for sequence in sequences], groups, self.config.states, random)
        ends = np.cumsum([len(sequence) for sequence in sequences])[:-1]
        size = len(self.classes.shares()), int(first.max()) + 1, len(words)
        counts = Counts.certain(sequences, np.split(first, ends), groups, size)
        for _ in range(TRIAL):
            counts = expected(counts.maximised(self.config.smoothing, self._usual), sequences, groups)
        return counts

    @property
    def _usual(self) -> Numbers:
        counts = self.counts.cpu().numpy().astype(np.float64)
        shares: Numbers = counts / counts.sum()
        return shares

    def _take(self, counts: Counts) -> None:
        """The chain that is likeliest behind some counts."""
        self._made = {}
        chain = counts.maximised(self.config.smoothing, self._usual)
        for name in ("start", "moves", "shows"):
            value = torch.from_numpy(getattr(chain, name)).to(device=self.words.device, dtype=torch.float32)
            setattr(self, name, value)

    @property
    def _chain(self) -> Chain:
        """The chances as they are stored, in double precision; they add up to 1 again."""
        stored = [each.cpu().numpy().astype(np.float64) for each in (self.start, self.moves, self.shows)]
        return Chain(*(each / each.sum(axis=-1, keepdims=True) for each in stored))

    def _bits(self, counts: Counts, data: Dataset) -> float:
        return float(-counts.nats / np.log(2) / sum(level.tiles.size for level in data.levels))

    def _state_at(self, step: int) -> Any:
        return lambda: flatten({"model": self}, step)

    # -- sampling

    @property
    def _speller(self) -> Speller:
        return self._spelling(1.0)

    def _spelling(self, temperature: float) -> Speller:
        """What draws and judges at a temperature."""
        if temperature not in self._made:
            if len(self._made) >= KEPT:
                self._made.pop(next(iter(self._made)))
            words, counts = self.words.cpu().numpy(), self.counts.cpu().numpy().astype(np.int64)
            known = Words(words, counts, len(self.legend.tiles), self.config.unseen)
            self._made[temperature] = Speller(self._chain.tempered(temperature), known)
        return self._made[temperature]

    def sample(self, requests: Sequence[SampleRequest]) -> list[Example]:
        return [Level(self._drawn(request), self.legend) for request in requests]

    def _size(self, request: SampleRequest) -> tuple[int, int]:
        columns = self.along == "columns"
        usual = (
            self.spec.height or (self.cells if columns else DEFAULT_LENGTH),
            self.spec.width or (DEFAULT_LENGTH if columns else self.cells),
        )
        size = request.size or usual
        self.require_size(size)
        return size

    def _drawn(self, request: SampleRequest) -> TileGrid:
        """(H, W) tile ids: lines that agree with what is pinned."""
        size = self._size(request)
        ids = lines.turned(pins_of(request, size), self.along).astype(np.int64)
        nats = tile_nats(self.legend, request.nudges)
        speller = self._spelling(self.variety_of(request))
        random = stream(request.seed, request.noise_name)
        u = torch.rand(1 + ids.shape[0] * (3 + self.cells), generator=random, dtype=torch.float64).numpy()
        plan = speller.plan(ids, nats)
        group = plan.group(self._wanted(request), float(u[0]))
        return lines.turned(plan.drawn(group, u[1:].reshape(len(ids), -1)).astype(np.uint8), self.along)

    def _wanted(self, request: SampleRequest) -> Numbers:
        """(G,) how often each combination of classes occurs, 0 for those that are not wished."""
        fits = self.classes.fitting(self.class_indices(request.condition)).double().numpy()[: len(self.start)]
        if fits.sum() <= 0:
            raise none_has(request.condition)
        return fits

    # -- filling

    def fill(
        self, level: Level, mask: NDArray[np.bool_], *, seed: int, temperature: float = 1.0, nudges: Nudges = ()
    ) -> Level:
        self._require_legend(level)
        request = all_but(level, mask, seed=seed, temperature=temperature, nudges=nudges)
        return Level(self._drawn(request), level.legend)

    # -- density

    def log_prob(self, examples: Sequence[Example]) -> Tensor:
        """(N,) log-likelihoods in nats, of the level given its size, with the classes mixed as the data has them."""
        return torch.tensor(
            [self._speller.nats(self._lines(each), self._shares) for each in examples if isinstance(each, Level)],
            dtype=torch.float64,
        )

    def surprise(self, level: Level) -> NDArray[np.float32]:
        """(H, W) nats; cells of a line in reading order, each line given the lines before it."""
        self._require_legend(level)
        found = self._speller.surprise(self._lines(level), self._shares)
        return lines.turned(found.astype(np.float32), self.along)

    def _lines(self, level: Level) -> Ids:
        return lines.lines_of(level, self.along, self.cells).astype(np.int64)

    @property
    def _shares(self) -> Numbers:
        return self.classes.shares().double().numpy()

    # -- storage

    def reserve(self, state: State) -> None:
        start, shows = state.get("start"), state.get("shows")
        if start is not None and shows is not None and start.dim() == shows.dim() == 2:
            self._resize(len(start), len(shows), shows.shape[1])

    def check(self) -> None:
        self._made = {}
        whole = len(self.start) == len(self.classes.shares()) and min(self.shows.shape) > 0
        chances = all(_adds_up(each) for each in (self.start, self.moves, self.shows))
        known = bool((self.words < len(self.legend.tiles)).all()) and bool((self.counts > 0).all())
        if not (whole and chances and known):
            raise GenworldError(
                "The chances of this hidden Markov model contradict each other; take the checkpoint from its source again."
            )


def _adds_up(chances: Tensor) -> bool:
    """Whether chances are positive and those of each choice add up to 1."""
    return bool((chances > 0).all()) and bool((chances.double().sum(dim=-1) - 1).abs().max() < 1e-3)
