"""Rows of the bench of quality: a figure beside that of a peer and that of real levels, and how the comparison ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "share", "points", "rate"]
"""How a figure is written: with three decimals, as a share of 100%, as a difference of shares, as a whole number."""

WRITTEN = {"number": "{:.3f}", "share": "{:.1%}", "points": "{:+.1f} points", "rate": "{:,.0f}"}


@dataclass(frozen=True)
class Peer:
    """What somebody else's program reaches.

    Args:
        name: of the program.
        value: its figure.
    """

    name: str
    value: float


@dataclass(frozen=True)
class Beside:
    """One figure.

    Args:
        what: was measured, and on what.
        value: the figure.
        kind: how it is written.
        more: whether more of it is better.
        peer: who is compared, if anybody was measured.
        real: the same of real levels that the model has not seen: what a perfect model would get.
        note: what else is to know.
    """

    what: str
    value: float
    kind: Kind = "number"
    more: bool = False
    peer: Peer | None = None
    real: float | None = None
    note: str = ""

    @property
    def wins(self) -> bool | None:
        """Whether it is better than the peer's, as printed; None without a peer, and for a draw."""
        if self.peer is None or self._written(self.value) == self._written(self.peer.value):
            return None
        return (self.value > self.peer.value) == self.more

    def _written(self, value: float) -> str:
        return WRITTEN[self.kind].format(100 * value if self.kind == "points" else value)

    def _told(self) -> list[str]:
        """What stands behind the figure, part by part."""
        real = [f"real: {self._written(self.real)}"] if self.real is not None else []
        return [*real, *self._compared(), *([self.note] if self.note else [])]

    def _compared(self) -> list[str]:
        if self.peer is None:
            return []
        ending = {True: "a win", False: "a loss", None: "a draw"}[self.wins]
        return [f"{self.peer.name}: {self._written(self.peer.value)}, {ending}"]

    def __str__(self) -> str:
        """
        >>> str(Beside("rooms, TPKL", 0.5, peer=Peer("theirs", 0.4), real=0.3, note="280 rooms"))
        'rooms, TPKL: 0.500 (real: 0.300; theirs: 0.400, a loss; 280 rooms)'
        """
        told = "; ".join(self._told())
        return f"{self.what}: {self._written(self.value)}" + (f" ({told})" if told else "")


@dataclass(frozen=True)
class Aimed(Beside):
    """One figure that must hold.

    Args:
        aim: it should not fall short of, or should not exceed; see `more`.
    """

    aim: float = 0.0

    @property
    def held(self) -> bool:
        """Whether it does."""
        return self.value >= self.aim if self.more else self.value <= self.aim

    def _told(self) -> list[str]:
        """
        >>> str(Aimed("rooms, unique", 0.96, "share", True, aim=0.95))
        'rooms, unique: 96.0% (aim: at least 95.0%, held)'
        """
        side, ending = ("least" if self.more else "most"), ("held" if self.held else "missed")
        return [*super()._told(), f"aim: at {side} {self._written(self.aim)}, {ending}"]


@dataclass(frozen=True)
class Score:
    """How all comparisons ended.

    Args:
        won, lost: what was measured, where we are better and where the peer is.
        held, missed: what keeps its aim, and what does not.
    """

    won: tuple[str, ...]
    lost: tuple[str, ...]
    held: tuple[str, ...]
    missed: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[object]) -> Score:
        """The score of some rows; those that are no figures are passed over."""
        figures = [row for row in rows if isinstance(row, Beside)]
        aimed = [row for row in figures if isinstance(row, Aimed)]
        return cls(
            won=tuple(row.what for row in figures if row.wins is True),
            lost=tuple(row.what for row in figures if row.wins is False),
            held=tuple(row.what for row in aimed if row.held),
            missed=tuple(row.what for row in aimed if not row.held),
        )

    def __str__(self) -> str:
        """
        >>> str(Score(("a", "b"), ("c",), ("b",), ()))
        'Better than the peers in 2 figures, worse in 1 (c). Aims: 1 held, 0 missed.'
        """
        return (
            f"Better than the peers in {len(self.won)} figures, worse in {len(self.lost)}{_listed(self.lost)}. "
            f"Aims: {len(self.held)} held, {len(self.missed)} missed{_listed(self.missed)}."
        )


def _listed(names: tuple[str, ...]) -> str:
    return f" ({'; '.join(names)})" if names else ""
